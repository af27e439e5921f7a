"""Connections to SQLite, set up once and for all: see the SQLite traps in docs/architecture.md."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from desktop.errors import Problem, disk_full, folder_unusable, mark

BUSY_MS = 5000
DAMAGED = "database_damaged"
ROOM_NEEDED = 128 * 1024
"""Bytes below which a disk is full for SQLite: its log and the index of that begin with this much."""
WRITER = "haversack_writer"
"""Execution option of connections that will write: they take the write lock when they begin, not half-way."""


def make_engine(file: Path, synchronous: str) -> Engine:
    """An engine for ``file``. ``synchronous``: NORMAL for what the server can give again, FULL for the learner's own
    work, which must survive a power cut as soon as it was acknowledged."""
    # Parameters hold what learners write: they must not get into a message, and from there into the log.
    engine = create_engine(URL.create("sqlite", database=str(file)), pool_size=6, max_overflow=10, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, record: Any) -> None:  # noqa: ARG001
        # The driver's own transactions begin too late (lost updates); the "begin" event below begins them.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITER, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def damaged(detail: str) -> Problem:
    """The file holds what SQLite cannot read."""
    return Problem(
        DAMAGED,
        mark("Haversack's data on this computer is damaged."),
        mark("It can be repaired from its own copy and from your program: start Haversack again."),
        detail=detail,
    )


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < ROOM_NEEDED
    except OSError:
        return False


def problem_of(error: DBAPIError | sqlite3.Error, folder: Path) -> Problem | None:
    """What to tell a person of a failure of SQLite on a file in ``folder``; None for what can only be a bug."""
    original = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(original, sqlite3.Error):
        return None
    code = getattr(original, "sqlite_errorcode", 0) & 0xFF
    detail = str(original)
    if code == sqlite3.SQLITE_FULL:
        return disk_full(detail)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damaged(detail)
    if code == sqlite3.SQLITE_BUSY:
        return Problem(
            "database_busy", mark("Haversack's data is in use by another program."), mark("Try again."), detail=detail
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM):
        # SQLite calls it an I/O error when it is the index of its log that finds no room.
        return disk_full(detail) if _is_full(folder) else folder_unusable(detail)
    return None
