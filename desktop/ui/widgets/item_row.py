"""An item of a week as one line to click: state, kind, title and minutes, required, grade, due, offline mark."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.i18n import day_text, minutes_text, moment_text, percent_text, tr
from desktop.models.views import DownloadView, ItemRow
from desktop.ui.theme.icons import kind_icon, paint_icon
from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import (
    ICON,
    ICON_SMALL,
    RADIUS_SMALL,
    SPACE_8,
    SPACE_12,
    TYPE_BODY,
    TYPE_SMALL,
)
from desktop.ui.widgets.download_menu import item_scope, state_icon, state_words
from desktop.ui.widgets.focus import PaintedButton
from desktop.ui.widgets.indicators import paint_ring
from desktop.ui.widgets.lines import paint_line
from desktop.ui.wording import item_kind_text, item_state_text, offline_icon, offline_text
from protocol.manifest import VIDEO

STARTED_SHARE = 40
"""How full the ring of an item is that was begun: a sign, not a measure."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in pixels of what stands at the end of a row; 0 leaves it out."""

    required: int
    grade: int
    due: int

    @staticmethod
    def for_width(width: int, *, due: bool = True) -> Columns:
        """Where there is little room only the due date: the title needs it more, and the grade joins the facts.

        ``due``: something of the week is due at some time; else there is no column for that.
        """
        unit = tokens().text_percent / 100
        due_width = round(108 * unit) if due else 0
        if width >= 720 * unit:
            return Columns(round(96 * unit), round(110 * unit), due_width)
        return Columns(0, 0, due_width)


def grade_text(item: ItemRow) -> str:
    """What stands under GRADE."""
    if item.grade_pending:
        return tr("Pending")
    if item.grade_percent is not None:
        return percent_text(item.grade_percent)
    return tr("{share} of grade", share=percent_text(item.weight)) if item.weight else ""


class ItemRowButton(PaintedButton):
    """``opened`` is emitted with the item's id, ``menu_wanted`` with the id and where on the screen.

    Arrow keys go to the neighbours, the menu key asks for the menu.
    """

    opened = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, item: ItemRow, parent: QWidget | None = None, *, due: bool = True) -> None:
        super().__init__(parent)
        self.item = item
        self._due_column = due
        self._download: DownloadView | None = None
        self.setObjectName(f"itemRow-{item.item_id}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(self._open)
        self.show_item(item)

    def show_item(self, item: ItemRow) -> None:
        """Show the item as it is now."""
        self.item = item
        self.setText(item.title)
        said = [item_kind_text(item.kind), item.title, minutes_text(item.minutes) if item.minutes else ""]
        said += [item_state_text(item), tr("required") if item.required else tr("optional")]
        if item.grade_percent is not None:
            said.append(tr("grade {percent}", percent=percent_text(item.grade_percent)))
        if item.due_at is not None:
            said.append(tr("due {moment}", moment=moment_text(item.due_at)))
        here = self._offline_words() or (offline_text(item.offline) if item.offline != "none" else "")
        self.setAccessibleName(", ".join(part for part in (*said, here) if part))
        # The mark at the end of the line looks like "done" to whoever sees it for the first time.
        self.setToolTip("\n".join(part for part in (item.title, here) if part))
        self.setEnabled(item.known)
        self.update()

    def columns(self) -> Columns:
        """What stands at its end now."""
        return Columns.for_width(self.width(), due=self._due_column)

    def show_download(self, entry: DownloadView | None) -> None:
        """What brings it here now."""
        before = self._offline_words()
        self._download = entry
        if self._offline_words() != before:
            self.show_item(self.item)

    def _offline_words(self) -> str:
        """How its download stands, while that is worth a word. What comes with the week is told by the week, once."""
        entry, item = self._download, self.item
        if item.kind != VIDEO or item.offline == "ready" or entry is None:
            return ""
        if entry.scope == item_scope(item.item_id) or entry.state == "ready":
            return state_words(entry, item.offline)
        return {"paused": tr("Paused"), "failed": tr("Stopped")}.get(entry.state, "")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with its download."""
        by_keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.menu_wanted.emit(
            self.item.item_id, self.mapToGlobal(self.rect().center()) if by_keyboard else event.globalPos()
        )

    def _open(self) -> None:
        self.opened.emit(self.item.item_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down walk along the rows."""
        if event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """The text's size changed."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Two lines and air."""
        body, small = QFontMetrics(font(TYPE_BODY)).height(), QFontMetrics(font(TYPE_SMALL)).height()
        return QSize(320, body + small + 2 * SPACE_8 + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line, mirrored where reading begins at the right."""
        colours = tokens().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        if self.isDown() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.pressed if self.isDown() else colours.hover))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS_SMALL, RADIUS_SMALL)
        self._paint_content(painter, rect)
        if self.ring():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS_SMALL, RADIUS_SMALL)
        painter.end()

    def _place(self, left: float, width: float, top: float, height: float) -> QRectF:
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            left = self.width() - left - width
        return QRectF(left, top, width, height)

    def _paint_content(self, painter: QPainter, rect: QRectF) -> None:
        colours, item = tokens().colours, self.item
        side = tokens().scaled(ICON)
        middle = (rect.height() - side) / 2
        ring = self._place(SPACE_12, side, middle, side)
        paint_ring(painter, ring, STARTED_SHARE if item.state == "started" else 0, done=item.state == "done")
        left: float = SPACE_12 + side + SPACE_12
        ink = colours.text if item.known else colours.disabled
        paint_icon(painter, self._place(left, side, middle, side), kind_icon(item.kind), colours.muted)
        left += side + SPACE_12
        columns = self.columns()
        mark = tokens().scaled(ICON_SMALL)
        right = rect.width() - SPACE_12 - mark
        words = self._offline_words()
        icon_name = state_icon(self._download, item.offline) if words else offline_icon(item.offline)
        if icon_name:
            role = colours.success if item.offline == "ready" else colours.muted
            paint_icon(painter, self._place(right, mark, (rect.height() - mark) / 2, mark), icon_name, role)
        right -= SPACE_12
        for width, text, colour in (
            (columns.due, self._due(), colours.danger if item.overdue else colours.muted),
            (columns.grade, grade_text(item), colours.success if item.passed else colours.muted),
            (columns.required, tr("Required") if item.required else tr("Optional"), colours.muted),
        ):
            if width:
                right -= width
                self._line(painter, self._place(right, width - SPACE_8, 0, rect.height()), text, TYPE_SMALL, colour)
        room = right - left - SPACE_8
        body, small = QFontMetrics(font(TYPE_BODY)).height(), QFontMetrics(font(TYPE_SMALL)).height()
        top = (rect.height() - body - small - 2) / 2
        self._line(painter, self._place(left, room, top, body), item.title, TYPE_BODY, ink)
        facts = [item_kind_text(item.kind), minutes_text(item.minutes) if item.minutes else ""]
        if item.state != "new" or not item.known:
            facts.append(item_state_text(item))
        if not columns.grade:
            facts.append(grade_text(item))
        facts.append(words)
        facts_text = " · ".join(part for part in facts if part)
        self._line(painter, self._place(left, room, top + body + 2, small), facts_text, TYPE_SMALL, colours.muted)

    def _due(self) -> str:
        return day_text(self.item.due_at) if self.item.due_at is not None else ""

    def _line(self, painter: QPainter, rect: QRectF, text: str, size: int, colour: str) -> None:
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        paint_line(painter, rect, text, font(size), colour, mirrored=mirrored)


class ColumnHeads(QWidget):
    """REQUIRED, GRADE and DUE above the rows; said by each row itself to screen readers."""

    def __init__(self, parent: QWidget | None = None, *, due: bool = True) -> None:
        super().__init__(parent)
        self._due_column = due
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One small line."""
        return QSize(320, QFontMetrics(font(TYPE_SMALL, strong=True)).height() + SPACE_8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the words where the rows have their columns."""
        painter = QPainter(self)
        columns = Columns.for_width(self.width(), due=self._due_column)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        face, colour = font(TYPE_SMALL, strong=True), tokens().colours.muted
        right = self.width() - SPACE_12 - tokens().scaled(ICON_SMALL) - SPACE_12
        for width, text in (
            (columns.due, tr("DUE")),
            (columns.grade, tr("GRADE")),
            (columns.required, tr("REQUIRED")),
        ):
            if width:
                right -= width
                left = self.width() - right - width + SPACE_8 if mirrored else right
                rect = QRectF(left, 0, width - SPACE_8, self.height())
                paint_line(painter, rect, text, face, colour, mirrored=mirrored)
        painter.end()
