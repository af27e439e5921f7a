"""Downloads steered from where one studies: a course, a week, an item; named by their scope.

A scope is ``course:``, ``week:<number>`` or ``item:<id>``. What is downloaded with something larger (an item with its
week) can be steered by itself all the same.
"""

from __future__ import annotations

from sqlalchemy import select

from desktop.models import state
from desktop.models.files import downloads
from desktop.models.outbox import pending
from desktop.models.queue import put_in_order, queue_views, waiting_ids
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
        """Free the space of a scope: see ``Storage``. What of it was still to come does not come any more.

        Raises:
            Problem: not_enrolled.
        """
        with self._store.read() as connection:
            if course_id not in state.enrolled(connection, pending(connection)):
                raise not_enrolled()
        kind, _, key = scope.partition(":")
        if kind == COURSE:
            self._storage.remove_course(course_id)
        elif kind == WEEK:
            self._storage.remove_week(course_id, int(key))
        else:
            self._storage.remove_item(course_id, key)
