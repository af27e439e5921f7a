"""What a rule removed is said in a line, and comes back at a click."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.config import Config
from desktop.errors import Problem
from desktop.models.trip_views import RemovedWeek
from desktop.ui.frame.removed_notices import removed_text
from desktop.ui.window import MainWindow
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.fakes import Bench, Edge, bench_over
from tests.desktop.ui.gallery import answers

ONE = RemovedWeek("c1", "SQL", 2, "Joins", 300 * 1024 * 1024)
OTHER = RemovedWeek("c2", "Art", 1, "Line", 10 * 1024 * 1024)


@pytest.fixture
def staged(qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[Bench, MainWindow]]:
    """A window with somebody signed in."""
    with bench_over(Edge(answers())) as bench:
        window = MainWindow(bench.desk, Config(tmp_path))
        qtbot.addWidget(window)
        window.show()
        bench.desk.signed_in.emit(views.LEARNER)
        qtbot.waitUntil(lambda: not bench.runner.busy())
        yield bench, window
        window.close_pages()


def test_it_says_which_week_and_how_much() -> None:
    assert removed_text((ONE,)) == "Week 2 of “SQL” is finished: 300.0 MB were freed."
    assert removed_text((ONE, OTHER)) == "2 weeks are finished: 310.0 MB were freed."


def test_a_click_downloads_them_again(qtbot: QtBot, staged: tuple[Bench, MainWindow]) -> None:
    bench, window = staged
    woken: list[bool] = []
    bench.desk.wake_sync = lambda: woken.append(True)
    bench.desk.weeks_removed.emit((ONE, OTHER))
    line = window.findChild(QWidget, "notice-weeks-removed")
    assert line is not None
    button = line.findChild(QPushButton, "noticeAction")
    assert button is not None
    assert button.text() == "Download again"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(woken))
    assert bench.edge.asked("downloads.queue_week") == [("c1", 2), ("c2", 1)]


def test_a_course_that_is_gone_is_said(qtbot: QtBot, staged: tuple[Bench, MainWindow]) -> None:
    bench, window = staged
    bench.edge.answers["downloads.queue_week"] = Problem("not_enrolled", "You are not enrolled in this course.")
    said: list[str] = []
    bench.desk.notice_posted.connect(lambda notice: said.append(notice.text))
    bench.desk.weeks_removed.emit((ONE,))
    line = window.findChild(QWidget, "notice-weeks-removed")
    assert line is not None
    button = line.findChild(QPushButton, "noticeAction")
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: said[-1:] == ["You are not enrolled in this course."])
