"""Which files weeks of courses are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, func, select, tuple_

from desktop.models.courses import item_assets, items
from desktop.models.files import assets

AT_ONCE = 400
"""Pairs in one statement; SQLite takes some tens of thousands of values, older ones 999."""

VersionWeek = tuple[str, int]
"""A version of a course and the number of a week of it."""


def files_of(connection: Connection, wanted: Collection[VersionWeek]) -> Iterator[Any]:
    """Rows of version, week, sha256, size, bulky, state, ready_at: each file once for each week that needs it."""
    pairs = sorted(wanted)
    for begin in range(0, len(pairs), AT_ONCE):
        some = tuple_(items.c.version, items.c.week).in_(pairs[begin : begin + AT_ONCE])
        yield from connection.execute(
            select(
                items.c.version,
                items.c.week,
                item_assets.c.sha256,
                func.max(item_assets.c.size).label("size"),
                func.max(item_assets.c.bulky).label("bulky"),
                func.max(func.coalesce(assets.c.state, "missing")).label("state"),
                func.max(assets.c.ready_at).label("ready_at"),
            )
            .join(item_assets, (items.c.version == item_assets.c.version) & (items.c.item_id == item_assets.c.item_id))
            .outerjoin(assets, assets.c.sha256 == item_assets.c.sha256)
            .where(some)
            .group_by(items.c.version, items.c.week, item_assets.c.sha256)
        )
