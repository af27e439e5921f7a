"""What the learner did, laid over what the server last said. Pure: rows and actions in, the same shapes out.

Only the pull writes the server's columns; until it brings the effect of an action, these functions show it. They
follow the same rules as the server (union, latest, append), so that nothing jumps when the pull comes.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec.structs import replace

from desktop.models.outbox import APPLIED, Pending
from protocol.actions import (
    CompleteItem,
    DeleteNote,
    Enroll,
    OpenItem,
    ResetDeadlines,
    SaveCourse,
    SaveNote,
    SetPosition,
    SubmitAttempt,
    Unenroll,
    Watch,
)
from protocol.conflicts import UNENROLL_DAYS, due_moment, merge_progress, session_start
from protocol.ids import Sha256, VersionId
from protocol.learning import Attempt, Deadline, Enrollment, Note, Position, Progress
from protocol.quizzes import QuizResult


@dataclass(frozen=True)
class EnrollmentState:
    """An enrollment and whether the server has yet to agree to what is shown."""

    enrollment: Enrollment
    pending: bool = False


def enrollments(
    rows: Iterable[Enrollment], actions: Iterable[Pending], version_of: Callable[[str], str | None]
) -> dict[str, EnrollmentState]:
    """The enrollment that counts, by course. ``version_of`` names the newest version of a course, if it is known."""
    found = {row.id: EnrollmentState(row) for row in rows}
    for action in actions:
        waits = action.state != APPLIED
        body = action.body
        if isinstance(body, Enroll) and body.enrollment_id not in found:
            found[body.enrollment_id] = EnrollmentState(
                Enrollment(
                    id=body.enrollment_id,
                    course_id=body.course_id,
                    program_id=body.program_id,
                    version=VersionId(Sha256(version_of(body.course_id) or "")),
                    state="active",
                    enrolled_at=action.made_at,
                    session_starts_at=action.made_at,
                    unenroll_until=action.made_at + timedelta(days=UNENROLL_DAYS),
                ),
                waits,
            )
        elif isinstance(body, Unenroll) and body.enrollment_id in found:
            left = replace(found[body.enrollment_id].enrollment, state="unenrolled")
            found[body.enrollment_id] = EnrollmentState(left, waits)
        elif isinstance(body, ResetDeadlines) and body.enrollment_id in found:
            known = found[body.enrollment_id]
            start = session_start(known.enrollment.session_starts_at, action.made_at)
            again = replace(known.enrollment, session_starts_at=start)
            found[body.enrollment_id] = EnrollmentState(again, known.pending)
    by_course: dict[str, EnrollmentState] = {}
    for state in sorted(found.values(), key=_importance):
        by_course[state.enrollment.course_id] = state
    return by_course


def _importance(state: EnrollmentState) -> tuple[bool, datetime, str]:
    return state.enrollment.state != "unenrolled", state.enrollment.enrolled_at, state.enrollment.id


def saved_courses(rows: Mapping[str, datetime], actions: Iterable[Pending]) -> dict[str, datetime]:
    """Courses kept for later and since when."""
    found = dict(rows)
    for action in actions:
        if isinstance(action.body, SaveCourse):
            if action.body.saved:
                found.setdefault(action.body.course_id, action.made_at)
            else:
                found.pop(action.body.course_id, None)
    return found


def progress(
    rows: Mapping[str, Progress], actions: Iterable[Pending], practised: Container[str] = ()
) -> dict[str, Progress]:
    """Progress by item: the earliest opening, the earliest completion, the union of what was watched. ``practised``:
    practice quizzes that were judged on this computer; those are done by any attempt, graded ones by passing."""
    found = dict(rows)
    for action in actions:
        body = action.body
        if not isinstance(body, OpenItem | CompleteItem | Watch | SubmitAttempt):
            continue
        finishes = isinstance(body, CompleteItem) or (isinstance(body, SubmitAttempt) and body.item_id in practised)
        found[body.item_id] = merge_progress(
            found.get(body.item_id) or Progress(item_id=body.item_id, course_id=body.course_id),
            opened_at=action.made_at,
            completed_at=action.made_at if finishes else None,
            watched=body.intervals if isinstance(body, Watch) else (),
        )
    return found


def positions(rows: Mapping[str, Position], actions: Iterable[Pending]) -> dict[str, Position]:
    """Where the learner stopped, by item: what this computer did last is newer than what the server said before."""
    found = dict(rows)
    for action in actions:
        if isinstance(action.body, SetPosition):
            body = action.body
            found[body.item_id] = Position(
                item_id=body.item_id, course_id=body.course_id, position_ms=body.position_ms, at=action.made_at
            )
    return found


def notes(rows: Mapping[str, Note], actions: Iterable[Pending]) -> dict[str, tuple[Note, bool]]:
    """Notes by id, and whether the server has yet to get what is shown."""
    found = {note_id: (note, False) for note_id, note in rows.items()}
    for action in actions:
        body, waits = action.body, action.state != APPLIED
        if isinstance(body, SaveNote):
            known = found.get(body.note_id)
            found[body.note_id] = (
                Note(
                    id=body.note_id,
                    course_id=body.course_id,
                    item_id=body.item_id,
                    at_ms=body.at_ms,
                    text=body.text,
                    label=body.label,
                    quote=body.quote,
                    created_at=known[0].created_at if known else action.made_at,
                    edited_at=action.made_at,
                    conflict_of=known[0].conflict_of if known else None,
                    item_title=known[0].item_title if known else "",
                ),
                waits,
            )
        elif isinstance(body, DeleteNote):
            found.pop(body.note_id, None)
    return found


def attempts(
    rows: Iterable[Attempt], actions: Iterable[Pending], judged: Mapping[str, QuizResult]
) -> dict[str, tuple[Attempt, bool]]:
    """Attempts by id, and whether the server has yet to get them. ``judged``: results of practice on this computer."""
    found = {row.id: (row, False) for row in rows}
    for action in actions:
        body = action.body
        if isinstance(body, SubmitAttempt) and body.attempt_id not in found:
            found[body.attempt_id] = (
                Attempt(
                    id=body.attempt_id,
                    item_id=body.item_id,
                    course_id=body.course_id,
                    quiz=body.quiz,
                    answers=body.answers,
                    started_at=body.started_at,
                    submitted_at=action.made_at,
                ),
                action.state != APPLIED,
            )
    return {
        key: (replace(row, result=judged.get(key)) if row.result is None else row, waits)
        for key, (row, waits) in found.items()
    }


def deadlines(
    rows: Mapping[str, Deadline],
    actions: Iterable[Pending],
    courses: Mapping[str, tuple[Enrollment, Mapping[str, int]]],
    done: Iterable[str],
) -> dict[str, Deadline]:
    """Due times by item. ``courses``: by id, the enrollment as ``enrollments`` shows it, and the due day of each item
    with one; a reset that waits has started its session anew, for what is not ``done``."""
    found = dict(rows)
    finished = set(done)
    for action in actions:
        if not isinstance(action.body, ResetDeadlines) or action.body.enrollment_id not in courses:
            continue
        enrollment, due_days = courses[action.body.enrollment_id]
        for item_id, due_day in due_days.items():
            if item_id in finished or item_id not in found:
                continue
            due_at = due_moment(enrollment.session_starts_at, due_day, _zone(action.body.zone))
            found[item_id] = replace(found[item_id], due_at=due_at, zone=action.body.zone)
    return found


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
