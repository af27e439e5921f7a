"""A list view that lays tiles out by arithmetic: headings across, tiles in columns that fill the width.

Why not ``QListView``'s icon mode: it asks every row for its size and builds a tree of rectangles at every change, which
at 10,000 courses is felt at each key press. Here a change of the rows costs nothing but the painting of what is seen.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionViewItem, QWidget

from desktop.ui.delegates.tile import TILE_WIDTH, tile_height
from desktop.ui.itemmodels.catalog import CatalogModel
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import PAGE_WIDTH, SPACE_8, SPACE_16, SPACE_24, SPACE_32

Index = QModelIndex | QPersistentModelIndex
HEADING_HEIGHT = 40


@dataclass(frozen=True, slots=True)
class Band:
    """A section on the sheet: rows ``first`` to ``first + count`` are tiles; ``top`` is where the tiles begin."""

    heading_row: int
    first: int
    count: int
    top: int
    bottom: int


class TileView(QListView):
    """Shows a ``CatalogModel``. Arrow keys, Home, End and Page keys move; Enter or a click activates."""

    def __init__(self, model: CatalogModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalog = model
        self._bands: list[Band] = []
        self._columns, self._width, self._height, self._left = 1, TILE_WIDTH, 100, SPACE_24
        self.setObjectName("bare")
        self.setModel(model)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)

    # --- arithmetic ---------------------------------------------------------------------------------------------

    def _measure(self) -> None:
        room = self.viewport().width() - 2 * SPACE_24
        sheet = min(room, tokens().scaled(PAGE_WIDTH))
        self._left = SPACE_24 + max(0, (room - sheet) // 2)
        least = tokens().scaled(TILE_WIDTH)
        self._columns = max(1, (sheet + SPACE_16) // (least + SPACE_16))
        self._width = max(120, (sheet - (self._columns - 1) * SPACE_16) // self._columns)
        self._height = tile_height(self._width)
        self._bands = []
        row, y = 0, 0
        for section in self._catalog.sections:
            heading_row = -1
            if section.heading:
                heading_row, row = row, row + 1
                y += tokens().scaled(HEADING_HEIGHT)
            y += SPACE_8
            lines = -(-len(section.tiles) // self._columns)
            bottom = y + lines * (self._height + SPACE_16)
            self._bands.append(Band(heading_row, row, len(section.tiles), y, bottom))
            row, y = row + len(section.tiles), bottom

    def _content_height(self) -> int:
        return self._bands[-1].bottom + SPACE_32 if self._bands else 0

    def _sheet_rect(self, row: int) -> QRect:
        """Where a row is on the whole sheet, before scrolling and mirroring."""
        starts = [band.heading_row if band.heading_row >= 0 else band.first for band in self._bands]
        band = self._bands[max(0, bisect_right(starts, row) - 1)]
        if row == band.heading_row:
            height = tokens().scaled(HEADING_HEIGHT)
            whole = self._columns * (self._width + SPACE_16) - SPACE_16
            return QRect(self._left, band.top - height - SPACE_8, whole, height)
        line, column = divmod(row - band.first, self._columns)
        x = self._left + column * (self._width + SPACE_16)
        return QRect(x, band.top + line * (self._height + SPACE_16), self._width, self._height)

    def _row_rect(self, row: int) -> QRect:
        rect = self._sheet_rect(row)
        if self.isRightToLeft():
            rect.moveLeft(self.viewport().width() - rect.right() - 1)
        return rect.translated(0, -self.verticalScrollBar().value())

    def _rows_between(self, top: int, bottom: int) -> list[int]:
        rows: list[int] = []
        step = self._height + SPACE_16
        for band in self._bands:
            head = band.top - tokens().scaled(HEADING_HEIGHT) - SPACE_16
            if band.bottom < top or head > bottom:
                continue
            if band.heading_row >= 0:
                rows.append(band.heading_row)
            first_line = max(0, (top - band.top) // step)
            last_line = max(-1, (bottom - band.top) // step)
            first = first_line * self._columns
            rows += range(band.first + first, band.first + min(band.count, (last_line + 1) * self._columns))
        return rows

    # --- what a view has to know --------------------------------------------------------------------------------

    def doItemsLayout(self) -> None:  # noqa: N802 (Qt's name)
        """Measure anew. Qt's own layout of lists is left out."""
        self._measure()
        QAbstractItemView.doItemsLayout(self)

    def updateGeometries(self) -> None:  # noqa: N802 (Qt's name)
        """The range of the scroll bar."""
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(20, self._height // 4))
        bar.setRange(0, max(0, self._content_height() - self.viewport().height()))
        bar.setEnabled(bar.maximum() > 0)  # its room stays, so that nothing moves; its handle is not painted
        QAbstractItemView.updateGeometries(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has other columns; the first tile seen stays in sight."""
        QAbstractItemView.resizeEvent(self, event)
        self._measure()
        self.updateGeometries()

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 (Qt's name)
        """Where a row is in the viewport."""
        return self._row_rect(index.row()) if index.isValid() and self._bands else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802 (Qt's name)
        """The row at a place of the viewport."""
        y = point.y() + self.verticalScrollBar().value()
        for row in self._rows_between(y - 1, y + 1):
            if self._row_rect(row).contains(point):
                return self._catalog.index(row)
        return QModelIndex()

    def verticalOffset(self) -> int:  # noqa: N802 (Qt's name)
        """How far it is scrolled."""
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:  # noqa: N802 (Qt's name)
        """Never."""
        return 0

    def scrollTo(  # noqa: N802 (Qt's name)
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a row into sight, with the heading above the first tiles."""
        if not index.isValid() or not self._bands:
            return
        rect, bar = self._sheet_rect(index.row()), self.verticalScrollBar()
        top, bottom = rect.top() - SPACE_16, rect.bottom() + SPACE_16
        if hint == QAbstractItemView.ScrollHint.PositionAtTop or top < bar.value():
            bar.setValue(top)
        elif bottom > bar.value() + self.viewport().height():
            bar.setValue(bottom - self.viewport().height())

    def moveCursor(  # noqa: N802 (Qt's name)
        self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Where a key leads: along the line, and from line to line over headings."""
        tiles = [(band.first, band.count) for band in self._bands if band.count]
        if not tiles:
            return QModelIndex()
        first, last = tiles[0][0], tiles[-1][0] + tiles[-1][1] - 1
        now = self.currentIndex().row()
        if now < first:
            return self._catalog.index(first)
        actions = QAbstractItemView.CursorAction
        page = max(1, self.viewport().height() // (self._height + SPACE_16))
        along = -1 if self.isRightToLeft() else 1
        if action == actions.MoveHome:
            wanted = first
        elif action == actions.MoveEnd:
            wanted = last
        elif action in {actions.MoveLeft, actions.MovePrevious}:
            wanted = self._beside(now, -along if action == actions.MoveLeft else -1)
        elif action in {actions.MoveRight, actions.MoveNext}:
            wanted = self._beside(now, along if action == actions.MoveRight else 1)
        else:
            lines = {actions.MoveUp: -1, actions.MoveDown: 1, actions.MovePageUp: -page, actions.MovePageDown: page}
            wanted = now
            for _ in range(abs(lines.get(action, 0))):
                wanted = self._line_away(wanted, 1 if lines[action] > 0 else -1)
        return self._catalog.index(min(max(wanted, first), last))

    def _beside(self, row: int, step: int) -> int:
        beside = row + step
        headings = {band.heading_row for band in self._bands}
        return beside + step if beside in headings else beside

    def _line_away(self, row: int, step: int) -> int:
        """The tile below or above, in the next section where this one ends."""
        number = next(n for n, band in enumerate(self._bands) if band.first <= row < band.first + band.count)
        band = self._bands[number]
        line, column = divmod(row - band.first, self._columns)
        line += step
        last_line = (band.count - 1) // self._columns
        if 0 <= line <= last_line:
            return band.first + min(band.count - 1, line * self._columns + column)
        others = self._bands[number + 1 :] if step > 0 else self._bands[:number][::-1]
        other = next((other for other in others if other.count), None)
        if other is None:
            return row
        line = 0 if step > 0 else (other.count - 1) // self._columns
        return other.first + min(other.count - 1, line * self._columns + column)

    def isIndexHidden(self, _index: Index) -> bool:  # noqa: N802 (Qt's name)
        """None is."""
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:  # noqa: N802 (Qt's name)
        """One tile at a time."""
        index = self.indexAt(rect.center())
        model = self.selectionModel()
        if index.isValid() and model is not None:
            model.select(index, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802 (Qt's name)
        """What has to be painted again."""
        region = QRegion()
        for index in selection.indexes():
            region += self.visualRect(index)
        return region

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that are seen."""
        if not self._bands:
            return
        painter = QPainter(self.viewport())
        offset = self.verticalScrollBar().value()
        delegate = self.itemDelegate()
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        current, under = self.currentIndex().row(), self._row_under_mouse()
        for row in self._rows_between(event.rect().top() + offset, event.rect().bottom() + offset):
            rect = self._row_rect(row)
            if not rect.intersects(event.rect()):
                continue
            option.rect = rect
            state = QStyle.StateFlag.State_Enabled
            if row == under:
                state |= QStyle.StateFlag.State_MouseOver
            if row == current and self.hasFocus():
                state |= QStyle.StateFlag.State_HasFocus
            option.state = state
            delegate.paint(painter, option, self._catalog.index(row))
        painter.end()

    def _row_under_mouse(self) -> int:
        if not self.viewport().underMouse():
            return -1
        return self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos())).row()
