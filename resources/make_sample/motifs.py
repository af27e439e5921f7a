"""Drawings that several slides share."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen

from resources.make_sample.page import (
    AMBER,
    AMBER_WASH,
    CENTRE,
    GREEN,
    GREEN_WASH,
    INK,
    RIGHT,
    RULE,
    SERIF,
    SHEET,
    SOFT,
    Page,
)


def haversack(page: Page, x: float, y: float, scale: float = 1.0) -> None:
    """A bag for the back, about 150 by 190 at scale 1, its top left at (x, y)."""
    painter = page.painter
    painter.save()
    painter.translate(x, y)
    painter.scale(scale, scale)
    loop = QPainterPath(QPointF(56, 26))
    loop.cubicTo(56, -4, 94, -4, 94, 26)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(AMBER, 6))
    painter.drawPath(loop)
    painter.setPen(QPen(GREEN, 3))
    painter.setBrush(GREEN_WASH)
    painter.drawRoundedRect(QRectF(0, 108, 30, 62), 10, 10)
    painter.drawRoundedRect(QRectF(120, 108, 30, 62), 10, 10)
    body = QPainterPath(QPointF(14, 62))
    body.cubicTo(14, 6, 136, 6, 136, 62)
    body.lineTo(136, 158)
    body.quadTo(136, 184, 108, 184)
    body.lineTo(42, 184)
    body.quadTo(14, 184, 14, 158)
    body.closeSubpath()
    painter.drawPath(body)
    painter.setBrush(SHEET)
    painter.drawRoundedRect(QRectF(32, 114, 86, 56), 12, 12)
    painter.setBrush(GREEN)
    flap = QPainterPath(QPointF(14, 62))
    flap.cubicTo(14, 6, 136, 6, 136, 62)
    flap.lineTo(136, 82)
    flap.cubicTo(136, 98, 118, 100, 75, 100)
    flap.cubicTo(32, 100, 14, 98, 14, 82)
    flap.closeSubpath()
    painter.drawPath(flap)
    painter.setPen(QPen(AMBER, 2.5))
    painter.setBrush(AMBER_WASH)
    for left in (44.0, 94.0):
        painter.drawRect(QRectF(left, 74, 12, 46))
        painter.drawRoundedRect(QRectF(left - 3, 110, 18, 14), 3, 3)
    painter.restore()


def opening(page: Page, kicker: str, title: str, under: str = "", step: int = 0, size: float = 46) -> None:
    """The left half of a first slide."""
    page.text(kicker.upper(), 44, 92, 13, SOFT, bold=True, spacing=1.4)
    lines = title.split("\n")
    for number, line in enumerate(lines):
        page.text(line, 42, 108 + number * size * 1.12, size, INK, family=SERIF, bold=True, width=420)
    if under:
        with page.shown(step):
            page.text(under, 44, 124 + len(lines) * size * 1.12, 20, GREEN, bold=True, width=340)


def bar(page: Page, x: float, bottom: float, percent: float, colour: QColor, grown: float, scale: float = 1.7) -> None:
    """A column 58 wide that grows to ``percent`` and says so on top."""
    height = percent * scale * grown
    page.card(x, bottom - height, 58, height, colour, colour, 3)
    page.painter.save()
    page.painter.setOpacity(page.painter.opacity() * grown)
    page.text(f"{percent:g} %", x + 29, bottom - height - 25, 18, colour, align=CENTRE, width=80, bold=True)
    page.painter.restore()


def axes(page: Page, x: float, y: float, width: float, height: float, across: str, up: str) -> None:
    """Two axes with their names; (x, y) is the origin at the lower left."""
    page.line(x, y, x + width, y, SOFT, 1.6)
    page.line(x, y, x, y - height, SOFT, 1.6)
    page.text(across, x + width, y + 7, 14, SOFT, align=RIGHT, width=300)
    page.text(up, x + 8, y - height - 6, 14, SOFT, width=300)


def sheet(page: Page, x: float, y: float, width: float, height: float, lines: int = 4) -> None:
    """A written page, its words as strokes."""
    page.card(x, y, width, height, SHEET, RULE, 6)
    for number in range(lines):
        short = 0.55 if number == lines - 1 else 0.86 if number % 2 else 1.0
        at = y + 18 + number * (height - 30) / max(1, lines - 1)
        page.line(x + 14, at, x + 14 + (width - 28) * short, at, RULE, 3)
