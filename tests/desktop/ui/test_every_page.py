"""What holds for every page up to the course: names, the way of the Tab key, nothing cut off, no window of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop.config import Config
from desktop.ui.pages.description import DescriptionPage
from desktop.ui.widgets.buttons import Button, IconButton
from desktop.ui.widgets.choice import ChoiceButton
from desktop.ui.widgets.fields import ChoiceBox
from desktop.ui.widgets.indicators import Chip
from desktop.ui.widgets.labels import ElidedLabel, Label
from desktop.ui.widgets.player_bar import SpeedButton
from desktop.ui.widgets.side_bar import SideEntry
from desktop.ui.window import MainWindow
from tests.desktop.ui.fakes import Bench, Edge, bench_over
from tests.desktop.ui.gallery import SCENES, answers, play

SMALL, USUAL = QSize(900, 600), QSize(1280, 800)


class Stray(QObject):
    """Notices what is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow()
        if shown and not isinstance(watched, MainWindow):
            self.seen.append(f"{watched!r} in {watched.parent()!r}")
        return False


@pytest.fixture
def staged(qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[Bench, MainWindow, Stray]]:
    """A window over the gallery's answers, not yet signed in, and who watches it."""
    stray = Stray()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.installEventFilter(stray)
    with bench_over(Edge(answers())) as bench:
        window = MainWindow(bench.desk, Config(tmp_path))
        qtbot.addWidget(window)
        window.resize(USUAL)
        window.show()
        window.activateWindow()
        yield bench, window, stray
        app.removeEventFilter(stray)
        window.close_pages()
    app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def _place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def _scrolled_by(widget: QWidget) -> QScrollArea | None:
    around = widget.parentWidget()
    while around is not None and not isinstance(around, QScrollArea):
        around = around.parentWidget()
    return around


def _seen_place(widget: QWidget, window: QWidget) -> QRect:
    """Where it is; what is scrolled out of a page counts as at the edge where it went out."""
    place, area = _place(widget, window), _scrolled_by(widget)
    if area is not None:
        room = _place(area.viewport(), window)
        place.moveTop(max(room.top(), min(place.top(), room.bottom() - place.height())))
    return place


def _by_tab(window: MainWindow) -> list[QWidget]:
    """What the Tab key stops at, from the top of the window on: real keys, once round."""
    handle = window.windowHandle()
    assert handle is not None
    window.setFocus()
    found: list[QWidget] = []
    while True:
        QTest.keyClick(handle, Qt.Key.Key_Tab)
        stop = QApplication.focusWidget()
        assert stop is not None
        if stop in found:
            assert stop is found[0], "Tab goes round within a part of the window"
            return found
        found.append(stop)


@pytest.mark.parametrize("name", SCENES)
def test_whatever_takes_the_focus_has_a_name(staged: tuple[Bench, MainWindow, Stray], name: str) -> None:
    bench, window, stray = staged
    play(bench, window, name)
    stops = _by_tab(window)
    assert stops
    for widget in stops:
        face = QAccessible.queryAccessibleInterface(widget)
        said = face.text(QAccessible.Text.Name)
        assert said.strip(), f"{widget!r} has no accessible name"
    assert stray.seen == []


@pytest.mark.parametrize("name", SCENES)
def test_tab_goes_as_the_eye_does(staged: tuple[Bench, MainWindow, Stray], name: str) -> None:
    bench, window, _ = staged
    play(bench, window, name)
    for before, after in itertools.pairwise(_by_tab(window)):
        together = _scrolled_by(before) is _scrolled_by(after)
        place = _place if together else _seen_place
        first, second = place(before, window), place(after, window)
        above = second.bottom() <= first.top() and second.left() < first.right()
        left = second.right() <= first.left() and abs(second.center().y() - first.center().y()) < 8
        assert not above, f"Tab jumps up from {before!r} to {after!r}"
        assert not left, f"Tab jumps back from {before!r} to {after!r}"


def _cut(window: MainWindow) -> list[str]:
    """What is shown smaller than it has to be to be read."""
    found: list[str] = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, ElidedLabel):
            continue
        asked, has = widget.sizeHint(), widget.size()
        if isinstance(widget, Label) and widget.wordWrap():
            if widget.text() and has.height() + 1 < widget.heightForWidth(has.width()):
                found.append(f"lines of “{widget.text()}”")
        elif isinstance(widget, QLabel) and widget.text() and has.width() < asked.width():
            found.append(f"“{widget.text()}”: {has.width()} of {asked.width()}")
        elif isinstance(widget, Chip | QPushButton) and (has.width() < asked.width() or has.height() < asked.height()):
            found.append(f"{widget.objectName()} “{widget.text()}”: {has.toTuple()} of {asked.toTuple()}")
        elif (
            isinstance(widget, QComboBox)
            and widget.fontMetrics().horizontalAdvance(widget.currentText()) > has.width() - 37
        ):
            found.append(f"the choice “{widget.currentText()}”")
        elif isinstance(widget, QScrollArea):
            inside = widget.widget()
            assert inside is not None
            if inside.width() > widget.viewport().width():
                found.append(f"the width of {widget.objectName() or widget!r}")
    return found


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize(("size", "percent"), [(SMALL, 100), (USUAL, 100), (SMALL, 200), (USUAL, 200)])
def test_nothing_is_cut_off(staged: tuple[Bench, MainWindow, Stray], name: str, size: QSize, percent: int) -> None:
    bench, window, _ = staged
    window.resize(size)
    window.theme.set_text_percent(percent)
    play(bench, window, name)
    assert window.size() == size
    assert _cut(window) == []


def test_no_choice_box_is_without_an_arrow(staged: tuple[Bench, MainWindow, Stray]) -> None:
    bench, window, _ = staged
    for name in ("catalog", "home", "course"):
        play(bench, window, name)
    bench.edge.answers["notes.all"] = ()
    boxes = window.findChildren(QComboBox)
    assert boxes
    assert all(isinstance(box, ChoiceBox) for box in boxes)


def test_the_ring_is_for_the_keyboard(staged: tuple[Bench, MainWindow, Stray]) -> None:
    bench, window, _ = staged
    play(bench, window, "description")
    page = window.pages.current_page()
    assert isinstance(page, DescriptionPage)

    def looks() -> QImage:
        return page.save.grab().toImage()

    plain = looks()
    QTest.mousePress(page.save, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(page.save, Qt.MouseButton.LeftButton, pos=QPoint(-5, -5))
    assert page.save.hasFocus()
    assert looks() == plain
    handle = window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_Tab)
    QTest.keyClick(handle, Qt.Key.Key_Backtab)
    assert page.save.hasFocus()
    assert looks() != plain


def test_escape_leads_out_of_the_search(staged: tuple[Bench, MainWindow, Stray]) -> None:
    bench, window, _ = staged
    play(bench, window, "catalog")
    search = window.header.search
    QTest.keyClick(window, Qt.Key.Key_Slash)
    assert search.hasFocus()
    QTest.keyClicks(search, "zeppelin")
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert (search.text(), search.hasFocus()) == ("", True)
    QTest.keyClicks(search, "maps")
    QTest.keyClick(search, Qt.Key.Key_Down)
    tiles = window.findChild(QWidget, "bare")
    assert tiles is not None
    assert tiles.hasFocus()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Button("Press"),
        lambda: IconButton("x", "Press"),
        lambda: ChoiceButton("Press", "What it means.", "press"),
        lambda: SideEntry("Press", "books", "press"),
        SpeedButton,
    ],
    ids=["button", "icon", "choice", "side", "speed"],
)
def test_enter_and_space_press_a_button(
    staged: tuple[Bench, MainWindow, Stray], qtbot: QtBot, make: Callable[[], QAbstractButton]
) -> None:
    _, window, _ = staged
    button = make()
    button.setParent(window)
    button.show()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        with qtbot.waitSignal(button.clicked):
            QTest.keyClick(button, key)


def test_mirrored_the_page_is_its_mirror_image(staged: tuple[Bench, MainWindow, Stray], tmp_path: Path) -> None:
    bench, window, _ = staged
    play(bench, window, "catalog")
    plain = {name: _place(found, window) for name in MIRRORED if (found := window.findChild(QWidget, name))}
    QApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    second = MainWindow(bench.desk, Config(tmp_path / "mirrored"))
    second.resize(USUAL)
    second.show()
    try:
        play(bench, second, "catalog")
        assert plain
        for name, place in plain.items():
            found = second.findChild(QWidget, name)
            assert found is not None
            mirrored = _place(found, second)
            assert mirrored.left() == USUAL.width() - 1 - place.right(), name
            assert mirrored.width() == place.width(), name
    finally:
        second.close_pages()
        second.close()
        second.deleteLater()


MIRRORED = ("programMenu", "tabHome", "searchField", "profileMenu", "filterKind", "sortBy", "syncChip", "helpButton")
