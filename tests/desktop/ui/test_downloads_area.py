"""The three parts of Downloads: reached by place, pointer and keys; each stays as it was left; back goes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.config import Config
from desktop.ui.pages.download_queue import QueuePage
from desktop.ui.pages.downloads import DownloadsPage
from desktop.ui.pages.storage import StoragePage
from desktop.ui.pages.trip import TripPage
from desktop.ui.widgets.tabs import Tabs
from desktop.ui.window import MainWindow
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.fakes import Bench, Edge, bench_over
from tests.desktop.ui.gallery import answers
from tests.desktop.ui.pages_of_items.store import downloads
from tests.desktop.ui.storage_scenes import USE


@pytest.fixture
def staged(qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[Bench, MainWindow]]:
    """A window at the queue of somebody who has downloads."""
    with bench_over(Edge({**answers(), "downloads.view": downloads(), "storage.view": USE})) as bench:
        window = MainWindow(bench.desk, Config(tmp_path))
        qtbot.addWidget(window)
        window.resize(1180, 780)
        window.show()
        with qtbot.waitActive(window):
            window.activateWindow()
        bench.desk.signed_in.emit(views.LEARNER)
        bench.desk.go("downloads")
        qtbot.waitUntil(lambda: not bench.runner.busy())
        yield bench, window
        window.close_pages()


def area(window: MainWindow) -> DownloadsPage:
    """The page, which is in front."""
    found = window.pages.current_page()
    assert isinstance(found, DownloadsPage)
    return found


def test_a_place_names_the_part(qtbot: QtBot, staged: tuple[Bench, MainWindow]) -> None:
    bench, window = staged
    for tab, kind, title in (
        ("storage", StoragePage, "Storage"),
        ("trip", TripPage, "Pack for a trip"),
        ("queue", QueuePage, "Downloads"),
        ("attic", QueuePage, "Downloads"),
    ):
        bench.desk.go("downloads", tab=tab)
        assert isinstance(area(window).part(), kind)
        assert window.windowTitle().startswith(title)
        assert area(window).tabs.chosen() == (tab if tab != "attic" else "queue")


def test_a_click_on_a_name_opens_the_part_and_back_goes_back(qtbot: QtBot, staged: tuple[Bench, MainWindow]) -> None:
    _, window = staged
    page = area(window)
    tabs = page.tabs
    qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(2).center())
    assert isinstance(page.part(), StoragePage)
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: isinstance(page.part(), QueuePage))
    assert tabs.chosen() == "queue"


def test_the_names_are_worked_with_keys(qtbot: QtBot, staged: tuple[Bench, MainWindow]) -> None:
    _, window = staged
    page = area(window)
    page.take_focus()
    assert isinstance(QApplication.focusWidget(), Tabs)
    for key, kind in (
        (Qt.Key.Key_Right, TripPage),
        (Qt.Key.Key_Right, StoragePage),
        (Qt.Key.Key_Left, TripPage),
        (Qt.Key.Key_Home, QueuePage),
        (Qt.Key.Key_End, StoragePage),
    ):
        QTest.keyClick(page.tabs, key)
        assert isinstance(page.part(), kind)
        assert QApplication.focusWidget() is page.tabs, "the keys stay with the names"
    handle, storage = window.windowHandle(), page.part()
    assert handle is not None
    assert isinstance(storage, StoragePage)
    qtbot.waitUntil(lambda: storage.storage.isVisible())
    QTest.keyClick(handle, Qt.Key.Key_Tab)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert storage.isAncestorOf(focused)


def test_screen_readers_hear_tabs(staged: tuple[Bench, MainWindow]) -> None:
    _, window = staged
    face = QAccessible.queryAccessibleInterface(area(window).tabs)
    assert face.role() == QAccessible.Role.PageTabList
    shown = [face.child(number) for number in range(3)]
    assert [tab.text(QAccessible.Text.Name) for tab in shown] == ["Queue", "Pack for a trip", "Storage"]
    assert {tab.role() for tab in shown} == {QAccessible.Role.PageTab}


def test_a_part_stays_as_it_was_left(qtbot: QtBot, staged: tuple[Bench, MainWindow]) -> None:
    bench, window = staged
    page = area(window)
    queue = page.part()
    assert isinstance(queue, QueuePage)
    queue.queue.setCurrentIndex(queue.queue.rows.index(2))
    bench.desk.go("downloads", tab="storage")
    bench.edge.answers["downloads.view"] = replace(downloads(), entries=downloads().entries[1:])
    bench.desk.changed.emit(frozenset({"downloads"}))
    bench.desk.go("downloads", tab="queue")
    qtbot.waitUntil(lambda: queue.queue.rows.rowCount() == 3)
    assert page.part() is queue
    assert queue.queue.currentIndex().row() == 1, "the same entry, which moved up"
