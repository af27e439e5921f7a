"""How a change of a feed becomes rows. One entry per kind; the only code that writes the server's columns."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from msgspec import structs
from sqlalchemy import Connection, Table, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from desktop.models import learning
from desktop.models.catalog import catalog_entries, catalog_groups, pack_keys
from desktop.models.files import unknown_changes
from desktop.models.manifest_rows import add_assets
from desktop.models.work import practice_results
from protocol import feeds
from protocol import learning as wire
from protocol.catalog import CatalogEntry, CatalogGroup, PackKey
from protocol.feeds import LEARNER_FEED, Change
from protocol.manifest import Asset
from protocol.wire import Wire, WireError, decode

log = logging.getLogger(__name__)
Row = dict[str, Any]


@dataclass(frozen=True)
class Target:
    """Where changes of a kind go. ``key`` is the column that holds the change's id; ``told`` what is said to have
    changed."""

    body: type[Wire]
    table: Table
    key: str
    told: str
    row: Callable[[Any], Row] = structs.asdict


def _entry_row(entry: CatalogEntry) -> Row:
    return {
        "program_id": entry.program_id,
        "course_id": entry.course_id,
        "position": entry.position,
        "title": entry.title,
        "picture": entry.picture,
        "entry": entry,
    }


TARGETS: dict[str, Target] = {
    wire.ENROLLMENT: Target(wire.Enrollment, learning.enrollments, "id", "enrollments"),
    wire.SAVED_COURSE: Target(wire.SavedCourse, learning.saved_courses, "course_id", "enrollments"),
    wire.PROGRESS: Target(wire.Progress, learning.progress, "item_id", "progress"),
    wire.POSITION: Target(wire.Position, learning.positions, "item_id", "positions"),
    wire.NOTE: Target(wire.Note, learning.notes, "id", "notes"),
    wire.ATTEMPT: Target(wire.Attempt, learning.attempts, "id", "attempts"),
    wire.GRADE: Target(wire.Grade, learning.grades, "item_id", "grades"),
    wire.DEADLINE: Target(wire.Deadline, learning.deadlines, "item_id", "deadlines"),
    feeds.CATALOG_ENTRY: Target(CatalogEntry, catalog_entries, "course_id", "catalog", _entry_row),
    feeds.CATALOG_GROUP: Target(CatalogGroup, catalog_groups, "id", "catalog"),
    feeds.PACK_KEY: Target(PackKey, pack_keys, "id", "pack_keys"),
}


def apply_changes(connection: Connection, feed: str, changes: Iterable[Change]) -> set[str]:
    """Write changes in the caller's transaction. Returns what kinds of data are different.

    What this version does not understand is kept for a newer one (``adopt_known``).
    """
    rows: dict[str, dict[str, Row]] = {}
    gone: dict[str, set[str]] = {}
    unknown: list[Row] = []
    for change in changes:
        target = TARGETS.get(change.kind)
        row: Row | None = None
        if target is not None and not change.deleted:
            row = _row(target, change)
        if target is not None and change.deleted:
            rows.get(change.kind, {}).pop(change.id, None)
            gone.setdefault(change.kind, set()).add(change.id)
        elif row is not None:
            gone.get(change.kind, set()).discard(change.id)
            rows.setdefault(change.kind, {})[change.id] = row
        else:
            body = None if change.deleted else bytes(change.body)
            unknown.append(
                {"feed": feed, "kind": change.kind, "id": change.id, "revision": change.revision, "body": body}
            )
    told: set[str] = set()
    for kind, ids in gone.items():
        told |= _remove(connection, feed, TARGETS[kind], ids)
        _outlived(connection, feed, kind, ids)
    for kind, found in rows.items():
        _outlived(connection, feed, kind, found)
        _write(connection, TARGETS[kind].table, list(found.values()))
        told.add(TARGETS[kind].told)
    _write(connection, unknown_changes, unknown)
    _follow_up(connection, rows)
    return told


def _outlived(connection: Connection, feed: str, kind: str, ids: Collection[str]) -> None:
    """What was not understood of these is older than what is now: a newer version of ours must not bring it back."""
    kept = unknown_changes.c
    connection.execute(delete(unknown_changes).where(kept.feed == feed, kept.kind == kind, kept.id.in_(ids)))


def _row(target: Target, change: Change) -> Row | None:
    try:
        body = decode(change.body, target.body)
    except WireError as error:
        log.warning("a change of kind %s is not understood: %s", change.kind, error)
        return None
    return {**target.row(body), "revision": change.revision}


def _write(connection: Connection, table: Table, rows: list[Row]) -> None:
    if not rows:
        return
    statement = upsert(table)
    keys = [column.name for column in table.primary_key]
    values = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values), rows)


def _remove(connection: Connection, feed: str, target: Target, ids: set[str]) -> set[str]:
    if not ids:
        return set()
    statement = delete(target.table).where(target.table.c[target.key].in_(ids))
    if feed != LEARNER_FEED:
        statement = statement.where(target.table.c.program_id == feed.partition(":")[2])
    return {target.told} if connection.execute(statement).rowcount else set()


def _follow_up(connection: Connection, rows: dict[str, dict[str, Row]]) -> None:
    for row in rows.get(feeds.CATALOG_ENTRY, {}).values():
        if row["picture"]:
            # How large it is nobody said; the download finds out.
            picture = Asset(sha256=row["picture"], size=-1, media_type="image/*")
            add_assets(connection, row["course_id"], [picture])
    judged = [row["id"] for row in rows.get(wire.ATTEMPT, {}).values() if row["result"] is not None]
    if judged:
        connection.execute(delete(practice_results).where(practice_results.c.attempt_id.in_(judged)))


def forget_feed(connection: Connection, feed: str) -> set[str]:
    """Empty what a feed filled, before it is read from its beginning. Returns what kinds of data are different."""
    told: set[str] = set()
    for kind, target in TARGETS.items():
        if (kind in wire.LEARNER_KINDS) != (feed == LEARNER_FEED):
            continue
        statement = delete(target.table)
        if feed != LEARNER_FEED:
            statement = statement.where(target.table.c.program_id == feed.partition(":")[2])
        if connection.execute(statement).rowcount:
            told.add(target.told)
    connection.execute(delete(unknown_changes).where(unknown_changes.c.feed == feed))
    return told


def adopt_known(connection: Connection) -> set[str]:
    """Changes that an older version could not read and this one can."""
    kept = connection.execute(select(unknown_changes).where(unknown_changes.c.kind.in_(list(TARGETS)))).all()
    told: set[str] = set()
    for row in kept:
        target = TARGETS[row.kind]
        body = None if row.body is None else bytes(row.body)
        where = (unknown_changes.c.feed == row.feed, unknown_changes.c.kind == row.kind, unknown_changes.c.id == row.id)
        try:
            values = None if body is None else {**target.row(decode(body, target.body)), "revision": row.revision}
        except WireError:
            continue
        connection.execute(delete(unknown_changes).where(*where))
        keys = [target.table.c[target.key] == row.id]
        known = connection.execute(select(target.table.c.revision).where(*keys)).scalar()
        if known is not None and known >= row.revision:
            continue
        connection.execute(delete(target.table).where(*keys))
        if values is not None:
            connection.execute(insert(target.table).values(**values))
        told.add(target.told)
    return told
