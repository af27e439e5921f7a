"""Menus: corners that are not there, and a tick beside what is chosen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui.preferences import Preferences
from desktop.ui.theme.live import tokens
from desktop.ui.theme.theme import Theme
from desktop.ui.widgets.fields import ChoiceBox
from desktop.ui.widgets.menu import Menu


@pytest.fixture
def menu(qtbot: QtBot, qapp: QApplication, preferences: Preferences) -> Menu:
    Theme(qapp, preferences)
    made = Menu()
    qtbot.addWidget(made)
    for text in ("Light", "Dark"):
        made.addAction(text).setCheckable(True)
    made.resize(made.sizeHint())
    return made


def ticked(menu: Menu, action: QAction) -> bool:
    """Whether the tick's colour is in the row before its words."""
    row = menu.actionGeometry(action)
    before = QRect(row.left(), row.top(), 34, row.height())
    if menu.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        before.moveRight(row.right())
    image = menu.grab(before).toImage()
    accent = tokens().colours.accent
    return any(image.pixelColor(x, y).name() == accent for x in range(image.width()) for y in range(image.height()))


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_chosen_entry_alone_has_a_tick(menu: Menu, direction: Qt.LayoutDirection) -> None:
    menu.setLayoutDirection(direction)
    light, dark = menu.actions()
    dark.setChecked(True)
    assert ticked(menu, dark)
    assert not ticked(menu, light)


def test_the_corners_are_no_part_of_the_menu(menu: Menu) -> None:
    image = menu.grab().toImage()
    right, bottom = image.width() - 1, image.height() - 1
    corners = [image.pixelColor(x, y).alpha() for x in (0, right) for y in (0, bottom)]
    assert corners == [0, 0, 0, 0]
    assert image.pixelColor(right // 2, 4).alpha() == 255


def test_the_list_of_a_choice_has_the_corners_of_a_menu(
    qtbot: QtBot, qapp: QApplication, preferences: Preferences
) -> None:
    Theme(qapp, preferences)
    box = ChoiceBox("Speed")
    qtbot.addWidget(box)
    for text in ("As fast as it goes", "At most 1 MB a second"):
        box.addItem(text)
    box.show()
    for _ in range(2):  # the second time it is the same window
        box.showPopup()
        popup = box.view().window()
        assert popup is not box
        qtbot.waitUntil(popup.isVisible)
        image = popup.grab().toImage()
        right, bottom = image.width() - 1, image.height() - 1
        assert [image.pixelColor(x, y).alpha() for x in (0, right) for y in (0, bottom)] == [0, 0, 0, 0]
        assert image.pixelColor(right // 2, bottom // 2).alpha() == 255
        box.hidePopup()
