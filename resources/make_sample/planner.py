"""The printable weekly plan: one A4 page."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from resources.make_sample.page import (
    AMBER,
    AMBER_WASH,
    BLUE,
    GREEN,
    GREEN_WASH,
    INK,
    RULE,
    SERIF,
    SOFT,
    Page,
)

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
COLUMNS = (
    ("", 82),
    ("Recall, 10 min: what from?", 156),
    ("New, 30 min: which item?", 156),
    ("Slept well?", 66),
    ("Back on (dates)", 110),
)
BEFORE = ("weeks downloaded, and one more", "opened once with the network off", "paper, pencil, charger")
WIDTH, HEIGHT = 570, 800
"""The page in our own units; the painter scales them to the paper."""


def write_planner(target: Path) -> None:
    """Write the plan as PDF. Qt puts the moment and a random identifier into it: two runs differ in these bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    writer = QPdfWriter(str(target))
    writer.setTitle("Weekly plan")
    writer.setCreator("Haversack Open School")
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(15, 12, 15, 12),
            QPageLayout.Unit.Millimeter,
        )
    )
    writer.setResolution(300)
    painter = QPainter(writer)
    scale = writer.width() / WIDTH
    painter.scale(scale, scale)
    page = Page(painter, ())
    _head(page)
    _days(page, 150)
    _foot(page, 640)
    painter.end()


def _head(page: Page) -> None:
    page.text("STUDY WELL OFFLINE", 0, 0, 10, SOFT, bold=True, spacing=1.2)
    page.text("Weekly plan", -1, 12, 30, INK, family=SERIF, bold=True)
    page.text("Week of", 330, 24, 12, SOFT)
    page.line(380, 38, WIDTH, 38, SOFT, 0.6)
    page.text("Before the network is gone", 0, 66, 13, GREEN, bold=True)
    for number, text in enumerate(BEFORE):
        x = (0.0, 200.0, 404.0)[number]
        page.card(x, 92, 11, 11, GREEN_WASH, GREEN, 2)
        page.text(text, x + 18, 89, 12, INK, width=180)
    page.text("One thing I want to know by heart next month:", 0, 116, 12, SOFT)
    page.line(262, 130, WIDTH, 130, SOFT, 0.6)


def _days(page: Page, top: float) -> None:
    x = 0.0
    for number, (name, width) in enumerate(COLUMNS):
        page.painter.fillRect(QRectF(x, top, width, 22), AMBER_WASH if number == 1 else GREEN_WASH)
        page.text(name, x + 6, top + 3, 11, AMBER if number == 1 else GREEN, width=width, bold=True)
        x += width
    for number, day in enumerate(DAYS):
        y = top + 22 + number * 64
        page.text(day, 6, y + 6, 13, INK, width=80, bold=True)
        if day == "Saturday":
            page.text("mixed problems", 244, y + 5, 11, BLUE, width=150)
        elif day == "Sunday":
            page.text("free", 88, y + 5, 11, SOFT, width=150)
        elif day in {"Tuesday", "Thursday"}:
            page.text("nothing new today", 244, y + 5, 11, SOFT, width=150)
        page.line(0, y + 64, WIDTH, y + 64, RULE, 0.6)
    page.painter.setPen(QPen(RULE, 0.6))
    x = 0.0
    for _, width in COLUMNS:
        x += width
        page.line(x, top, x, top + 22 + 64 * 7, RULE, 0.6)


def _foot(page: Page, top: float) -> None:
    page.text("Come back after 1, 3, 7, 14 and 28 days. Late is far better than never.", 0, top, 12, INK)
    page.text("Questions to send when I am back online", 0, top + 30, 13, GREEN, bold=True)
    for row in range(4):
        page.line(0, top + 74 + row * 24, WIDTH, top + 74 + row * 24, RULE, 0.6)
    page.text("Haversack Open School · CC BY 4.0", 0, HEIGHT - 14, 9, SOFT)
