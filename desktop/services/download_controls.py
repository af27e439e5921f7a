"""Downloads steered from where one studies: a course, a week, an item; named by their scope.

A scope is ``course:``, ``week:<number>`` or ``item:<id>``. What is downloaded with something larger (an item with its
week) can be steered by itself all the same.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, update

from desktop.models import state
from desktop.models.courses import item_assets, items
from desktop.models.files import assets, download_files, downloads
from desktop.models.outbox import pending
from desktop.models.queue import put_in_order, queue_views, settle_finished, waiting_ids
from desktop.models.shared_files import drop_files
from desktop.models.store import Store
from desktop.models.views import DownloadView
from desktop.services.course_state import not_enrolled
from desktop.services.downloads import COURSE, ITEM, WEEK, Downloads
from desktop.services.storage import Storage

AT_ONCE = 500
"""Hashes in one statement."""


class DownloadControls:
    """See the module."""

    def __init__(self, store: Store, queue: Downloads, storage: Storage) -> None:
        self._store = store
        self._queue = queue
        self._storage = storage

    def entries(self, course_id: str) -> tuple[DownloadView, ...]:
        """What the queue has of a course, finished ones as well, in the queue's order."""
        with self._store.read() as connection:
            return tuple(view for view in queue_views(connection, {}) if view.course_id == course_id)

    def fetch(self, course_id: str, scope: str) -> None:
        """Download, or have what is there of it go on.

        Raises:
            Problem: not_enrolled, not_here (the manifest has not come), not_found.
        """
        kind, _, key = scope.partition(":")
        if kind == WEEK:
            self._queue.queue_week(course_id, int(key))
        elif kind == ITEM:
            self._queue.queue_item(key)
        else:
            self._queue.queue_course(course_id)

    def fetch_next(self, course_id: str, scope: str) -> None:
        """Download before everything else. Raises as ``fetch``."""
        self.fetch(course_id, scope)
        mine = select(downloads.c.id).where(downloads.c.course_id == course_id, downloads.c.scope == scope)
        with self._store.read() as connection:
            download_id = connection.execute(mine).scalar()
        if download_id is not None:
            self._queue.move(download_id, "first")

    def put(self, download_id: str, number: int) -> None:
        """Give an entry that is not here yet another place among those: 0 is the first."""
        with self._store.write({"downloads"}) as connection:
            order = waiting_ids(connection)
            if download_id in order:
                order.remove(download_id)
                order.insert(max(0, number), download_id)
                put_in_order(connection, order)

    def remove(self, course_id: str, scope: str) -> None:
        """Free the space of a scope: lectures and large files. Texts, transcripts and quizzes are small and stay; so
        do files that something outside of the scope needs. What of it was still to come with something larger does not
        come any more.

        Raises:
            Problem: not_enrolled.
        """
        kind, _, key = scope.partition(":")
        if kind == COURSE:
            self._storage.remove_course(course_id)
            return
        with self._store.write({"downloads", "assets", "courses"}) as connection:
            gone = self._only_of(
                connection, course_id, items.c.week == int(key) if kind == WEEK else items.c.item_id == key
            )
            mine = downloads.c.course_id == course_id
            connection.execute(
                delete(downloads).where(mine, downloads.c.scope.in_(self._within(connection, kind, key)))
            )
            values = {"state": "missing", "ready_at": None, "mtime_ns": None, "problem": ""}
            larger = select(downloads.c.id).where(mine)
            for begin in range(0, len(gone), AT_ONCE):
                some = gone[begin : begin + AT_ONCE]
                connection.execute(update(assets).where(assets.c.sha256.in_(some)).values(**values))
                # Whatever larger they came with would fetch them again, or be taken for one that has changed.
                taken = delete(download_files).where(download_files.c.sha256.in_(some))
                connection.execute(taken.where(download_files.c.download_id.in_(larger)))
            settle_finished(connection)
        drop_files(self._store, gone)

    def _only_of(self, connection: Connection, course_id: str, mine: ColumnElement[bool]) -> list[str]:
        enrolled = state.enrolled(connection, pending(connection)).get(course_id)
        if enrolled is None:
            raise not_enrolled()
        version = enrolled.enrollment.version
        here = (items.c.version == item_assets.c.version) & (items.c.item_id == item_assets.c.item_id)
        of_scope = select(item_assets.c.sha256).join(items, here).where(items.c.version == version, mine)
        # What belongs to no item (a file of the course) has no row in items: it counts as outside.
        outside: Any = select(item_assets.c.sha256).outerjoin(items, here)
        outside = outside.where((item_assets.c.version == version) & (items.c.item_id.is_(None) | ~mine))
        own = select(items.c.version).where(items.c.course_id == course_id)
        others = select(item_assets.c.sha256).where(item_assets.c.version.not_in(own))
        found = of_scope.where(
            item_assets.c.bulky, item_assets.c.sha256.not_in(outside), item_assets.c.sha256.not_in(others)
        )
        return list(connection.execute(found.distinct()).scalars())

    @staticmethod
    def _within(connection: Connection, kind: str, key: str) -> list[str]:
        """The scope itself, and those of the items of a week."""
        scopes = [f"{kind}:{key}"]
        if kind == WEEK:
            inside = connection.execute(select(items.c.item_id).where(items.c.week == int(key)).distinct())
            scopes += [f"{ITEM}:{item_id}" for item_id in inside.scalars()]
        return scopes
