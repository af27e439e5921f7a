"""Lines of text for those who paint: on the side where reading begins, whatever direction the words themselves have."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter


def reading_side(*, mirrored: bool) -> Qt.AlignmentFlag:
    """Where lines begin. Without ``AlignAbsolute`` Qt would turn it round for words that run the other way."""
    side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignAbsolute


def is_right_to_left(text: str) -> bool:
    """Whether the first letter of a text belongs to a script that runs from right to left."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((found != "L" for found in directions if found in {"L", "R", "AL"}), False)


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
