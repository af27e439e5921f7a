"""Lines of text for those who paint: on the side where reading begins, whatever direction the words themselves have."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter


def reading_side(*, mirrored: bool) -> Qt.AlignmentFlag:
    """Where lines begin. Without ``AlignAbsolute`` Qt would turn it round for words that run the other way."""
    side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignAbsolute


def paint_line(
    painter: QPainter,
    rect: QRectF,
    text: str,
    face: QFont,
    colour: str,
    *,
    mirrored: bool,
    vertical: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignVCenter,
) -> None:
    """One line that ends in … where there is no room."""
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    painter.setFont(face)
    painter.setPen(QColor(colour))
    shown = QFontMetrics(face).elidedText(text, Qt.TextElideMode.ElideRight, int(rect.width()))
    painter.drawText(rect, reading_side(mirrored=mirrored) | vertical, shown)
