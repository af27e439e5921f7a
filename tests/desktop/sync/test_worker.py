"""The worker as the app runs it: threads, signals, outages, and an end that leaves nothing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.models.engine import damaged
from desktop.models.store import Store
from desktop.models.trip_views import AutomaticDone, RemovedWeek
from desktop.models.views import DownloadView, SyncStatus
from desktop.sync import status as status_module
from desktop.sync import worker as worker_module
from desktop.sync.problems import offline
from desktop.sync.status import StatusBoard
from desktop.sync.worker import SyncWorker
from desktop.ui.frame.status_bar import status_words
from desktop.ui.pages.diagnostics import facts_of
from protocol import learning
from protocol.errors import ErrorBody
from protocol.wire import encode
from tests.desktop.course import PROGRAM, Course
from tests.desktop.sync.conftest import Installation
from tests.desktop.sync.program_server import Fault, ProgramServer, answer, drop


@pytest.fixture
def worker(one: Installation, qtbot: QtBot) -> Iterator[SyncWorker]:
    """Not started."""
    found = SyncWorker(one.store, one.gateway, one.clock)
    yield found
    assert found.stop()
    names = [thread.name for thread in threading.enumerate() if thread.name.startswith("haversack-")]
    assert names == []


def test_an_enrollment_becomes_a_course_that_can_be_read_offline(
    worker: SyncWorker, one: Installation, program: ProgramServer, course: Course, qtbot: QtBot
) -> None:
    seen: list[SyncStatus] = []
    worker.status_changed.connect(seen.append)
    worker.start()
    qtbot.waitUntil(lambda: worker.status.state == "up_to_date", timeout=8000)
    one.store.enrollment.enroll(PROGRAM, "sql")
    qtbot.waitUntil(lambda: one.store.courses.outline("sql").ready, timeout=8000)

    def texts_are_here() -> bool:
        weeks = one.store.courses.outline("sql").weeks
        rows = [row for week in weeks for module in week.modules for lesson in module.lessons for row in lesson.items]
        return all(row.offline == "ready" for row in rows if row.kind != "video")

    qtbot.waitUntil(texts_are_here, timeout=8000)
    qtbot.waitUntil(lambda: worker.status.state == "up_to_date" and worker.status.waiting == 0, timeout=8000)
    assert len(program.applied) == 1
    assert "syncing" in {status.state for status in seen}


def test_after_an_outage_everything_is_sent_within_seconds(
    one: Installation, course: Course, qtbot: QtBot, worker: SyncWorker, program: ProgramServer
) -> None:
    program.put(learning.ENROLLMENT, course.enrollment().id, course.enrollment())
    worker.start()
    qtbot.waitUntil(lambda: any(card.ready for card in one.store.home.view().cards), timeout=8000)
    qtbot.waitUntil(lambda: worker.status.state == "up_to_date", timeout=8000)
    good = program.url
    with socket.socket() as free:  # an address where nobody listens
        free.bind(("127.0.0.1", 0))
        program.url = f"http://127.0.0.1:{free.getsockname()[1]}"
    worker.wake()
    qtbot.waitUntil(lambda: worker.status.state == "offline", timeout=8000)
    one.store.notes.save("sql/video-1", "made offline")
    one.store.lectures.set_position("sql/video-1", 3000)
    qtbot.waitUntil(lambda: worker.status.waiting == 2, timeout=3000)
    status = worker.status
    assert (status.state, status.code) == ("offline", "offline")
    assert status.since is not None
    assert status.next_try is not None
    program.url = good
    qtbot.waitUntil(lambda: worker.status.state == "up_to_date", timeout=10_000)
    assert worker.status.waiting == 0
    assert len(program.applied) == 2


def test_a_session_that_ended_asks_for_attention_and_keeps_the_work(
    worker: SyncWorker, one: Installation, program: ProgramServer, qtbot: QtBot
) -> None:
    one.store.enrollment.save_for_later("sql", saved=True)
    program.expire_access()
    over = encode(ErrorBody(code="session_ended", text="Over."))
    program.spoil("/v1/sessions/refresh", answer(401, over, ours=True), times=50)
    worker.start()
    qtbot.waitUntil(lambda: worker.status.code == "session_ended", timeout=8000)
    assert worker.status.state == "attention"
    assert worker.status.waiting == 1
    program.faults.clear()
    one.gateway.sign_in("http://127.0.0.1:1", "ada@example.org", "a password")
    worker.wake()
    qtbot.waitUntil(lambda: worker.status.state == "up_to_date", timeout=8000)
    assert len(program.applied) == 1


def test_a_store_that_cannot_be_read_for_a_while_ends_no_thread(
    worker: SyncWorker,
    one: Installation,
    program: ProgramServer,
    course: Course,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker.start()
    qtbot.waitUntil(lambda: worker.status.state == "up_to_date", timeout=8000)

    def unreadable(store: Store) -> tuple[int, int]:
        raise damaged("malformed")

    with monkeypatch.context() as patch:
        for module in (worker_module, status_module):
            patch.setattr(module, "counts", unreadable)
        one.store.enrollment.enroll(PROGRAM, "sql")  # the learner's own write is not disturbed by who counts
        worker.wake()
        qtbot.waitUntil(lambda: worker.status.code == "database_damaged", timeout=8000)
        assert worker.status.state == "attention"
    worker.wake()
    qtbot.waitUntil(lambda: worker.status.state == "up_to_date", timeout=8000)
    assert len(program.applied) == 1


def test_offline_by_choice_asks_nobody(one: Installation, program: ProgramServer, qtbot: QtBot) -> None:
    program.asked.clear()
    worker = SyncWorker(one.store, one.gateway, one.clock, True)  # noqa: FBT003
    worker.start()
    qtbot.waitUntil(lambda: worker.status.state == "offline", timeout=5000)
    assert (worker.status.text, worker.status.way_out) == (
        "Haversack was started offline.",
        "Start it again without --offline.",
    )
    assert worker.stop()
    assert program.asked == []


def test_a_download_is_told_of_and_ends_ready(
    worker: SyncWorker, one: Installation, program: ProgramServer, course: Course, qtbot: QtBot
) -> None:
    program.put(learning.ENROLLMENT, course.enrollment().id, course.enrollment())
    worker.start()
    qtbot.waitUntil(lambda: any(card.ready for card in one.store.home.view().cards), timeout=8000)
    one.store.downloads.queue_course("sql")
    qtbot.waitUntil(lambda: one.store.downloads.view().entries[0].state == "ready", timeout=8000)
    assert one.store.home.view().cards[0].offline == "ready"
    media = one.store.lectures.view("sql/video-2").media
    assert media is not None
    assert media.read_bytes() in course.blobs.values()


REFUSED = encode(ErrorBody(code="not_a_member", text="You are not a member.", way_out="Ask for an invitation."))
CLASH = encode(ErrorBody(code="address_taken", text="This clashes.", way_out="Look at it."))
ENDED = encode(ErrorBody(code="session_ended", text="Over."))
HTML = "text/html"


@pytest.mark.parametrize(
    ("fault", "state", "code", "chip", "says"),
    [
        (answer(401, ENDED, ours=True), "attention", "session_ended", "sign in again", "signed out"),
        (answer(403, REFUSED, ours=True), "attention", "not_a_member", "the server says no", "not a member"),
        (
            answer(403, b"<html>No</html>", Content_Type=HTML),
            "attention",
            "blocked",
            "network blocks",
            "Something between",
        ),
        (answer(407, b""), "attention", "proxy", "lets nothing through", "proxy of this network"),
        (answer(409, CLASH, ours=True), "attention", "address_taken", "the server says no", "This clashes."),
        (answer(413, b"", Content_Type=HTML), "held_up", "too_large_on_the_way", "takes nothing", "larger than"),
        (answer(429, b"", Retry_After="40"), "held_up", "rate_limited", "Server busy", "a lot to do"),
        (answer(500, b"<html>"), "held_up", "server_fault", "out of order", "out of order"),
        (answer(503, b"", Retry_After="40"), "held_up", "server_fault", "out of order", "out of order"),
        (answer(302, b"", ours=True, Location="/there"), "attention", "moved", "has moved", "another address"),
        (answer(302, b"", Location="http://hotel/"), "attention", "captive_portal", "sign in to this", "of its own"),
        (answer(200, b"<html>Hi</html>", Content_Type=HTML), "attention", "captive_portal", "sign in to", "of its own"),
        (answer(200, b"{}"), "attention", "not_ours", "no program", "not a Haversack"),
        (drop, "offline", "offline", "Offline since", "cannot be reached"),
    ],
)
def test_what_keeps_it_from_the_server_is_told_apart(
    worker: SyncWorker,
    one: Installation,
    program: ProgramServer,
    qtbot: QtBot,
    fault: Fault,
    state: str,
    code: str,
    chip: str,
    says: str,
) -> None:
    program.spoil("/v1/", fault, times=200)
    worker.start()
    qtbot.waitUntil(lambda: bool(worker.status.code), timeout=8000)
    status = worker.status
    assert (status.state, status.code) == (state, code)
    assert status.next_try is not None
    assert chip in status_words(status)[0]
    on_the_page = facts_of(status, "https://learn.example.org")[0][2]
    assert says in on_the_page
    assert status.way_out in on_the_page
    if code in ("rate_limited",):
        wait = (status.next_try - one.clock.now()).total_seconds()
        assert wait > 30, "the server is left alone for as long as it asked"
    program.faults.clear()
    if code == "session_ended":
        return
    worker.look_again()
    qtbot.waitUntil(lambda: worker.status.state == "up_to_date", timeout=8000)
    assert [found.code for found in worker.rounds][:2] == ["", code]


def test_while_it_is_tried_again_the_reason_stays_and_that_is_said(
    worker: SyncWorker, one: Installation, program: ProgramServer, qtbot: QtBot
) -> None:
    program.spoil("/v1/", answer(503, b""), times=200)
    seen: list[SyncStatus] = []
    worker.status_changed.connect(seen.append)
    # Before the start: what is written in this thread is said in it, and would overtake what the worker said before.
    one.store.enrollment.save_for_later("sql", saved=True)
    worker.start()
    qtbot.waitUntil(lambda: bool(seen and seen[-1].code), timeout=8000)
    failed = len(seen)
    worker.wake()
    qtbot.waitUntil(lambda: any(status.trying for status in seen[failed:]), timeout=8000)
    qtbot.waitUntil(lambda: bool(seen[-1].next_try), timeout=8000)
    tried = [status for status in seen[failed:] if status.trying]
    assert {(found.state, found.code, found.next_try) for found in tried} == {("held_up", "server_fault", None)}
    assert "syncing" not in {status.state for status in seen[failed:]}, "it does not look well because it is tried"
    program.faults.clear()
    worker.wake()
    qtbot.waitUntil(lambda: worker.status.state == "up_to_date", timeout=8000)
    assert not worker.status.trying


def test_a_note_that_is_written_while_it_is_tried_changes_nothing_of_that(one: Installation) -> None:
    said: list[SyncStatus] = []
    board = StatusBoard(one.store.store, one.clock, said.append)
    board.begin_failing()
    board.failed(offline("nobody"), 8.0, 0.1)
    board.try_again()
    board.say()
    assert [(status.trying, status.next_try is None) for status in said] == [(False, False), (True, True), (True, True)]
    board.failed(offline("nobody"), 8.0, 0.1)
    board.say()
    assert [(status.trying, status.next_try is None) for status in said[3:]] == [(False, False)] * 2


def test_a_network_that_comes_back_is_used_at_once_however_long_it_was_away(
    worker: SyncWorker, one: Installation, program: ProgramServer, qtbot: QtBot
) -> None:
    good, program.url = program.url, "http://127.0.0.1:9"
    worker.start()
    qtbot.waitUntil(lambda: worker.status.state == "offline", timeout=8000)
    worker._failures = 30  # as after an hour: the pause has grown to its longest
    worker.wake()
    qtbot.waitUntil(lambda: worker._failures == 31, timeout=8000)
    program.url = good
    one.store.notes.save_draft("sql/video-1", "the schedule decides, not each change")
    assert worker.status.state == "offline"
    worker.look_again()
    qtbot.waitUntil(lambda: worker.status.state == "up_to_date", timeout=3000)


def test_the_last_success_is_known_after_a_restart(
    worker: SyncWorker, one: Installation, program: ProgramServer, qtbot: QtBot
) -> None:
    worker.start()
    qtbot.waitUntil(lambda: worker.status.state == "up_to_date", timeout=8000)
    before = worker.status.last_success
    assert before is not None
    assert worker.stop()
    one.store.close()
    program.url = "http://127.0.0.1:9"
    again = SyncWorker(one.open(), one.gateway, one.clock)
    again.start()
    qtbot.waitUntil(lambda: again.status.state == "offline", timeout=8000)
    assert again.stop()
    assert again.status.last_success is not None
    assert abs((again.status.last_success - before).total_seconds()) < 5


def test_rules_hold_the_worker_and_let_it_go(
    worker: SyncWorker, one: Installation, program: ProgramServer, course: Course, qtbot: QtBot
) -> None:
    told: list[tuple[DownloadView, ...]] = []
    worker.downloads_changed.connect(told.append)
    program.put(learning.ENROLLMENT, course.enrollment().id, course.enrollment())
    worker.start()
    qtbot.waitUntil(lambda: any(card.ready for card in one.store.home.view().cards), timeout=8000)
    one.store.downloads.change_rules({"paused": True})
    one.store.downloads.queue_item("sql/video-1")
    qtbot.waitUntil(lambda: any(view.hold == "paused" for views in told for view in views), timeout=8000)
    assert one.store.downloads.view().entries[0].state == "queued"
    one.store.downloads.change_rules({"paused": False})
    qtbot.waitUntil(lambda: one.store.downloads.view().entries[0].state == "ready", timeout=8000)
    worker.set_metered(True)
    one.store.downloads.queue_item("sql/video-2")
    qtbot.waitUntil(lambda: any(view.hold == "metered" for views in told for view in views), timeout=8000)
    worker.set_metered(False)
    qtbot.waitUntil(lambda: one.store.downloads.view().entries[1].state == "ready", timeout=8000)


def test_a_rule_that_is_chosen_is_followed_at_once(
    one: Installation, course: Course, qtbot: QtBot, program: ProgramServer
) -> None:
    program.put(learning.ENROLLMENT, course.enrollment().id, course.enrollment())
    syncing = SyncWorker(one.store, one.gateway, one.clock, automatic=one.store.automatic.apply)
    syncing.start()
    qtbot.waitUntil(lambda: any(found.ready for found in one.store.trips.choices()), timeout=8000)
    assert one.store.downloads.view().entries == ()
    one.store.downloads.change_rules({"keep_weeks": 1})

    def both_weeks_are_here() -> bool:
        return [entry.state for entry in one.store.downloads.view().entries] == ["ready", "ready"]

    qtbot.waitUntil(both_weeks_are_here, timeout=8000)
    assert syncing.stop()


def test_nothing_is_removed_while_rounds_fail(one: Installation, qtbot: QtBot, program: ProgramServer) -> None:
    asked: list[bool] = []
    week = RemovedWeek("sql", "SQL", 1, "Joins", 9)

    def automatic() -> AutomaticDone:
        asked.append(syncing.status.code == "")
        return AutomaticDone(removed=(week,))

    syncing = SyncWorker(one.store, one.gateway, one.clock, automatic=automatic)
    over = encode(ErrorBody(code="session_ended", text="Over."))
    program.expire_access()
    program.spoil("/v1/sessions/refresh", answer(401, over, ours=True), times=50)
    told: list[object] = []
    syncing.weeks_removed.connect(told.append)
    syncing.start()
    qtbot.waitUntil(lambda: syncing.status.code != "", timeout=8000)
    assert asked == []
    program.faults.clear()
    one.gateway.sign_in("http://127.0.0.1:1", "ada@example.org", "a password")
    syncing.wake()
    qtbot.waitUntil(lambda: told == [(week,)], timeout=8000)
    assert asked == [True]
    syncing.wake()
    qtbot.waitUntil(lambda: len(syncing.rounds) > 2, timeout=8000)
    assert asked == [True], "nothing happened since"
    assert syncing.stop()
