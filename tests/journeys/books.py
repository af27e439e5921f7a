"""The server's own books: what it has of the learner, read from its database while it runs or after it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


class Books:
    """The database of an embedded server, read only."""

    def __init__(self, home: Path) -> None:
        self._file = home / "server.sqlite3"

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"{self._file.as_uri()}?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()

    def attempts(self) -> list[str]:
        """Ids of all submissions."""
        return [row[0] for row in self._rows("SELECT public_id FROM learning_attempt")]

    def notes(self) -> list[list[Any]]:
        """Id, item, millisecond and text of all notes, conflict copies included."""
        rows = self._rows("SELECT public_id, item_id, at_ms, text FROM learning_note ORDER BY public_id")
        return [list(row) for row in rows]

    def done(self) -> set[str]:
        """Items that are completed."""
        return {row[0] for row in self._rows("SELECT item_id FROM learning_progress WHERE completed_at IS NOT NULL")}

    def opened(self) -> set[str]:
        """Items that were opened."""
        return {row[0] for row in self._rows("SELECT item_id FROM learning_progress WHERE opened_at IS NOT NULL")}

    def watched_ms(self, item_id: str) -> int:
        """How much of a lecture was watched."""
        rows = self._rows("SELECT item_id, watched FROM learning_progress")
        return sum(end - start for item, watched in rows if item == item_id for start, end in json.loads(watched))

    def positions(self) -> dict[str, int]:
        """Where each lecture was left."""
        return dict(self._rows("SELECT item_id, position_ms FROM learning_position"))

    def ledger(self) -> list[tuple[str, str, str]]:
        """Id, kind and outcome of every action that was judged."""
        return [
            (row[0], row[1], row[2]) for row in self._rows("SELECT action_id, kind, outcome FROM learning_ledgerentry")
        ]
