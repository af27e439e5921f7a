"""Who wins when devices disagree: one pure rule for each kind, the same for the server's judgement and for the overlay.

A rule takes what is known and what was done, and gives what is known then. The rules for sets and extremes (progress,
positions, the start of a session) do not care in which order devices come; notes and deletions keep every text that
nobody who saw it replaced.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from protocol.learning import Position, Progress
from protocol.watching import Interval, union

UNENROLL_DAYS = 14
"""From the start of the session."""


def merge_progress(
    known: Progress,
    *,
    opened_at: datetime | None = None,
    completed_at: datetime | None = None,
    watched: Iterable[Interval] = (),
) -> Progress:
    """The earliest opening, the earliest completion, the union of what was watched: never goes back."""
    return replace(
        known,
        opened_at=_earliest(known.opened_at, opened_at),
        completed_at=_earliest(known.completed_at, completed_at),
        watched=union(known.watched, watched),
    )


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def later_position(known: Position | None, new: Position) -> Position:
    """The latest by corrected time; of two at the same moment the further one."""
    if known is None or (new.at, new.position_ms) >= (known.at, known.position_ms):
        return new
    return known


def later_decision(known_at: datetime | None, at: datetime) -> bool:
    """Whether a decision (to keep a course for later, or no longer) replaces the one taken at ``known_at``."""
    return known_at is None or at >= known_at


def session_start(known: datetime, reset_at: datetime) -> datetime:
    """When a session starts after a reset: today, unless it has yet to begin or was begun anew later than that."""
    return max(known, reset_at)


def may_unenroll(enrolled_at: datetime, unenroll_until: datetime, happened_at: datetime, now: datetime) -> bool:
    """Whether a course may be given up. A moment before the enrollment itself is a clock that is wrong: then the
    server's ``now`` counts."""
    return (happened_at if happened_at >= enrolled_at else now) <= unenroll_until


def due_moment(start: datetime, due_day: int, zone: ZoneInfo) -> datetime:
    """23:59 in ``zone`` on the ``due_day``-th day of a session, day 1 being the day on which it starts there. In the
    zone of ``start``."""
    first: date = start.astimezone(zone).date()
    end = datetime.combine(first + timedelta(days=due_day - 1), time(23, 59), zone)
    return end.astimezone(start.tzinfo)


class Edit(Enum):
    """What becomes of an edit of a note."""

    REPLACE = "replace"
    """It takes the place of what is there: its author saw that, or wrote the same."""
    REPLACE_AND_KEEP = "replace and keep"
    """It takes the place; the text that was there goes on as a conflict copy."""
    KEEP_BESIDE = "keep beside"
    """What is there was written later and stays; the edit becomes a conflict copy."""
    NOTHING_NEW = "nothing new"
    """What is there was written later and says the same."""


@dataclass(frozen=True)
class StoredNote:
    """A note as the server has it: the feed's revision and the device of its last edit, and what it says."""

    revision: int
    device_id: str
    edited_at: datetime
    words: tuple[str, str]


def judge_edit(
    stored: StoredNote, device_id: str, base_revision: int, happened_at: datetime, words: tuple[str, str]
) -> Edit:
    """What becomes of an edit of ``stored``. ``words``: text and quotation.

    A device knows what it wrote itself, so a chain of its own edits is no conflict even when the first of them had
    not come back by the feed before the second was made.
    """
    if _seen(stored, device_id, base_revision):
        return Edit.REPLACE
    same = stored.words == words
    if happened_at >= stored.edited_at:
        return Edit.REPLACE if same else Edit.REPLACE_AND_KEEP
    return Edit.NOTHING_NEW if same else Edit.KEEP_BESIDE


def may_delete(stored: StoredNote, device_id: str, base_revision: int) -> bool:
    """Whether who deletes has seen what would go: an edit made elsewhere beats a deletion."""
    return _seen(stored, device_id, base_revision)


def _seen(stored: StoredNote, device_id: str, base_revision: int) -> bool:
    return stored.revision == base_revision or stored.device_id == device_id


def corrected_order(moment: datetime, before: datetime | None) -> datetime:
    """A device does one thing after another: what it did next did not happen before what it did ``before``, whatever
    its clock says by now."""
    return moment if before is None else max(moment, before + timedelta(microseconds=1))
