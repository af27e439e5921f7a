"""What leaves the store about trips and about what the rules did: frozen values, and what can be chosen of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

Week = tuple[str, int]
"""A course and the number of a week of it."""


class TripWeek(msgspec.Struct, frozen=True):
    """A week that can be taken along. ``state`` as in ``WeekView``; ``due_at``: of what is due in it and not done, the
    earliest, be it past. Bytes count every file of the week once."""

    number: int
    title: str
    state: str
    bytes_total: int
    bytes_missing: int
    due_at: datetime | None = None


class TripCourse(msgspec.Struct, frozen=True):
    """A course that can be taken along. ``ready`` is False while its contents are not known here: then no weeks."""

    course_id: str
    title: str
    ready: bool
    weeks: tuple[TripWeek, ...] = ()


def due_by(courses: Iterable[TripCourse], moment: datetime) -> frozenset[Week]:
    """Weeks in which something is due by ``moment``, or overdue: what is due is learned in the week it stands in."""
    return frozenset(
        (course.course_id, week.number)
        for course in courses
        for week in course.weeks
        if week.due_at is not None and week.due_at <= moment
    )


def weeks_ahead(courses: Iterable[TripCourse], more: int) -> frozenset[Week]:
    """Of each course the week the learner is in, and ``more`` after it."""
    found: set[Week] = set()
    for course in courses:
        numbers = [week.number for week in course.weeks]
        at = next((n for n, week in enumerate(course.weeks) if week.state == "current"), None)
        if at is not None:
            found |= {(course.course_id, number) for number in numbers[at : at + 1 + more]}
    return frozenset(found)


def end_of(now: datetime, days: int) -> datetime:
    """When a trip of so many days that begins now is over."""
    return now + timedelta(days=days)


class TripPlan(msgspec.Struct, frozen=True):
    """What a choice of weeks would take; every file counts once. ``leave_out``: weeks without which it fits, the last
    in the order of study first; empty when it fits, or when nothing would help."""

    weeks: tuple[Week, ...]
    files: int
    bytes_missing: int
    bytes_total: int
    bytes_free: int
    leave_out: tuple[Week, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether there is room on the disk."""
        return self.bytes_missing <= self.bytes_free


class PackedWeek(msgspec.Struct, frozen=True):
    """A week of a trip. ``state``: as of a download, and ``missing`` when files are missing that nobody fetches.
    ``download_id`` is empty when it is not in the queue."""

    course_id: str
    course_title: str
    number: int
    title: str
    state: str
    bytes_total: int
    bytes_done: int
    download_id: str = ""
    problem: str = ""
    way_out: str = ""


NOT_HERE, DAMAGED, NO_ANSWERS, UNREADABLE, NEWER = "not_here", "damaged", "no_answers", "unreadable", "newer"
NO_VIDEO, TOOL, EMBEDDED, NEEDS_NETWORK = "no_video", "tool", "embedded", "needs_network"
GRADE_LATER, HAND_IN_LATER, WEB_PICTURES, WEB_LINKS, UNPROVED = (
    "grade_later",
    "hand_in_later",
    "web_pictures",
    "web_links",
    "unproved",
)
REMARKS = frozenset({GRADE_LATER, HAND_IN_LATER, WEB_PICTURES, WEB_LINKS, UNPROVED})
"""Reasons of findings that are good to know, with which an item works offline all the same."""


class Finding(msgspec.Struct, frozen=True):
    """What a check has to say of an item. ``reason`` is one of those above; ``count`` of files, pictures or links."""

    item_id: str
    course_id: str
    course_title: str
    week: int
    title: str
    kind: str
    reason: str
    count: int = 1

    @property
    def works(self) -> bool:
        """Whether the item can be worked on offline all the same."""
        return self.reason in REMARKS


class Report(msgspec.Struct, frozen=True):
    """How a check ended. ``items`` were looked at, ``ready`` of them work offline; ``findings`` in the order of study,
    an item may have several. ``verified`` files were read from the first byte to the last, ``trusted`` are unchanged
    since they were."""

    at: datetime
    items: int
    ready: int
    findings: tuple[Finding, ...] = ()
    verified: int = 0
    trusted: int = 0


class TripView(msgspec.Struct, frozen=True):
    """What is packed. ``state``: packing, paused, stopped, ready; ``over``: the time it was packed for has passed.
    Bytes count every file once. ``report``: of the last check, None before the first; ``outdated``: a file came
    since."""

    id: str
    made_at: datetime
    ends_at: datetime
    over: bool
    state: str
    weeks: tuple[PackedWeek, ...]
    bytes_total: int
    bytes_done: int
    report: Report | None = None
    outdated: bool = False


class RemovedWeek(msgspec.Struct, frozen=True):
    """A finished week whose large files a rule removed."""

    course_id: str
    course_title: str
    number: int
    title: str
    freed: int


class AutomaticDone(msgspec.Struct, frozen=True):
    """What the rules did of themselves: how many weeks were queued, and which were removed."""

    queued: int = 0
    removed: tuple[RemovedWeek, ...] = ()
