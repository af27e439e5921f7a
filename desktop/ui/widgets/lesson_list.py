"""The items of a lesson, beside what is studied: kind, title, minutes, state. Object name ``lessonList``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.i18n import minutes_text, tr
from desktop.models.views import ItemRow
from desktop.ui.theme.icons import kind_icon, paint_icon
from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import (
    ICON,
    RADIUS_SMALL,
    SPACE_4,
    SPACE_8,
    SPACE_12,
    TYPE_BODY,
    TYPE_SMALL,
)
from desktop.ui.widgets.indicators import paint_ring
from desktop.ui.widgets.lines import reading_side
from protocol import manifest

AnyIndex = QModelIndex | QPersistentModelIndex
ITEM_ROLE = Qt.ItemDataRole.UserRole + 1
CURRENT_ROLE = Qt.ItemDataRole.UserRole + 2


def kind_text(kind: str) -> str:
    """A kind of item in words."""
    return {
        manifest.VIDEO: tr("Video"),
        manifest.READING: tr("Reading"),
        manifest.PRACTICE_QUIZ: tr("Practice quiz"),
        manifest.GRADED_QUIZ: tr("Graded quiz"),
        manifest.ASSIGNMENT: tr("Assignment"),
        manifest.EXTERNAL_TOOL: tr("Tool"),
        manifest.SURVEY: tr("Survey"),
        manifest.DISCUSSION: tr("Discussion"),
    }.get(kind, tr("Item"))


def item_facts(item: ItemRow) -> str:
    """``Video · 7 min``."""
    return " · ".join(
        part for part in (kind_text(item.kind), minutes_text(item.minutes) if item.minutes else "") if part
    )


def state_text(state: str) -> str:
    """A state of an item in words."""
    return {"done": tr("Done"), "started": tr("Started")}.get(state, tr("Not started"))


class LessonModel(QAbstractListModel):
    """The items, and which of them is open."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[ItemRow, ...] = ()
        self._current = ""

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """How many items."""
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title, the row in words, the item, whether it is the open one."""
        if not index.isValid() or index.row() >= len(self._items):
            return None
        item = self._items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.title}, {item_facts(item)}, {state_text(item.state)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{item.title}\n{item_facts(item)} · {state_text(item.state)}"
        if role == ITEM_ROLE:
            return item
        if role == CURRENT_ROLE:
            return item.item_id == self._current
        return None

    def show_items(self, items: Sequence[ItemRow], current: str) -> None:
        """Show ``items``; the same ones in place."""
        same = [item.item_id for item in items] == [item.item_id for item in self._items]
        if same and (tuple(items), current) == (self._items, self._current):
            return
        if not same:
            self.beginResetModel()
        self._items, self._current = tuple(items), current
        if not same:
            self.endResetModel()
        elif self._items:
            self.dataChanged.emit(self.index(0), self.index(len(self._items) - 1))

    def item(self, number: int) -> ItemRow:
        """The item at ``number``."""
        return self._items[number]

    def number_of(self, item_id: str) -> int:
        """Where an item is; -1 if it is not here."""
        return next((number for number, item in enumerate(self._items) if item.item_id == item_id), -1)


class _ItemDelegate(QStyledItemDelegate):
    def _title_height(self, title: str, width: int, *, strong: bool) -> int:
        metrics = QFontMetrics(font(TYPE_BODY, strong=strong))
        rect = QRect(0, 0, max(40, width), 10_000)
        return metrics.boundingRect(rect, Qt.TextFlag.TextWordWrap, title).height()

    def _text_left(self) -> int:
        return SPACE_12 + tokens().scaled(ICON) + SPACE_8

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        view = option.widget
        width = view.viewport().width() if isinstance(view, QAbstractItemView) else option.rect.width()
        title = self._title_height(
            index.data(), width - self._text_left() - SPACE_12, strong=bool(index.data(CURRENT_ROLE))
        )
        return QSize(width, title + QFontMetrics(font(TYPE_SMALL)).height() + 2 * SPACE_8 + SPACE_4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        item: ItemRow = index.data(ITEM_ROLE)
        current = bool(index.data(CURRENT_ROLE))
        colours = tokens().colours
        rect: QRect = option.rect
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)

        def place(part: QRect) -> QRect:
            return QStyle.visualRect(option.direction, rect, part)

        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = colours.accent_soft if current else ""
        if not current and option.state & QStyle.StateFlag.State_MouseOver:
            ground = colours.hover
        painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.accent), 2) if focused else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(rect).adjusted(2, 1, -2, -1), RADIUS_SMALL, RADIUS_SMALL)
        side = tokens().scaled(ICON)
        sign = QRect(rect.left() + SPACE_12 - 2, rect.top() + SPACE_8, side, side)
        if item.state == "done":
            paint_ring(painter, QRectF(place(sign)), 100, done=True)
        elif item.state == "started":
            paint_ring(painter, QRectF(place(sign)), 50, done=False)
        else:
            paint_icon(painter, place(sign), kind_icon(item.kind), colours.muted)
        width = rect.width() - self._text_left() - SPACE_12
        height = self._title_height(item.title, width, strong=current)
        title = QRect(rect.left() + self._text_left(), rect.top() + SPACE_8, width, height)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        align = reading_side(mirrored=mirrored)
        painter.setFont(font(TYPE_BODY, strong=current))
        painter.setPen(QColor(colours.text))
        painter.drawText(place(title), Qt.TextFlag.TextWordWrap | align, item.title)
        facts = QRect(title.left(), title.bottom() + 2, width, QFontMetrics(font(TYPE_SMALL)).height())
        painter.setFont(font(TYPE_SMALL))
        painter.setPen(QColor(colours.muted))
        said = painter.fontMetrics().elidedText(item_facts(item), Qt.TextElideMode.ElideRight, width)
        painter.drawText(place(facts), align, said)
        painter.restore()


class LessonList(QListView):
    """Emits ``item_wanted`` (id) on a click or Enter."""

    item_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items = LessonModel(self)
        self.setModel(self.items)
        self.setItemDelegate(_ItemDelegate(self))
        self.setObjectName("lessonList")
        self.setAccessibleName(tr("Items of this lesson"))
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setProperty("variant", "bare")
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._on_index)
        self.activated.connect(self._on_index)
        self._asked = ""

    def show_items(self, items: Sequence[ItemRow], current: str) -> None:
        """Show the lesson and which of its items is open."""
        moved = current != self._asked
        self._asked = current
        self.items.show_items(items, current)
        self.scheduleDelayedItemsLayout()  # the open item's title is heavier and may take another line
        number = self.items.number_of(current)
        if moved and number >= 0:
            self.setCurrentIndex(self.items.index(number))

    @Slot(QModelIndex)
    def _on_index(self, index: QModelIndex) -> None:
        # On some systems a single click activates as well: one wish is enough.
        item_id = self.items.item(index.row()).item_id
        if item_id != self._asked:
            self._asked = item_id
            self.item_wanted.emit(item_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Titles wrap anew."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
