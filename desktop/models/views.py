"""What leaves the store: frozen values that may cross threads and reach widgets. Imports no SQLAlchemy."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from desktop.models.home_views import CourseCard as CourseCard
from desktop.models.home_views import HomeView as HomeView
from desktop.models.home_views import LearnerView as LearnerView
from desktop.models.home_views import NextStep as NextStep
from desktop.models.home_views import ProgramView as ProgramView
from desktop.models.home_views import SyncStatus as SyncStatus
from desktop.models.outbox_views import ActionRecord as ActionRecord
from desktop.models.outbox_views import OutboxEntry as OutboxEntry
from protocol.quizzes import Answer, Quiz, QuizResult

FREE_FLOOR = 256 * 1024 * 1024
"""Bytes that downloads leave free at the least: a full disk breaks more than this program."""


class InvitationView(msgspec.Struct, frozen=True):
    """An invitation as its holder sees it. ``state``: open, used, expired, withdrawn."""

    token: str
    server: str
    state: str
    program: ProgramView
    email: str
    name: str
    password_rules: tuple[str, ...]
    account_exists: bool
    expires_at: datetime | None = None


class CourseTile(msgspec.Struct, frozen=True):
    """A course in the catalog. ``mark``: '', enrolled, saved, completed."""

    course_id: str
    title: str
    partner: str
    kind: str
    summary: str
    level: str
    language: str
    subtitle_languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    minutes: int = 0
    weeks: int = 0
    rating: float = 0.0
    rating_count: int = 0
    is_new: bool = False
    picture: Path | None = None
    mark: str = ""
    starts_at: datetime | None = None


class CatalogGroupView(msgspec.Struct, frozen=True):
    """A titled row of tiles."""

    title: str
    tiles: tuple[CourseTile, ...]


class CatalogView(msgspec.Struct, frozen=True):
    """Everything the program offers. ``synced`` is False before the first sync brought the catalog."""

    program: ProgramView
    groups: tuple[CatalogGroupView, ...]
    tiles: tuple[CourseTile, ...]
    synced: bool


class SyllabusWeekView(msgspec.Struct, frozen=True):
    """A week as the description lists it."""

    number: int
    title: str
    summary: str
    minutes: int
    videos: int
    readings: int
    quizzes: int
    others: int


class DescriptionView(msgspec.Struct, frozen=True):
    """The page on which a learner decides. ``complete`` is False while only the tile is known (offline)."""

    tile: CourseTile
    program_id: str
    enrollment_id: str = ""
    pending: bool = False
    refused: str = ""
    complete: bool = False
    about_html: str = ""
    instructors: tuple[tuple[str, str], ...] = ()
    syllabus: tuple[SyllabusWeekView, ...] = ()
    review_count: int = 0
    unenroll_days: int = 14


class ItemRow(msgspec.Struct, frozen=True):
    """An item of a course. ``state``: new, started, done. ``offline``: none, queued, part, ready. ``known``: False for
    a kind that needs a newer program."""

    item_id: str
    course_id: str
    kind: str
    title: str
    minutes: int
    state: str = "new"
    required: bool = True
    weight: float = 0.0
    grade_percent: float | None = None
    passed: bool | None = None
    grade_pending: bool = False
    due_at: datetime | None = None
    overdue: bool = False
    offline: str = "none"
    known: bool = True


class LessonView(msgspec.Struct, frozen=True):
    """Items that are studied in one go."""

    title: str
    items: tuple[ItemRow, ...]


class ModuleView(msgspec.Struct, frozen=True):
    """A subject within a week."""

    title: str
    summary: str
    lessons: tuple[LessonView, ...]


class WeekView(msgspec.Struct, frozen=True):
    """A week of a course. ``state``: todo, current, done. Bytes count every blob of the week once."""

    number: int
    title: str
    state: str
    starts_at: datetime | None
    minutes: int
    videos_left_minutes: int
    readings_left_minutes: int
    modules: tuple[ModuleView, ...]
    bytes_total: int = 0
    bytes_ready: int = 0
    offline: str = "none"


class ResourceView(msgspec.Struct, frozen=True):
    """A file or a link beside the items. ``path`` is set when the file is on this computer."""

    title: str
    url: str = ""
    asset: str = ""
    size: int = 0
    path: Path | None = None


class OutlineView(msgspec.Struct, frozen=True):
    """A course the learner is enrolled in. ``ready`` is False while its manifest has not arrived."""

    course_id: str
    enrollment_id: str
    title: str
    partner: str
    ready: bool
    percent: int = 0
    welcome_html: str = ""
    instructors: tuple[str, ...] = ()
    weeks: tuple[WeekView, ...] = ()
    next_step: NextStep | None = None
    overdue: int = 0
    resources: tuple[ResourceView, ...] = ()
    version: str = ""


class TrackView(msgspec.Struct, frozen=True):
    """Cues in one language; ``path`` is None until they are on this computer."""

    language: str
    label: str
    path: Path | None


class ItemPlace(msgspec.Struct, frozen=True):
    """Where an item stands: its row and what is around it."""

    item: ItemRow
    course_id: str
    course_title: str
    week_number: int
    lesson_title: str
    lesson_items: tuple[ItemRow, ...]
    previous_item: ItemRow | None
    next_item: ItemRow | None


class LectureView(msgspec.Struct, frozen=True):
    """A video item. ``media`` is the verified file on this computer, None when it has to be streamed; ``media_size``
    what the learner's version takes to download. ``variants``: the hashes of this video in each quality. ``replaced``:
    medium, length and tracks are those of an earlier version, because what the learner's own version has in their place
    is not here."""

    place: ItemPlace
    duration_ms: int
    resume_ms: int
    media: Path | None
    media_asset: str
    media_size: int
    tracks: tuple[TrackView, ...]
    poster: Path | None = None
    variants: tuple[str, ...] = ()
    replaced: bool = False


class ReadingView(msgspec.Struct, frozen=True):
    """A reading. ``html`` is None until it is on this computer; ``pictures`` maps ``asset:<sha256>`` to files.

    Also used for the texts of assignments, tools, surveys and discussions (``place.item.kind`` says which).
    """

    place: ItemPlace
    html: str | None
    direction: str
    pictures: dict[str, Path]


class NoteView(msgspec.Struct, frozen=True):
    """A note. ``label``: '', important, unclear. ``pending``: not yet on the server."""

    id: str
    course_id: str
    course_title: str
    item_id: str
    item_title: str
    at_ms: int | None
    text: str
    label: str
    quote: str
    created_at: datetime
    edited_at: datetime
    pending: bool = False
    conflict_of: str = ""


class AttemptView(msgspec.Struct, frozen=True):
    """One try at a quiz. ``result`` is None while the grade is pending."""

    id: str
    submitted_at: datetime
    result: QuizResult | None
    pending: bool
    answers: tuple[Answer, ...] = ()
    refused: str = ""


class QuizView(msgspec.Struct, frozen=True):
    """A quiz to take. ``quiz`` is without keys, None until it is on this computer; ``document`` is the hash of the one
    it was read from, to be handed in with the answers. Attempts: newest first.

    ``attempts_left`` is None without a limit. ``pictures`` as in ``ReadingView``.
    """

    place: ItemPlace
    quiz: Quiz | None
    graded: bool
    draft: tuple[Answer, ...]
    draft_started_at: datetime | None
    attempts: tuple[AttemptView, ...]
    best_percent: float | None
    attempts_left: int | None
    pictures: dict[str, Path]
    document: str = ""


class NetworkStep(msgspec.Struct, frozen=True):
    """A step of the network test. ``name``: proxy, name, server, signed_in; ``state``: ok, failed, skipped; ``detail``
    what was reached; ``code``, ``text`` and ``way_out`` as in ``Problem``."""

    name: str
    state: str
    took_ms: int = 0
    detail: str = ""
    code: str = ""
    text: str = ""
    way_out: str = ""


class SyncRound(msgspec.Struct, frozen=True):
    """How a round of the sync ended: when, after how long, and the code of what went wrong (empty: nothing did)."""

    at: datetime
    took_ms: int
    code: str = ""


class DownloadPlan(msgspec.Struct, frozen=True):
    """What a download would take, said before it starts. Bytes."""

    title: str
    files: int
    bytes_missing: int
    bytes_total: int
    bytes_free: int
    fits: bool


class DownloadView(msgspec.Struct, frozen=True):
    """A week or item in the queue. ``state``: queued, running, paused, ready, failed. ``speed`` in bytes a second.

    ``hold``: why a queued one waits: paused (all of them), metered, hours; empty when its turn comes by itself.
    ``scope`` as in ``services.download_controls``; ``place`` in the queue, 1 for the first, 0 for what is not in it.
    """

    id: str
    course_id: str
    course_title: str
    title: str
    state: str
    bytes_total: int
    bytes_done: int
    files_total: int
    files_done: int
    speed: float = 0.0
    seconds_left: float | None = None
    problem: str = ""
    way_out: str = ""
    hold: str = ""
    scope: str = ""
    place: int = 0


class DownloadRules(msgspec.Struct, frozen=True):
    """How the learner wants downloads to behave.

    Attributes:
        paused: the whole queue rests. Texts and quizzes, which are small, come all the same; so with the next two.
        on_metered: also where the network counts what is used.
        from_minute / until_minute: of the learner's day, within which downloads run; the same twice for any time.
        speed_limit: bytes a second of everything that comes; 0 for none.
        floor: bytes of the disk that are left free.
        keep_weeks: of each course the current week and so many after it are downloaded of themselves; 0 for none.
        remove_finished: large files of weeks that are all done are removed.
    """

    paused: bool = False
    on_metered: bool = False
    from_minute: int = 0
    until_minute: int = 0
    speed_limit: int = 0
    floor: int = FREE_FLOOR
    keep_weeks: int = 0
    remove_finished: bool = False


class DownloadsView(msgspec.Struct, frozen=True):
    """The queue, and the rules that it goes by."""

    entries: tuple[DownloadView, ...]
    rules: DownloadRules = DownloadRules()
