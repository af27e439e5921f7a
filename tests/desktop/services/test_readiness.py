"""The check before a trip opens every file, and says of each item what will not work without a network, and why."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from desktop.models.blobs import blob_path
from desktop.models.files import assets
from desktop.models.trip_views import Report
from desktop.services.services import Services
from protocol import manifest as kinds
from protocol.ids import ItemId, Sha256
from protocol.manifest import Asset, Assignment, CourseManifest, ExternalTool, Item, Reading, Video
from protocol.quizzes import Question, Quiz
from protocol.wire import encode
from tests.desktop.course import QUIZ, Course, make_course
from tests.desktop.filled import enroll, put_blobs

WEEK_1 = [("sql", 1)]


@dataclass
class Opener:
    """Says of every medium what the test wants; ``opened`` are the files it was asked of."""

    answer: bool | None = True
    opened: list[Path] = field(default_factory=list)

    def has(self, path: Path, *, picture: bool) -> bool | None:
        """As it was told."""
        assert picture
        path.stat()
        self.opened.append(path)
        return self.answer

    def cues(self, data: bytes) -> int:
        """Lines with an arrow."""
        return data.count(b"-->")


def check(services: Services, opener: Opener | None = None) -> Report:
    """Look at the first week of the course ``sql``."""
    report = services.readiness.check(WEEK_1, opener or Opener(), lambda *_: None, lambda: False)
    assert report is not None
    return report


def reasons(report: Report) -> dict[str, list[tuple[str, int]]]:
    """By item, what was found."""
    found: dict[str, list[tuple[str, int]]] = {}
    for finding in report.findings:
        found.setdefault(finding.item_id, []).append((finding.reason, finding.count))
    return found


def video_of(course: Course, number: int = 1) -> str:
    """The hash of the lecture's medium."""
    video = next(item for item in course.manifest.items() if item.id == f"{course.course_id}/video-{number}").video
    assert video is not None
    return video.variants[0].asset


def test_all_is_here_and_right(services: Services, course: Course) -> None:
    put_blobs(services, course)
    opener = Opener()
    heard: list[tuple[int, int, str]] = []
    report = services.readiness.check(WEEK_1, opener, lambda *said: heard.append(said), lambda: False)
    assert report is not None
    assert (report.items, report.ready) == (4, 4)
    assert reasons(report) == {"sql/graded-1": [("grade_later", 1)]}
    assert opener.opened == [blob_path(services.store.assets, video_of(course))]
    assert heard == [
        (0, 4, "Lecture 1"),
        (1, 4, "Reading 1"),
        (2, 4, "Practice 1"),
        (3, 4, "Graded 1"),
        (4, 4, ""),
    ]
    assert report.verified == 6
    assert report.at == services.store.clock.now()


def test_what_was_not_downloaded_is_said_by_item(services: Services, course: Course) -> None:
    put_blobs(services, course, [sha256 for sha256 in course.blobs if sha256 != video_of(course)])
    report = check(services)
    assert (report.items, report.ready) == (4, 3)
    assert reasons(report)["sql/video-1"] == [("not_here", 1)]


@pytest.mark.expected_log("damaged or gone")
@pytest.mark.parametrize("how", ["changed", "cut", "gone"])
def test_a_file_damaged_behind_our_back_is_found_and_fetched_again(
    services: Services, course: Course, how: str
) -> None:
    services.trips.pack(WEEK_1, 10)
    put_blobs(services, course)
    assert services.downloads.view().entries[0].state == "ready"
    sha256 = video_of(course)
    path = blob_path(services.store.assets, sha256)
    if how == "gone":
        path.unlink()
    else:
        data = path.read_bytes()
        path.write_bytes(data[:-9] if how == "cut" else data[:500] + b"rot" + data[503:])
    report = check(services)
    assert report.ready == 3
    assert reasons(report)["sql/video-1"] == [("not_here" if how == "gone" else "damaged", 1)]
    assert not path.exists()
    with services.store.read() as connection:
        assert connection.execute(select(assets.c.state).where(assets.c.sha256 == sha256)).scalar() == "missing"
    assert services.downloads.view().entries[0].state == "queued", "it is fetched again"
    put_blobs(services, course, [sha256])
    assert check(services).ready == 4


def test_a_file_that_was_only_touched_is_read_through_and_believed(services: Services, course: Course) -> None:
    put_blobs(services, course)
    path = blob_path(services.store.assets, video_of(course))
    path.write_bytes(path.read_bytes())
    assert check(services).ready == 4
    with services.store.read() as connection:
        noted = connection.execute(select(assets.c.mtime_ns).where(assets.c.sha256 == path.name)).scalar()
    assert noted == path.stat().st_mtime_ns


def test_a_large_file_is_trusted_while_its_time_is_the_same(services: Services) -> None:
    large = make_course("sql", 1, video_bytes=5 * 1024 * 1024)
    enroll(services, large)
    put_blobs(services, large)
    report = check(services)
    assert (report.ready, report.trusted, report.verified) == (4, 1, 5)


@pytest.mark.expected_log("damaged or gone")
def test_a_large_file_that_was_cut_is_not_trusted_for_its_time(services: Services) -> None:
    large = make_course("sql", 1, video_bytes=5 * 1024 * 1024)
    enroll(services, large)
    put_blobs(services, large)
    path = blob_path(services.store.assets, video_of(large))
    written = path.stat()
    os.truncate(path, 4 * 1024 * 1024 + 1)
    os.utime(path, ns=(written.st_atime_ns, written.st_mtime_ns))
    assert reasons(check(services))["sql/video-1"] == [("damaged", 1)]


def test_the_check_can_be_ended_and_changes_nothing_then(services: Services, course: Course) -> None:
    put_blobs(services, course)
    blob_path(services.store.assets, video_of(course)).write_bytes(b"rot")
    looked: list[int] = []
    report = services.readiness.check(WEEK_1, Opener(), lambda done, *_: looked.append(done), lambda: bool(looked))
    assert report is None
    assert looked == [0]
    with services.store.read() as connection:
        states = set(connection.execute(select(assets.c.state)).scalars())
    assert states == {"ready"}


@pytest.mark.parametrize(("answer", "reason", "ready"), [(None, "unproved", 4), (False, "unreadable", 3)])
def test_media_that_cannot_be_opened(
    services: Services, course: Course, answer: bool | None, reason: str, ready: int
) -> None:
    put_blobs(services, course)
    report = check(services, Opener(answer))
    assert report.ready == ready
    assert reasons(report)["sql/video-1"] == [(reason, 1)]


Change = Callable[[Item, dict[str, bytes]], Item]


def add(blobs: dict[str, bytes], data: bytes) -> Sha256:
    """One more file of the course."""
    sha256 = Sha256(hashlib.sha256(data).hexdigest())
    blobs[sha256] = data
    return sha256


def reading(html: str) -> Change:
    """The item becomes a reading."""

    def change(item: Item, blobs: dict[str, bytes]) -> Item:
        return replace(item, kind=kinds.READING, video=None, reading=Reading(asset=add(blobs, html.encode())))

    return change


def quiz(document: Quiz, kind: str = kinds.PRACTICE_QUIZ) -> Change:
    """The item becomes a quiz."""

    def change(item: Item, blobs: dict[str, bytes]) -> Item:
        found = replace(make_course().manifest.items()[2], id=item.id, kind=kind)
        assert found.quiz is not None
        return replace(found, quiz=replace(found.quiz, asset=add(blobs, encode(document))))

    return change


def of_kind(kind: str, **body: object) -> Change:
    """The item becomes something else."""
    return lambda item, _: replace(item, kind=kind, video=None, **body)


def text_of(kind: str) -> Change:
    """The item becomes a task or a tool, with a text."""

    def change(item: Item, blobs: dict[str, bytes]) -> Item:
        asset = add(blobs, b"<p>What to do</p>")
        if kind == kinds.EXTERNAL_TOOL:
            return replace(item, kind=kind, video=None, tool=ExternalTool(asset=asset))
        return replace(item, kind=kind, video=None, assignment=Assignment(asset=asset))

    return change


CASES: dict[str, tuple[Change, list[tuple[str, int]], bool]] = {
    "an embedded page": (reading('<p>See</p><iframe src="https://x.test/map"></iframe>'), [("embedded", 1)], False),
    "links to the web": (
        reading('<a href="https://x.test">a</a><a href="http://y.test">b</a>'),
        [("web_links", 2)],
        True,
    ),
    "a picture from the web": (reading('<img src="https://x.test/a.png">'), [("web_pictures", 1)], True),
    "a picture nobody fetches": (reading(f'<img src="asset:{"0" * 64}">'), [("not_here", 1)], False),
    "a survey": (of_kind(kinds.SURVEY), [("needs_network", 1)], False),
    "a discussion": (of_kind(kinds.DISCUSSION), [("needs_network", 1)], False),
    "a tool": (text_of(kinds.EXTERNAL_TOOL), [("tool", 1)], False),
    "an assignment": (text_of(kinds.ASSIGNMENT), [("hand_in_later", 1)], True),
    "a kind of later": (of_kind("hologram"), [("newer", 1)], False),
    "a lecture elsewhere": (of_kind(kinds.VIDEO), [("no_video", 1)], False),
    "a lecture without a file": (
        lambda item, _: replace(item, video=Video(duration_ms=1, variants=())),
        [("no_video", 1)],
        False,
    ),
    "practice without answers": (
        quiz(Quiz(title="", pass_percent=60, questions=(replace(QUIZ.questions[0], key=None), QUIZ.questions[1]))),
        [("no_answers", 1)],
        False,
    ),
    "a question of later": (
        quiz(Quiz(title="", pass_percent=60, questions=(Question(id="q", kind="drawing", html=""),))),
        [("newer", 1)],
        False,
    ),
    "a picture of a quiz": (
        quiz(
            Quiz(title="", pass_percent=60, questions=QUIZ.questions, instructions_html=f'<img src="asset:{"1" * 64}">')
        ),
        [("not_here", 1)],
        False,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_will_not_work_offline_is_said(services: Services, name: str) -> None:
    change, expected, works = CASES[name]
    course = make_course("sql", 1)
    blobs = dict(course.blobs)
    week = course.manifest.weeks[0]
    lesson = week.modules[0].lessons[0]
    item = change(replace(lesson.items[0], id=ItemId("sql/odd")), blobs)
    known = {asset.sha256 for asset in course.manifest.assets}
    extra = tuple(
        Asset(sha256=Sha256(sha256), size=len(data), media_type="text/html")
        for sha256, data in blobs.items()
        if sha256 not in known
    )
    module = replace(week.modules[0], lessons=(replace(lesson, items=(item,)),))
    manifest: CourseManifest = replace(
        course.manifest, weeks=(replace(week, modules=(module,)),), assets=(*course.manifest.assets, *extra)
    )
    odd = Course(course.course_id, manifest, blobs)
    enroll(services, odd)
    put_blobs(services, odd)
    report = check(services)
    assert reasons(report) == {"sql/odd": expected}
    assert report.ready == (1 if works else 0)
    assert [finding.works for finding in report.findings] == [works]


def test_the_report_is_kept_with_its_trip(services: Services, course: Course) -> None:
    services.trips.pack(WEEK_1, 10)
    put_blobs(services, course)
    trip = services.trips.current()
    assert trip is not None
    assert trip.report is None
    report = check(services)
    services.trips.keep_report(trip.id, report)
    trip = services.trips.current()
    assert trip is not None
    assert trip.report == report
    services.trips.keep_report("another", replace(report, ready=0))
    again = services.trips.current()
    assert again == trip
