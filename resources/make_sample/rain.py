"""The database of the SQL course: what a slide shows as an answer was really answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from resources.make_sample.grid import Grid

SCRIPT = Path(__file__).parents[1] / "sample" / "courses" / "sql-questions" / "files" / "rain.sql"


@cache
def ask(question: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Column names and rows, as a slide writes them."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(SCRIPT.read_text(encoding="utf-8"))
        cursor = connection.execute(question)
        names = tuple(column[0] for column in cursor.description)
        return names, tuple(tuple(_written(value) for value in row) for row in cursor)
    finally:
        connection.close()


def _written(value: float | str | None) -> str:
    if value is None:
        return "NULL"
    return f"{value:g}" if isinstance(value, float) else str(value)


def answer(question: str, x: float, y: float, widths: Sequence[float], name: str = "", row_height: float = 26) -> Grid:
    """The answer as a table on the slide."""
    columns, rows = ask(question)
    return Grid(x, y, columns, rows, widths, name, row_height)
