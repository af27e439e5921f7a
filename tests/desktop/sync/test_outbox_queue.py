"""What the queue keeps to while the network comes and goes: undo, one entry for many positions, whose work it is."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from sqlalchemy import update

from desktop.errors import Problem
from desktop.models.views import OutboxEntry
from desktop.models.work import outbox
from desktop.sync.push import push
from desktop.sync.worker import SyncWorker
from protocol.errors import ErrorBody
from protocol.wire import encode
from tests.desktop.course import Course
from tests.desktop.sync.conftest import Installation
from tests.desktop.sync.program_server import Handler, ProgramServer, answer, drop
from tests.desktop.sync.test_push_pull import enrolled, never, send


def unreachable() -> str:
    """An address where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def waiting(one: Installation) -> list[OutboxEntry]:
    """What waits."""
    return [entry for entry in one.store.outbox.entries() if entry.state == "waiting"]


@pytest.mark.parametrize("signed_in", [True, False], ids=["token at hand", "token to be renewed"])
def test_looking_for_the_network_in_vain_is_no_try(
    one: Installation, program: ProgramServer, course: Course, signed_in: bool
) -> None:
    services = enrolled(one, program, course)
    services.notes.save("sql/video-1", "a slip")
    services.lectures.set_position("sql/video-1", 1000)
    if not signed_in:
        one.gateway.tokens.resume("http://127.0.0.1:1 learner-1")
        one.gateway.tokens._secrets.write("http://127.0.0.1:1 learner-1", "refresh-1")
    good, program.url = program.url, unreachable()
    for _ in range(3):
        with pytest.raises(Problem) as found:
            send(one)
        assert found.value.code == "offline"
        services.lectures.set_position("sql/video-1", 2000)
    assert len(waiting(one)) == 2, "a later position replaces the one that waits"
    note = next(entry for entry in waiting(one) if entry.kind == "save_note")
    assert note.can_undo
    services.outbox.undo(note.id)
    assert services.notes.all() == ()
    program.url = good
    assert send(one) == 1
    assert len(program.applied) == 1


def test_what_the_server_may_have_cannot_be_taken_back(
    one: Installation, program: ProgramServer, course: Course
) -> None:
    services = enrolled(one, program, course)
    services.notes.save("sql/video-1", "on its way")
    program.spoil("/v1/actions", drop, late=True)
    with pytest.raises(Problem):
        send(one)
    (entry,) = waiting(one)
    assert not entry.can_undo
    with pytest.raises(Problem, match="too_late"):
        services.outbox.undo(entry.id)


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_server_that_takes_nothing_at_all_leaves_the_way_back_open(
    one: Installation, program: ProgramServer, course: Course, status: int
) -> None:
    services = enrolled(one, program, course)
    services.notes.save("sql/video-1", "kept here")
    refusal = encode(ErrorBody(code="too_many_tries", text="Not now."))
    program.spoil("/v1/actions", answer(status, refusal, ours=True), times=2)
    with pytest.raises(Problem):
        send(one)
    (entry,) = waiting(one)
    assert entry.can_undo


def test_who_signs_in_next_never_sends_what_another_did(
    one: Installation, program: ProgramServer, course: Course
) -> None:
    """The worker of the first learner still runs when the second is signed in already."""
    services = enrolled(one, program, course)
    services.notes.save("sql/video-1", "of the first learner alone")
    rounds = SyncWorker(services, one.gateway, one.clock)._rounds
    one.gateway.tokens.begin("http://127.0.0.1:1 learner-2", program.tokens())
    program.asked.clear()
    with pytest.raises(Problem) as found:
        rounds.make(never)
    assert found.value.code == "not_signed_in"
    assert program.asked == [], "not even asked in the other's name"
    assert program.applied == []
    assert [entry.state for entry in waiting(one)] == ["waiting"]
    one.gateway.tokens.begin("http://127.0.0.1:1 learner-1", program.tokens())
    rounds.make(never)
    assert len(program.applied) == 1


def test_a_request_under_way_is_not_said_again_in_anothers_name(
    one: Installation, program: ProgramServer, course: Course
) -> None:
    """The first learner's token is refused while the batch is on its way, and by then the second has signed in."""
    services = enrolled(one, program, course)
    services.notes.save("sql/video-1", "of the first learner alone")
    api = one.gateway.api_of("learner-1")

    def switched(handler: object) -> bool:
        one.gateway.tokens.begin("http://127.0.0.1:1 learner-2", program.tokens())
        return answer(401, encode(ErrorBody(code="not_signed_in", text="Sign in.")), ours=True)(handler)  # type: ignore[arg-type]

    program.spoil("/v1/actions", switched)
    with pytest.raises(Problem) as found:
        push(services.store, api, one.gateway.device.id, never)
    assert found.value.code == "not_signed_in"
    assert program.applied == []


def test_what_is_too_large_for_a_gateway_is_put_aside_and_holds_up_nobody(
    one: Installation, program: ProgramServer, course: Course
) -> None:
    services = enrolled(one, program, course)
    services.notes.save("sql/video-1", "short")
    long = services.notes.save("sql/video-1", "word " * 8_000)
    services.lectures.complete("sql/reading-1")
    page = answer(413, b"<html>too large</html>", Content_Type="text/html")

    def gateway(handler: Handler) -> bool:
        if int(handler.headers["Content-Length"]) > 30_000:
            return page(handler)
        return False

    program.spoil("/v1/actions", gateway, times=20)
    assert send(one) == 3
    by_kind = {entry.detail[:5]: entry for entry in services.outbox.entries()}
    assert (by_kind["short"].state, by_kind[""].state, by_kind["word "].state) == ("sent", "sent", "refused")
    assert "larger than" in by_kind["word "].reason
    assert services.outbox.text(by_kind["word "].id) == long.text
    program.faults.clear()
    services.outbox.retry(by_kind["word "].id)
    assert send(one) == 1
    assert len(program.applied) == 3


def test_what_was_sent_long_ago_is_forgotten_and_nothing_else(
    one: Installation, program: ProgramServer, course: Course
) -> None:
    services = enrolled(one, program, course)
    rounds = SyncWorker(services, one.gateway, one.clock)._rounds
    for text in ("sent long ago", "sent of late", "refused long ago", "waits"):
        services.notes.save("sql/video-1", text)
    long_ago = one.clock.now() - timedelta(days=91)
    ids = [record.id for record in reversed(services.outbox.log())]
    with services.store.write(set()) as connection:
        for action_id, values in zip(
            ids,
            (
                {"state": "settled", "sent_at": long_ago},
                {"state": "settled", "sent_at": one.clock.now()},
                {"state": "refused", "made_at": long_ago},
            ),
            strict=False,
        ):
            connection.execute(update(outbox).where(outbox.c.id == action_id).values(**values))
    rounds.make(never)
    assert [record.id for record in reversed(services.outbox.log())] == ids[1:]
    assert len(program.applied) == 1
