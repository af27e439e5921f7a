"""One item of a course: what its kind asks for, as the manifest wants it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path

from protocol.ids import ItemId, Sha256
from protocol.manifest import (
    ASSIGNMENT,
    DISCUSSION,
    EXTERNAL_TOOL,
    GRADED_QUIZ,
    ITEM_KINDS,
    PRACTICE_QUIZ,
    READING,
    SURVEY,
    VIDEO,
    Assignment,
    ExternalTool,
    Item,
    QuizReference,
    Reading,
    TextTrack,
    Video,
    VideoVariant,
)
from protocol.quizzes import Quiz, without_keys
from protocol.wire import encode
from server.authoring.cues import check_cues
from server.authoring.files import HTML_TYPE, JSON_TYPE, Files, PicturesOf
from server.authoring.media import (
    Medium,
    UnusableMediumError,
    probe,
    rewrite_to_start_fast,
    starts_fast,
    warn_about_keyframes,
)
from server.authoring.mistakes import read_text
from server.authoring.quizzes import read_quiz
from server.authoring.tables import Table
from server.authoring.texts import is_markdown, page_to_html, reading_minutes

_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
_RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}
_QUESTION_MINUTES = 1.5
_TASK_MINUTES = 60
_GRADED = (GRADED_QUIZ, ASSIGNMENT, EXTERNAL_TOOL)


@dataclass
class CourseDraft:
    """What is collected while the items of a course are read."""

    course_id: str
    language: str
    files: Files
    keyed: dict[tuple[str, Sha256], Quiz] = field(default_factory=dict)
    subtitle_languages: dict[str, None] = field(default_factory=dict)
    quiz_uses: dict[Path, tuple[bool, int]] = field(default_factory=dict)
    """Whether a quiz is graded, and the line that says so first."""
    _media: dict[Path, tuple[Medium, Sha256]] = field(default_factory=dict)

    def medium(self, path: Path, named_in: Path, line: int) -> tuple[Medium, Sha256]:
        """Look into a medium once, and keep it so that it starts at once.

        Raises:
            UnusableMediumError: it can't be used.
        """
        if path not in self._media:
            medium = probe(path)
            warn_about_keyframes(medium, path, self.files.report, named_in, line)
            if starts_fast(path):
                sha256 = self.files.add_file(path, medium.media_type)
            else:
                copy = rewrite_to_start_fast(path)
                try:
                    sha256 = self.files.add_file(copy, medium.media_type, path.name)
                finally:
                    copy.unlink()
            self._media[path] = (medium, sha256)
        return self._media[path]


def is_language(tag: str) -> bool:
    """Whether it has the form of a BCP 47 tag."""
    return len(tag) <= 35 and bool(_LANGUAGE.fullmatch(tag))


def read_item(table: Table, draft: CourseDraft) -> Item:
    """The item; where something is wrong, mistakes were reported and the item is not to be used."""
    slug = table.slug("id")
    kind = table.choice("kind", ITEM_KINDS, required=True)
    title = table.text("title", required=True, at_most=300)
    item_id = ItemId(f"{draft.course_id}/{slug}")
    own_minutes = table.whole("minutes", least=1)
    minutes = 1
    video = reading = quiz = assignment = tool = None
    if kind == VIDEO:
        video = _video(table, draft)
        minutes = math.ceil(video.duration_ms / 60_000) if video else 1
    elif kind == READING:
        reading, minutes = _reading(table, draft)
    elif kind in (PRACTICE_QUIZ, GRADED_QUIZ):
        quiz = _quiz(table, draft, item_id, graded=kind == GRADED_QUIZ)
        minutes = math.ceil(quiz.question_count * _QUESTION_MINUTES) if quiz else 1
    elif kind == ASSIGNMENT:
        assignment = _assignment(table, draft)
        minutes = _TASK_MINUTES
    elif kind in (EXTERNAL_TOOL, SURVEY, DISCUSSION):
        text, minutes = _reading(table, draft, with_language=False)
        marked = kind == EXTERNAL_TOOL and table.has("weight")
        tool = ExternalTool(asset=text.asset, graded=marked, pictures=text.pictures) if text else None
    graded = kind in _GRADED
    item = Item(
        id=item_id,
        kind=kind,
        title=title,
        minutes=own_minutes or max(1, minutes),
        required=table.flag("required", default=True),
        weight=table.number("weight") if graded else 0.0,
        due_day=table.whole("due_day", least=1) if graded else None,
        video=video,
        reading=reading,
        quiz=quiz,
        assignment=assignment,
        tool=tool,
    )
    if kind:
        table.finish()
    return item


def _video(table: Table, draft: CourseDraft) -> Video | None:
    variants: list[VideoVariant] = []
    durations: list[int] = []
    for named in table.text_or_texts("media", required=True):
        line = table.line("media")
        path = draft.files.find(named, table.path, line)
        if path is None:
            continue
        try:
            medium, sha256 = draft.medium(path, table.path, line)
        except UnusableMediumError as error:
            table.mistake(str(error), "media")
            continue
        variants.append(VideoVariant(asset=sha256, width=medium.width, height=medium.height))
        durations.append(medium.duration_ms)
    if durations and max(durations) - min(durations) > 2_000:
        table.mistake("the files of “media” are of different length; they must be the same recording", "media")
    poster = None
    if named := table.text("poster"):
        poster = draft.files.picture(named, table.path, table.line("poster"))
    tracks = _tracks(table, draft, max(durations, default=None))
    if not variants:
        return None
    return Video(duration_ms=max(durations), variants=tuple(variants), tracks=tracks, poster=poster)


def _tracks(table: Table, draft: CourseDraft, duration_ms: int | None) -> tuple[TextTrack, ...]:
    tracks = []
    named_tracks = table.table("tracks")
    for language, named in (named_tracks.pairs() if named_tracks else {}).items():
        if not is_language(language):
            table.mistake(f"“{language}” is not a language tag like en or pt-BR", "tracks", language)
        if not isinstance(named, str):
            table.mistake("a track must be the path of a .vtt or .srt file in quotes", "tracks", language)
            continue
        path = draft.files.find(named, table.path, table.line("tracks", language))
        if path is None or not check_cues(path, duration_ms, draft.files.report):
            continue
        draft.subtitle_languages[language] = None
        spoken = language.partition("-")[0] == draft.language.partition("-")[0]
        tracks.append(
            TextTrack(asset=draft.files.add_file(path), language=language, kind="captions" if spoken else "subtitles")
        )
    return tuple(tracks)


def _page(table: Table, draft: CourseDraft) -> tuple[Sha256, tuple[Sha256, ...], int] | None:
    """A text: its asset, its pictures, the minutes it takes."""
    named = table.text("file", required=True)
    path = draft.files.find(named, table.path, table.line("file")) if named else None
    if path is None:
        return None
    if not is_markdown(path) and path.suffix.lower() not in (".html", ".htm"):
        table.mistake("a text must be a .md or .html file", "file")
        return None
    text = read_text(path, draft.files.report)
    if text is None:
        return None
    pictures = PicturesOf(draft.files, path)
    content = page_to_html(path, text, pictures, draft.files.report)
    if content is None:
        return None
    asset = draft.files.add_bytes(content.encode(), HTML_TYPE, f"{path.stem}.html")
    return asset, tuple(pictures.found), reading_minutes(content)


def _reading(table: Table, draft: CourseDraft, *, with_language: bool = True) -> tuple[Reading | None, int]:
    language = table.text("language", draft.language) if with_language else draft.language
    if not is_language(language):
        table.mistake(f"“{language}” is not a language tag like en or pt-BR", "language")
    page = _page(table, draft)
    if page is None:
        return None, 1
    asset, pictures, minutes = page
    direction = "rtl" if language.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"
    return Reading(asset=asset, language=language, text_direction=direction, pictures=pictures), minutes


def _assignment(table: Table, draft: CourseDraft) -> Assignment | None:
    page = _page(table, draft)
    required = table.whole("reviews_required")
    due = table.whole("review_due_day", least=1)
    if page is None:
        return None
    asset, pictures, _ = page
    reviews = 2 if required is None else required
    return Assignment(asset=asset, reviews_required=reviews, review_due_day=due, pictures=pictures)


def _quiz(table: Table, draft: CourseDraft, item_id: ItemId, *, graded: bool) -> QuizReference | None:
    max_attempts = table.whole("max_attempts") if graded else 0
    named = table.text("quiz", required=True)
    path = draft.files.find(named, table.path, table.line("quiz")) if named else None
    if path is None:
        return None
    used_graded, line = draft.quiz_uses.setdefault(path, (graded, table.line("quiz")))
    if used_graded != graded:
        table.mistake(
            f"“{named}” is a practice quiz and a graded one (line {line}): learners would have its keys", "quiz"
        )
        return None
    pictures = PicturesOf(draft.files, path)
    quiz = read_quiz(path, pictures, draft.files.report)
    if quiz is None:
        return None
    public = without_keys(quiz) if graded else quiz
    asset = draft.files.add_bytes(encode(public), JSON_TYPE, f"{path.stem}.json")
    draft.keyed[item_id, asset] = quiz
    return QuizReference(
        asset=asset,
        question_count=len(quiz.questions),
        points=sum(question.points for question in quiz.questions),
        pass_percent=quiz.pass_percent,
        max_attempts=max_attempts or 0,
        pictures=tuple(pictures.found),
    )
