"""What a new version of a course means for the large files of the one before it: they are used until what replaces
them is here, which comes by itself, and go then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from desktop.models import state
from desktop.models.courses import item_assets, items, manifests
from desktop.models.files import assets, download_files, downloads
from desktop.models.outbox import pending
from desktop.models.queue import QUEUED, READY
from protocol.ids import new_uuid7
from protocol.manifest import CourseManifest


def follow(connection: Connection, version: str, manifest: CourseManifest, now: datetime) -> None:
    """Have the files of a version that has just come fetched where those of an earlier one were asked for: entries of
    the queue hold the files of this one from now on, and a lecture that is here without an entry gets one."""
    earlier = select(manifests.c.version).where(
        manifests.c.course_id == manifest.course_id, manifests.c.version != version
    )
    if connection.execute(earlier.limit(1)).first() is None:
        return
    entries = connection.execute(select(downloads).where(downloads.c.course_id == manifest.course_id)).all()
    for entry in entries:
        _take_along(connection, entry, version)
    here = select(item_assets.c.item_id).join(assets, assets.c.sha256 == item_assets.c.sha256)
    here = here.where(item_assets.c.version.in_(earlier), item_assets.c.bulky, assets.c.state == READY)
    missing = (
        select(item_assets.c.item_id, item_assets.c.sha256)
        .join(assets, assets.c.sha256 == item_assets.c.sha256)
        .where(item_assets.c.version == version, item_assets.c.bulky, assets.c.state != READY)
        .where(item_assets.c.item_id.in_(here), item_assets.c.sha256.not_in(select(download_files.c.sha256)))
    )
    asked: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(missing):
        asked[row.item_id].append(row.sha256)
    last = connection.execute(select(func.max(downloads.c.position))).scalar() or 0
    for number, item in enumerate(item for item in manifest.items() if item.id in asked):
        values = {"course_id": manifest.course_id, "scope": f"item:{item.id}", "title": item.title, "made_at": now}
        entry_id = new_uuid7()
        connection.execute(insert(downloads).values(id=entry_id, state=QUEUED, position=last + 1 + number, **values))
        _hold(connection, entry_id, asked[item.id])


def _take_along(connection: Connection, entry: Row[tuple[object, ...]], version: str) -> None:
    """An entry holds the files of its week, item or course in ``version``; one whose item is gone stays as it is."""
    scope, _, key = entry.scope.partition(":")
    query = (
        select(item_assets.c.sha256, assets.c.state)
        .join(assets, assets.c.sha256 == item_assets.c.sha256)
        .outerjoin(items, (items.c.version == item_assets.c.version) & (items.c.item_id == item_assets.c.item_id))
        .where(item_assets.c.version == version)
        .order_by(func.coalesce(items.c.position, -1))
    )
    if scope == "week":
        query = query.where(items.c.week == int(key))
    elif scope == "item":
        query = query.where(items.c.item_id == key)
    states = {row.sha256: row.state for row in connection.execute(query)}
    if not states:
        return
    connection.execute(delete(download_files).where(download_files.c.download_id == entry.id))
    _hold(connection, entry.id, states)
    if entry.state == READY and any(found != READY for found in states.values()):
        connection.execute(update(downloads).where(downloads.c.id == entry.id).values(state=QUEUED))


def _hold(connection: Connection, entry_id: str, hashes: Iterable[str]) -> None:
    rows = [{"download_id": entry_id, "sha256": sha256, "position": n} for n, sha256 in enumerate(hashes)]
    connection.execute(upsert(download_files).on_conflict_do_nothing(), rows)


def superseded(connection: Connection) -> list[str]:
    """Large files that are here and that only earlier versions of the learner's courses have, where what replaces them
    is here too, or nothing does."""
    current = {
        course_id: found.enrollment.version
        for course_id, found in state.enrolled(connection, pending(connection)).items()
    }
    older = [
        row.version
        for row in connection.execute(select(manifests.c.version, manifests.c.course_id))
        if row.version != current.get(row.course_id, row.version)
    ]
    if not older:
        return []
    rows = connection.execute(
        select(item_assets.c.sha256, item_assets.c.item_id, manifests.c.course_id)
        .join(assets, assets.c.sha256 == item_assets.c.sha256)
        .join(manifests, manifests.c.version == item_assets.c.version)
        .where(item_assets.c.version.in_(older), item_assets.c.bulky, assets.c.state == READY)
        .where(item_assets.c.sha256.not_in(select(item_assets.c.sha256).where(item_assets.c.version.not_in(older))))
    ).all()
    waiting = {course_id: _not_here(connection, current[course_id]) for course_id in {row.course_id for row in rows}}
    kept = {row.sha256 for row in rows if row.item_id in waiting[row.course_id]}
    return sorted({row.sha256 for row in rows} - kept)


def _not_here(connection: Connection, version: str) -> set[str]:
    """Items of a version that have large files, none of which is here."""
    ready = func.max(assets.c.state == READY)
    query = (
        select(item_assets.c.item_id)
        .join(assets, assets.c.sha256 == item_assets.c.sha256)
        .where(item_assets.c.version == version, item_assets.c.bulky)
        .group_by(item_assets.c.item_id)
        .having(~ready)
    )
    return set(connection.execute(query).scalars())
