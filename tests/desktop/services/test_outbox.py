"""The Outbox as the learner reads it: one line for what was studied, and refused work that can be used again."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from desktop.errors import Problem
from desktop.models.outbox import APPLIED, counts
from desktop.models.work import outbox
from desktop.services.services import Services
from protocol.quizzes import Answer
from tests.desktop.course import START, Course
from tests.desktop.filled import put_blobs
from tests.desktop.hand_clock import HandClock

LONG = "First line of what I thought.\n\n" + "And this goes on for a while. " * 12
ANSWERS = (Answer(question_id="q1", choices=("a",)), Answer(question_id="q2", text="0,5"))


def mark(services: Services, action_id: str, **values: object) -> None:
    """As the push does."""
    with services.store.write({"outbox"}) as connection:
        connection.execute(update(outbox).where(outbox.c.id == action_id).values(**values))


def refuse(services: Services, action_id: str) -> None:
    """The server said no."""
    mark(
        services, action_id, state="refused", tries=1, error_code="bad_request", error_text="No.", error_way_out="Ask."
    )


def study(services: Services, clock: HandClock) -> None:
    """A lecture is opened and watched; half of it is handed to a network that does not answer."""
    services.lectures.opened("sql/video-1")
    services.lectures.watched("sql/video-1", [(0, 10_000)])
    services.lectures.set_position("sql/video-1", 10_000)
    for action in services.outbox.entries()[0].actions:
        mark(services, action, tries=1)
    clock.go(minutes=1)
    services.lectures.watched("sql/video-1", [(8_000, 15_000)])
    services.lectures.set_position("sql/video-1", 16_000)


def test_what_was_studied_of_an_item_is_one_entry(services: Services, clock: HandClock) -> None:
    study(services, clock)
    services.lectures.opened("sql/reading-1")
    reading, lecture = services.outbox.entries()
    assert (reading.kind, reading.detail, reading.stopped_at) == ("open_item", "", "")
    assert (lecture.kind, lecture.detail, lecture.stopped_at) == ("watch", "0:15", "0:16")
    assert (lecture.subject_title, lecture.course_title) == ("Lecture 1", "Course sql")
    assert len(lecture.actions) == 5
    assert not lecture.can_undo, "the server may have some of it"
    assert services.outbox.waiting_count() == 2
    with services.store.read() as connection:
        assert counts(connection) == (2, 0)


def test_what_was_studied_is_undone_as_one(services: Services) -> None:
    services.lectures.opened("sql/video-1")
    services.lectures.watched("sql/video-1", [(0, 30_000)])
    services.lectures.set_position("sql/video-1", 30_000)
    (entry,) = services.outbox.entries()
    assert entry.can_undo
    services.outbox.undo(*entry.actions)
    assert services.outbox.entries() == ()
    assert services.lectures.view("sql/video-1").resume_ms == 0


def test_undo_takes_all_or_nothing(services: Services) -> None:
    services.lectures.opened("sql/video-1")
    services.lectures.set_position("sql/video-1", 30_000)
    (entry,) = services.outbox.entries()
    mark(services, entry.actions[0], tries=1)
    with pytest.raises(Problem, match="too_late"):
        services.outbox.undo(*entry.actions)
    with pytest.raises(Problem, match="not_found"):
        services.outbox.undo(entry.actions[0], "gone")
    assert services.outbox.entries()[0].actions == entry.actions


@pytest.mark.parametrize(
    ("intervals", "position", "shown"),
    [
        ([(0, 400)], 400, ("open_item", "", "")),
        ([(0, 400)], 61_000, ("set_position", "1:01", "")),
        ([(0, 2_000)], 0, ("watch", "0:02", "")),
    ],
)
def test_what_is_too_short_to_be_told_is_not(
    services: Services, intervals: list[tuple[int, int]], position: int, shown: tuple[str, str, str]
) -> None:
    services.lectures.watched("sql/video-1", intervals)
    services.lectures.set_position("sql/video-1", position)
    (entry,) = services.outbox.entries()
    assert (entry.kind, entry.detail, entry.stopped_at) == shown


def test_what_was_sent_and_what_waits_are_told_apart(services: Services, clock: HandClock) -> None:
    study(services, clock)
    for action in services.outbox.entries()[0].actions[:3]:
        mark(services, action, state=APPLIED, sent_at=clock.now())
    waits, sent = services.outbox.entries()
    assert (waits.state, sent.state) == ("waiting", "sent")
    assert (len(waits.actions), len(sent.actions)) == (2, 3)


def test_text_is_copied_as_it_was_written(services: Services, course: Course) -> None:
    services.notes.save("sql/video-1", LONG)
    (entry,) = services.outbox.entries()
    assert entry.detail.endswith("…")
    assert services.outbox.text(entry.id) == LONG
    put_blobs(services, course)
    services.quizzes.submit("sql/graded-1", ANSWERS, START)
    attempt = services.outbox.entries()[0]
    assert attempt.has_text
    text = services.outbox.text(attempt.id)
    assert "0,5" in text
    assert "q1" not in text, "questions and options are told in words"
    with pytest.raises(Problem, match="not_found"):
        services.outbox.text("gone")


def test_a_refused_note_can_be_changed_and_sent_anew(services: Services) -> None:
    written = services.notes.save("sql/video-1", LONG, at_ms=21_000, label="unclear", quote="a key")
    (entry,) = services.outbox.entries()
    refuse(services, entry.id)
    note = services.outbox.refused_note(entry.id)
    assert (note.id, note.text, note.at_ms, note.label, note.quote) == (written.id, LONG, 21_000, "unclear", "a key")
    services.notes.save(note.item_id, "Shorter.", at_ms=note.at_ms, note_id=note.id)
    services.outbox.set_aside(entry.id)
    anew, aside = services.outbox.entries()
    assert (anew.state, anew.detail) == ("waiting", "Shorter.")
    assert (aside.state, aside.reason) == ("set_aside", "No.")
    assert services.outbox.text(aside.id) == LONG, "what was refused stays readable"
    with services.store.read() as connection:
        assert counts(connection) == (1, 0), "and asks for nothing any more"


def test_what_was_set_aside_can_still_be_sent(services: Services) -> None:
    services.notes.save("sql/video-1", "kept")
    refuse(services, services.outbox.entries()[0].id)
    services.outbox.set_aside(services.outbox.entries()[0].id)
    services.outbox.retry(services.outbox.entries()[0].id)
    assert services.outbox.entries()[0].state == "waiting"


def test_what_was_not_refused_cannot_be_handled_as_if(services: Services) -> None:
    services.notes.save("sql/video-1", "waits")
    (entry,) = services.outbox.entries()
    for ask in (services.outbox.retry, services.outbox.set_aside, services.outbox.refused_note):
        with pytest.raises(Problem, match="not_found"):
            ask(entry.id)


def test_the_answers_of_a_refused_attempt_become_the_draft_again(services: Services, course: Course) -> None:
    put_blobs(services, course)
    services.quizzes.submit("sql/graded-1", ANSWERS, START)
    entry = services.outbox.entries()[0]
    refuse(services, entry.id)
    assert services.outbox.answers_as_draft(entry.id) == "sql/graded-1"
    view = services.quizzes.view("sql/graded-1")
    assert view.draft == ANSWERS
    assert [attempt.refused for attempt in view.attempts] == []
    assert services.outbox.entries()[0].state == "set_aside"


def test_answers_that_were_begun_since_are_not_written_over(services: Services, course: Course) -> None:
    put_blobs(services, course)
    services.quizzes.submit("sql/graded-1", ANSWERS, START)
    entry = services.outbox.entries()[0]
    refuse(services, entry.id)
    newer = (Answer(question_id="q2", text="newer"),)
    services.quizzes.save_draft("sql/graded-1", newer, START)
    with pytest.raises(Problem, match="draft_exists"):
        services.outbox.answers_as_draft(entry.id)
    assert services.quizzes.view("sql/graded-1").draft == newer
    assert services.outbox.entries()[0].state == "refused"


def test_an_action_of_another_version_is_shown_as_it_is(services: Services) -> None:
    services.notes.save("sql/video-1", "mine")
    services.lectures.complete("sql/reading-1")
    done, note = services.outbox.entries()
    mark(services, note.id, kind="send_pigeon")
    mark(services, done.id, state="refused", body=b'{"of": "an older shape"}')
    assert [(entry.kind, entry.detail) for entry in services.outbox.entries()] == [
        ("complete_item", ""),
        ("send_pigeon", ""),
    ]
    assert services.outbox.text(note.id) == ""


def test_the_log_tells_what_became_of_each_and_nothing_of_what_was_written(services: Services) -> None:
    services.notes.save("sql/video-1", "private words")
    services.lectures.complete("sql/reading-1")
    refuse(services, services.outbox.entries()[1].id)
    newest, oldest = services.outbox.log()
    assert (newest.kind, newest.state, newest.tries) == ("complete_item", "waiting", 0)
    assert (oldest.kind, oldest.state, oldest.tries, oldest.code) == ("save_note", "refused", 1, "bad_request")
    assert "private" not in repr(services.outbox.log())
    assert len(services.outbox.log(1)) == 1
