"""A key, drawn as one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import SPACE_4, SPACE_8, TYPE_SMALL
from desktop.ui.widgets.surfaces import paint_surface


def key_cap_size(key: str) -> QSize:
    """At least as wide as high."""
    metrics = QFontMetrics(font(TYPE_SMALL, strong=True))
    height = metrics.height() + SPACE_4 + 2
    return QSize(max(height, metrics.horizontalAdvance(key) + 2 * SPACE_8), height)


def paint_key_cap(painter: QPainter, rect: QRectF, key: str) -> None:
    """Paint a key into ``rect``."""
    colours = tokens().colours
    painter.save()
    paint_surface(painter, rect, colours.sunken, colours.border_strong, SPACE_4)
    painter.setFont(font(TYPE_SMALL, strong=True))
    painter.setPen(QColor(colours.muted))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, key)
    painter.restore()


class KeyCap(QWidget):
    """See the module."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setAccessibleName(key)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As the key asks."""
        return key_cap_size(self._key)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        paint_key_cap(painter, QRectF(self.rect()), self._key)
        painter.end()
