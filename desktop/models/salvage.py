"""What is taken out of a damaged database: what the learner did and no server could give again."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.models.outbox import AGAIN, AHEAD, APPLIED, REFUSED, SENDING, SET_ASIDE, SETTLED, WAITING
from desktop.models.pages import StoredRow, Value, stored_rows
from protocol.wire import WireError, decode

log = logging.getLogger(__name__)

Row = dict[str, Value]
STATES = (SET_ASIDE, REFUSED, AHEAD, WAITING, SENDING, APPLIED, AGAIN, SETTLED)
"""Of actions, from what the server knows least of to what it certainly has."""


@dataclass(frozen=True)
class Work:
    """A table of the learner's own work.

    Attributes:
        key: the columns that name a row.
        rowid: the column that is the integer key, empty when none is.
        fits: whether values that lie on a page are a row of this table.
        age: of two rows with the same key the greater one is kept.
    """

    table: str
    key: tuple[str, ...]
    fits: Callable[[Row], bool]
    age: Callable[[Row], Any]
    rowid: str = ""


def _is_action(row: Row) -> bool:
    texts = (row.get("id"), row.get("kind"), row.get("subject"), row.get("zone"))
    known = all(isinstance(text, str) and text for text in texts[:3]) and isinstance(texts[3], str)
    return known and _is_json(row, "body", b"{") and row.get("state") in STATES and _is_moment(row, "made_at")


def _is_moment(row: Row, name: str) -> bool:
    return isinstance(row.get(name), int)


def _saved_at(row: Row) -> int:
    found = row.get("saved_at")
    return found if isinstance(found, int) else 0


def _is_json(row: Row, name: str, begin: bytes) -> bool:
    """Damage in the middle of a long value shows only here."""
    found = row.get(name)
    if not isinstance(found, bytes) or not found.startswith(begin):
        return False
    try:
        decode(found, object)
    except WireError:
        return False
    return True


OWN_WORK = (
    Work("outbox", ("id",), _is_action, lambda row: STATES.index(str(row["state"])), "sequence"),
    Work(
        "drafts",
        ("item_id",),
        lambda row: (
            isinstance(row.get("item_id"), str) and _is_json(row, "answers", b"[") and _is_moment(row, "saved_at")
        ),
        _saved_at,
    ),
    Work(
        "note_drafts",
        ("item_id", "note_id"),
        lambda row: (
            all(isinstance(row.get(name), str) for name in ("item_id", "note_id", "text", "label", "quote"))
            and _is_moment(row, "saved_at")
        ),
        _saved_at,
    ),
    Work(
        "practice_results",
        ("attempt_id",),
        lambda row: isinstance(row.get("item_id"), str) and _is_json(row, "result", b"{"),
        lambda row: 0,  # noqa: ARG005 (a result never changes)
    ),
    Work(
        "work_files",
        ("reference",),
        lambda row: (
            isinstance(row.get("reference"), str)
            and isinstance(row.get("receipt_key"), bytes)
            and _is_moment(row, "made_at")
        ),
        lambda row: row.get("answered_at") is not None,
    ),
)


def salvage(damaged: Path, into: Path) -> int:
    """Carry the learner's own work over into a good database; returns how many rows of it are there afterwards.

    A table that can be read to its end is the truth, also about what is not in it any more. Of one that cannot be, all
    rows are taken that SQLite still reaches from either end, and those that lie on pages to which no way leads any
    more; what ``into`` (a copy of yesterday, perhaps) has beside them stays, and of two states of one
    thing the later one counts.
    """
    # An empty file is opened by nobody: SQLite would throw away the log beside it.
    openable = damaged.exists() and damaged.stat().st_size > 0
    lying: list[StoredRow] | None = None
    with contextlib.closing(sqlite3.connect(into)) as target:
        for work in OWN_WORK:
            own = _columns(target, work.table)
            rows, columns, whole = _reached(damaged, work, own) if openable else ([], own, False)
            if not whole:
                lying = _lying(damaged) if lying is None else lying
                found = (_named(row, work, columns) for row in lying)
                rows += [row for row in found if row is not None]
            with contextlib.suppress(sqlite3.DatabaseError):
                _bring(target, work, rows, own, whole=whole)
        target.commit()
        counts = [target.execute(f"SELECT count(*) FROM {work.table}").fetchone()[0] for work in OWN_WORK]  # noqa: S608
    return int(sum(counts))


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def _reached(damaged: Path, work: Work, known: list[str]) -> tuple[list[Row], list[str], bool]:
    """What SQLite reads of a table, the order of its columns, and whether that is all of it."""
    rows: dict[int, Row] = {}
    columns = known
    try:
        with contextlib.closing(sqlite3.connect(damaged)) as source:
            columns = _columns(source, work.table) or known
            query = f"SELECT rowid, * FROM {work.table}"  # noqa: S608 (names from the list above)
            if _read(source, f"{query} ORDER BY rowid", columns, rows):
                return list(rows.values()), columns, True
            _read(source, f"{query} ORDER BY rowid DESC", columns, rows)
    except sqlite3.DatabaseError as error:
        log.warning("could not read all of %s from the damaged file: %s", work.table, error)
    return list(rows.values()), columns, False


def _read(source: sqlite3.Connection, query: str, columns: list[str], rows: dict[int, Row]) -> bool:
    """Add what a query gives before it fails; returns whether it came to its end."""
    try:
        for found in source.execute(query):
            rows[found[0]] = dict(zip(columns, found[1:], strict=False))
    except sqlite3.DatabaseError:
        return False
    return True


def _lying(damaged: Path) -> list[StoredRow]:
    try:
        return list(stored_rows(damaged))
    except OSError as error:
        log.warning("could not read the damaged file: %s", error)
        return []


def _named(row: StoredRow, work: Work, columns: list[str]) -> Row | None:
    """A row that lies somewhere, if it is one of this table. Rows from before a column was added are shorter."""
    if not 0 < len(row.values) <= len(columns):
        return None
    named = dict(zip(columns, row.values, strict=False))
    if work.rowid:
        named[work.rowid] = row.rowid
    return named if work.fits(named) else None


def _bring(target: sqlite3.Connection, work: Work, rows: list[Row], own: list[str], *, whole: bool) -> None:
    names = ", ".join(own)
    there = [dict(zip(own, row, strict=True)) for row in target.execute(f"SELECT {names} FROM {work.table}")]  # noqa: S608
    kept: dict[tuple[Value, ...], Row] = {}
    for row in rows if whole else there + rows:
        if not work.fits(row):
            continue
        key = tuple(row.get(name) for name in work.key)
        if key not in kept or work.age(row) >= work.age(kept[key]):
            kept[key] = row
    target.execute(f"DELETE FROM {work.table}")  # noqa: S608
    taken: set[Value] = set()
    for row in _in_order(kept, work):
        values = {name: row[name] for name in own if name in row}
        if work.rowid and values[work.rowid] in taken:
            del values[work.rowid]  # two actions of different times under one number: the order of what follows
        taken.add(values.get(work.rowid))
        marks = ", ".join("?" * len(values))
        statement = f"INSERT INTO {work.table} ({', '.join(values)}) VALUES ({marks})"  # noqa: S608
        target.execute(statement, list(values.values()))


def _in_order(kept: dict[tuple[Value, ...], Row], work: Work) -> Iterator[Row]:
    rows = kept.values()
    return iter(sorted(rows, key=lambda row: int(row[work.rowid] or 0)) if work.rowid else rows)
