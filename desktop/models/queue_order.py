"""What to fetch next, and whether it is still wanted. Read by the download threads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from desktop.models.catalog import catalog_entries
from desktop.models.courses import item_assets
from desktop.models.files import assets, download_files, downloads
from desktop.models.learning import enrollments
from desktop.models.queue import QUEUED, RUNNING
from protocol.wire import encode

LIVE = (QUEUED, RUNNING)


@dataclass(frozen=True)
class Wanted:
    """A blob to fetch. ``course_id``: a course that hands it out to this learner."""

    sha256: str
    size: int
    course_id: str


def next_blob(connection: Connection, taken: Collection[str], *, held: bool = False) -> Wanted | None:
    """What to fetch next: the queue in its order, then small files of enrolled courses, then pictures.

    ``taken`` are left out. ``held``: the queue rests; only what makes courses readable comes.
    """
    queries = [_texts()] if held else [_queued(), _texts(), _pictures()]
    for query in queries:
        row = connection.execute(query.where(assets.c.sha256.not_in(_listed(taken))).limit(1)).first()
        if row is not None:
            return Wanted(row.sha256, row.size, row.course_id)
    return None


def next_small(
    connection: Connection,
    course_id: str,
    taken: Collection[str],
    most: int,
    largest: int,
    room: int,
    *,
    held: bool = False,
) -> list[Wanted]:
    """What comes together: blobs of one course that are wanted, known to be at most ``largest`` bytes, in their order;
    up to ``most`` of them or ``room`` bytes, but at least one. Another thread may have the rest."""
    found: dict[str, Wanted] = {}
    small = (assets.c.size > 0) & (assets.c.size <= largest) & assets.c.sha256.not_in(_listed(taken))
    queries: list[tuple[Select[Any], ColumnElement[bool]]] = [(_texts(), enrollments.c.course_id == course_id)]
    if not held:
        queries.insert(0, (_queued(), downloads.c.course_id == course_id))
    for query, mine in queries:
        for row in connection.execute(query.where(small, mine).limit(most)):
            if row.sha256 in found:
                continue
            room -= row.size
            if found and (room < 0 or len(found) == most):
                return list(found.values())
            found[row.sha256] = Wanted(row.sha256, row.size, row.course_id)
    return list(found.values())


def soon_wanted(connection: Connection, course_id: str, most: int = 500) -> list[str]:
    """Missing blobs of a course that will be fetched without being asked for again, in their order."""
    queries = (
        (_queued(), downloads.c.course_id == course_id),
        (_texts(), enrollments.c.course_id == course_id),
    )
    found: dict[str, None] = {}
    for query, mine in queries:
        found |= dict.fromkeys(connection.execute(query.where(mine).limit(most)).scalars())
    return list(found)[:most]


def is_wanted(connection: Connection, sha256: str, *, held: bool = False) -> bool:
    """Whether an entry under way, reading offline, or the catalog needs the blob, and it is not here: a course pack may
    have brought it meanwhile."""
    here = select(assets.c.sha256).where(assets.c.sha256 == sha256, assets.c.state == "ready")
    if connection.execute(here).first() is not None:
        return False
    if not held:
        query = _of_entries(LIVE).where(download_files.c.sha256 == sha256).limit(1)
        if connection.execute(query).first() is not None:
            return True
    bulky = connection.execute(select(item_assets.c.bulky).where(item_assets.c.sha256 == sha256)).scalars().all()
    return not all(bulky) if bulky else not held


def downloads_of(connection: Connection, hashes: Collection[str]) -> dict[str, list[str]]:
    """By blob, the entries under way that want it."""
    found: dict[str, list[str]] = {}
    rows = connection.execute(
        select(download_files.c.sha256, download_files.c.download_id)
        .join(downloads, downloads.c.id == download_files.c.download_id)
        .where(download_files.c.sha256.in_(_listed(hashes)), downloads.c.state.in_(LIVE))
    )
    for row in rows:
        found.setdefault(row.sha256, []).append(row.download_id)
    return found


def _listed(values: Collection[str]) -> Select[Any]:
    """As one parameter: a statement with thousands of hashes is compiled once, and not for each number of them."""
    found = func.json_each(encode(list(values)).decode()).table_valued("value")
    return select(found.c.value)


def _of_entries(states: tuple[str, ...]) -> Select[Any]:
    return (
        select(download_files.c.sha256)
        .join(downloads, downloads.c.id == download_files.c.download_id)
        .where(downloads.c.state.in_(states))
    )


def _queued() -> Select[Any]:
    """Whoever queued a course is enrolled in it: it is asked, and not another that has the same file."""
    return (
        select(assets.c.sha256, assets.c.size, downloads.c.course_id)
        .join(download_files, download_files.c.sha256 == assets.c.sha256)
        .join(downloads, downloads.c.id == download_files.c.download_id)
        .where(assets.c.state == "missing", downloads.c.state.in_(LIVE))
        .order_by(downloads.c.position, download_files.c.position)
    )


def _texts() -> Select[Any]:
    return (
        select(assets.c.sha256, assets.c.size, enrollments.c.course_id)
        .join(item_assets, item_assets.c.sha256 == assets.c.sha256)
        .join(enrollments, enrollments.c.version == item_assets.c.version)
        .where(assets.c.state == "missing", item_assets.c.bulky.is_(False), enrollments.c.state != "unenrolled")
        .order_by(enrollments.c.enrolled_at.desc(), assets.c.size)
    )


def _pictures() -> Select[Any]:
    return (
        select(assets.c.sha256, assets.c.size, assets.c.course_id)
        .join(catalog_entries, catalog_entries.c.picture == assets.c.sha256)
        .where(assets.c.state == "missing")
        .order_by(catalog_entries.c.position)
    )
