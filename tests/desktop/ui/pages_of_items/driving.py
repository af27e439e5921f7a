"""Finding and using what is on a page, as a learner does: with clicks and keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, overload

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.desk import Place
from desktop.ui.pages.page import Page
from tests.desktop.ui.pages_of_items.conftest import Bench

W = TypeVar("W", bound=QWidget)
P = TypeVar("P", bound=Page)


@overload
def part(page: QWidget, name: str) -> QWidget: ...
@overload
def part(page: QWidget, name: str, kind: type[W]) -> W: ...
def part(page: QWidget, name: str, kind: type[QWidget] = QWidget) -> QWidget:
    """The widget of an object name; of several (every state has an action) the one that can be seen."""
    found: list[QWidget] = page.findChildren(kind, name)
    assert found, f"no {name}"
    return next((widget for widget in found if widget.isVisible()), found[0])


def click(qtbot: QtBot, page: QWidget, name: str) -> None:
    """A real click in the middle of a widget that can be seen."""
    widget: QWidget = part(page, name)
    assert widget.isVisible(), f"{name} cannot be seen"
    assert widget.isEnabled(), f"{name} cannot be used"
    places: list[QRect] = []

    def is_still() -> bool:
        """A page that was just filled is laid out over several turns: a click meanwhile would hit a neighbour."""
        places.append(QRect(widget.mapTo(page, QPoint()), widget.size()))
        return len(places) > 1 and places[-1] == places[-2]

    qtbot.waitUntil(is_still)
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def click_in(qtbot: QtBot, view: QAbstractScrollArea, rect: QRect) -> None:
    """A real click in the middle of a place in a list."""
    assert not rect.isNull()
    centre: QPoint = rect.center()
    qtbot.waitUntil(lambda: view.viewport().rect().contains(centre))
    qtbot.mouseMove(view.viewport(), centre)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=centre)


def opened(qtbot: QtBot, bench: Bench, kind: Callable[..., P], place: Place, size: tuple[int, int] = (1180, 760)) -> P:
    """A page that shows a place."""
    page = kind(bench.desk, bench.preferences)
    page.setObjectName("page")
    page.resize(*size)
    qtbot.addWidget(page)
    page.show()
    page.show_place(place)
    with qtbot.waitActive(page):
        page.activateWindow()
    return page


def choose(qtbot: QtBot, box: QComboBox, text: str) -> None:
    """Choose an entry with the keyboard, as a learner would."""
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.count()):
        if box.currentText() == text:
            break
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == text


def press(qtbot: QtBot, keys: str) -> None:
    """Press keys, wherever the focus is."""
    holder = QApplication.focusWidget()
    assert holder is not None, "nothing has the focus"
    qtbot.keyClicks(holder, keys)


def texts(page: QWidget) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
