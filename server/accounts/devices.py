"""Telling a device from a copy of itself, and keeping the key by which it signs files of work.

Each check-in hands out a new secret (``place``) and takes the one of before back. The one before that is still good
while the new one was never seen: its answer was lost on the way. So of two installations that hold the same one (a
cloned disk, a copied data folder) the second to come, or the first when it comes again, has one that is not good any
more: it is told to take another id, with all that waits there. Both go on, each as a device of its own.
"""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from protocol.accounts import Device
from server.accounts.models import DeviceSession, DeviceUse
from server.accounts.tokens import end_sessions_of
from server.refusals import bad_request

KEY_BYTES = 32


def _digest(place: str) -> str:
    return hashlib.sha256(place.encode()).hexdigest() if place else ""


def check_in_device(
    session: DeviceSession, device: Device, signing_key: bytes, place: str, *, believed: bool
) -> str | None:
    """The next ``place`` of a device; None when another installation goes by its id. ``believed``: whatever it says,
    because it is this server that has lost its memory.

    Raises:
        RefusedError: bad_request, for what is no key or no id.
    """
    if len(signing_key) != KEY_BYTES or not 1 <= len(device.id) <= 64:
        raise bad_request("the device has no id or no key")
    shown, given = _digest(place), secrets.token_urlsafe(24)
    with transaction.atomic():
        row, made = DeviceUse.objects.select_for_update().get_or_create(
            user=session.user, device_id=device.id, defaults={"place": _digest(given)}
        )
        itself = made or shown == row.place
        if not made:
            if itself:
                row.place_before = shown
            elif shown != row.place_before and not believed:
                return None
            row.place = _digest(given)
        row.signing_key, row.seen_at = signing_key.hex(), timezone.now()
        row.save()
        DeviceSession.objects.filter(pk=session.pk).update(
            device_id=device.id, device_name=device.name[:200], app_version=device.app_version[:40]
        )
        if itself:  # else it may be a copy, and the session of before somebody's who is at work
            end_sessions_of(session.user, device.id, but=session)
    return given
