"""A version of a course: immutable, content-addressed. Its id is the SHA-256 of these bytes."""

from __future__ import annotations

from collections.abc import Mapping

from protocol.ids import CourseId, ItemId, Sha256
from protocol.wire import Wire

VIDEO = "video"
READING = "reading"
PRACTICE_QUIZ = "practice_quiz"
GRADED_QUIZ = "graded_quiz"
ASSIGNMENT = "assignment"
EXTERNAL_TOOL = "external_tool"
SURVEY = "survey"
DISCUSSION = "discussion"
ITEM_KINDS = (VIDEO, READING, PRACTICE_QUIZ, GRADED_QUIZ, ASSIGNMENT, EXTERNAL_TOOL, SURVEY, DISCUSSION)


class Asset(Wire, frozen=True, kw_only=True):
    """A blob. ``size`` in bytes; ``media_type`` as in HTTP; ``name`` is what a person would call the file."""

    sha256: Sha256
    size: int
    media_type: str
    name: str = ""


class VideoVariant(Wire, frozen=True, kw_only=True):
    """The same picture at one quality. ``width`` and ``height`` in pixels; both 0 for sound alone."""

    asset: Sha256
    width: int
    height: int


class TextTrack(Wire, frozen=True, kw_only=True):
    """Cues in one language (BCP 47). ``kind``: captions, subtitles, chapters. The asset is WebVTT or SRT."""

    asset: Sha256
    language: str
    label: str = ""
    kind: str = "captions"


class Video(Wire, frozen=True, kw_only=True):
    """A lecture. ``duration_ms`` is measured from the file."""

    duration_ms: int
    variants: tuple[VideoVariant, ...]
    tracks: tuple[TextTrack, ...] = ()
    poster: Sha256 | None = None


class Reading(Wire, frozen=True, kw_only=True):
    """Sanitized HTML; pictures are addressed as ``asset:<sha256>``. ``text_direction``: ltr, rtl."""

    asset: Sha256
    language: str = ""
    text_direction: str = "ltr"
    pictures: tuple[Sha256, ...] = ()


class QuizReference(Wire, frozen=True, kw_only=True):
    """A quiz document (``protocol.quizzes.Quiz`` as JSON) and what lists need to know of it.

    The document of a graded quiz holds no keys and no feedback. ``max_attempts`` 0 means without limit.
    """

    asset: Sha256
    question_count: int
    points: float
    pass_percent: float
    max_attempts: int = 0
    time_limit_ms: int = 0
    pictures: tuple[Sha256, ...] = ()


class Assignment(Wire, frozen=True, kw_only=True):
    """A peer-graded assignment. ``asset`` is the prompt (HTML); due days count from the start of the session."""

    asset: Sha256
    reviews_required: int = 2
    review_due_day: int | None = None
    pictures: tuple[Sha256, ...] = ()


class ExternalTool(Wire, frozen=True, kw_only=True):
    """A tool outside the program. ``asset`` is what can be read offline before opening it."""

    asset: Sha256
    graded: bool = False
    pictures: tuple[Sha256, ...] = ()


class Item(Wire, frozen=True, kw_only=True):
    """One thing to do. Exactly one of the bodies is set for a kind this version knows; none for a newer kind.

    ``weight`` is the share of the course grade in percent; ``due_day`` the last day, counted from the start of the
    learner's session (day 1), both for graded items only.
    """

    id: ItemId
    kind: str
    title: str
    minutes: int
    required: bool = True
    weight: float = 0.0
    due_day: int | None = None
    video: Video | None = None
    reading: Reading | None = None
    quiz: QuizReference | None = None
    assignment: Assignment | None = None
    tool: ExternalTool | None = None


class Lesson(Wire, frozen=True, kw_only=True):
    """Items that are studied in one go."""

    id: str
    title: str
    items: tuple[Item, ...] = ()


class Module(Wire, frozen=True, kw_only=True):
    """A subject within a week."""

    id: str
    title: str
    summary: str = ""
    lessons: tuple[Lesson, ...] = ()


class Week(Wire, frozen=True, kw_only=True):
    """``number`` counts from 1."""

    number: int
    title: str
    modules: tuple[Module, ...] = ()


class Resource(Wire, frozen=True, kw_only=True):
    """A file (``asset``) or a link (``url``) offered beside the items."""

    title: str
    asset: Sha256 | None = None
    url: str = ""


class CourseManifest(Wire, frozen=True, kw_only=True):
    """Everything a client needs to show and to download a course."""

    course_id: CourseId
    title: str
    partner: str
    language: str
    welcome_html: str = ""
    instructors: tuple[str, ...] = ()
    weeks: tuple[Week, ...] = ()
    resources: tuple[Resource, ...] = ()
    assets: tuple[Asset, ...] = ()
    grading_policy: str = "best"
    licence: str = ""

    def items(self) -> tuple[Item, ...]:
        """Every item, in the order of study."""
        return tuple(
            item for week in self.weeks for module in week.modules for lesson in module.lessons for item in lesson.items
        )


def assets_by_hash(manifest: CourseManifest) -> dict[Sha256, Asset]:
    """Every blob of a course. Of blobs that are listed twice, the last."""
    return {asset.sha256: asset for asset in manifest.assets}


def assets_of(item: Item, manifest: CourseManifest, known: Mapping[Sha256, Asset] | None = None) -> tuple[Asset, ...]:
    """The blobs an item needs to work offline, each once; of a video the smallest variant and every track. ``known``:
    ``assets_by_hash``, from who asks for many items."""
    wanted: list[Sha256 | None] = []
    if item.video:
        if item.video.variants:
            smallest = min(item.video.variants, key=lambda variant: variant.width * variant.height)
            wanted.append(smallest.asset)
        wanted += [track.asset for track in item.video.tracks]
        wanted.append(item.video.poster)
    if item.reading:
        wanted += [item.reading.asset, *item.reading.pictures]
    if item.quiz:
        wanted += [item.quiz.asset, *item.quiz.pictures]
    if item.assignment:
        wanted += [item.assignment.asset, *item.assignment.pictures]
    if item.tool:
        wanted += [item.tool.asset, *item.tool.pictures]
    by_hash = assets_by_hash(manifest) if known is None else known
    return tuple(by_hash[sha256] for sha256 in dict.fromkeys(filter(None, wanted)) if sha256 in by_hash)
