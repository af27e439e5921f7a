"""When something really happened, judged from what a device says about its clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from protocol.actions import ClockEvidence
from server.refusals import bad_request

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def storable(moment: datetime) -> datetime:
    """A moment in UTC as a client says it, within what any clock may mean and any database can hold."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(EARLIEST, min(aware, LATEST)).astimezone(UTC)


def corrected_moment(clock: ClockEvidence, now: datetime) -> datetime:
    """The moment of an action by the server's clock, never after ``now``.

    The monotonic distance from the last contact can't be turned back by hand; the wall clock is the second best.
    """
    moment = made_at = storable(clock.made_at)
    if clock.contact_at is not None and clock.since_contact_ms is not None and clock.since_contact_ms >= 0:
        try:
            moment = storable(clock.contact_at) + timedelta(milliseconds=clock.since_contact_ms)
        except OverflowError:
            moment = made_at
    return min(moment, now)


def zone_named(name: str) -> ZoneInfo:
    """An IANA zone.

    Raises:
        RefusedError: bad_request, when there is none of this name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise bad_request(f"there is no time zone “{name[:60]}”") from error
