"""The column of cards: where they stand, and what another one costs those that are there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.card_column import CardColumn
from desktop.ui.widgets.scroll import PageScroll

GAP = 12


class Sheet(QWidget):
    """A card of a fixed area: the narrower, the higher. Counts what happens to it."""

    def __init__(self, area: int = 40_000) -> None:
        super().__init__()
        self.area = area
        self.resized = self.painted = 0

    def heightForWidth(self, width: int) -> int:
        """As high as its area asks."""
        return self.area // max(1, width)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Counted."""
        self.resized += 1

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Counted."""
        self.painted += 1


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[tuple[PageScroll, CardColumn]]:
    """A column with three cards on a page that is seen."""
    sheet, column = PageScroll(), CardColumn(GAP)
    sheet.body.addWidget(column)
    sheet.body.addStretch(1)
    for place in range(3):
        column.put(place, Sheet())
    qtbot.addWidget(sheet)
    sheet.resize(500, 900)
    sheet.show()
    qtbot.waitUntil(lambda: all(card.painted for card in cards(column)))
    yield sheet, column
    sheet.close()


def cards(column: CardColumn) -> list[Sheet]:
    """From the top."""
    found = [child for child in column.children() if isinstance(child, Sheet) and not child.isHidden()]
    return sorted(found, key=lambda card: card.y())


def stands_well(column: CardColumn) -> bool:
    """Whether each card has the height it needs, and stands below the one before."""
    top = 0
    for card in cards(column):
        if (card.y(), card.width(), card.height()) != (top, column.width(), card.heightForWidth(column.width())):
            return False
        top += card.height() + GAP
    return column.height() == top - GAP


def test_each_is_as_high_as_it_has_to_be(qtbot: QtBot, page: tuple[PageScroll, CardColumn]) -> None:
    sheet, column = page
    qtbot.waitUntil(lambda: stands_well(column))
    sheet.resize(300, 900)
    qtbot.waitUntil(lambda: column.width() < 300 and stands_well(column))
    cards(column)[0].area *= 2
    cards(column)[0].updateGeometry()
    qtbot.waitUntil(lambda: stands_well(column))


def test_one_more_below_leaves_the_others_alone(qtbot: QtBot, page: tuple[PageScroll, CardColumn]) -> None:
    _, column = page
    before = cards(column)
    for card in before:
        card.resized = card.painted = 0
    added = Sheet()
    column.put(3, added)
    qtbot.waitUntil(lambda: added.painted > 0)
    assert stands_well(column)
    assert [(card.resized, card.painted) for card in before] == [(0, 0)] * 3


def test_cards_change_places_and_go(qtbot: QtBot, page: tuple[PageScroll, CardColumn]) -> None:
    _, column = page
    first, second, third = cards(column)
    column.put(0, third)
    assert cards(column) == [third, first, second]
    assert [column.index(card) for card in (third, first, second)] == [0, 1, 2]
    column.put(7, third)
    assert cards(column) == [first, second, third]
    column.drop(first)
    assert first.isHidden()
    assert cards(column) == [second, third]
    assert stands_well(column)
    column.drop(second)
    column.drop(third)
    assert column.height() == 0
    assert column.count() == 0
