"""What a program offers: entries for browsing, a description for deciding."""

from __future__ import annotations

from datetime import datetime

from protocol.ids import CourseId, ProgramId, Sha256, VersionId
from protocol.wire import Wire


class CatalogEntry(Wire, frozen=True, kw_only=True):
    """A tile, and everything that filtering and sorting need. ``kind``: course, guided_project. Feed ``program:<id>``.

    ``level``: beginner, intermediate, advanced, mixed. ``rating`` is 0 when nobody rated. ``version`` is the newest
    published manifest.
    """

    course_id: CourseId
    program_id: ProgramId
    kind: str
    title: str
    partner: str
    summary: str = ""
    level: str = "mixed"
    language: str = "en"
    subtitle_languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    minutes: int = 0
    weeks: int = 0
    rating: float = 0.0
    rating_count: int = 0
    published_at: datetime | None = None
    starts_at: datetime | None = None
    version: VersionId
    picture: Sha256 | None = None
    position: int = 0


class CatalogGroup(Wire, frozen=True, kw_only=True):
    """A titled row of tiles chosen by the organization. Feed ``program:<id>``."""

    id: str
    program_id: ProgramId
    title: str
    course_ids: tuple[CourseId, ...] = ()
    position: int = 0


class PackKey(Wire, frozen=True, kw_only=True):
    """A key with which the program signs course packs (``protocol.course_packs``). Feed ``program:<id>``.

    ``id`` is the first 32 digits of the SHA-256 of its bytes. ``public_key``: the 32 bytes of an
    Ed25519 key (RFC 8032), in base64.
    ``state``: active (signs), retired (signs no more; what it signed is good), revoked (nothing it signed is good).
    """

    id: str
    program_id: ProgramId
    public_key: str
    state: str
    made_at: datetime


class Instructor(Wire, frozen=True, kw_only=True):
    """Somebody who teaches the course."""

    name: str
    title: str = ""


class SyllabusWeek(Wire, frozen=True, kw_only=True):
    """A week as the description lists it. ``minutes`` sums its items; the counts are by kind."""

    number: int
    title: str
    summary: str = ""
    minutes: int = 0
    videos: int = 0
    readings: int = 0
    quizzes: int = 0
    others: int = 0


class CourseDescription(Wire, frozen=True, kw_only=True):
    """The page on which a learner decides: ``GET /v1/courses/{id}/description``. ``about_html`` is sanitized."""

    entry: CatalogEntry
    about_html: str
    instructors: tuple[Instructor, ...] = ()
    syllabus: tuple[SyllabusWeek, ...] = ()
    review_count: int = 0
    flexible_deadlines: bool = True
    unenroll_days: int = 14
