"""The pictures by which a course is known in the catalog: 16:9 PNG."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QImage, QPainter

from resources.make_sample.grid import Grid
from resources.make_sample.motifs import haversack
from resources.make_sample.page import AMBER, AMBER_WASH, GREEN, GREEN_WASH, HEIGHT, WIDTH, Page
from resources.make_sample.rain import ask


def _study_well(page: Page) -> None:
    page.painter.fillRect(0, 0, WIDTH, HEIGHT, GREEN_WASH)
    days = (0, 1, 3, 7, 14)
    for number, day in enumerate(days):
        x = 52 + number * 64.0
        page.card(x, 130 + number * 18, 54, 60)
        page.painter.fillRect(int(x) + 1, 131 + number * 18, 52, 14, AMBER if number == 0 else GREEN)
        page.label(str(day), x, 144 + number * 18, 54, 46, AMBER if number == 0 else GREEN, size=26, bold=True)
    haversack(page, 404, 70, 1.25)


def _sql_questions(page: Page) -> None:
    page.painter.fillRect(0, 0, WIDTH, HEIGHT, AMBER_WASH)
    rain = Grid(52, 66, *ask("SELECT station_id, mm FROM rain"), (140, 96), row_height=34, size=21)
    station = Grid(382, 116, *ask("SELECT id, name FROM station"), (60, 146), row_height=34, size=21)
    rain.draw(page, lit={4: 1, 5: 1}, wash=GREEN_WASH)
    station.draw(page, lit={2: 1}, wash=GREEN_WASH)
    for row in (4, 5):
        page.curve([(292, rain.row_y(row) + 17), (378, station.row_y(2) + 17)], GREEN, width=4)


TILES: dict[str, Callable[[Page], None]] = {"study-well": _study_well, "sql-questions": _sql_questions}


def write_tile(course: str, target: Path) -> None:
    """Draw a course's tile, 640 by 360."""
    picture = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    TILES[course](Page(painter, ()))
    painter.end()
    target.parent.mkdir(parents=True, exist_ok=True)
    picture.save(str(target))
