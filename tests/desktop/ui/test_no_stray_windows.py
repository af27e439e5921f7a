"""Parts of pages are never windows of their own, not even for a moment: that flickers, and takes the focus away."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.frame.stack import PAGES
from desktop.ui.window import MainWindow
from tests.desktop.ui.fakes import Bench
from tests.desktop.ui.test_window import MINE, show
from tests.stray_windows import WindowWatch


@pytest.fixture
def watch(qapp: QApplication, window: MainWindow) -> WindowWatch:
    made = WindowWatch(window, window)
    qapp.installEventFilter(made)
    return made


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_page_is_made_without_stray_windows(window: MainWindow, watch: WindowWatch, page: str) -> None:
    window.pages.drop_pages()
    window.pages.page(page)
    assert watch.stray == []


@pytest.mark.parametrize("page", MINE)
def test_a_page_is_filled_without_stray_windows(
    qtbot: QtBot, bench: Bench, window: MainWindow, watch: WindowWatch, page: str
) -> None:
    show(bench, page)
    qtbot.waitUntil(lambda: not bench.runner.busy())
    assert watch.stray == []


def test_the_watch_sees_a_part_that_is_shown_too_early(window: MainWindow, watch: WindowWatch) -> None:
    part = QWidget()
    part.setVisible(True)
    part.setParent(window)
    assert len(watch.stray) == 1
    part.deleteLater()
