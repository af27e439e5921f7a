"""Boxes to tick in a list or tree, painted with the tokens: ticked, half ticked, not."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.ui.theme.icons import paint_icon
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import CONTROL, RADIUS_SMALL, SPACE_4

INSET = 2


def paint_tick(painter: QPainter, rect: QRectF, state: Qt.CheckState, *, enabled: bool) -> None:
    """A box of the size of ``rect``."""
    colours = tokens().colours
    box = rect.adjusted(INSET, INSET, -INSET, -INSET)
    ink = colours.accent if enabled else colours.disabled
    empty = state == Qt.CheckState.Unchecked
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colours.muted if empty and enabled else ink), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush if empty else QColor(ink))
    painter.drawRoundedRect(box, RADIUS_SMALL / 2, RADIUS_SMALL / 2)
    if state == Qt.CheckState.PartiallyChecked:
        painter.setPen(QPen(QColor(colours.on_accent), 2))
        middle, side = box.center().y(), box.width() / 4
        painter.drawLine(int(box.left() + side), int(middle), int(box.right() - side), int(middle))
    elif state == Qt.CheckState.Checked:
        paint_icon(painter, box.adjusted(1, 1, -1, -1), "check-bold", colours.on_accent)
    painter.restore()


class TickDelegate(QStyledItemDelegate):
    """Rows of a comfortable height; the style sheet leaves the box itself empty, at the size that is clicked."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As high as a control."""
        hint = super().sizeHint(option, index)
        return QSize(hint.width() + 2 * SPACE_4, max(hint.height(), tokens().scaled(CONTROL) + SPACE_4))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The row, then its box."""
        super().paint(painter, option, index)
        wanted = QStyleOptionViewItem(option)
        self.initStyleOption(wanted, index)
        if not wanted.features & QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator:
            return
        rect = wanted.widget.style().subElementRect(
            QStyle.SubElement.SE_ItemViewItemCheckIndicator, wanted, wanted.widget
        )
        enabled = bool(wanted.state & QStyle.StateFlag.State_Enabled)
        paint_tick(painter, QRectF(rect), wanted.checkState, enabled=enabled)
