"""Check boxes and radio buttons in the look of the program: the style sheet alone cannot draw a tick."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QStyle

from desktop.ui.theme.icons import paint_icon
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import ICON, SPACE_4, SPACE_8


def _side() -> int:
    return tokens().scaled(ICON) - 2


def _size(button: QAbstractButton) -> QSize:
    side = _side() + 2 * SPACE_4
    if not button.text():
        return QSize(side, side)
    metrics = button.fontMetrics()
    shown = metrics.size(Qt.TextFlag.TextShowMnemonic, button.text())
    return QSize(side + SPACE_8 + shown.width() + SPACE_4, max(side, shown.height() + 2 * SPACE_4))


def _paint(button: QAbstractButton, *, round_mark: bool) -> None:
    colours = tokens().colours
    side = _side()
    whole = button.rect()
    box = QRect(whole.left() + SPACE_4, whole.center().y() - side // 2, side, side)
    box = QStyle.visualRect(button.layoutDirection(), whole, box)
    on, enabled = button.isChecked(), button.isEnabled()
    edge = colours.accent if on or button.hasFocus() else colours.muted
    if not enabled:
        edge = colours.border_strong
    painter = QPainter(button)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if button.hasFocus():
        painter.setPen(QPen(QColor(colours.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(box).adjusted(-3, -3, 3, 3), side / 2 if round_mark else 6, side / 2)
    painter.setPen(QPen(QColor(edge), 1.5))
    painter.setBrush(QColor(edge if on and not round_mark else colours.surface))
    inner = QRectF(box).adjusted(1, 1, -1, -1)
    if round_mark:
        painter.drawEllipse(inner)
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(edge))
            painter.drawEllipse(inner.adjusted(4, 4, -4, -4))
    else:
        painter.drawRoundedRect(inner, 4, 4)
        if on:
            paint_icon(painter, inner.adjusted(2, 2, -2, -2), "check-bold", colours.on_accent)
    if button.text():
        left = box.width() + SPACE_4 + SPACE_8
        words = QStyle.visualRect(button.layoutDirection(), whole, whole.adjusted(left, 0, 0, 0))
        start = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        aligned = QStyle.visualAlignment(button.layoutDirection(), start)
        painter.setPen(QColor(colours.text if enabled else colours.disabled))
        shown = button.text()
        if painter.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, shown).width() > words.width():
            shown = painter.fontMetrics().elidedText(shown, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, aligned | Qt.TextFlag.TextShowMnemonic, shown)
    painter.end()


class TickBox(QCheckBox):
    """A check box."""

    def sizeHint(self) -> QSize:
        """The box and its words."""
        return _size(self)

    def minimumSizeHint(self) -> QSize:
        """The box and the beginning of its words."""
        return QSize(min(_size(self).width(), 120), _size(self).height())

    def hitButton(self, point: QPoint) -> bool:  # noqa: N802 (Qt's name)
        """Anywhere on it."""
        return self.rect().contains(point)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        _paint(self, round_mark=False)


class RadioMark(QRadioButton):
    """A radio button."""

    def sizeHint(self) -> QSize:
        """The ring and its words."""
        return _size(self)

    def minimumSizeHint(self) -> QSize:
        """As ``sizeHint``."""
        return _size(self)

    def hitButton(self, point: QPoint) -> bool:  # noqa: N802 (Qt's name)
        """Anywhere on it."""
        return self.rect().contains(point)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        _paint(self, round_mark=True)
