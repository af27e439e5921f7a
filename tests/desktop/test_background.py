"""Lanes: order, delivery in the UI thread, forgetting, the end."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from desktop.background import Lane, TaskRunner
from desktop.errors import Problem


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    made.shutdown()


def test_the_store_lane_keeps_the_order(runner: TaskRunner, qtbot: QtBot) -> None:
    seen: list[int] = []
    for number in range(50):
        runner.submit(Lane.STORE, lambda number=number: seen.append(number))  # type: ignore[misc]
    qtbot.waitUntil(lambda: not runner.busy())
    assert seen == list(range(50))


def test_results_arrive_in_the_ui_thread_and_work_does_not_run_there(runner: TaskRunner, qtbot: QtBot) -> None:
    threads: dict[str, object] = {}

    def work() -> int:
        threads["work"] = threading.current_thread()
        return 7

    def done(value: int) -> None:
        threads["done"] = QThread.currentThread()
        threads["value"] = value

    runner.submit(Lane.NETWORK, work, done)
    qtbot.waitUntil(lambda: "value" in threads)
    assert threads["value"] == 7
    assert threads["work"] is not threading.main_thread()
    assert threads["done"] is runner.thread()


def test_a_problem_goes_to_who_asked_or_to_everybody(runner: TaskRunner, qtbot: QtBot) -> None:
    told: list[Problem] = []
    unhandled: list[Problem] = []
    runner.problem_unhandled.connect(unhandled.append)

    def fail() -> None:
        raise Problem("offline", "No network.")

    runner.submit(Lane.NETWORK, fail, failed=told.append)
    runner.submit(Lane.NETWORK, fail)
    qtbot.waitUntil(lambda: bool(told) and bool(unhandled))
    assert told[0].code == unhandled[0].code == "offline"


@pytest.mark.expected_log("a job failed: Traceback(.|\\n)*ZeroDivisionError")
def test_a_bug_is_logged_and_told_as_one(runner: TaskRunner, qtbot: QtBot) -> None:
    told: list[Problem] = []
    runner.submit(Lane.STORE, lambda: 1 // 0, failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].code == "bug"
    assert "ZeroDivisionError" in told[0].detail


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk_full"), (errno.EROFS, "folder_unusable"), (errno.EACCES, "folder_unusable")],
)
def test_what_the_disk_refuses_is_no_bug(runner: TaskRunner, qtbot: QtBot, number: int, code: str) -> None:
    def fail() -> None:
        raise OSError(number, "as the system says it")

    told: list[Problem] = []
    runner.submit(Lane.NETWORK, fail, failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].code == code
    assert told[0].way_out


def test_a_forgotten_job_still_writes_but_tells_nobody(runner: TaskRunner, qtbot: QtBot) -> None:
    gate = threading.Event()
    written: list[str] = []
    told: list[object] = []

    def work() -> None:
        gate.wait(5)
        written.append("row")

    job = runner.submit(Lane.STORE, work, told.append)
    job.forget()
    gate.set()
    qtbot.waitUntil(lambda: not runner.busy())
    assert written == ["row"]
    assert told == []


def test_shutdown_finishes_what_the_store_was_given_and_takes_nothing_more(qtbot: QtBot) -> None:
    runner = TaskRunner()
    written: list[int] = []
    for number in range(20):
        runner.submit(Lane.STORE, lambda number=number: written.append(number))  # type: ignore[misc]
    runner.shutdown()
    assert written == list(range(20))
    assert runner.submit(Lane.STORE, lambda: written.append(99)).forgotten
    assert 99 not in written
