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
from desktop.sync.worker import SyncWorker
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


@pytest.mark.parametrize(
    ("fault", "state", "code"),
    [
        (answer(503, b"", Retry_After="40"), "held_up", "server_fault"),
        (answer(429, b"", Retry_After="40"), "held_up", "rate_limited"),
        (answer(200, b"<html>Welcome</html>", Content_Type="text/html"), "attention", "captive_portal"),
        (answer(403, b"<html>No</html>", Content_Type="text/html"), "attention", "blocked"),
        (answer(302, b"", ours=True, Location="/there"), "attention", "moved"),
        (drop, "offline", "offline"),
    ],
)
def test_what_keeps_it_from_the_server_is_told_apart(
    worker: SyncWorker, one: Installation, program: ProgramServer, qtbot: QtBot, fault: Fault, state: str, code: str
) -> None:
    program.spoil("/v1/", fault, times=200)
    worker.start()
    qtbot.waitUntil(lambda: bool(worker.status.code), timeout=8000)
    assert (worker.status.state, worker.status.code) == (state, code)
    assert worker.status.next_try is not None
    if state == "held_up":
        wait = (worker.status.next_try - one.clock.now()).total_seconds()
        assert wait > 30, "the server is left alone for as long as it asked"
    program.faults.clear()
    worker.look_again()
    qtbot.waitUntil(lambda: worker.status.state == "up_to_date", timeout=8000)
    assert [found.code for found in worker.rounds][:2] == ["", code]


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
