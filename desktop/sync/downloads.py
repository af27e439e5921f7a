"""The download threads: what is asked for, then what courses need to be read offline, then pictures."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy import Connection, select, update

from desktop.errors import Problem
from desktop.models.catalog import catalog_entries
from desktop.models.courses import item_assets
from desktop.models.files import assets, download_files, downloads
from desktop.models.learning import enrollments
from desktop.models.queue import FAILED, QUEUED, RUNNING, Flow, queue_views, settle_finished
from desktop.models.store import Store
from desktop.models.views import DownloadView
from desktop.sync.blobs import Blob, BlobFetcher, StoppedError

log = logging.getLogger(__name__)

TOLD_EVERY_S = 0.1
SPEED_OVER_S = 3.0
PERMANENT = frozenset({"disk_full", "wrong_content", "assets_unusable", "not_found", "not_enrolled", "not_a_member"})
"""Failures of one file that waiting does not mend: the entry says so and the queue goes on."""


class _Arriving:
    """A blob that a thread is fetching."""

    def __init__(self) -> None:
        self.bytes_done = 0
        self._marks: list[tuple[float, int]] = []

    def arrived(self, bytes_done: int, now: float) -> None:
        self.bytes_done = bytes_done
        self._marks.append((now, bytes_done))
        while len(self._marks) > 2 and now - self._marks[0][0] > SPEED_OVER_S:
            self._marks.pop(0)

    def flow(self) -> Flow:
        (first, before), (last, after) = (self._marks[0], self._marks[-1]) if self._marks else ((0.0, 0), (0.0, 0))
        return Flow(self.bytes_done, (after - before) / (last - first) if last > first else 0.0)


class DownloadQueue:
    """Hands blobs to threads and writes down how they ended. Thread-safe."""

    def __init__(
        self, store: Store, fetcher: BlobFetcher, tell: Callable[[tuple[DownloadView, ...]], None] = lambda _: None
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._tell = tell
        self._lock = threading.Lock()
        self._telling = threading.Lock()
        self._arriving: dict[str, _Arriving] = {}
        self._told_at = 0.0
        self._untold = False
        self._changed = threading.Event()

    def changed(self) -> None:
        """The learner changed the queue: what is under way may not be wanted any more."""
        self._changed.set()

    def fetch_next(self, stopping: Callable[[], bool]) -> bool:
        """Fetch one blob in the calling thread. Returns False when there is nothing to fetch.

        Raises:
            Problem: the way to the server; the blob waits again.
        """
        blob = self._claim()
        if blob is None:
            if self._untold:
                self.tell_now()
            return False
        try:
            size = self._fetcher.fetch(
                blob, lambda done: self._arrived(blob.sha256, done), lambda: self._wanted(blob.sha256, stopping)
            )
        except StoppedError:
            log.debug("stopped: %s", blob.sha256[:12])
        except Problem as problem:
            if problem.code not in PERMANENT:
                self._put_back(blob)
                raise
            self._failed(blob, problem)
        else:
            mark_ready(self._store, blob.sha256, size)
        finally:
            with self._lock:
                del self._arriving[blob.sha256]
            self._tell_if_due()
        return True

    def tell_now(self) -> None:
        """Say how far everything is."""
        with self._telling:  # one thread at a time: what is said last is what was seen last
            with self._lock:
                self._told_at, self._untold = time.monotonic(), False
                flowing = {sha256: found.flow() for sha256, found in self._arriving.items()}
            with self._store.read() as connection:
                views = queue_views(connection, flowing)
            self._tell(tuple(view for view in views if view.state != "ready"))

    def _claim(self) -> Blob | None:
        """The next blob that no other thread has, with its entries marked as running."""
        with self._lock:
            taken = list(self._arriving)
            with self._store.read() as connection:
                row = next_blob(connection, taken)
            if row is None:
                return None
            self._arriving[row.sha256] = _Arriving()
        kinds: set[str] = set()
        with self._store.write(kinds) as connection:
            mine = select(download_files.c.download_id).where(download_files.c.sha256 == row.sha256)
            waiting = update(downloads).where(downloads.c.id.in_(mine), downloads.c.state == QUEUED)
            if connection.execute(waiting.values(state=RUNNING)).rowcount:
                kinds.add("downloads")
        return row

    def _arrived(self, sha256: str, bytes_done: int) -> None:
        with self._lock:
            self._arriving[sha256].arrived(bytes_done, time.monotonic())
        self._tell_if_due()

    def _tell_if_due(self) -> None:
        with self._lock:
            self._untold = True
            due = time.monotonic() - self._told_at >= TOLD_EVERY_S
        if due:
            self.tell_now()

    def _wanted(self, sha256: str, stopping: Callable[[], bool]) -> bool:
        if stopping():
            return False
        if not self._changed.is_set():
            return True
        self._changed.clear()
        with self._store.read() as connection, self._lock:
            others = [found for found in self._arriving if found != sha256]
            # Each thread must hear of the change: whoever clears it looks for itself, the others look next time.
            if others:
                self._changed.set()
            return _is_wanted(connection, sha256)

    def _put_back(self, blob: Blob) -> None:
        with self._store.write(set()) as connection:
            mine = select(download_files.c.download_id).where(download_files.c.sha256 == blob.sha256)
            running = update(downloads).where(downloads.c.id.in_(mine), downloads.c.state == RUNNING)
            connection.execute(running.values(state=QUEUED))

    def _failed(self, blob: Blob, problem: Problem) -> None:
        log.warning("a file could not be fetched: %s", problem)
        with self._store.write({"downloads", "assets"}) as connection:
            connection.execute(
                update(assets).where(assets.c.sha256 == blob.sha256).values(state="failed", problem=problem.code)
            )
            mine = select(download_files.c.download_id).where(download_files.c.sha256 == blob.sha256)
            under_way = update(downloads).where(downloads.c.id.in_(mine), downloads.c.state.in_((QUEUED, RUNNING)))
            connection.execute(under_way.values(state=FAILED, problem=problem.text, way_out=problem.way_out))


def mark_ready(store: Store, sha256: str, size: int) -> None:
    """A blob is whole, verified and on the disk under its name: now the row may say so."""
    kinds = {"assets"}
    with store.write(kinds) as connection:
        ready = {"state": "ready", "size": size, "ready_at": store.clock.now(), "problem": ""}
        connection.execute(update(assets).where(assets.c.sha256 == sha256).values(**ready))
        if settle_finished(connection):
            kinds |= {"downloads", "courses"}


def next_blob(connection: Connection, taken: list[str]) -> Blob | None:
    """What to fetch next: the queue in its order, then small files of enrolled courses, then pictures."""
    missing = select(assets.c.sha256, assets.c.size, assets.c.course_id).where(
        assets.c.state == "missing", assets.c.sha256.not_in(taken)
    )
    queued = (
        missing.join(download_files, download_files.c.sha256 == assets.c.sha256)
        .join(downloads, downloads.c.id == download_files.c.download_id)
        .where(downloads.c.state.in_((QUEUED, RUNNING)))
        .order_by(downloads.c.position, download_files.c.position)
    )
    texts = (
        missing.join(item_assets, item_assets.c.sha256 == assets.c.sha256)
        .join(enrollments, enrollments.c.version == item_assets.c.version)
        .where(item_assets.c.bulky.is_(False), enrollments.c.state != "unenrolled")
        .order_by(enrollments.c.enrolled_at.desc(), assets.c.size)
    )
    pictures = missing.join(catalog_entries, catalog_entries.c.picture == assets.c.sha256).order_by(
        catalog_entries.c.position
    )
    for query in (queued, texts, pictures):
        row = connection.execute(query.limit(1)).first()
        if row is not None:
            return Blob(row.sha256, row.size, row.course_id)
    return None


def soon_wanted(connection: Connection, course_id: str) -> list[str]:
    """Missing blobs of a course that will be fetched without being asked for again."""
    in_queue = (
        select(download_files.c.sha256)
        .join(downloads, downloads.c.id == download_files.c.download_id)
        .where(downloads.c.state.in_((QUEUED, RUNNING)))
    )
    small = (
        select(item_assets.c.sha256)
        .join(enrollments, enrollments.c.version == item_assets.c.version)
        .where(item_assets.c.bulky.is_(False), enrollments.c.state != "unenrolled")
    )
    rows = connection.execute(
        select(assets.c.sha256)
        .where(assets.c.course_id == course_id, assets.c.state == "missing")
        .where(assets.c.sha256.in_(in_queue) | assets.c.sha256.in_(small))
    )
    return list(rows.scalars())


def _is_wanted(connection: Connection, sha256: str) -> bool:
    """Whether any entry under way, or reading offline, needs the blob."""
    row = connection.execute(
        select(downloads.c.id)
        .join(download_files, download_files.c.download_id == downloads.c.id)
        .where(download_files.c.sha256 == sha256, downloads.c.state.in_((QUEUED, RUNNING)))
    ).first()
    if row is not None:
        return True
    bulky = connection.execute(select(item_assets.c.bulky).where(item_assets.c.sha256 == sha256)).scalars().all()
    return not bulky or not all(bulky)
