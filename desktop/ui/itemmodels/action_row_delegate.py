"""Paints ``ActionRow`` rows, and says where on a row its actions are."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.ui.itemmodels.action_rows import ROW_ROLE, ActionRow
from desktop.ui.theme.icons import paint_icon
from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import (
    ICON,
    RADIUS_LARGE,
    RADIUS_SMALL,
    SPACE_4,
    SPACE_8,
    SPACE_12,
    SPACE_16,
    TYPE_BODY,
    TYPE_SMALL,
)
from desktop.ui.widgets.indicators import chip_size, paint_bar, paint_chip
from desktop.ui.widgets.lines import reading_side

AnyIndex = QModelIndex | QPersistentModelIndex
WRAP = Qt.TextFlag.TextWordWrap
GRIP = "dots-six-vertical"
KEPT = 4000
"""Measured rows that are kept; more than any list has in practice."""


@dataclass(frozen=True, slots=True)
class RowShape:
    """Where the parts of a row are, from its top left corner, left to right; mirrored when painted."""

    group: QRect
    card: QRect
    icon: QRect
    at: QRect
    title: QRect
    chip: QRect
    quote: QRect
    lines: tuple[QRect, ...]
    progress: QRect
    actions: tuple[tuple[str, QRect], ...]
    height: int


def _text_rect(left: int, top: int, width: int, text: str, metrics: QFontMetrics) -> QRect:
    found = metrics.boundingRect(QRect(0, 0, max(40, width), 1_000_000), WRAP, text)
    return QRect(left, top, max(40, width), found.height())


def shape_of(row: ActionRow, width: int, *, grouped: bool) -> RowShape:
    """Lay a row out in ``width`` pixels. ``grouped`` puts its heading above it."""
    body, small = QFontMetrics(font(TYPE_BODY)), QFontMetrics(font(TYPE_SMALL))
    strong, label = QFontMetrics(font(TYPE_BODY, strong=True)), QFontMetrics(font(TYPE_SMALL, strong=True))
    look = tokens()
    top = 0
    group = QRect()
    if grouped:
        group = QRect(SPACE_4, SPACE_12, width - SPACE_8, small.height() + SPACE_4)
        top = group.bottom() + SPACE_4
    card_top, top = top, top + SPACE_12
    left, right = SPACE_16, width - SPACE_16
    icon = QRect()
    if row.icon:
        icon = QRect(left, top, look.scaled(ICON), look.scaled(ICON))
        left = icon.right() + SPACE_12
    chip = QRect()
    if row.chip:
        size = chip_size(row.chip)
        chip = QRect(QPoint(right - size.width(), top), size)
        right = chip.left() - SPACE_12
    at = QRect()
    if row.at:
        at = QRect(left, top, strong.horizontalAdvance(row.at) + SPACE_4, strong.height())
        left = at.right() + SPACE_8
    title = _text_rect(left, top, right - left, row.title, body if row.at else strong)
    top, right = title.bottom() + SPACE_4, width - SPACE_16
    quote = QRect()
    if row.quote:
        quote = _text_rect(left + SPACE_12, top, right - left - SPACE_12, row.quote, small)
        top = quote.bottom() + SPACE_8
    lines = []
    for text in row.lines:
        lines.append(_text_rect(left, top, right - left, text, small))
        top = lines[-1].bottom() + SPACE_4
    progress = QRect()
    if row.progress is not None:
        progress = QRect(left, top + SPACE_4, right - left, SPACE_4)
        top = progress.bottom() + SPACE_8
    actions = []
    across = left - SPACE_8
    for action in row.actions:
        wide = label.horizontalAdvance(action.text) + SPACE_16
        if across + wide > right and across > left:
            across, top = left - SPACE_8, top + small.height() + SPACE_12
        actions.append((action.key, QRect(across, top, wide, small.height() + SPACE_8)))
        across += wide + SPACE_4
    if actions:
        top = actions[-1][1].bottom() + 1
    card = QRect(0, card_top, width, top + SPACE_8 - card_top)
    return RowShape(
        group, card, icon, at, title, chip, quote, tuple(lines), progress, tuple(actions), card.bottom() + SPACE_8
    )


class ActionRowDelegate(QStyledItemDelegate):
    """``pointed`` and ``chosen`` name the action under the pointer and the one the keyboard is on: (row, key)."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pointed: tuple[int, str] = (-1, "")
        self.chosen: tuple[int, str] = (-1, "")
        self._shapes: dict[tuple[ActionRow, int, bool, int], RowShape] = {}

    def shape(self, index: AnyIndex, width: int) -> RowShape:
        """Where the parts of the row at ``index`` are, when it is ``width`` pixels wide."""
        row: ActionRow = index.data(ROW_ROLE)
        above = index.model().index(index.row() - 1, 0)
        before = above.data(ROW_ROLE).group if above.isValid() else ""
        key = (row, width, bool(row.group) and row.group != before, tokens().text_percent)
        if key not in self._shapes:
            if len(self._shapes) >= KEPT:
                self._shapes.clear()
            self._shapes[key] = shape_of(row, width, grouped=key[2])
        return self._shapes[key]

    def action_at(self, index: AnyIndex, rect: QRect, point: QPoint, direction: Qt.LayoutDirection) -> str:
        """The key of the action at ``point`` of a row that is painted in ``rect``; empty if there is none."""
        for key, found in self.shape(index, rect.width()).actions:
            if QStyle.visualRect(direction, rect, found.translated(rect.topLeft())).contains(point):
                return key
        return ""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """As wide as the list, as high as the texts wrap."""
        view = option.widget
        width = view.viewport().width() if isinstance(view, QAbstractItemView) else option.rect.width()
        return QSize(width, self.shape(index, width).height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """One row."""
        row: ActionRow = index.data(ROW_ROLE)
        rect: QRect = option.rect
        shape = self.shape(index, rect.width())
        colours = tokens().colours
        direction = option.direction

        def place(part: QRect) -> QRect:
            return QStyle.visualRect(direction, rect, part.translated(rect.topLeft()))

        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = direction == Qt.LayoutDirection.RightToLeft
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        align = reading_side(mirrored=mirrored)

        def write(part: QRect, text: str, role: str, size: int, *, strong: bool = False) -> None:
            painter.setFont(font(size, strong=strong))
            painter.setPen(QColor(getattr(colours, role)))
            painter.drawText(place(part), WRAP | align, text)

        if not shape.group.isNull():
            write(shape.group, row.group, "muted", TYPE_SMALL, strong=True)
        self._paint_card(painter, option, place(shape.card))
        if row.icon:
            pointed = row.movable and bool(option.state & QStyle.StateFlag.State_MouseOver)
            paint_icon(painter, place(shape.icon), GRIP if pointed else row.icon, colours.muted)
        if row.at:
            write(shape.at, row.at, "accent", TYPE_BODY, strong=True)
        write(shape.title, row.title, "text", TYPE_BODY, strong=not row.at)
        if row.quote:
            bar = shape.quote.adjusted(-SPACE_12, 0, 0, 0)
            bar.setWidth(3)
            painter.fillRect(place(bar), QColor(colours.border_strong))
            write(shape.quote, row.quote, "muted", TYPE_SMALL)
        for part, text in zip(shape.lines, row.lines, strict=True):
            write(part, text, "muted", TYPE_SMALL)
        if row.chip:
            paint_chip(painter, QRectF(place(shape.chip)), row.chip, row.tone)
        if row.progress is not None:
            paint_bar(painter, QRectF(place(shape.progress)), 100 * row.progress, mirrored=mirrored)
        for (key, part), action in zip(shape.actions, row.actions, strict=True):
            self._paint_action(painter, place(part), action.text, (index.row(), key))
        painter.restore()

    def _paint_card(self, painter: QPainter, option: QStyleOptionViewItem, card: QRect) -> None:
        colours = tokens().colours
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.setBrush(QColor(colours.hover if hovered else colours.surface))
        painter.setPen(QPen(QColor(colours.accent if focused else colours.border), 2 if focused else 1))
        painter.drawRoundedRect(card.adjusted(1, 1, -1, -1), RADIUS_LARGE, RADIUS_LARGE)

    def _paint_action(self, painter: QPainter, rect: QRect, text: str, key: tuple[int, str]) -> None:
        colours = tokens().colours
        if key in (self.pointed, self.chosen):
            painter.setBrush(QColor(colours.pressed if key == self.pointed else colours.accent_soft))
            painter.setPen(QPen(QColor(colours.accent), 2) if key == self.chosen else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(rect, RADIUS_SMALL, RADIUS_SMALL)
        painter.setFont(font(TYPE_SMALL, strong=True))
        painter.setPen(QColor(colours.accent))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
