"""Downloads as the learner decides on them: what it takes, the queue, and what is on this computer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from desktop.models import state
from desktop.models.courses import item_assets, items
from desktop.models.files import assets, download_files, downloads
from desktop.models.outbox import pending
from desktop.models.queue import (
    FAILED,
    PAUSED,
    QUEUED,
    READY,
    RUNNING,
    put_in_order,
    queue_views,
    settle_finished,
    waiting_ids,
)
from desktop.models.rules import keep_rules, read_rules
from desktop.models.shared_files import drop_files, needed
from desktop.models.store import Store
from desktop.models.views import DownloadPlan, DownloadRules, DownloadsView
from desktop.services.course_state import course_of_item, not_enrolled, not_found, not_here
from protocol.ids import new_uuid7
from protocol.manifest import CourseManifest

WEEK, ITEM, COURSE = "week", "item", "course"


class Downloads:
    """The download queue and the space it takes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self) -> DownloadsView:
        """The queue."""
        with self._store.read() as connection:
            return DownloadsView(queue_views(connection, {}), read_rules(connection))

    def plan_week(self, course_id: str, number: int) -> DownloadPlan:
        """What a week would take. Raises ``Problem``: not_enrolled, not_here (the manifest has not come), not_found."""
        return self._plan(course_id, WEEK, str(number))

    def plan_item(self, item_id: str) -> DownloadPlan:
        """What an item would take. Raises as ``plan_week``."""
        return self._plan(self._course(item_id), ITEM, item_id)

    def plan_course(self, course_id: str) -> DownloadPlan:
        """What a whole course would take. Raises as ``plan_week``."""
        return self._plan(course_id, COURSE, "")

    def queue_week(self, course_id: str, number: int) -> None:
        """Download a week. Raises as ``plan_week``."""
        self._queue(course_id, WEEK, str(number))

    def queue_item(self, item_id: str) -> None:
        """Download an item. Raises as ``plan_week``."""
        self._queue(self._course(item_id), ITEM, item_id)

    def queue_course(self, course_id: str) -> None:
        """Download a whole course. Raises as ``plan_week``."""
        self._queue(course_id, COURSE, "")

    def pause(self, download_id: str) -> None:
        """Stop for now; what arrived is kept."""
        self._change(download_id, (QUEUED, RUNNING), PAUSED)

    def resume(self, download_id: str) -> None:
        """Go on with a paused or failed entry."""
        with self._store.write({"downloads"}) as connection:
            _requeue(connection, download_id)

    def cancel(self, download_id: str) -> None:
        """Take an entry out of the queue. Files that are here stay; parts of files go, unless somebody wants them."""
        with self._store.write({"downloads", "courses"}) as connection:
            mine = select(download_files.c.sha256).where(download_files.c.download_id == download_id)
            parts = set(connection.execute(mine).scalars())
            connection.execute(delete(downloads).where(downloads.c.id == download_id))
            _forget_failures(connection, parts)
        left = needed(self._store)
        if left is not None:
            drop_files(self._store, parts - left.coming, only_parts=True)

    def move(self, download_id: str, to: str) -> None:
        """Change the order of what is not here yet. ``to``: first, up, down, last."""
        with self._store.write({"downloads"}) as connection:
            order = waiting_ids(connection)
            if download_id not in order:
                return
            at = order.index(download_id)
            order.remove(download_id)
            order.insert({"first": 0, "up": max(0, at - 1), "down": at + 1, "last": len(order)}[to], download_id)
            put_in_order(connection, order)

    def clear_finished(self) -> None:
        """Take entries that are ready out of the list. Their files stay."""
        with self._store.write({"downloads"}) as connection:
            connection.execute(delete(downloads).where(downloads.c.state == READY))

    def change_rules(self, changes: Mapping[str, Any]) -> DownloadRules:
        """Change some of the rules (fields of ``DownloadRules``); returns them all."""
        with self._store.write({"downloads", "rules"}, durable=True) as connection:
            rules = replace(read_rules(connection), **changes)
            keep_rules(connection, rules)
        return rules

    def _change(self, download_id: str, states: tuple[str, ...], to: str) -> None:
        with self._store.write({"downloads", "courses"}) as connection:
            statement = update(downloads).where(downloads.c.id == download_id, downloads.c.state.in_(states))
            connection.execute(statement.values(state=to))

    def _course(self, item_id: str) -> str:
        with self._store.read() as connection:
            return course_of_item(connection, item_id)

    def _plan(self, course_id: str, scope: str, key: str) -> DownloadPlan:
        with self._store.read() as connection:
            title, rows = self._files(connection, course_id, scope, key)
            floor = read_rules(connection).floor
        free = self._store.bytes_free(floor)
        missing = [row.size for row in rows if row.state != READY]
        return DownloadPlan(
            title=title,
            files=len(rows),
            bytes_missing=sum(missing),
            bytes_total=sum(row.size for row in rows),
            bytes_free=free,
            fits=sum(missing) <= free,
        )

    def _queue(self, course_id: str, scope: str, key: str) -> None:
        with self._store.write({"downloads", "courses"}) as connection:
            self.enqueue(connection, course_id, scope, key)

    def enqueue(self, connection: Connection, course_id: str, scope: str, key: str) -> str:
        """In the caller's transaction: put a scope at the end of the queue, or have what is there of it go on. Returns
        its id. Raises as ``plan_week``."""
        title, rows = self._files(connection, course_id, scope, key)
        name = f"{scope}:{key}"
        found = select(downloads.c.id).where(downloads.c.course_id == course_id, downloads.c.scope == name)
        download_id = connection.execute(found).scalar()
        if download_id is None:
            download_id = new_uuid7()
            last = connection.execute(select(func.max(downloads.c.position))).scalar() or 0
            values = {"course_id": course_id, "scope": name, "title": title, "position": last + 1}
            now = self._store.clock.now()
            connection.execute(insert(downloads).values(id=download_id, state=QUEUED, made_at=now, **values))
        files = [
            {"download_id": download_id, "sha256": row.sha256, "position": number} for number, row in enumerate(rows)
        ]
        if files:
            connection.execute(upsert(download_files).on_conflict_do_nothing(), files)
        _requeue(connection, download_id)
        settle_finished(connection)
        return str(download_id)

    def _files(self, connection: Connection, course_id: str, scope: str, key: str) -> tuple[str, list[Any]]:
        """The title and the files of a scope, in the order of study, each once."""
        enrolled = state.enrolled(connection, pending(connection)).get(course_id)
        if enrolled is None:
            raise not_enrolled()
        manifest = self._store.manifest(connection, enrolled.enrollment.version)
        if manifest is None:
            raise not_here()
        query = (
            select(
                item_assets.c.sha256,
                item_assets.c.size,
                func.min(func.coalesce(items.c.position, -1)).label("place"),
                func.max(assets.c.state).label("state"),
            )
            .outerjoin(items, (items.c.version == item_assets.c.version) & (items.c.item_id == item_assets.c.item_id))
            .join(assets, assets.c.sha256 == item_assets.c.sha256)
            .where(item_assets.c.version == enrolled.enrollment.version)
            .group_by(item_assets.c.sha256, item_assets.c.size)
            .order_by("place")
        )
        if scope == WEEK:
            query = query.where(items.c.week == int(key))
        elif scope == ITEM:
            query = query.where(items.c.item_id == key)
        return _title(manifest, scope, key), list(connection.execute(query).all())


def _title(manifest: CourseManifest, scope: str, key: str) -> str:
    if scope == WEEK:
        title = next((week.title for week in manifest.weeks if str(week.number) == key), None)
    elif scope == ITEM:
        title = next((item.title for item in manifest.items() if item.id == key), None)
    else:
        title = manifest.title
    if title is None:
        raise not_found()
    return title


def _requeue(connection: Connection, download_id: str) -> None:
    statement = update(downloads).where(downloads.c.id == download_id, downloads.c.state.in_((PAUSED, FAILED, READY)))
    connection.execute(statement.values(state=QUEUED, problem="", way_out=""))
    files = select(download_files.c.sha256).where(download_files.c.download_id == download_id)
    _forget_failures(connection, connection.execute(files).scalars().all())


def _forget_failures(connection: Connection, hashes: Collection[str]) -> None:
    """What failed may be tried again."""
    failed = update(assets).where(assets.c.sha256.in_(hashes), assets.c.state == "failed")
    connection.execute(failed.values(state="missing", problem=""))
