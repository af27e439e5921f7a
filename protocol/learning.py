"""What a learner makes and has. These are the bodies of the changes in the feed ``learner``; kind and id are named."""

from __future__ import annotations

from datetime import datetime

from protocol.ids import AttemptId, CourseId, EnrollmentId, ItemId, NoteId, ProgramId, Sha256, VersionId
from protocol.quizzes import Answer, QuizResult
from protocol.wire import Wire

ENROLLMENT = "enrollment"
SAVED_COURSE = "saved_course"
PROGRESS = "progress"
POSITION = "position"
NOTE = "note"
ATTEMPT = "attempt"
GRADE = "grade"
DEADLINE = "deadline"
LEARNER_KINDS = (ENROLLMENT, SAVED_COURSE, PROGRESS, POSITION, NOTE, ATTEMPT, GRADE, DEADLINE)


class Enrollment(Wire, frozen=True, kw_only=True):
    """Kind ``enrollment``, by enrollment id. ``state``: active, completed, unenrolled."""

    id: EnrollmentId
    course_id: CourseId
    program_id: ProgramId
    version: VersionId
    state: str
    enrolled_at: datetime
    session_starts_at: datetime
    unenroll_until: datetime
    completed_at: datetime | None = None


class SavedCourse(Wire, frozen=True, kw_only=True):
    """Kind ``saved_course``, by course id: kept for later."""

    course_id: CourseId
    saved_at: datetime


class Progress(Wire, frozen=True, kw_only=True):
    """Kind ``progress``, by item id. Union and maximum of what all devices did; never goes back.

    ``watched`` are sorted, disjoint half-open intervals in milliseconds of the medium.
    """

    item_id: ItemId
    course_id: CourseId
    opened_at: datetime | None = None
    completed_at: datetime | None = None
    watched: tuple[tuple[int, int], ...] = ()


class Position(Wire, frozen=True, kw_only=True):
    """Kind ``position``, by item id: where the learner stopped. The latest by server-corrected time wins."""

    item_id: ItemId
    course_id: CourseId
    position_ms: int
    at: datetime


class Note(Wire, frozen=True, kw_only=True):
    """Kind ``note``, by note id. ``at_ms`` is absent for a note on something without time. ``label``: '', important,
    unclear. ``conflict_of`` names the note of which this is the other text that was kept. ``item_title`` is what
    the item was called when the note was last written: it stays readable when a newer version has no such item."""

    id: NoteId
    course_id: CourseId
    item_id: ItemId
    at_ms: int | None = None
    text: str
    label: str = ""
    quote: str = ""
    created_at: datetime
    edited_at: datetime
    conflict_of: NoteId | None = None
    item_title: str = ""


class Attempt(Wire, frozen=True, kw_only=True):
    """Kind ``attempt``, by attempt id. Append-only. ``result`` is absent while the grade is pending."""

    id: AttemptId
    item_id: ItemId
    course_id: CourseId
    quiz: Sha256
    answers: tuple[Answer, ...]
    started_at: datetime
    submitted_at: datetime
    result: QuizResult | None = None


class Grade(Wire, frozen=True, kw_only=True):
    """Kind ``grade``, by item id: what counts after the course's policy."""

    item_id: ItemId
    course_id: CourseId
    percent: float
    passed: bool
    attempts: int
    graded_at: datetime


class Deadline(Wire, frozen=True, kw_only=True):
    """Kind ``deadline``, by item id. ``zone`` (IANA) is the one the due time is meant in."""

    item_id: ItemId
    course_id: CourseId
    due_at: datetime
    zone: str = "UTC"
