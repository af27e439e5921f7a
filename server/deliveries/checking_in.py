"""A device checks in: who it is, whether it is a copy, what it needs for sealing work, and which life this is."""

from __future__ import annotations

from protocol.deliveries import CheckedIn, CheckIn
from server.accounts.devices import check_in_device
from server.accounts.models import DeviceSession
from server.deliveries.keys import newest_key
from server.feeds.lives import this_server
from server.learning.marks import was_restored


def check_in(session: DeviceSession, said: CheckIn) -> CheckedIn:
    """See ``protocol.deliveries.CheckedIn``.

    Raises:
        RefusedError: bad_request.
    """
    restored = was_restored(session.user, said.mark)
    here = this_server()
    believed = restored or said.life not in ("", here.life)
    place = check_in_device(session, said.device, said.signing_key, said.place, believed=believed)
    return CheckedIn(
        server_id=here.server_id,
        life=here.life,
        sealing_key=newest_key(),
        place=place or "",
        device_taken=place is None,
    )
