"""A new version of a course replaces files while the learner is away from the network: what is here is used until what
replaces it has come, and goes then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from desktop.models.blobs import blob_path
from desktop.models.files import assets, download_files
from desktop.models.new_version import superseded
from desktop.models.outbox import pending
from desktop.services.services import Services
from desktop.sync.housekeeping import at_start, drop_superseded
from protocol.actions import SUBMIT_ATTEMPT, SubmitAttempt
from protocol.ids import CourseId
from protocol.quizzes import Answer
from tests.desktop.course import START, Course, make_course
from tests.desktop.filled import enroll, open_learner, put_blobs
from tests.desktop.hand_clock import HandClock

LECTURE, OTHER, READING, QUIZ = "sql/video-1", "sql/video-2", "sql/reading-1", "sql/practice-1"
OLD, NEW = make_course(), make_course(edition=", second edition")


def video(course: Course, number: int = 0) -> str:
    """The file of a lecture."""
    return [asset.sha256 for asset in course.manifest.assets if asset.media_type == "video/webm"][number]


def texts(course: Course) -> list[str]:
    """What comes by itself."""
    return [asset.sha256 for asset in course.manifest.assets if asset.media_type != "video/webm"]


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """The first lecture and all texts are here; then the manifest of the new version came, and the network went."""
    services = open_learner(tmp_path, HandClock())
    enroll(services, OLD)
    services.downloads.queue_item(LECTURE)
    put_blobs(services, OLD, [video(OLD), *texts(OLD)])
    assert services.downloads.view().entries[0].state == "ready"
    enroll(services, NEW, at=START + timedelta(days=1))
    yield services
    services.close()


def test_the_lecture_that_is_here_is_played_with_its_own_transcript(services: Services) -> None:
    view = services.lectures.view(LECTURE)
    assert view.replaced
    assert view.media == blob_path(services.store.assets, video(OLD))
    (track,) = view.tracks
    assert track.path is not None
    assert track.path.read_text().endswith("Week 1 of sql\n")
    assert not services.lectures.view(OTHER).replaced, "of the second nothing is here: the new one is what to stream"
    assert services.lectures.view(OTHER).media_asset == video(NEW, 1)


def test_the_new_texts_alone_change_nothing_about_the_old_lecture(services: Services) -> None:
    put_blobs(services, NEW, texts(NEW))
    (track,) = services.lectures.view(LECTURE).tracks
    assert track.path is not None
    assert "second edition" not in track.path.read_text()


def test_a_quiz_of_the_old_version_can_be_taken_until_the_new_one_is_here(services: Services) -> None:
    old = services.quizzes.view(QUIZ)
    assert old.quiz is not None
    assert old.quiz.title == "Practice sql 1"
    put_blobs(services, NEW, texts(NEW))
    new = services.quizzes.view(QUIZ)
    assert new.quiz is not None
    assert new.quiz.title == "Practice sql 1, second edition"
    assert new.document != old.document


def test_answers_are_handed_in_to_the_quiz_that_was_on_the_screen(services: Services) -> None:
    """The new version came while they were given."""
    shown = services.quizzes.view(QUIZ).document
    put_blobs(services, NEW, texts(NEW))
    services.quizzes.submit(QUIZ, (Answer(question_id="q1", choices=("a",)),), START, shown)
    with services.store.read() as connection:
        (handed_in,) = (action.body for action in pending(connection, (SUBMIT_ATTEMPT,)))
    assert isinstance(handed_in, SubmitAttempt)
    assert handed_in.quiz == shown


def test_what_replaces_it_comes_by_itself_and_then_counts(services: Services) -> None:
    (entry,) = services.downloads.view().entries
    assert (entry.state, entry.files_done) == ("queued", 0)
    put_blobs(services, NEW, [video(NEW), *texts(NEW)])
    assert services.downloads.view().entries[0].state == "ready"
    view = services.lectures.view(LECTURE)
    assert not view.replaced
    assert view.media == blob_path(services.store.assets, video(NEW))
    (track,) = view.tracks
    assert track.path is not None
    assert "second edition" in track.path.read_text()


def test_the_old_file_goes_when_the_new_one_is_here_and_not_before(services: Services) -> None:
    old, new = (blob_path(services.store.assets, video(course)) for course in (OLD, NEW))
    at_start(services.store)
    assert old.exists()
    put_blobs(services, NEW, texts(NEW))
    drop_superseded(services.store)
    assert old.exists()
    put_blobs(services, NEW, [video(NEW)])
    drop_superseded(services.store)
    assert (old.exists(), new.exists()) == (False, True)
    with services.store.read() as connection:
        assert superseded(connection) == []
        states = dict(connection.execute(select(assets.c.sha256, assets.c.state)).all())
    assert (states[video(OLD)], states[video(NEW)]) == ("missing", "ready")
    assert services.lectures.view(LECTURE).media == new


def test_what_another_course_has_too_stays(services: Services) -> None:
    manifest = replace(OLD.manifest, course_id=CourseId("twin"))
    enroll(services, Course(CourseId("twin"), manifest, OLD.blobs))
    put_blobs(services, NEW, [video(NEW)])
    with services.store.read() as connection:
        assert superseded(connection) == []


def test_a_lecture_that_is_here_without_an_entry_gets_one(tmp_path: Path) -> None:
    services = open_learner(tmp_path / "other", HandClock())
    enroll(services, OLD)
    services.downloads.queue_course("sql")
    put_blobs(services, OLD)
    services.downloads.clear_finished()
    enroll(services, NEW, at=START + timedelta(days=1))
    entries = services.downloads.view().entries
    assert [(entry.title, entry.state) for entry in entries] == [("Lecture 1", "queued"), ("Lecture 2", "queued")]
    with services.store.read() as connection:
        wanted = set(connection.execute(select(download_files.c.sha256)).scalars())
    assert wanted == {video(NEW, 0), video(NEW, 1)}
    services.close()


def test_a_reading_is_the_old_one_until_the_new_text_is_here(services: Services) -> None:
    before = services.readings.view(READING).html
    assert before is not None
    put_blobs(services, NEW, texts(NEW))
    after = services.readings.view(READING).html
    assert after is not None
    assert before != after


def test_who_has_paused_a_download_is_not_overruled(tmp_path: Path) -> None:
    services = open_learner(tmp_path / "other", HandClock())
    enroll(services, OLD)
    services.downloads.queue_week("sql", 1)
    (entry,) = services.downloads.view().entries
    services.downloads.pause(entry.id)
    enroll(services, NEW, at=START + timedelta(days=1))
    (entry,) = services.downloads.view().entries
    assert entry.state == "paused"
    with services.store.read() as connection:
        wanted = set(connection.execute(select(download_files.c.sha256)).scalars())
    assert video(NEW) in wanted
    assert video(OLD) not in wanted
    services.close()
