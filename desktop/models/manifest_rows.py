"""Keeping a course version: its bytes, and the rows that lists and downloads need of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, update
from sqlalchemy.dialects.sqlite import insert as upsert

from desktop.models.courses import item_assets, items, manifests
from desktop.models.files import assets
from desktop.models.new_version import follow
from protocol.manifest import Asset, CourseManifest, assets_by_hash, assets_of

BULKY_BYTES = 3_000_000
"""A file beside the items that is larger comes only when it is asked for."""

COURSE_FILES = ""
"""Stands for an item id where files belong to the course as a whole."""


def keep_manifest(
    connection: Connection,
    version: str,
    body: bytes,
    manifest: CourseManifest,
    now: datetime,
    *,
    enrolled: bool = True,
) -> None:
    """Keep a version that was verified. Keeping it twice changes nothing. ``enrolled``: whether the learner is."""
    values = {"course_id": manifest.course_id, "title": manifest.title, "partner": manifest.partner, "fetched_at": now}
    statement = upsert(manifests).values(version=version, body=body, **values).on_conflict_do_nothing()
    if not connection.execute(statement).rowcount:
        return
    rows = _item_rows(version, manifest)
    if rows:
        connection.execute(insert(items), rows)
    links = _asset_rows(version, manifest)
    if links:
        connection.execute(insert(item_assets), links)
    add_assets(connection, manifest.course_id, manifest.assets)
    if not enrolled:
        return
    # This course gives addresses, which another one of them may not any more.
    mine = assets.c.sha256.in_([asset.sha256 for asset in manifest.assets])
    connection.execute(update(assets).where(mine, assets.c.state != "ready").values(course_id=manifest.course_id))
    follow(connection, version, manifest, now)


def add_assets(connection: Connection, course_id: str, wanted: Iterable[Asset]) -> None:
    """Make blobs known; those that are known stay as they are."""
    rows = [
        {
            "sha256": asset.sha256,
            "size": asset.size,
            "media_type": asset.media_type,
            "course_id": course_id,
            "state": "missing",
        }
        for asset in wanted
    ]
    if rows:
        connection.execute(upsert(assets).on_conflict_do_nothing(), rows)


def _item_rows(version: str, manifest: CourseManifest) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for week in manifest.weeks:
        for module in week.modules:
            for lesson in module.lessons:
                rows += [
                    {
                        "version": version,
                        "item_id": item.id,
                        "course_id": manifest.course_id,
                        "position": len(rows) + number,
                        "week": week.number,
                        "kind": item.kind,
                        "title": item.title,
                        "minutes": item.minutes,
                        "required": item.required,
                        "weight": item.weight,
                        "due_day": item.due_day,
                    }
                    for number, item in enumerate(lesson.items)
                ]
    return rows


def _asset_rows(version: str, manifest: CourseManifest) -> list[dict[str, Any]]:
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    by_hash = assets_by_hash(manifest)
    for item in manifest.items():
        media = {variant.asset for variant in item.video.variants} if item.video else set()
        for asset in assets_of(item, manifest, by_hash):
            rows[item.id, asset.sha256] = {"bulky": asset.sha256 in media, "size": asset.size}
    for resource in manifest.resources:
        found = by_hash.get(resource.asset) if resource.asset else None
        if found is not None:
            rows[COURSE_FILES, found.sha256] = {"bulky": found.size > BULKY_BYTES, "size": found.size}
    return [
        {"version": version, "item_id": item_id, "sha256": sha256, **values}
        for (item_id, sha256), values in rows.items()
    ]
