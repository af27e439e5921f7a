"""The download queue as the threads work it off: what is asked for, then what courses need offline, then pictures."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import DBAPIError

from desktop.errors import Problem
from desktop.models.content_folder import FOLDER_PROBLEMS
from desktop.models.files import assets, download_files, downloads
from desktop.models.queue import FAILED, QUEUED, RUNNING, queue_views
from desktop.models.queue_order import downloads_of, is_wanted, next_blob, next_small
from desktop.models.rules import read_rules
from desktop.models.store import Store
from desktop.models.views import DownloadRules, DownloadView
from desktop.sync import download_rules, policy, problems
from desktop.sync.blobs import BREAKS, PROGRESS, Blob, BlobFetcher, StoppedError
from desktop.sync.packs import Came, PackFetcher
from desktop.sync.postponed import Postponed
from desktop.sync.ready import mark_all_ready, mark_ready
from desktop.sync.speed import Meter
from protocol import errors
from protocol.packs import LARGEST, MOST

log = logging.getLogger(__name__)

TOLD_EVERY_S = 0.2
UNREADABLE_S = 60.0
LOOK_EVERY_S = 1.0
"""So often a blob that arrives looks whether the hours have ended."""
PERMANENT = frozenset(
    {
        "disk_full",
        "wrong_content",
        "assets_unusable",
        problems.FILE_MISSING,
        errors.NOT_FOUND,
        errors.NOT_ENROLLED,
        errors.NOT_A_MEMBER,
        errors.CONTRACT_ENDED,
    }
)
"""Failures of one file that waiting does not mend: the entry says so and the queue goes on."""
OF_ALL = policy.AWAY | {errors.SESSION_ENDED, errors.NOT_SIGNED_IN, problems.TLS, problems.TOO_NEW}
"""Failures of the way to the server: any other file would fail as well."""


def local_now() -> datetime:
    """The time of day where the learner is."""
    return datetime.now().astimezone()


class _Arriving:
    """A blob that a thread is fetching."""

    def __init__(self, entries: Sequence[str], seen: int) -> None:
        self.entries = entries
        self.bytes_done = 0
        self.counted = False
        self.seen = seen
        self.looked_at = time.monotonic()


class DownloadQueue:
    """Hands blobs to threads and writes down how they ended. Thread-safe."""

    def __init__(
        self,
        store: Store,
        fetcher: BlobFetcher,
        tell: Callable[[tuple[DownloadView, ...]], None] = lambda _: None,
        packs: PackFetcher | None = None,
        now: Callable[[], datetime] = local_now,
    ) -> None:
        """``tell`` hears how far everything is, at most five times a second; without ``packs`` small files come one
        by one; ``now`` gives the learner's time of day."""
        self._store = store
        self._fetcher = fetcher
        self._packs = packs
        self._tell = tell
        self._now = now
        self._lock = threading.Lock()
        self._telling = threading.Lock()
        self._arriving: dict[str, _Arriving] = {}
        self._meters: dict[str, Meter] = {}
        self._postponed = Postponed()
        self._singly: set[str] = set()
        self._told_at = 0.0
        self._untold = False
        self._told_hold = ""
        self._generation = 0
        self._own = threading.local()
        self._metered = False
        self._rules: DownloadRules | None = None
        """None: to be read (again) by the next thread that needs them."""

    # --- from outside --------------------------------------------------------------------------------------------

    def changed(self) -> None:
        """The learner changed the queue or its rules: what is under way may not be wanted any more. In the thread that
        changed it; what the download threads write is none of these changes."""
        if getattr(self._own, "writing", False):
            return
        with self._lock:
            self._generation += 1
            self._untold = True
            self._rules = None
        stalled = self._fetcher.stalled()
        if not stalled:
            return
        if self._fetcher.content.hold():
            self._fetcher.interrupt(stalled)
            return
        try:
            held = bool(self.hold())
            with self._store.read() as connection:
                unwanted = [sha256 for sha256 in stalled if not is_wanted(connection, sha256, held=held)]
        except Problem as problem:  # whoever made the change must not fail for this
            log.info("nothing is interrupted: %s", problem)
            return
        self._fetcher.interrupt(unwanted)

    def set_metered(self, metered: bool) -> None:
        """What kind of network this is now."""
        with self._lock:
            self._metered = metered
            self._generation += 1
            self._untold = True

    def stop(self) -> None:
        """Wake whoever waits for bytes: the program ends."""
        self._fetcher.interrupt()

    def hold(self) -> str:
        """Why the queue rests now; empty when it does not. Without a place for files not even texts come."""
        if folder := self._fetcher.content.hold():
            return folder
        rules = self._rules_now()
        with self._lock:
            metered = self._metered
        return download_rules.hold(rules, self._now(), metered=metered)

    def wait_s(self) -> float | None:
        """After so many seconds there may be something to fetch even if nothing changed; None for never."""
        try:
            change = download_rules.seconds_to_look(self._rules_now(), self._now())
        except Problem as problem:
            log.info("the rules cannot be read: %s", problem)
            change = UNREADABLE_S
        with self._lock:
            again = self._postponed.next_s()
        known = [seconds for seconds in (change, again) if seconds is not None]
        return max(1.0, min(known)) if known else None

    def fetch_next(self, stopping: Callable[[], bool]) -> bool:
        """Fetch one blob, or a pack of small ones, in the calling thread. False when there is nothing to fetch.

        Raises:
            Problem: the way to the server; the blob waits again.
        """
        batch = self._claim()
        if not batch:
            if self._untold or self.hold() != self._told_hold:
                self.tell_now()
            return False
        try:
            if len(batch) > 1:
                self._fetch_pack(batch, stopping)
            else:
                self._fetch_one(batch[0], stopping)
        except StoppedError:
            self._put_back(batch)
            log.debug("stopped: %s", batch[0].sha256[:12])
        finally:
            with self._lock:
                for blob in batch:
                    del self._arriving[blob.sha256]
            self._tell_if_due()
        return True

    def tell_now(self) -> None:
        """Say how far everything is."""
        with self._telling:  # one thread at a time: what is said last is what was seen last
            hold = self.hold()
            with self._lock:
                self._told_at, self._untold, self._told_hold = time.monotonic(), False, hold
                flowing = {sha256: found.bytes_done for sha256, found in self._arriving.items()}
            with self._store.read() as connection:
                views = queue_views(connection, flowing, self._pace, hold)
            with self._lock:
                going = {view.id for view in views if view.state == RUNNING}
                self._meters = {key: meter for key, meter in self._meters.items() if key in going}
            self._tell(tuple(view for view in views if view.state != "ready"))

    # --- inside --------------------------------------------------------------------------------------------------

    def _rules_now(self) -> DownloadRules:
        with self._lock:
            found, generation = self._rules, self._generation
        if found is not None:
            return found
        with self._store.read() as connection:
            found = read_rules(connection)
        self._fetcher.throttle.set(found.speed_limit)
        self._fetcher.floor = found.floor
        with self._lock:
            if generation == self._generation:  # else they changed while they were read
                self._rules = found
        return found

    @contextmanager
    def _write(self, kinds: set[str]) -> Iterator[Connection]:
        self._own.writing = True
        try:
            with self._store.write(kinds) as connection:
                yield connection
        finally:
            self._own.writing = False

    def _pace(self, download_id: str, missing: int) -> tuple[float, float | None]:
        now = time.monotonic()
        with self._lock:
            meter = self._meters.get(download_id)
            return (meter.speed(now), meter.seconds_left(now, missing)) if meter else (0.0, None)

    def _claim(self) -> list[Blob]:
        """What no other thread has, with its entries marked as running: a blob, or small ones that come together."""
        if self._fetcher.content.hold():
            return []
        held = bool(self.hold())
        with self._lock:
            taken = [*self._arriving, *self._postponed.now()]
            with self._store.read() as connection:
                first = next_blob(connection, taken, held=held)
                if first is None:
                    return []
                found = [first]
                if self._packs is not None and 0 < first.size <= LARGEST and first.sha256 not in self._singly:
                    apart = [*taken, *self._singly]
                    room = self._packs.room
                    found = next_small(connection, first.course_id, apart, MOST, LARGEST, room, held=held) or found
                entries = downloads_of(connection, [wanted.sha256 for wanted in found])
            batch = [Blob(wanted.sha256, wanted.size, wanted.course_id) for wanted in found]
            for blob in batch:
                self._arriving[blob.sha256] = _Arriving(entries.get(blob.sha256, ()), self._generation)
            running = set() if held else {entry for mine in entries.values() for entry in mine}
            for entry in running:
                self._meters.setdefault(entry, Meter(time.monotonic()))
        kinds: set[str] = set()
        try:
            with self._write(kinds) as connection:
                waiting = update(downloads).where(downloads.c.id.in_(running), downloads.c.state == QUEUED)
                if running and connection.execute(waiting.values(state=RUNNING, problem="", way_out="")).rowcount:
                    kinds.add("downloads")
        except (Problem, DBAPIError):
            with self._lock:
                for blob in batch:
                    del self._arriving[blob.sha256]
            raise
        return batch

    def _fetch_one(self, blob: Blob, stopping: Callable[[], bool]) -> None:
        try:
            size = self._fetcher.fetch(
                blob, lambda done: self._arrived([(blob.sha256, done)]), lambda: self._wanted(blob.sha256, stopping)
            )
        except Problem as problem:
            self._went_wrong(blob, problem)
        else:
            with self._lock:
                self._postponed.succeeded(blob.sha256)
            mark_ready(self._store, blob.sha256, size)

    def _fetch_pack(self, batch: list[Blob], stopping: Callable[[], bool]) -> None:
        assert self._packs is not None
        try:
            came = self._packs.fetch(batch, lambda: not stopping())
        except Problem as problem:
            if problem.code in ("disk_full", "assets_unusable"):
                self._failed(batch, problem)
                return
            came = Came(broken=problem)
        ready = [(blob.sha256, blob.size) for blob in batch if blob.sha256 in came.ready]
        self._arrived(ready)
        mark_all_ready(self._store, ready)
        with self._lock:
            self._singly |= came.singly
        if isinstance(came.broken, StoppedError):
            raise came.broken
        if came.broken is None or (came.broken.code in BREAKS and sum(size for _, size in ready) >= PROGRESS):
            return
        self._put_back(batch)
        if came.broken.code in FOLDER_PROBLEMS:  # the queue rests until its drive is back
            return
        if came.broken.code in OF_ALL or isinstance(came.broken, problems.Busy):
            raise came.broken
        log.info("no pack: %s", came.broken)
        with self._lock:  # the server knows no packs, or none for this learner: one by one says which
            self._singly |= {blob.sha256 for blob in batch}

    def _went_wrong(self, blob: Blob, problem: Problem) -> None:
        """Give the blob up, put it off, or say that nothing goes at the moment (raise)."""
        if problem.code in PERMANENT:
            self._failed([blob], problem)
            return
        if problem.code in OF_ALL | FOLDER_PROBLEMS:
            self._put_back([blob])
            if problem.code in OF_ALL:
                raise problem
            return  # the queue rests until its drive is back
        self._put_back([blob], problem)
        with self._lock:
            hopeless = self._postponed.failed(blob.sha256)
            others_too = self._postponed.all_fail
        if hopeless:
            self._failed([blob], problem)
        elif others_too or isinstance(problem, problems.Busy):
            raise problem

    def _arrived(self, blobs: Iterable[tuple[str, int]]) -> None:
        """So many bytes of each are here now."""
        now = time.monotonic()
        with self._lock:
            for sha256, bytes_done in blobs:
                found = self._arriving[sha256]
                # What was here from earlier runs is no speed.
                size = bytes_done - found.bytes_done if found.counted or bytes_done < 1024 * 1024 else 0
                found.bytes_done, found.counted = bytes_done, True
                for entry in found.entries:
                    if size > 0 and entry in self._meters:
                        self._meters[entry].add(now, size)
        self._tell_if_due()

    def _tell_if_due(self) -> None:
        with self._lock:
            self._untold = True
            due = time.monotonic() - self._told_at >= TOLD_EVERY_S
        if due:
            self.tell_now()

    def _wanted(self, sha256: str, stopping: Callable[[], bool]) -> bool:
        """Asked at each piece: it looks at the database only when something changed, or the hours may have ended."""
        if stopping() or self._fetcher.content.hold():
            return False
        now = time.monotonic()
        with self._lock:
            mine = self._arriving[sha256]
            if mine.seen == self._generation and now - mine.looked_at < LOOK_EVERY_S:
                return True
            changed = mine.seen != self._generation
            mine.seen, mine.looked_at = self._generation, now
            others = [found for found in self._arriving if found != sha256] + self._postponed.now()
        held = bool(self.hold())
        if not changed and not held:
            return True
        with self._store.read() as connection:
            if not is_wanted(connection, sha256, held=held):
                return False
            first = next_blob(connection, others, held=held)
        # Something was put before it: what is here of it is kept.
        return first is None or first.sha256 == sha256

    def _put_back(self, batch: Iterable[Blob], problem: Problem | None = None) -> None:
        """Entries that no other blob keeps running wait again. ``problem``: what they say meanwhile."""
        hashes = [blob.sha256 for blob in batch]
        with self._lock:
            others = {
                entry for sha256, mine in self._arriving.items() if sha256 not in hashes for entry in mine.entries
            }
        kinds: set[str] = set()
        with self._write(kinds) as connection:
            mine = select(download_files.c.download_id).where(download_files.c.sha256.in_(hashes))
            running = update(downloads).where(downloads.c.id.in_(mine), downloads.c.state == RUNNING)
            values = {"state": QUEUED}
            if problem is not None:
                values |= {"problem": problem.text, "way_out": problem.way_out}
            if connection.execute(running.where(downloads.c.id.not_in(others)).values(**values)).rowcount:
                kinds.add("downloads")

    def _failed(self, batch: Iterable[Blob], problem: Problem) -> None:
        log.warning("a file could not be fetched: %s", problem)
        hashes = [blob.sha256 for blob in batch]
        with self._write({"downloads", "assets"}) as connection:
            mine = assets.c.sha256.in_(hashes) & (assets.c.state != "ready")  # a course pack may have brought it
            connection.execute(update(assets).where(mine).values(state="failed", problem=problem.code))
            entries = select(download_files.c.download_id).where(download_files.c.sha256.in_(hashes))
            under_way = update(downloads).where(downloads.c.id.in_(entries), downloads.c.state.in_((QUEUED, RUNNING)))
            connection.execute(under_way.values(state=FAILED, problem=problem.text, way_out=problem.way_out))
