"""What the learner did, named as intents: ``POST /v1/actions``. Each may be sent twice safely."""

from __future__ import annotations

from datetime import datetime

import msgspec

from protocol.errors import ErrorBody
from protocol.ids import (
    ActionId,
    AttemptId,
    CourseId,
    DeviceId,
    EnrollmentId,
    ItemId,
    NoteId,
    ProgramId,
    Sha256,
)
from protocol.quizzes import Answer
from protocol.wire import Wire

ENROLL = "enroll"
UNENROLL = "unenroll"
SAVE_COURSE = "save_course"
RESET_DEADLINES = "reset_deadlines"
OPEN_ITEM = "open_item"
COMPLETE_ITEM = "complete_item"
WATCH = "watch"
SET_POSITION = "set_position"
SAVE_NOTE = "save_note"
DELETE_NOTE = "delete_note"
SUBMIT_ATTEMPT = "submit_attempt"

APPLIED = "applied"
DUPLICATE = "duplicate"
REFUSED = "refused"

BATCH_LIMIT = 200
"""Actions in one request."""


class Enroll(Wire, frozen=True, kw_only=True):
    """Judged by the server. ``enrollment_id`` is made by the client, so that what follows can name it. ``zone`` is
    the learner's (IANA), for due times."""

    enrollment_id: EnrollmentId
    course_id: CourseId
    program_id: ProgramId
    zone: str = "UTC"


class Unenroll(Wire, frozen=True, kw_only=True):
    """Refused by the server after the last day. ``course_id`` stands in where the server knows the course by an
    enrollment that another device made first."""

    enrollment_id: EnrollmentId
    course_id: CourseId | None = None


class SaveCourse(Wire, frozen=True, kw_only=True):
    """Keep a course for later (``saved``), or no longer."""

    course_id: CourseId
    saved: bool


class ResetDeadlines(Wire, frozen=True, kw_only=True):
    """Shift what is not done: the session starts anew today. ``course_id`` as in ``Unenroll``."""

    enrollment_id: EnrollmentId
    zone: str = "UTC"
    course_id: CourseId | None = None


class OpenItem(Wire, frozen=True, kw_only=True):
    """The learner opened an item for the first time on this device."""

    item_id: ItemId
    course_id: CourseId


class CompleteItem(Wire, frozen=True, kw_only=True):
    """Done: by hand, or because enough was watched or read."""

    item_id: ItemId
    course_id: CourseId


class Watch(Wire, frozen=True, kw_only=True):
    """Intervals that were really watched since the last report, in milliseconds."""

    item_id: ItemId
    course_id: CourseId
    intervals: tuple[tuple[int, int], ...]


class SetPosition(Wire, frozen=True, kw_only=True):
    """Where the learner stopped. A later one of the same subject replaces an earlier one that still waits."""

    item_id: ItemId
    course_id: CourseId
    position_ms: int


class SaveNote(Wire, frozen=True, kw_only=True):
    """Make or edit a note. ``base_revision`` is the feed revision that was edited; 0 for a new note."""

    note_id: NoteId
    course_id: CourseId
    item_id: ItemId
    at_ms: int | None = None
    text: str
    label: str = ""
    quote: str = ""
    base_revision: int = 0


class DeleteNote(Wire, frozen=True, kw_only=True):
    """An edit made elsewhere after ``base_revision`` beats the deletion."""

    note_id: NoteId
    base_revision: int


class SubmitAttempt(Wire, frozen=True, kw_only=True):
    """``quiz`` is the document that was answered: the version that was taken is the one that is graded."""

    attempt_id: AttemptId
    item_id: ItemId
    course_id: CourseId
    quiz: Sha256
    answers: tuple[Answer, ...]
    started_at: datetime


ACTION_BODIES: dict[str, type[Wire]] = {
    ENROLL: Enroll,
    UNENROLL: Unenroll,
    SAVE_COURSE: SaveCourse,
    RESET_DEADLINES: ResetDeadlines,
    OPEN_ITEM: OpenItem,
    COMPLETE_ITEM: CompleteItem,
    WATCH: Watch,
    SET_POSITION: SetPosition,
    SAVE_NOTE: SaveNote,
    DELETE_NOTE: DeleteNote,
    SUBMIT_ATTEMPT: SubmitAttempt,
}


class ClockEvidence(Wire, frozen=True, kw_only=True):
    """When an action was made, as far as it can be known.

    ``made_at`` is the wall clock of the device, ``zone`` its IANA zone. ``contact_at`` is the server's time in its
    last answer and ``since_contact_ms`` the monotonic distance from then, both absent when the computer was restarted
    since or never in contact.
    """

    made_at: datetime
    zone: str = "UTC"
    contact_at: datetime | None = None
    since_contact_ms: int | None = None


class Action(Wire, frozen=True, kw_only=True):
    """One intent. ``id`` is a UUIDv7 made on the device; ``subject`` (``note:<id>``, ``item:<id>``, …) keeps order:
    actions of a subject are applied in the order of ``sequence``, and none overtakes a refused one unseen."""

    id: ActionId
    kind: str
    subject: str
    device_id: DeviceId
    sequence: int
    clock: ClockEvidence
    body: msgspec.Raw


class ActionBatch(Wire, frozen=True, kw_only=True):
    """At most ``BATCH_LIMIT`` actions, in the order in which they were made. ``mark`` is the one of the last answer:
    a server that was restored from an older copy, and does not know any more what it answered then, refuses the batch
    (``server_restored``), so that what was lost can be sent first."""

    actions: tuple[Action, ...]
    mark: str = ""


class ActionResult(Wire, frozen=True, kw_only=True):
    """``outcome``: applied, duplicate (of one that was applied), refused (``error`` says why; final)."""

    id: ActionId
    outcome: str
    error: ErrorBody | None = None


class ActionBatchResult(Wire, frozen=True, kw_only=True):
    """One result for each action, in the order of the batch. ``mark`` is to be kept until the next answer."""

    results: tuple[ActionResult, ...]
    mark: str = ""
