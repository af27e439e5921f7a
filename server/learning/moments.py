"""When something really happened, judged from what a device says about its clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from protocol.actions import ClockEvidence
from server.refusals import bad_request


def corrected_moment(clock: ClockEvidence, now: datetime) -> datetime:
    """The moment of an action by the server's clock, never after ``now``.

    The monotonic distance from the last contact can't be turned back by hand; the wall clock is the second best.
    """
    made_at = clock.made_at if clock.made_at.tzinfo else clock.made_at.replace(tzinfo=UTC)
    moment = made_at
    if clock.contact_at is not None and clock.since_contact_ms is not None and clock.since_contact_ms >= 0:
        contact_at = clock.contact_at if clock.contact_at.tzinfo else clock.contact_at.replace(tzinfo=UTC)
        try:
            moment = contact_at + timedelta(milliseconds=clock.since_contact_ms)
        except OverflowError:
            moment = made_at
    return min(moment, now).astimezone(UTC)


def zone_named(name: str) -> ZoneInfo:
    """An IANA zone.

    Raises:
        RefusedError: bad_request, when there is none of this name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise bad_request(f"there is no time zone “{name[:60]}”") from error


def due_moment(session_starts_at: datetime, due_day: int, zone: ZoneInfo) -> datetime:
    """23:59 in ``zone`` on the ``due_day``-th day of a session, day 1 being the day on which it starts there."""
    first = session_starts_at.astimezone(zone).date()
    day = first + timedelta(days=due_day - 1)
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=zone).astimezone(UTC)
