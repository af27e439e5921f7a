"""Exactly once, whatever breaks; and what is read from the beginning equals what was read bit by bit."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from desktop.errors import Problem
from desktop.models import learning as tables
from desktop.models.files import feeds, unknown_changes
from desktop.models.work import outbox
from desktop.services.services import Services
from desktop.sync import content, policy
from desktop.sync.answers import FAULTS_BORNE
from desktop.sync.pull import pull_feed
from desktop.sync.push import push
from protocol import actions, learning
from protocol.errors import ErrorBody
from protocol.feeds import LEARNER_FEED, Change
from protocol.ids import ItemId, NoteId
from tests.desktop.course import PROGRAM, START, Course
from tests.desktop.sync.conftest import Installation
from tests.desktop.sync.program_server import Handler, ProgramServer, answer, cut, drop

FAULTS = (drop, cut, answer(502, b"<html>", Content_Type="text/html"), answer(503, b""), answer(429, b""))


def never() -> bool:
    """Nobody wants to stop."""
    return False


def send(one: Installation) -> int:
    """Push once."""
    return push(one.store.store, one.gateway.api, one.gateway.device.id, never)


def read(one: Installation) -> None:
    """Pull everything, manifests too."""
    store = one.store.store
    content.refresh_memberships(store, one.gateway.api, one.home)
    pull_feed(store, one.gateway.api, LEARNER_FEED, never)
    for feed in content.program_feeds(store):
        pull_feed(store, one.gateway.api, feed, never)
    content.fetch_manifests(store, one.gateway.api, never)


def enrolled(one: Installation, program: ProgramServer, course: Course) -> Services:
    """Let the learner be enrolled, and the course arrive."""
    program.put(learning.ENROLLMENT, course.enrollment().id, course.enrollment())
    read(one)
    return one.store


def rows(services: Services) -> dict[str, list[Any]]:
    """Every server column."""
    found = {}
    with services.store.read() as connection:
        for table in (
            tables.enrollments,
            tables.progress,
            tables.positions,
            tables.notes,
            tables.attempts,
            tables.grades,
            tables.deadlines,
            tables.saved_courses,
        ):
            found[table.name] = sorted(map(repr, connection.execute(select(table))))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_every_action_is_applied_exactly_once(
    one: Installation, program: ProgramServer, course: Course, seed: int
) -> None:
    """Random faults before and after the effect, restarts in between, and more work while some waits."""
    chance = random.Random(seed)
    services = enrolled(one, program, course)
    texts: set[str] = set()
    for number in range(40):
        text = f"note {number}"
        texts.add(text)
        services.notes.save("sql/video-1", text, at_ms=number)
        if chance.random() < 0.4:
            program.spoil("/v1/actions", chance.choice(FAULTS), late=chance.random() < 0.6)
        if chance.random() < 0.5:
            try:
                send(one)
            except Problem:
                continue
        if chance.random() < 0.2:
            services.close()
            services = one.open()
    program.faults.clear()
    program.late_faults.clear()
    send(one)
    read(one)
    assert len(program.applied) == len(set(program.applied)) == 40
    assert {note.text for note in services.notes.all()} == texts
    assert not any(note.pending for note in services.notes.all())
    assert {entry.state for entry in services.outbox.entries()} == {"sent"}
    assert services.outbox.waiting_count() == 0


def test_a_gateways_error_is_no_refusal(one: Installation, program: ProgramServer, course: Course) -> None:
    services = enrolled(one, program, course)
    services.lectures.set_position("sql/video-1", 5000)
    refusal = b'{"code": "bad_request", "text": "made up by a proxy"}'
    for status in (400, 403, 404, 413, 502):
        program.spoil("/v1/actions", answer(status, refusal))
        with pytest.raises(Problem):
            send(one)
        assert [entry.state for entry in services.outbox.entries()] == ["waiting"]
    assert send(one) == 1


def test_what_could_not_even_be_put_back_is_sent_in_the_same_run(
    one: Installation, program: ProgramServer, course: Course
) -> None:
    """The disk is full, by the operating system's own limit, from the moment in which the batch is under way."""
    resource, signal = pytest.importorskip("resource"), pytest.importorskip("signal")
    services = enrolled(one, program, course)
    services.notes.save("sql/video-1", "under way")
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill_and_drop(connection: Handler) -> bool:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        return drop(connection)

    program.spoil("/v1/actions", fill_and_drop)
    try:
        with pytest.raises(Problem) as found:
            send(one)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert found.value.code == "offline", "what went wrong first is what is said"
    assert [entry.state for entry in services.outbox.entries()] == ["sending"]
    assert send(one) == 1
    assert len(program.applied) == 1


def test_a_bug_on_the_way_leaves_nothing_marked_as_sent(
    one: Installation, program: ProgramServer, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = enrolled(one, program, course)
    services.notes.save("sql/video-1", "waits")

    def bug(*_: object) -> None:
        raise TypeError

    with monkeypatch.context() as patch:
        patch.setattr(one.gateway.api, "post", bug)
        with pytest.raises(TypeError):
            send(one)
    assert [entry.state for entry in services.outbox.entries()] == ["waiting"]
    assert send(one) == 1


def test_a_refused_action_says_why_and_holds_up_nobody(
    one: Installation, program: ProgramServer, course: Course
) -> None:
    services = enrolled(one, program, course)
    services.lectures.complete("sql/reading-1")
    services.notes.save("sql/video-1", "kept")
    services.lectures.set_position("sql/video-1", 7000)
    program.refuse["save_note"] = ErrorBody(code="bad_request", text="No such item.", way_out="Tell support.")
    send(one)
    read(one)
    by_kind = {entry.kind: entry for entry in services.outbox.entries()}
    assert [by_kind[kind].state for kind in ("complete_item", "save_note", "set_position")] == [
        "sent",
        "refused",
        "sent",
    ]
    assert (by_kind["save_note"].reason, by_kind["save_note"].way_out) == ("No such item.", "Tell support.")
    assert by_kind["save_note"].detail == "kept"
    program.refuse.clear()
    services.outbox.retry(by_kind["save_note"].id)
    send(one)
    assert {entry.state for entry in services.outbox.entries()} == {"sent"}


def test_a_batch_that_is_refused_as_a_whole_is_halved_until_the_culprit_is_alone(
    one: Installation, program: ProgramServer, course: Course
) -> None:
    services = enrolled(one, program, course)
    for number in range(9):
        services.notes.save("sql/video-1", "poison" if number == 5 else f"fine {number}")
    judge = program.judge

    def strict(batch: actions.ActionBatch) -> actions.ActionBatchResult:
        if any(b"poison" in bytes(action.body) for action in batch.actions):
            raise ValueError
        return judge(batch)

    program.judge = strict  # type: ignore[method-assign]
    program.on_error = (400, ErrorBody(code="bad_request", text="Cannot read this."))
    send(one)
    states = sorted(entry.state for entry in services.outbox.entries())
    assert states == ["refused"] + ["sent"] * 8
    assert len(program.applied) == 8


def test_what_was_applied_stays_on_the_screen_until_the_pull_brings_it(
    one: Installation, program: ProgramServer, course: Course
) -> None:
    services = enrolled(one, program, course)
    services.lectures.set_position("sql/video-1", 9000)
    send(one)
    assert services.lectures.view("sql/video-1").resume_ms == 9000
    with services.store.read() as connection:
        assert connection.execute(select(tables.positions)).all() == []
    read(one)
    assert services.lectures.view("sql/video-1").resume_ms == 9000
    with services.store.read() as connection:
        assert connection.execute(select(outbox.c.state)).scalar() == "settled"


def test_tries_that_never_got_there_are_no_faults_of_the_server(
    one: Installation, program: ProgramServer, course: Course
) -> None:
    services = enrolled(one, program, course)
    services.notes.save("sql/video-1", "kept")
    for _ in range(FAULTS_BORNE + 2):
        program.spoil("/v1/actions", drop)
        with pytest.raises(Problem):
            send(one)
    program.refuse["save_note"] = ErrorBody(code="server_fault", text="A mistake.")
    for _ in range(FAULTS_BORNE - 1):
        with pytest.raises(Problem, match="server_fault"):
            send(one)
    assert [entry.state for entry in services.outbox.entries()] == ["waiting"]
    send(one)
    assert [entry.state for entry in services.outbox.entries()] == ["refused"], "now the learner is told"


def test_undo_only_while_nobody_else_knows(one: Installation, program: ProgramServer, course: Course) -> None:
    services = enrolled(one, program, course)
    services.lectures.complete("sql/reading-1")
    program.spoil("/v1/actions", drop, late=True)
    with pytest.raises(Problem):
        send(one)
    entry = services.outbox.entries()[0]
    assert (entry.state, entry.can_undo) == ("waiting", False)
    with pytest.raises(Problem, match="too_late"):
        services.outbox.undo(entry.id)


def test_reading_from_the_beginning_equals_reading_bit_by_bit(
    one: Installation, program: ProgramServer, course: Course
) -> None:
    services = enrolled(one, program, course)
    program.page_limit = 3
    chance = random.Random(7)
    items = [item.id for item in course.manifest.items()]
    for number in range(60):
        item = chance.choice(items)
        if chance.random() < 0.2:
            program.put(learning.NOTE, f"n{number % 5}", None)
        else:
            note = learning.Note(
                id=NoteId(f"n{number % 5}"),
                course_id=course.course_id,
                item_id=item,
                text=str(number),
                created_at=START,
                edited_at=START,
            )
            program.put(learning.NOTE, note.id, note)
            done = learning.Progress(item_id=item, course_id=course.course_id, opened_at=START)
            program.put(learning.PROGRESS, item, done)
        if chance.random() < 0.3:
            read(one)
    read(one)
    bit_by_bit = rows(services)
    stale = learning.Progress(item_id=ItemId("sql/gone"), course_id=course.course_id, opened_at=START)
    with services.store.write(set()) as connection:
        connection.execute(tables.progress.insert().values(**msgspec.structs.asdict(stale)))
    program.epoch += 1
    read(one)
    assert rows(services) == bit_by_bit
    with services.store.read() as connection:
        cursor = connection.execute(select(feeds.c.cursor).where(feeds.c.feed == "learner")).scalar_one()
    assert cursor.startswith("2.")


def test_a_page_and_its_cursor_are_written_together_or_not_at_all(
    one: Installation, program: ProgramServer, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = enrolled(one, program, course)
    before = rows(services)
    program.put(learning.PROGRESS, "sql/video-1", learning.Progress(item_id="sql/video-1", course_id="sql"))  # type: ignore[arg-type]

    def broken(*arguments: object) -> None:
        raise RuntimeError("the power failed here")

    with monkeypatch.context() as patch:
        patch.setattr("desktop.sync.pull._keep_cursor", broken)
        with pytest.raises(RuntimeError):
            read(one)
    assert rows(services) == before
    read(one)
    assert rows(services) != before


@pytest.mark.expected_log("of kind note is not understood")
def test_a_kind_from_the_future_is_kept_and_an_unreadable_body_too(
    one: Installation, program: ProgramServer, course: Course
) -> None:
    services = enrolled(one, program, course)
    program.put("badge", "b1", {"shiny": True})
    program.rows["note", "odd"] = Change(kind="note", id="odd", revision=99, body=msgspec.Raw(b'{"id": 5}'))
    program.revision = 99
    program.put(learning.POSITION, "sql/video-1", _position(course))
    read(one)
    assert services.lectures.view("sql/video-1").resume_ms == 1234
    with services.store.read() as connection:
        kept = connection.execute(select(unknown_changes.c.kind, unknown_changes.c.body)).all()
    assert {(row.kind, row.body) for row in kept} == {("badge", b'{"shiny":true}'), ("note", b'{"id": 5}')}


@pytest.mark.expected_log("of kind note is not understood")
@pytest.mark.parametrize("replaced", [True, False], ids=["replaced", "deleted"])
def test_what_was_not_understood_does_not_come_back_after_it_was_replaced(
    one: Installation, program: ProgramServer, course: Course, replaced: bool
) -> None:
    services = enrolled(one, program, course)
    newer = {"id": "n1", "course_id": "sql", "item_id": "sql/video-1", "text": ["from", "the", "future"]}
    program.put(learning.NOTE, "n1", newer)
    read(one)
    note = learning.Note(
        id=NoteId("n1"),
        course_id=course.course_id,
        item_id=ItemId("sql/video-1"),
        text="now",
        created_at=START,
        edited_at=START,
    )
    program.put(learning.NOTE, "n1", note if replaced else None)
    read(one)
    with services.store.read() as connection:
        assert connection.execute(select(unknown_changes)).all() == []
    assert [found.text for found in services.notes.all()] == (["now"] if replaced else [])


def _position(course: Course) -> learning.Position:
    return learning.Position(item_id=ItemId("sql/video-1"), course_id=course.course_id, position_ms=1234, at=START)


def test_nothing_new_is_one_small_answer(one: Installation, program: ProgramServer, course: Course) -> None:
    enrolled(one, program, course)
    program.asked.clear()
    program.sent_bytes = 0
    pull_feed(one.store.store, one.gateway.api, LEARNER_FEED, never)
    assert len(program.asked) == 1
    assert program.sent_bytes == 0


def test_two_devices_converge(install: Callable[[str], Installation], program: ProgramServer, course: Course) -> None:
    first, second = install("first"), install("second")
    enrolled(first, program, course)
    read(second)
    first.store.notes.save("sql/video-1", "from the first")
    second.store.notes.save("sql/video-1", "from the second")
    second.store.lectures.complete("sql/reading-1")
    first.store.lectures.set_position("sql/video-2", 4000)
    for device in (first, second, first):
        send(device)
        read(device)
    assert rows(first.store) == rows(second.store)
    assert first.store.courses.outline("sql") == second.store.courses.outline("sql")
    assert len(first.store.notes.all()) == 2


def test_enrolling_offline_becomes_a_course_after_the_sync(one: Installation, program: ProgramServer) -> None:
    read(one)
    one.store.enrollment.enroll(PROGRAM, "sql")
    assert one.store.home.view().cards[0].ready is False
    send(one)
    read(one)
    card = one.store.home.view().cards[0]
    assert (card.ready, card.pending, card.state) == (True, False, "active")


@pytest.mark.parametrize("failures", [1, 3, 10, 60])
def test_pauses_grow_but_whoever_comes_back_is_served_within_seconds(failures: int) -> None:
    gone = Problem("offline", "")
    near = [policy.retry_delay(gone, failures, 60, chance) for chance in (lambda: 0.0, lambda: 0.999)]
    assert near[1] <= policy.NEAR_CAP_S * 1.2
    assert near[0] > 0.5
    assert policy.retry_delay(gone, failures, 86_400, lambda: 0.999) <= policy.FAR_CAP_S * 1.2


def test_many_pages_are_told_as_one_and_a_pull_that_breaks_off_tells_what_came(
    one: Installation, program: ProgramServer, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time it is told, everything on the screen is read anew: not for each of twenty pages."""
    monkeypatch.setattr("desktop.sync.pull.TELL_EVERY_S", 3600.0)
    services = enrolled(one, program, course)
    told: list[frozenset[str]] = []
    end = services.store.subscribe(told.append)
    program.page_limit = 1

    def happen_elsewhere() -> None:
        for item in ("sql/video-1", "sql/reading-1"):
            done = learning.Progress(item_id=ItemId(item), course_id=course.course_id, opened_at=START)
            program.put(learning.PROGRESS, item, done)
        program.put(learning.POSITION, "sql/video-1", _position(course))

    happen_elsewhere()
    pull_feed(services.store, one.gateway.api, LEARNER_FEED, never)
    assert told == [{"progress"}, {"progress", "positions"}], "the first at once, the others at the end"

    told.clear()
    happen_elsewhere()
    stops = iter((False, False, True))
    pull_feed(services.store, one.gateway.api, LEARNER_FEED, lambda: next(stops))
    assert told == [{"progress"}, {"progress"}], "it was stopped after the second"
    end()
