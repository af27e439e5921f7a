"""A key, drawn as one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import SPACE_4, SPACE_8, TYPE_SMALL
from desktop.ui.widgets.surfaces import paint_surface


class KeyCap(QWidget):
    """See the module."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setAccessibleName(key)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """At least as wide as high."""
        metrics = QFontMetrics(font(TYPE_SMALL, strong=True))
        height = metrics.height() + 2 * SPACE_4
        return QSize(max(height, metrics.horizontalAdvance(self._key) + 2 * SPACE_8), height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        colours = tokens().colours
        painter = QPainter(self)
        paint_surface(painter, QRectF(self.rect()), colours.sunken, colours.border_strong, SPACE_4)
        painter.setFont(font(TYPE_SMALL, strong=True))
        painter.setPen(QColor(colours.text))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._key)
        painter.end()
