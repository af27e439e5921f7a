"""An ``ActionList`` whose rows can be dragged into another order. The keyboard does the same by the rows' actions."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from desktop.ui.theme.live import tokens
from desktop.ui.widgets.action_list import ActionList

EDGE = 48
"""So near to the edge of what scrolls, a drag scrolls it."""
STEP = 12


class OrderedList(ActionList):
    """``moved``: a row (its id) was dropped at another place (its number among the rows that can be moved).

    Rows that can be moved say so (``ActionRow.movable``) and stand before the others. Nothing moves by itself: the page
    asks the store, and shows the rows anew. (No drag of the system's: that waits in an event loop of its own.)
    """

    moved = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._from: tuple[str, QPoint] | None = None
        self._dragged = ""
        self._gap = -1

    def is_dragging(self) -> bool:
        """Whether a row hangs on the pointer."""
        return bool(self._dragged)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag may begin here."""
        super().mousePressEvent(event)
        point = event.position().toPoint()
        index, key = self._action_at(point)
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and not key:
            row = self.rows.row(index.row())
            self._from = (row.id, point) if row.movable else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry the row along."""
        point = event.position().toPoint()
        if self._from is not None and not self._dragged:
            far = (point - self._from[1]).manhattanLength() >= QApplication.startDragDistance()
            if far and self.rows.number_of(self._from[0]) >= 0:
                self._dragged = self._from[0]
                self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        if not self._dragged:
            super().mouseMoveEvent(event)
            return
        self._scroll_along(point)
        self._gap = self._gap_at(point)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop it."""
        dragged, gap = self._dragged, self._gap
        self._end()
        if not dragged:
            super().mouseReleaseEvent(event)
            return
        self._pressed = ""
        number = self.rows.number_of(dragged)
        if number < 0 or gap < 0:  # it has arrived meanwhile
            return
        to = gap - 1 if gap > number else gap
        if to != number:
            self.moved.emit(dragged, to)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves everything where it was."""
        if self._dragged and event.key() == Qt.Key.Key_Escape:
            self._end()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and a line where the row would be dropped."""
        super().paintEvent(event)
        if self._gap < 0:
            return
        painter = QPainter(self.viewport())
        painter.fillRect(self._line(), QColor(tokens().colours.accent))
        painter.end()

    def _end(self) -> None:
        self._from, self._dragged, self._gap = None, "", -1
        self.viewport().unsetCursor()
        self.viewport().update()

    def _movable(self) -> int:
        return sum(self.rows.row(number).movable for number in range(self.rows.rowCount()))

    def _gap_at(self, point: QPoint) -> int:
        """Between which rows: 0 is before the first."""
        for number in range(self._movable()):
            if point.y() < self.visualRect(self.rows.index(number)).center().y():
                return number
        return self._movable()

    def _line(self) -> QRect:
        last = self._movable() - 1
        if self._gap > last:
            top = self.visualRect(self.rows.index(last)).bottom() - 2
        else:
            top = self.visualRect(self.rows.index(self._gap)).top() - 2
        return QRect(0, max(0, top), self.viewport().width(), 3)

    def _scroll_along(self, point: QPoint) -> None:
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is None:
            return
        y = area.viewport().mapFromGlobal(self.viewport().mapToGlobal(point)).y()
        bar = area.verticalScrollBar()
        if y < EDGE:
            bar.setValue(bar.value() - STEP)
        elif y > area.viewport().height() - EDGE:
            bar.setValue(bar.value() + STEP)
