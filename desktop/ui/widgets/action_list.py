"""A list of ``ActionRow`` rows that is worked with pointer and keyboard alike.

Pointer: a click on a row activates it, a click on one of its actions does that. Keyboard: up and down between rows,
Enter activates; left and right go along the actions of the row, Enter then does the one that is marked; the menu key
lists them.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QWidget

from desktop.ui.itemmodels.action_row_delegate import ActionRowDelegate
from desktop.ui.itemmodels.action_rows import ActionRow, ActionRowModel, AnyIndex
from desktop.ui.widgets.menu import Menu


class ActionList(QListView):
    """Signals: ``row_activated`` (id of the row), ``action_wanted`` (id of the row, key of the action)."""

    row_activated = Signal(str)
    action_wanted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ActionRowModel(self)
        self._painter = ActionRowDelegate(self)
        self._pressed = ""
        self._fitted = False
        self.setModel(self.rows)
        self.setItemDelegate(self._painter)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setProperty("variant", "bare")

    def show_rows(self, rows: Sequence[ActionRow]) -> None:
        """Show ``rows``; what is scrolled to and chosen stays."""
        current = self.currentIndex()
        kept = self.rows.row(current.row()).id if current.isValid() else ""
        scrolled = self.verticalScrollBar().value()
        self.rows.set_rows(rows)
        number = self.rows.number_of(kept) if kept else -1
        if number >= 0 and self.currentIndex().row() != number:
            self.setCurrentIndex(self.rows.index(number))
        self.verticalScrollBar().setValue(scrolled)
        self.updateGeometry()

    def fit_height(self) -> None:
        """Be as high as the rows, for a list within a page that scrolls."""
        self._fitted = True
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The height of all rows, if ``fit_height`` was asked for."""
        hint = super().sizeHint()
        return QSize(hint.width(), self._rows_height()) if self._fitted else hint

    def minimumSizeHint(self) -> QSize:
        """As ``sizeHint``: a fitted list is never squeezed."""
        hint = super().minimumSizeHint()
        return QSize(hint.width(), self._rows_height()) if self._fitted else hint

    def _rows_height(self) -> int:
        width = self.viewport().width()
        return sum(self._painter.shape(self.rows.index(n), width).height for n in range(self.rows.rowCount())) + 2

    def action_rect(self, row_id: str, key: str) -> QRect:
        """Where an action is, in the viewport, after scrolling its row into view. Null if there is none."""
        index = self.rows.index(self.rows.number_of(row_id))
        if not index.isValid():
            return QRect()
        self.scrollTo(index)
        rect = self.visualRect(index)
        for found, part in self._painter.shape(index, rect.width()).actions:
            if found == key:
                return QStyle.visualRect(self.layoutDirection(), rect, part.translated(rect.topLeft()))
        return QRect()

    def row_rect(self, row_id: str) -> QRect:
        """Where the title of a row is, in the viewport, after scrolling it into view. Null if there is no such row."""
        index = self.rows.index(self.rows.number_of(row_id))
        if not index.isValid():
            return QRect()
        self.scrollTo(index)
        rect = self.visualRect(index)
        title = self._painter.shape(index, rect.width()).title
        return QStyle.visualRect(self.layoutDirection(), rect, title.translated(rect.topLeft()))

    def _action_at(self, point: QPoint) -> tuple[QModelIndex, str]:
        index = self.indexAt(point)
        if not index.isValid():
            return index, ""
        return index, self._painter.action_at(index, self.visualRect(index), point, self.layoutDirection())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the action under the pointer."""
        super().mouseMoveEvent(event)
        index, key = self._action_at(event.position().toPoint())
        pointed = (index.row(), key) if key else (-1, "")
        if pointed != self._painter.pointed:
            self._painter.pointed = pointed
            self.viewport().update()
        over = Qt.CursorShape.PointingHandCursor if index.isValid() else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(over)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember on what the button went down: it counts only if it comes up there as well."""
        super().mousePressEvent(event)
        index, key = self._action_at(event.position().toPoint())
        self._pressed = f"{index.row()} {key}" if index.isValid() else ""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Do the action, or activate the row."""
        super().mouseReleaseEvent(event)
        index, key = self._action_at(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            return
        if self._pressed != f"{index.row()} {key}":
            return
        self._do(index.row(), key)

    def _do(self, number: int, key: str) -> None:
        row = self.rows.row(number)
        if key:
            self.action_wanted.emit(row.id, key)
        else:
            self.row_activated.emit(row.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, and left and right along the actions."""
        index = self.currentIndex()
        keys = Qt.Key
        if index.isValid() and event.key() in (keys.Key_Return, keys.Key_Enter):
            row, chosen = self._painter.chosen
            self._do(index.row(), chosen if row == index.row() else "")
            return
        if index.isValid() and event.key() in (keys.Key_Left, keys.Key_Right):
            forward = (event.key() == keys.Key_Right) == (self.layoutDirection() == Qt.LayoutDirection.LeftToRight)
            self._choose(index.row(), 1 if forward else -1)
            return
        super().keyPressEvent(event)

    def _choose(self, number: int, step: int) -> None:
        keys = ["", *(action.key for action in self.rows.row(number).actions)]
        row, chosen = self._painter.chosen
        at = keys.index(chosen) if row == number and chosen in keys else 0
        self._painter.chosen = (number, keys[max(0, min(len(keys) - 1, at + step))])
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The actions of the row as a menu."""
        by_keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_keyboard else self.indexAt(event.pos())
        if not index.isValid() or not self.rows.row(index.row()).actions:
            return
        row = self.rows.row(index.row())
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in row.actions:
            menu.addAction(action.text).setData((row.id, action.key))
        menu.triggered.connect(self._on_menu)
        menu.popup(event.globalPos())

    @Slot(object)
    def _on_menu(self, action: object) -> None:
        row_id, key = action.data()  # type: ignore[attr-defined]
        self.action_wanted.emit(row_id, key)

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:  # noqa: N802 (Qt's name)
        """Another row: none of its actions is marked yet."""
        self._painter.chosen = (-1, "")
        super().currentChanged(current, previous)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Texts wrap anew."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()
            if self._fitted:
                self.updateGeometry()
