"""Whether what is packed works without a network: every file is opened, and what will not work is said.

Runs for minutes on a large trip, in a lane of its own: it holds no transaction while it reads files, and ends soon when
it is told to.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlalchemy import bindparam, select, update

from desktop.errors import Problem
from desktop.models.blobs import blob_path, is_whole
from desktop.models.content_folder import READABLE, problem_of
from desktop.models.files import assets
from desktop.models.queue import forget_lost
from desktop.models.store import Store
from desktop.models.trip_views import (
    DAMAGED,
    EMBEDDED,
    GRADE_LATER,
    HAND_IN_LATER,
    NEEDS_NETWORK,
    NEWER,
    NO_ANSWERS,
    NO_VIDEO,
    NOT_HERE,
    TOOL,
    UNPROVED,
    UNREADABLE,
    WEB_LINKS,
    WEB_PICTURES,
    Finding,
    Report,
    Week,
)
from desktop.services.html_needs import HtmlNeeds, read_html
from desktop.services.study import studied
from protocol import manifest as kinds
from protocol.manifest import CourseManifest, Item, Video, assets_of
from protocol.quizzes import QUESTION_KINDS, Quiz
from protocol.wire import WireError, decode

log = logging.getLogger(__name__)

PIECE = 1024 * 1024
SMALL = 4 * 1024 * 1024
"""Files up to this are always read from the first byte to the last: texts, pictures, subtitles, quizzes."""


class Opener(Protocol):
    """Who can open media; given by whoever may know of players."""

    def has(self, path: Path, *, picture: bool) -> bool | None:
        """Whether the file has what is played; None when that cannot be said."""

    def cues(self, data: bytes) -> int:
        """How many cues a transcript has."""


class StoppedError(Exception):
    """The check was told to end."""


@dataclass(frozen=True)
class _Row:
    state: str
    size: int
    mtime_ns: int | None


@dataclass(frozen=True)
class _Task:
    item: Item
    course: CourseManifest
    week: int


@dataclass
class _Seen:
    """What was found of files so far; each is looked at once."""

    files: dict[str, str] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    damaged: set[str] = field(default_factory=set)
    proved: dict[str, int] = field(default_factory=dict)
    verified: int = 0
    trusted: int = 0


class Readiness:
    """Checks items of a learner's courses."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def check(
        self,
        weeks: Collection[Week],
        opener: Opener,
        told: Callable[[int, int, str], None],
        stopping: Callable[[], bool],
    ) -> Report | None:
        """Look at every item of these weeks; None when it was ended before the end, then nothing was changed.

        ``told`` hears how many items were looked at, of how many, and the title of the next, in the calling thread.
        Files that are damaged or gone are missing from then on, so that the queue fetches them again.

        Raises:
            Problem: the store; ``folder_…`` while the drive with the courses is not there.
        """
        began = self._store.clock.now()
        self._require_folder()
        tasks, rows = self._tasks(weeks)
        look = _Look(self._store.assets, rows, opener, stopping)
        findings: list[Finding] = []
        blocked: set[str] = set()
        try:
            for number, task in enumerate(tasks):
                told(number, len(tasks), task.item.title)
                for reason, count in look.item(task):
                    found = _finding(task, reason, count)
                    findings.append(found)
                    if not found.works:
                        blocked.add(found.item_id)
            told(len(tasks), len(tasks), "")
        except StoppedError:
            return None
        self._require_folder()  # what was not found on a drive that was pulled meanwhile is not lost
        self._write_down(look.seen)
        return Report(
            at=began,
            items=len(tasks),
            ready=len(tasks) - len(blocked),
            findings=tuple(findings),
            verified=look.seen.verified,
            trusted=look.seen.trusted,
        )

    def _tasks(self, weeks: Collection[Week]) -> tuple[list[_Task], dict[str, _Row]]:
        """What is to be looked at, in the order of the weeks given, and what is known of its files."""
        tasks: list[_Task] = []
        hashes: set[str] = set()
        with self._store.read() as connection:
            versions = {course_id: found.enrollment.version for course_id, found in studied(connection).items()}
            for course_id, number in weeks:
                course = self._store.manifest(connection, versions[course_id]) if course_id in versions else None
                for week in course.weeks if course else ():
                    if course is None or week.number != number:
                        continue
                    mine = [item for module in week.modules for lesson in module.lessons for item in lesson.items]
                    tasks += [_Task(item, course, number) for item in mine]
                    hashes |= {asset.sha256 for item in mine for asset in assets_of(item, course)}
            rows: dict[str, _Row] = {}
            ordered = sorted(hashes)
            for begin in range(0, len(ordered), 500):
                columns = (assets.c.sha256, assets.c.state, assets.c.size, assets.c.mtime_ns)
                some = select(*columns).where(assets.c.sha256.in_(ordered[begin : begin + 500]))
                rows |= {row.sha256: _Row(row.state, row.size, row.mtime_ns) for row in connection.execute(some)}
        return tasks, rows

    def _require_folder(self) -> None:
        found = problem_of(self._store.content.look())
        if found is not None and self._store.content.state not in READABLE:
            raise found

    def _write_down(self, seen: _Seen) -> None:
        """Files before rows, as everywhere: a row without its file is noticed, a wrong file under a right name not.
        What was carried to another folder meanwhile is not lost; of a drive that can only be read nothing is."""
        where = self._store.assets
        lost = [sha256 for sha256, size in seen.gone.items() if not is_whole(blob_path(where, sha256), size)]
        if seen.damaged:
            with contextlib.suppress(Problem), self._store.content.writing() as folder:
                for sha256 in sorted(seen.damaged):
                    with contextlib.suppress(OSError):  # in use elsewhere: what is fetched is put in its place
                        blob_path(folder, sha256).unlink(missing_ok=True)
                    lost.append(sha256)
        if lost:
            log.warning("%d files were damaged or gone and will be fetched again", len(lost))
        if not lost and not seen.proved:
            return
        with self._store.write({"assets", "courses", "downloads"} if lost else set()) as connection:
            for begin in range(0, len(lost), 500):
                forget_lost(connection, lost[begin : begin + 500])
            if seen.proved:
                ready = update(assets).where(assets.c.sha256 == bindparam("of"), assets.c.state == "ready")
                rows = [{"of": sha256, "mtime_ns": mtime_ns} for sha256, mtime_ns in seen.proved.items()]
                connection.execute(ready.values(mtime_ns=bindparam("mtime_ns")), rows)


class _Look:
    """Opens files. One check's, in one thread."""

    def __init__(self, folder: Path, rows: dict[str, _Row], opener: Opener, stopping: Callable[[], bool]) -> None:
        self._folder = folder
        self._rows = rows
        self._opener = opener
        self._stopping = stopping
        self.seen = _Seen()

    def item(self, task: _Task) -> Iterator[tuple[str, int]]:
        """Reasons of findings, each with a count.

        Raises:
            StoppedError: it was told to end.
        """
        item = task.item
        if item.kind not in kinds.ITEM_KINDS:
            yield NEWER, 1
            return
        states = [self._file(asset.sha256) for asset in assets_of(item, task.course)]
        for reason in (NOT_HERE, DAMAGED):
            if reason in states:
                yield reason, states.count(reason)
        if item.kind == kinds.VIDEO:
            yield from self._lecture(item.video)
        elif item.quiz is not None:
            yield from self._quiz(item)
        else:
            text = item.reading or item.assignment or item.tool
            if text is not None:
                yield from self._text(text.asset, text.pictures)
            yield from _by_kind(item.kind)

    def _file(self, sha256: str) -> str:
        """'' for a file that is here and right, else the reason; looked at once for all items that need it."""
        if sha256 not in self.seen.files:
            self.seen.files[sha256] = self._look_at(sha256)
        return self.seen.files[sha256]

    def _look_at(self, sha256: str) -> str:
        if self._stopping():
            raise StoppedError
        row = self._rows.get(sha256)
        if row is None or row.state != "ready":
            return NOT_HERE
        path = blob_path(self._folder, sha256)
        try:
            found = path.stat()
            if found.st_size == row.size:
                if found.st_mtime_ns == row.mtime_ns and row.size > SMALL:
                    with path.open("rb") as file:
                        file.read(1)
                    self.seen.trusted += 1
                    return ""
                if self._hash(path) == sha256:
                    self.seen.verified += 1
                    if found.st_mtime_ns != row.mtime_ns:
                        self.seen.proved[sha256] = found.st_mtime_ns
                    return ""
        except FileNotFoundError:
            self.seen.gone[sha256] = row.size
            return NOT_HERE
        except OSError as error:
            log.info("a file cannot be read: %s", error)
        self.seen.damaged.add(sha256)
        return DAMAGED

    def _hash(self, path: Path) -> str:
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                if self._stopping():
                    raise StoppedError
                digest.update(piece)
        return digest.hexdigest()

    def _bytes(self, sha256: str) -> bytes | None:
        """The bytes of a file that was found to be here and right."""
        if self._file(sha256):
            return None
        try:
            return blob_path(self._folder, sha256).read_bytes()
        except OSError:
            return None

    def _lecture(self, video: Video | None) -> Iterator[tuple[str, int]]:
        if video is None or not video.variants:
            yield NO_VIDEO, 1
            return
        media = min(video.variants, key=lambda variant: variant.width * variant.height)
        if not self._file(media.asset):
            has = self._opener.has(blob_path(self._folder, media.asset), picture=media.width > 0)
            if has is None:
                yield UNPROVED, 1
            elif not has:
                yield UNREADABLE, 1
        silent = sum(
            self._opener.cues(data) == 0 for track in video.tracks if (data := self._bytes(track.asset)) is not None
        )
        if silent:
            yield UNREADABLE, silent

    def _quiz(self, item: Item) -> Iterator[tuple[str, int]]:
        assert item.quiz is not None
        body = self._bytes(item.quiz.asset)
        if body is None:
            return
        try:
            quiz = decode(body, Quiz)
        except WireError:
            yield UNREADABLE, 1
            return
        if any(question.kind not in QUESTION_KINDS for question in quiz.questions):
            yield NEWER, 1
        elif item.kind == kinds.GRADED_QUIZ:
            yield GRADE_LATER, 1
        else:
            without = sum(question.key is None for question in quiz.questions)
            if without or not quiz.questions:
                yield NO_ANSWERS, without or 1
        texts = [quiz.instructions_html]
        for question in quiz.questions:
            texts += [question.html, *(option.html for option in question.options)]
        yield from self._pictures(read_html("".join(texts)), item.quiz.pictures)

    def _text(self, sha256: str, pictures: tuple[str, ...]) -> Iterator[tuple[str, int]]:
        body = self._bytes(sha256)
        if body is None:
            return
        try:
            found = read_html(body.decode("utf-8"))
        except UnicodeDecodeError:
            yield UNREADABLE, 1
            return
        yield from self._pictures(found, pictures)
        if found.embedded:
            yield EMBEDDED, found.embedded
        if found.links:
            yield WEB_LINKS, found.links

    def _pictures(self, text: HtmlNeeds, listed: tuple[str, ...]) -> Iterator[tuple[str, int]]:
        """Pictures that the text shows and that are not among the item's files: nobody would fetch them."""
        unlisted = len(text.pictures - set(listed))
        if unlisted:
            yield NOT_HERE, unlisted
        if text.web_pictures:
            yield WEB_PICTURES, text.web_pictures


def _by_kind(kind: str) -> Iterator[tuple[str, int]]:
    if kind == kinds.EXTERNAL_TOOL:
        yield TOOL, 1
    elif kind == kinds.ASSIGNMENT:
        yield HAND_IN_LATER, 1
    elif kind in (kinds.SURVEY, kinds.DISCUSSION):
        yield NEEDS_NETWORK, 1


def _finding(task: _Task, reason: str, count: int) -> Finding:
    return Finding(
        item_id=task.item.id,
        course_id=task.course.course_id,
        course_title=task.course.title,
        week=task.week,
        title=task.item.title,
        kind=task.item.kind,
        reason=reason,
        count=count,
    )
