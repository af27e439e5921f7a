"""Tables and SQL on a slide."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPen

from resources.make_sample.page import (
    AMBER_WASH,
    GREEN,
    GREEN_WASH,
    INK,
    MONO,
    RULE,
    SHEET,
    SOFT,
    Align,
    Page,
    font,
)

KEYWORDS = frozenset(
    (
        *("SELECT", "FROM", "WHERE", "ORDER", "BY", "DESC", "LIMIT", "GROUP", "HAVING", "JOIN", "LEFT", "ON", "AS"),
        *("AND", "OR", "NOT", "IS", "NULL", "COUNT", "SUM", "AVG", "MIN", "MAX", "COALESCE"),
    )
)


@dataclass(frozen=True)
class Grid:
    """A table with its top left corner at (x, y). ``widths`` in pixels, one for each column; ``numeric`` names
    the columns that are set to the right where the cells do not tell."""

    x: float
    y: float
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    name: str = ""
    row_height: float = 26
    size: float = 16
    numeric: Sequence[int] | None = None

    @property
    def width(self) -> float:
        """The whole width."""
        return sum(self.widths)

    def row_y(self, row: float) -> float:
        """The top of a row; fractions lie between two."""
        return self.y + self.row_height * (row + 1)

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.row_y(len(self.rows))

    def column_x(self, column: int) -> float:
        """The left edge of a column."""
        return self.x + sum(self.widths[:column])

    def draw(
        self,
        page: Page,
        *,
        lit: Mapping[int, float] | None = None,
        lit_columns: Mapping[int, float] | None = None,
        faded: Mapping[int, float] | None = None,
        wash: QColor = AMBER_WASH,
    ) -> None:
        """Everything; ``lit`` and ``faded`` say how much (0-1) of which rows, counted from 0."""
        painter = page.painter
        if self.name:
            page.text(self.name, self.x + 2, self.y - 21, 15, SOFT, family=MONO)
        page.card(self.x, self.y, self.width, self.bottom - self.y, SHEET, RULE, 5)
        painter.fillRect(QRectF(self.x + 1, self.y + 1, self.width - 2, self.row_height - 1), GREEN_WASH)
        for column, name in enumerate(self.columns):
            self._cell(page, name, -1, column, bold=True)
        for row, cells in enumerate(self.rows):
            self._row(page, row, cells, (lit or {}).get(row, 0), (faded or {}).get(row, 0), wash)
        for column, amount in (lit_columns or {}).items():
            painter.save()
            painter.setOpacity(painter.opacity() * amount)
            painter.setPen(QPen(GREEN, 2))
            painter.setBrush(QColor(0, 0, 0, 0))
            box = QRectF(self.column_x(column), self.y, self.widths[column], self.bottom - self.y)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
            painter.restore()

    def _row(self, page: Page, row: int, cells: Sequence[str], lit: float, faded: float, wash: QColor) -> None:
        painter = page.painter
        painter.save()
        if lit > 0:
            washed = QColor(wash)
            washed.setAlphaF(lit)
            painter.fillRect(QRectF(self.x + 1, self.row_y(row) + 1, self.width - 2, self.row_height - 1), washed)
        page.line(self.x + 1, self.row_y(row), self.x + self.width - 1, self.row_y(row), RULE, 1)
        painter.setOpacity(painter.opacity() * (1 - 0.78 * faded))
        for column, cell in enumerate(cells):
            self._cell(page, cell, row, column)
        painter.restore()

    def _is_numeric(self, column: int) -> bool:
        if self.numeric is not None:
            return column in self.numeric
        return bool(self.rows) and all(re.fullmatch(r"-?[\d.]+|NULL", cells[column]) for cells in self.rows)

    def _cell(self, page: Page, text: str, row: int, column: int, *, bold: bool = False) -> None:
        painter = page.painter
        missing = text == "NULL"
        painter.setFont(
            font(self.size - (2 if missing else 0), bold=bold, family=MONO if missing else "Source Sans Pro")
        )
        painter.setPen(SOFT if missing else INK)
        box = QRectF(self.column_x(column) + 10, self.row_y(row), self.widths[column] - 20, self.row_height)
        side = Align.AlignRight if self._is_numeric(column) else Align.AlignLeft
        painter.drawText(box, int(side) | int(Align.AlignVCenter), text)


def sql(page: Page, text: str, x: float, y: float, size: float = 17, shown: Sequence[float] | None = None) -> None:
    """SQL with its keywords set off, one line each; ``shown`` gives the opacity of each line."""
    painter = page.painter
    metrics = QFontMetricsF(font(size, family=MONO))
    for number, line in enumerate(text.splitlines()):
        painter.save()
        painter.setOpacity(painter.opacity() * (shown[number] if shown else 1))
        at = x
        for word in re.findall(r"\w+|\W", line):
            painter.setFont(font(size, family=MONO, bold=word in KEYWORDS))
            painter.setPen(GREEN if word in KEYWORDS else INK)
            painter.drawText(QRectF(at, y + number * size * 1.5, 400, size * 1.5), int(Align.AlignVCenter), word)
            at += metrics.horizontalAdvance(word)
        painter.restore()
