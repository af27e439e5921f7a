"""A learner's day through the real client and the real server, with the server killed in the middle."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from pytestqt.qtbot import QtBot

from desktop.errors import Problem
from desktop.models.views import ItemRow, OutlineView
from desktop.services.services import Services
from desktop.sync import content
from desktop.sync.pull import pull_feed
from desktop.sync.push import push
from desktop.sync.worker import SyncWorker
from protocol.feeds import LEARNER_FEED
from protocol.manifest import GRADED_QUIZ, PRACTICE_QUIZ, READING, VIDEO
from protocol.quizzes import Answer, Quiz
from tests.contract.conftest import Client
from tests.desktop.sync.test_push_pull import rows
from tests.server_process import ServerProcess

Make = Callable[[str], Client]
COURSE = "sql-questions"


@contextmanager
def working(client: Client) -> Iterator[SyncWorker]:
    """The client's sync worker, running."""
    worker = SyncWorker(client.services, client.gateway, client.clock)
    worker.start()
    try:
        yield worker
    finally:
        assert worker.stop()


def sync(client: Client) -> None:
    """One round, in this thread."""
    store, api = client.services.store, client.gateway.api
    push(store, api, client.gateway.device.id, lambda: False)
    content.refresh_memberships(store, api, client.home)
    pull_feed(store, api, LEARNER_FEED, lambda: False)
    for feed in content.program_feeds(store):
        pull_feed(store, api, feed, lambda: False)
    content.fetch_manifests(store, api, lambda: False)


def items_of(outline: OutlineView) -> list[ItemRow]:
    """Every item in the order of study."""
    return [
        row for week in outline.weeks for module in week.modules for lesson in module.lessons for row in lesson.items
    ]


def first(services: Services, kind: str) -> str:
    """The first item of a kind."""
    return next(row.item_id for row in items_of(services.courses.outline(COURSE)) if row.kind == kind)


def some_answers(quiz: Quiz) -> tuple[Answer, ...]:
    """Any answer to every question."""
    return tuple(
        Answer(question_id=question.id, choices=(question.options[0].id,))
        if question.options
        else Answer(question_id=question.id, text="1")
        for question in quiz.questions
    )


def test_a_day(client: Make, server: ServerProcess, qtbot: QtBot) -> None:
    one = client("one")
    services = one.join()
    with working(one) as worker:
        qtbot.waitUntil(lambda: worker.status.state == "up_to_date", timeout=20_000)
        program = services.learner.view().programs[0]
        assert len(services.catalog.view(program.id).tiles) == 2
        qtbot.waitUntil(lambda: services.catalog.description(COURSE).complete, timeout=20_000)
        qtbot.waitUntil(lambda: all(tile.picture for tile in services.catalog.view(program.id).tiles), timeout=20_000)
        services.enrollment.enroll(program.id, COURSE)
        qtbot.waitUntil(lambda: services.courses.outline(COURSE).ready, timeout=20_000)

        def texts_here() -> bool:
            found = items_of(services.courses.outline(COURSE))
            return all(row.offline == "ready" for row in found if row.kind != VIDEO)

        qtbot.waitUntil(texts_here, timeout=20_000)
        services.downloads.queue_week(COURSE, 1)
        qtbot.waitUntil(lambda: services.downloads.view().entries[0].state == "ready", timeout=20_000)
        video, quiz = first(services, VIDEO), first(services, PRACTICE_QUIZ)
        media = services.lectures.view(video).media
        assert media is not None
        assert hashlib.sha256(media.read_bytes()).hexdigest() == media.name

        server.kill()
        services.lectures.opened(video)
        services.lectures.watched(video, [(0, 21_000)])
        services.lectures.set_position(video, 21_000)
        services.notes.save(video, "here it becomes clear", at_ms=21_000)
        view = services.quizzes.view(quiz)
        assert view.quiz is not None
        attempt = services.quizzes.submit(quiz, some_answers(view.quiz), one.clock.now())
        assert attempt.result is not None
        worker.wake()
        qtbot.waitUntil(lambda: worker.status.state == "offline", timeout=20_000)
        assert worker.status.waiting == 3, "what was studied of the lecture is one entry"

        server.start()
        qtbot.waitUntil(lambda: worker.status.state == "up_to_date" and not worker.status.waiting, timeout=20_000)
        assert {entry.state for entry in services.outbox.entries()} == {"sent"}

    two = client("two")
    there = two.sign_in()
    with working(two) as worker:
        qtbot.waitUntil(lambda: there.home.view().cards != () and there.courses.outline(COURSE).ready, timeout=20_000)
        qtbot.waitUntil(lambda: worker.status.state == "up_to_date", timeout=20_000)
    assert there.lectures.view(video).resume_ms == 21_000
    (note,) = there.notes.all()
    assert (note.text, note.at_ms) == ("here it becomes clear", 21_000)
    (same,) = there.quizzes.view(quiz).attempts
    assert (same.id, same.result) == (attempt.id, attempt.result)
    assert there.courses.outline(COURSE).percent == services.courses.outline(COURSE).percent
    sync(one)
    assert rows(there) == rows(services)


def test_exactly_once_while_the_server_is_killed_again_and_again(client: Make, server: ServerProcess) -> None:
    one = client("one")
    services = one.join()
    sync(one)
    services.enrollment.enroll(services.learner.view().programs[0].id, COURSE)
    sync(one)
    video = first(services, VIDEO)
    chance = random.Random(3)
    for burst in range(4):
        for number in range(12):
            services.notes.save(video, f"note {burst}.{number}", at_ms=number)
        if chance.random() < 0.7:
            server.kill()
            with pytest.raises(Problem):
                sync(one)
            server.start()
        else:
            sync(one)
    sync(one)
    assert services.outbox.waiting_count() == 0
    two = client("two")
    there = two.sign_in()
    sync(two)
    assert sorted(note.text for note in there.notes.all()) == sorted(
        f"note {burst}.{number}" for burst in range(4) for number in range(12)
    )


def test_a_graded_quiz_is_judged_by_the_server_and_deadlines_come(client: Make) -> None:
    one = client("one")
    services = one.join()
    sync(one)
    services.enrollment.enroll(services.learner.view().programs[0].id, COURSE)
    sync(one)
    graded = first(services, GRADED_QUIZ)
    assert services.courses.place(graded).item.due_at is not None
    assert services.home.view().cards[0].unenroll_until is not None
    one.gateway.fetch_item(graded)
    view = services.quizzes.view(graded)
    assert view.quiz is not None
    pending = services.quizzes.submit(graded, some_answers(view.quiz), one.clock.now())
    assert pending.result is None
    sync(one)
    judged = services.quizzes.view(graded).attempts[0]
    assert judged.result is not None
    assert judged.pending is False
    assert services.courses.place(graded).item.grade_percent == judged.result.percent


def test_conflicting_notes_of_two_devices_are_both_kept(client: Make) -> None:
    one, two = client("one"), client("two")
    services = one.join()
    sync(one)
    services.enrollment.enroll(services.learner.view().programs[0].id, COURSE)
    sync(one)
    there = two.sign_in()
    sync(two)
    video = first(services, VIDEO)
    note = services.notes.save(video, "the beginning")
    sync(one)
    sync(two)
    services.notes.save(video, "as the first has it", note_id=note.id)
    there.notes.save(video, "as the second has it", note_id=note.id)
    for device in (one, two, one):
        sync(device)
    texts = sorted(found.text for found in services.notes.all())
    assert texts == ["as the first has it", "as the second has it"]
    assert rows(services) == rows(there)
    assert sum(found.conflict_of != "" for found in services.notes.all()) == 1


def test_replay_from_the_beginning_equals_what_is_here(client: Make) -> None:
    one = client("one")
    services = one.join()
    sync(one)
    services.enrollment.enroll(services.learner.view().programs[0].id, COURSE)
    sync(one)
    reading = first(services, READING)
    for number in range(5):
        services.notes.save(reading, f"n{number}")
    services.lectures.complete(reading)
    sync(one)
    before = rows(services)
    with services.store.write(set()) as connection:
        connection.exec_driver_sql("UPDATE feeds SET cursor = '99999.1' WHERE feed = 'learner'")
    sync(one)
    assert rows(services) == before


def test_a_stream_address_serves_ranges_to_a_player(client: Make) -> None:
    one = client("one")
    services = one.join()
    sync(one)
    services.enrollment.enroll(services.learner.view().programs[0].id, COURSE)
    sync(one)
    video = first(services, VIDEO)
    with one.gateway._client.stream(one.gateway.stream_address(video), {"Range": "bytes=1000-"}) as stream:
        assert stream.status == 206
        assert stream.headers["Content-Range"].startswith("bytes 1000-")
        assert stream.read()
