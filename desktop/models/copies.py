"""Copies of the database: one a day, and one before each migration."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from datetime import datetime
from pathlib import Path

log = logging.getLogger(__name__)

COPIES = "copies"
COPIES_KEPT = 3


def copy_file(file: Path, name: str) -> Path:
    """A consistent copy of the database in the folder ``copies`` beside it; whole or not there.

    Raises:
        sqlite3.Error: the file cannot be read, or there is no room.
        OSError: the folder cannot be written.
    """
    target = file.parent / COPIES / name
    target.parent.mkdir(exist_ok=True, mode=0o700)
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)  # what is in it is the learner's own
    try:
        with contextlib.closing(sqlite3.connect(file)) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def daily_copy(file: Path, now: datetime) -> Path | None:
    """The copy of the day, if there is none yet; older ones beyond ``COPIES_KEPT`` go. Raises as ``copy_file``."""
    name = f"day-{now:%Y%m%d}.db"
    if (file.parent / COPIES / name).exists():
        return None
    made = copy_file(file, name)
    for old in sorted(made.parent.glob("day-*.db"))[:-COPIES_KEPT]:
        old.unlink(missing_ok=True)
    return made


def forget_older(file: Path) -> None:
    """Of the copies made before migrations the newest few stay; what a kill left of one goes."""
    folder = file.parent / COPIES
    for old in [*sorted(folder.glob("before-*.db"), key=_made_at)[:-COPIES_KEPT], *folder.glob("*.part")]:
        with contextlib.suppress(OSError):
            old.unlink(missing_ok=True)


def _made_at(copy: Path) -> float:
    return copy.stat().st_mtime


def newest_first(file: Path) -> list[Path]:
    """The copies that exist, newest first."""
    return sorted((file.parent / COPIES).glob("*.db"), key=_made_at, reverse=True)


def is_whole(file: Path) -> bool:
    """Whether SQLite can read every page."""
    try:
        with contextlib.closing(sqlite3.connect(file)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.Error:
        return False


def revision_of(file: Path) -> str | None:
    """The schema's revision; None for a file without any table.

    Raises:
        sqlite3.DatabaseError: not a database, or one that is not ours.
    """
    with contextlib.closing(sqlite3.connect(file, timeout=5)) as connection:
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if row is None:
            raise sqlite3.DatabaseError("no revision")
        return str(row[0])
