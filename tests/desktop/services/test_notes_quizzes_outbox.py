"""Notes, quizzes and the outbox as the learner meets them, offline and when the server's word comes."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from desktop.errors import Problem
from desktop.models.session_file import read_session
from desktop.models.work import practice_results
from desktop.services.home_snapshot import read_snapshot, save_snapshot
from desktop.services.services import Services
from protocol.grading import grade
from protocol.ids import AttemptId, ItemId, NoteId
from protocol.learning import ATTEMPT, NOTE, Attempt, Note
from protocol.quizzes import Answer
from tests.desktop.course import QUIZ, START, Course
from tests.desktop.filled import ACCOUNT, apply, change, open_learner, put_blobs
from tests.desktop.hand_clock import HandClock

RIGHT = (Answer(question_id="q1", choices=("a",)), Answer(question_id="q2", text="0,5"))
WRONG = (Answer(question_id="q1", choices=("b",)),)


def test_a_note_is_made_edited_found_and_deleted_before_it_ever_left(services: Services, clock: HandClock) -> None:
    note = services.notes.save("sql/video-1", "Keys join tables", at_ms=21_000, label="important", quote="share a key")
    assert (note.pending, note.at_ms, note.item_title, note.course_title) == (True, 21_000, "Lecture 1", "Course sql")
    clock.go(minutes=1)
    edited = services.notes.save("sql/video-1", "Keys join two tables", at_ms=21_000, note_id=note.id)
    assert edited.id == note.id
    assert [entry.detail for entry in services.outbox.entries()] == ["Keys join two tables"]
    assert [found.text for found in services.notes.all("TWO lecture")] == ["Keys join two tables"]
    assert services.notes.all("three") == ()
    services.notes.delete(note.id)
    assert services.notes.all() == ()
    assert services.outbox.entries() == ()


def test_an_edit_names_the_revision_that_was_edited(services: Services, course: Course) -> None:
    note = Note(
        id=NoteId("n1"),
        course_id=course.course_id,
        item_id=ItemId("sql/video-1"),
        text="old",
        created_at=START,
        edited_at=START,
    )
    apply(services, change(NOTE, "n1", note, revision=7))
    services.notes.save("sql/video-1", "new", note_id="n1")
    services.notes.save("sql/video-1", "newer", note_id="n1")
    with services.store.read() as connection:
        body = connection.exec_driver_sql("SELECT body FROM outbox").scalar_one()
    assert b'"base_revision":7' in body
    assert services.notes.of_course("sql")[0].text == "newer"
    services.outbox.undo(services.outbox.entries()[0].id)
    assert services.notes.of_item("sql/video-1")[0].text == "old"


@pytest.mark.parametrize("arriving", [("n1", "n2", "n3"), ("n3", "n1", "n2")])
def test_notes_of_one_moment_stand_in_the_same_order_on_every_computer(
    services: Services, course: Course, arriving: tuple[str, ...]
) -> None:
    """A clock that was set back makes such moments: the server puts what follows at the same one."""
    for revision, note_id in enumerate(arriving, 1):
        note = Note(
            id=NoteId(note_id),
            course_id=course.course_id,
            item_id=ItemId("sql/video-1"),
            text=note_id,
            created_at=START,
            edited_at=START,
        )
        apply(services, change(NOTE, note_id, note, revision=revision))
    assert [view.id for view in services.notes.all()] == ["n3", "n2", "n1"]
    assert [view.id for view in services.notes.of_item("sql/video-1")] == ["n1", "n2", "n3"]


def test_what_came_beneath_an_edit_that_is_on_its_way_was_not_seen(services: Services, course: Course) -> None:
    """Another device's text is on the server, and the screen shows this computer's own: the next edit replaces that."""
    note = Note(
        id=NoteId("n1"),
        course_id=course.course_id,
        item_id=ItemId("sql/video-1"),
        text="old",
        created_at=START,
        edited_at=START,
    )
    apply(services, change(NOTE, "n1", note, revision=7))
    services.notes.save("sql/video-1", "mine", note_id="n1")
    with services.store.write(set()) as connection:
        connection.exec_driver_sql("UPDATE outbox SET tries = 1")  # sent, and nobody knows whether it arrived
    apply(services, change(NOTE, "n1", msgspec.structs.replace(note, text="another's"), revision=8))
    assert [found.text for found in services.notes.all()] == ["mine"]
    services.notes.save("sql/video-1", "mine, better", note_id="n1")
    services.notes.delete("n1")
    with services.store.read() as connection:
        bodies = connection.exec_driver_sql("SELECT body FROM outbox").scalars().all()
    assert len(bodies) == 2
    assert all(b'"base_revision":7' in body for body in bodies)


def test_practice_is_judged_at_once_and_kept_until_the_servers_word_comes(services: Services, course: Course) -> None:
    assert services.quizzes.view("sql/practice-1").quiz is None
    with pytest.raises(Problem, match="not_here"):
        services.quizzes.submit("sql/practice-1", RIGHT, START)
    put_blobs(services, course)
    view = services.quizzes.view("sql/practice-1")
    assert view.quiz is not None
    assert all(question.key is None for question in view.quiz.questions)
    services.quizzes.save_draft("sql/practice-1", WRONG, START)
    assert services.quizzes.view("sql/practice-1").draft == WRONG
    attempt = services.quizzes.submit("sql/practice-1", RIGHT, START)
    assert attempt.result is not None
    assert (attempt.result.percent, attempt.pending) == (100.0, True)
    after = services.quizzes.view("sql/practice-1")
    assert (after.draft, after.best_percent, after.attempts_left) == ((), 100.0, None)
    row = services.courses.place("sql/practice-1").item
    assert (row.state, row.grade_pending) == ("done", False)  # nobody has to judge it any more
    judged = Attempt(
        id=AttemptId(attempt.id),
        item_id=ItemId("sql/practice-1"),
        course_id=course.course_id,
        quiz=course.manifest.assets[0].sha256,
        answers=RIGHT,
        started_at=START,
        submitted_at=START,
        result=grade(QUIZ, WRONG),
    )
    apply(services, change(ATTEMPT, judged.id, judged))
    (found,) = services.quizzes.view("sql/practice-1").attempts
    assert found.result is not None
    assert (found.result.percent, found.pending) == (0.0, False)
    with services.store.read() as connection:
        assert connection.execute(select(practice_results)).all() == []


def test_a_graded_quiz_is_pending_and_its_attempts_are_counted(services: Services, course: Course) -> None:
    put_blobs(services, course)
    first = services.quizzes.submit("sql/graded-1", RIGHT, START)
    assert (first.result, first.pending) == (None, True)
    row = services.courses.place("sql/graded-1").item
    assert (row.grade_pending, row.state) == (True, "started")
    assert services.quizzes.view("sql/graded-1").attempts_left == 1
    services.quizzes.submit("sql/graded-1", RIGHT, START)
    with pytest.raises(Problem, match="attempts_exhausted"):
        services.quizzes.submit("sql/graded-1", RIGHT, START)


def test_undoing_an_attempt_gives_the_answers_back(services: Services, course: Course) -> None:
    put_blobs(services, course)
    services.quizzes.submit("sql/graded-1", RIGHT, START)
    services.outbox.undo(services.outbox.entries()[0].id)
    view = services.quizzes.view("sql/graded-1")
    assert (view.attempts, view.draft) == ((), RIGHT)


def test_the_screen_is_told_what_changed(services: Services, told: list[frozenset[str]]) -> None:
    services.lectures.opened("sql/video-1")
    services.lectures.opened("sql/video-1")
    services.lectures.set_position("sql/video-1", 1)
    services.notes.save("sql/video-1", "x")
    assert told == [
        frozenset({"progress", "outbox"}),
        frozenset({"positions", "outbox"}),
        frozenset({"notes", "outbox"}),
    ]


def test_the_home_can_be_painted_from_a_plain_file(services: Services, tmp_path: Path) -> None:
    services.lectures.set_position("sql/video-1", 21_000)
    view = services.home.view()
    save_snapshot(tmp_path, view)
    assert read_snapshot(tmp_path, ACCOUNT) == view
    (tmp_path / "learners" / ACCOUNT / "home.json").write_text("{broken")
    assert read_snapshot(tmp_path, ACCOUNT) is None
    assert read_session(tmp_path) is not None
    (tmp_path / "session.json").write_text("\udcff", errors="surrogateescape")
    assert read_session(tmp_path) is None


def test_the_first_paint_needs_no_database_and_no_network() -> None:
    import subprocess
    import sys

    code = (
        "import sys, desktop.services.home_snapshot, desktop.models.session_file;"
        "sys.exit(any(name in sys.modules for name in ('sqlalchemy', 'requests', 'nh3')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_items_that_are_not_there(services: Services) -> None:
    for ask in (services.courses.place, services.lectures.view, services.readings.view, services.quizzes.view):
        with pytest.raises(Problem, match="not_found"):
            ask("sql/nothing")
    with pytest.raises(Problem, match="not_enrolled"):
        services.courses.outline("nothing")
    with pytest.raises(Problem, match="not_a_member"):
        services.catalog.view("nothing")


def test_two_learners_share_files_and_nothing_else(tmp_path: Path, services: Services) -> None:
    services.notes.save("sql/video-1", "mine")
    other = open_learner(tmp_path, HandClock())
    assert len(other.notes.all()) == 1  # the same learner again
    other.close()
    from desktop.services.services import open_services

    stranger = open_services(tmp_path, "learner-2", HandClock(), lambda kinds: None, tmp_path / "assets")
    assert stranger.notes.all() == ()
    assert stranger.home.view().program is None
    stranger.close()


def test_what_is_being_typed_is_kept_until_it_is_saved(services: Services) -> None:
    services.notes.save_draft("sql/video-1", "half a sen", at_ms=3000)
    services.notes.save_draft("sql/video-1", "half a sentence", at_ms=3000)
    draft = services.notes.draft("sql/video-1")
    assert draft is not None
    assert (draft.id, draft.text, draft.at_ms) == ("", "half a sentence", 3000)
    assert services.notes.all() == ()
    services.notes.save("sql/video-1", "half a sentence, whole", at_ms=3000)
    assert services.notes.draft("sql/video-1") is None


def test_what_is_typed_into_one_note_is_not_lost_to_another_of_the_same_lecture(
    services: Services, clock: HandClock
) -> None:
    first = services.notes.save("sql/video-1", "an older note")
    services.notes.save_draft("sql/video-1", "half a thought", at_ms=3000)
    services.notes.save_draft("sql/video-1", "an older note, chan", note_id=first.id)
    services.notes.save("sql/video-1", "an older note, changed", note_id=first.id)
    draft = services.notes.draft("sql/video-1")
    assert draft is not None
    assert (draft.id, draft.text, draft.at_ms) == ("", "half a thought", 3000)
    clock.go(seconds=1)
    services.notes.save_draft("sql/video-1", "and again", note_id=first.id)
    draft = services.notes.draft("sql/video-1")
    assert draft is not None
    assert (draft.id, draft.text) == (first.id, "and again"), "what was typed last comes first"
    services.notes.discard_draft("sql/video-1", first.id)
    draft = services.notes.draft("sql/video-1")
    assert draft is not None
    assert draft.text == "half a thought"
    services.notes.discard_draft("sql/video-1")
    assert services.notes.draft("sql/video-1") is None
