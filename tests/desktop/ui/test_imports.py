"""Importing courses on the screen: what each state offers, and files dragged over the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop.errors import Problem
from desktop.models.pack_views import CHECKED, DONE, IMPORTING, INCOMPLETE, REFUSED, STOPPED, ImportView
from desktop.ui.pages.imports import ImportsPage
from desktop.ui.window import MainWindow
from tests.desktop.ui import sample_imports as samples
from tests.desktop.ui.fakes import Bench


@pytest.fixture
def page(qtbot: QtBot, bench: Bench, window: MainWindow) -> ImportsPage:
    """In front."""
    bench.desk.go("imports")
    found = window.pages.current_page()
    assert isinstance(found, ImportsPage)
    return found


def visible(page: QWidget, number: int) -> list[str]:
    """What card ``number`` offers."""
    names = ("Begin", "Enroll", "Open", "Room", "Again", "Stop", "Forget")
    buttons = {name: page.findChild(QAbstractButton, f"import{name}-{number}") for name in names}
    return [name for name, button in buttons.items() if button is not None and not button.isHidden()]


def press(page: QWidget, name: str) -> None:
    """A button by its name."""
    button = page.findChild(QAbstractButton, name)
    assert button is not None
    assert not button.isHidden()
    button.click()


ROOMLESS = replace(samples.FACTS, bytes_free=1)
STATES = {
    "looked at": (samples.view(1, CHECKED), ["Begin", "Forget"], "38.2 GB are free"),
    "no room": (samples.view(1, CHECKED, ROOMLESS), ["Room", "Again", "Forget"], "Make room first"),
    "going": (samples.view(1, IMPORTING, bytes_done=5, bytes_total=10), ["Stop"], "50"),
    "done": (samples.ENDED[0], ["Open", "Forget"], "610 files came"),
    "done, not enrolled": (samples.ENDED[1], ["Enroll", "Forget"], "as soon as the server has confirmed that"),
    "damaged": (samples.ENDED[2], ["Open", "Again", "Forget"], "and 1 more"),
    "pulled": (samples.ENDED[3], ["Again", "Forget"], "goes on from there"),
    "stopped": (samples.ENDED[4], ["Again", "Forget"], "What came is kept"),
    "full": (samples.view(1, STOPPED, code="disk_full", problem="No space"), ["Room", "Again", "Forget"], "No space"),
    "refused": (samples.REFUSED_FILE, ["Again", "Forget"], "end of this file is missing"),
}


@pytest.mark.parametrize("name", STATES)
def test_each_state_says_what_it_is_and_has_a_way_out(bench: Bench, page: ImportsPage, name: str) -> None:
    view, offered, words = STATES[name]
    bench.desk.packs.changed.emit((view,))
    assert visible(page, 0) == offered
    card = next(iter(page._cards.values()))
    assert words in card.words.text()
    assert card.signed.isHidden() == (view.facts is None)


def test_what_is_pressed_is_asked_for(qtbot: QtBot, bench: Bench, page: ImportsPage) -> None:
    packs = bench.desk.packs
    asked: list[tuple[str, object]] = []
    for name in ("look_wanted", "begin_wanted", "cancel_wanted", "forget_wanted", "enrolled"):
        keep: Callable[[object], None] = lambda value, name=name: asked.append((name, value))  # type: ignore[misc]  # noqa: E731
        getattr(packs, name).connect(keep)

    def after(view: ImportView, button: str) -> object:
        asked.clear()
        packs.changed.emit((view,))
        press(page, f"import{button}-0")
        qtbot.waitUntil(lambda: bool(asked))
        return asked[0]

    assert after(samples.view(1, CHECKED), "Begin") == ("begin_wanted", "i1")
    assert after(samples.view(1, IMPORTING), "Stop") == ("cancel_wanted", "i1")
    assert after(samples.view(1, STOPPED), "Again") == ("begin_wanted", "i1")
    assert after(samples.view(1, DONE, result=samples.ENDED[0].result), "Forget") == ("forget_wanted", "i1")
    path = Path(samples.FOLDER) / "soil-1.haversack"
    assert after(samples.view(1, REFUSED, None), "Again") == ("look_wanted", (path,))
    unenrolled = replace(samples.FACTS, enrolled=False)
    assert after(samples.view(1, DONE, unenrolled, result=samples.ENDED[0].result), "Enroll") == ("enrolled", "c1")
    assert bench.edge.asked("enrollment.enroll") == [("p1", "c1")]
    packs.changed.emit((samples.view(1, INCOMPLETE, result=samples.ENDED[2].result),))
    press(page, "importOpen-0")
    assert bench.places[-1].get("course_id") == "c1"


def test_a_failed_enrollment_is_said(qtbot: QtBot, bench: Bench, page: ImportsPage) -> None:
    said: list[object] = []
    bench.desk.notice_posted.connect(said.append)
    bench.edge.answers["enrollment.enroll"] = Problem("x", "No.", "Do this.")
    facts = replace(samples.FACTS, enrolled=False)
    bench.desk.packs.changed.emit((samples.view(1, DONE, facts, result=samples.ENDED[0].result),))
    press(page, "importEnroll-0")
    qtbot.waitUntil(lambda: bool(said))
    assert "No. Do this." in str(said[0])


def test_all_good_ones_are_begun_together(bench: Bench, page: ImportsPage) -> None:
    begun: list[str] = []
    bench.desk.packs.begin_wanted.connect(begun.append)
    bench.desk.packs.changed.emit((samples.view(1, CHECKED),))
    assert page.all.isHidden()
    bench.desk.packs.changed.emit(
        (samples.view(1, CHECKED), samples.view(2, CHECKED, ROOMLESS), samples.view(3, CHECKED), samples.REFUSED_FILE)
    )
    press(page, "importAll")
    assert begun == ["i1", "i3"]


def test_the_keyboard_stays_with_the_card(qtbot: QtBot, bench: Bench, window: MainWindow, page: ImportsPage) -> None:
    window.activateWindow()
    bench.desk.packs.changed.emit((samples.view(1, CHECKED),))
    card = page._cards["i1"]
    card.buttons["Begin"].setFocus()
    qtbot.waitUntil(card.buttons["Begin"].hasFocus)
    bench.desk.packs.changed.emit((samples.view(1, IMPORTING, bytes_done=1, bytes_total=2),))
    assert card.buttons["Stop"].hasFocus()
    bench.desk.packs.changed.emit(())
    assert page.findChildren(QAbstractButton, "importStop-0") == [] or card.isHidden()


def test_files_are_chosen_in_the_systems_own_way(qtbot: QtBot, bench: Bench, page: ImportsPage) -> None:
    looked: list[object] = []
    bench.desk.packs.look_wanted.connect(looked.append)
    press(page, "importChoose")
    dialog = page.findChild(QFileDialog, "importFiles")
    assert dialog is not None
    assert "*.haversack" in dialog.nameFilters()[0]
    dialog.filesSelected.emit(["/a/b.haversack"])
    assert looked == [(Path("/a/b.haversack"),)]
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()


def data_of(*urls: str) -> QMimeData:
    """As a file manager gives it."""
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    return data


def enter(window: MainWindow, data: QMimeData) -> bool:
    """Something is dragged into the window. Whether it is welcome."""
    left = Qt.MouseButton.LeftButton
    event = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, left, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def drop(window: MainWindow, data: QMimeData) -> None:
    """And let go."""
    left = Qt.MouseButton.LeftButton
    event = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, data, left, Qt.KeyboardModifier.NoModifier, QEvent.Type.Drop
    )
    QApplication.sendEvent(window, event)


def test_files_that_are_dragged_over_the_window(bench: Bench, window: MainWindow) -> None:
    looked: list[object] = []
    bench.desk.packs.look_wanted.connect(looked.append)
    data = data_of("file:///a/one.haversack", "file:///a/two.haversack", "https://example.org/x.haversack")
    assert enter(window, data)
    overlay = window.findChild(QWidget, "dropOverlay")
    assert overlay is not None
    assert overlay.isVisible()
    assert overlay.geometry() == window.rect()
    assert "2 course packs" in overlay.accessibleName()
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not overlay.isVisible()
    assert enter(window, data)
    drop(window, data)
    assert not overlay.isVisible()
    assert looked == [(Path("/a/one.haversack"), Path("/a/two.haversack"))]
    assert bench.places[-1].page == "imports"


def test_other_files_are_told_from_course_packs(bench: Bench, window: MainWindow) -> None:
    assert enter(window, data_of("file:///a/one.pdf"))
    overlay = window.findChild(QWidget, "dropOverlay")
    assert overlay is not None
    assert "not course packs" in overlay.accessibleName()
    text = QMimeData()
    text.setText("some words")
    assert not enter(window, text)


def test_who_is_signed_out_is_told_to_sign_in(bench: Bench, window: MainWindow) -> None:
    looked: list[object] = []
    bench.desk.packs.look_wanted.connect(looked.append)
    bench.desk.signed_out.emit()
    data = data_of("file:///a/one.haversack")
    assert enter(window, data)
    overlay = window.findChild(QWidget, "dropOverlay")
    assert overlay is not None
    assert "Sign in first" in overlay.accessibleName()
    drop(window, data)
    assert looked == []
