"""Rows of a learner as the bodies of the feed ``learner``."""

from __future__ import annotations

import msgspec

from protocol import learning as wire
from protocol.ids import AttemptId, CourseId, EnrollmentId, ItemId, NoteId, ProgramId, Sha256, VersionId
from protocol.quizzes import Answer, QuizResult
from server.learning import models


def enrollment_to_wire(row: models.Enrollment) -> wire.Enrollment:
    """Kind ``enrollment``."""
    return wire.Enrollment(
        id=EnrollmentId(row.public_id),
        course_id=CourseId(row.course_id),
        program_id=ProgramId(row.program_id),
        version=VersionId(Sha256(row.version_id)),
        state=row.state,
        enrolled_at=row.enrolled_at,
        session_starts_at=row.session_starts_at,
        unenroll_until=row.unenroll_until,
        completed_at=row.completed_at,
    )


def saved_to_wire(row: models.SavedCourse) -> wire.SavedCourse:
    """Kind ``saved_course``."""
    return wire.SavedCourse(course_id=CourseId(row.course_id), saved_at=row.saved_at)


def progress_to_wire(row: models.Progress) -> wire.Progress:
    """Kind ``progress``."""
    return wire.Progress(
        item_id=ItemId(row.item_id),
        course_id=CourseId(row.course_id),
        opened_at=row.opened_at,
        completed_at=row.completed_at,
        watched=tuple((start, end) for start, end in row.watched),
    )


def position_to_wire(row: models.Position) -> wire.Position:
    """Kind ``position``."""
    return wire.Position(
        item_id=ItemId(row.item_id), course_id=CourseId(row.course_id), position_ms=row.position_ms, at=row.at
    )


def note_to_wire(row: models.Note) -> wire.Note:
    """Kind ``note``."""
    return wire.Note(
        id=NoteId(row.public_id),
        course_id=CourseId(row.course_id),
        item_id=ItemId(row.item_id),
        at_ms=row.at_ms,
        text=row.text,
        label=row.label,
        quote=row.quote,
        created_at=row.created_at,
        edited_at=row.edited_at,
        conflict_of=NoteId(row.conflict_of) if row.conflict_of else None,
        item_title=row.item_title,
    )


def attempt_to_wire(row: models.Attempt) -> wire.Attempt:
    """Kind ``attempt``."""
    return wire.Attempt(
        id=AttemptId(row.public_id),
        item_id=ItemId(row.item_id),
        course_id=CourseId(row.course_id),
        quiz=Sha256(row.quiz),
        answers=msgspec.convert(tuple(row.answers), tuple[Answer, ...]),
        started_at=row.started_at,
        submitted_at=row.submitted_at,
        result=None if row.result is None else msgspec.convert(row.result, QuizResult),
    )


def grade_to_wire(row: models.Grade) -> wire.Grade:
    """Kind ``grade``."""
    return wire.Grade(
        item_id=ItemId(row.item_id),
        course_id=CourseId(row.course_id),
        percent=row.percent,
        passed=row.passed,
        attempts=row.attempts,
        graded_at=row.graded_at,
    )


def deadline_to_wire(row: models.Deadline) -> wire.Deadline:
    """Kind ``deadline``."""
    return wire.Deadline(
        item_id=ItemId(row.item_id), course_id=CourseId(row.course_id), due_at=row.due_at, zone=row.zone
    )
