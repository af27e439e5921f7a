"""How far the learner is in every course at once, week by week: what packing and the automatic rules go by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from desktop.models import state
from desktop.models.courses import items, manifests
from desktop.models.outbox import pending
from desktop.models.overlay import EnrollmentState
from desktop.services.course_state import is_done
from protocol.learning import Grade, Progress

STUDIED = frozenset({"active", "completed"})
"""States of an enrollment in which there is something to learn, or to look up."""


@dataclass(frozen=True)
class StudyWeek:
    """A week. ``state`` as in ``WeekView``; ``all_done``: every item is, the optional ones too, since ``done_at`` (None
    when nobody noted it); ``due_at``: of what is due and not done, the earliest, be it past."""

    number: int
    state: str
    all_done: bool
    done_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True)
class StudyCourse:
    """A course the learner is enrolled in. ``ready`` is False while its contents are not known here: then no weeks."""

    course_id: str
    version: str
    title: str
    active: bool
    ready: bool
    starts_at: datetime
    weeks: tuple[StudyWeek, ...] = ()

    def current(self) -> int | None:
        """The place in ``weeks`` of the one the learner is in; None when all are done."""
        return next((place for place, week in enumerate(self.weeks) if week.state == "current"), None)


def studied(connection: Connection) -> dict[str, EnrollmentState]:
    """By course, the enrollments of everything that is studied."""
    found = state.enrolled(connection, pending(connection))
    return {course_id: entry for course_id, entry in found.items() if entry.enrollment.state in STUDIED}


def read_study(connection: Connection) -> tuple[StudyCourse, ...]:
    """Every course that is studied, by title."""
    actions = pending(connection)
    enrolled = studied(connection)
    progress = state.progress_of(connection, actions, watched=False)
    grades = state.grades_of(connection)
    done = {item_id for item_id in progress.keys() | grades.keys() if is_done(item_id, progress, grades)}
    handed_in = state.pending_grades(connection, actions)
    due = {
        item_id: deadline.due_at
        for item_id, deadline in state.deadlines_of(connection, actions, enrolled, done).items()
        if item_id not in done and item_id not in handed_in
    }
    known = _Known(progress, grades, done, due)
    versions = [found.enrollment.version for found in enrolled.values()]
    rows = connection.execute(
        select(items.c.version, items.c.item_id, items.c.week, items.c.required)
        .where(items.c.version.in_(versions))
        .order_by(items.c.version, items.c.position)
    )
    by_version: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_version[row.version].append(row)
    here = set(connection.execute(select(manifests.c.version).where(manifests.c.version.in_(versions))).scalars())
    titles = state.course_titles(connection)
    found_courses = [
        StudyCourse(
            course_id=course_id,
            version=found.enrollment.version,
            title=titles.get(course_id, ""),
            active=found.enrollment.state == "active",
            ready=found.enrollment.version in here,
            starts_at=found.enrollment.session_starts_at,
            weeks=tuple(_weeks(by_version[found.enrollment.version], known)),
        )
        for course_id, found in enrolled.items()
    ]
    return tuple(sorted(found_courses, key=lambda course: (course.title.casefold(), course.course_id)))


@dataclass(frozen=True)
class _Known:
    progress: dict[str, Progress]
    grades: dict[str, Grade]
    done: set[str]
    due: dict[str, datetime]


def _weeks(rows: list[Any], known: _Known) -> Iterator[StudyWeek]:
    """As ``Courses.outline`` has them: the first week in which something required is left is the current one."""
    by_number: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_number[row.week].append(row)
    current_found = False
    for number, here in sorted(by_number.items()):
        required = [row for row in here if row.required] or here
        done = all(row.item_id in known.done for row in required)
        current = not done and not current_found
        current_found = current_found or current
        moments = [
            found.completed_at
            for row in here
            if (found := known.progress.get(row.item_id)) is not None and found.completed_at is not None
        ]
        yield StudyWeek(
            number=number,
            state="done" if done else "current" if current else "todo",
            all_done=all(row.item_id in known.done for row in here),
            done_at=max(moments, default=None),
            due_at=min((known.due[row.item_id] for row in here if row.item_id in known.due), default=None),
        )
