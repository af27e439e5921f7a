"""Sync in the background: one thread pushes and pulls, two download; a status for the screen."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from desktop.clock import Clock
from desktop.errors import Problem, as_problem, started_offline
from desktop.models.storage_views import FolderView
from desktop.models.trip_views import AutomaticDone
from desktop.models.views import DownloadView, SyncRound, SyncStatus
from desktop.sync import housekeeping, policy
from desktop.sync.downloads import DownloadQueue
from desktop.sync.file_check import FileCheck
from desktop.sync.folder_keeper import FolderKeeper
from desktop.sync.gateway import Gateway, HasStore
from desktop.sync.push import counts
from desktop.sync.rounds import Rounds
from desktop.sync.status import StatusBoard

log = logging.getLogger(__name__)

DOWNLOAD_THREADS = 2
RULED_BY = frozenset({"rules", "progress", "grades", "enrollments", "courses", "trips"})
"""Kinds of data after whose change there may be something to do by the learner's rules."""
SETTLE_S = 0.15
"""After something was done, others that come with it (a position, a note) are waited for this long: one batch."""


class SyncWorker(QObject):
    """Lives in the UI thread; works in threads of its own.

    Signals:
        status_changed: a ``SyncStatus``.
        downloads_changed: a ``tuple[DownloadView, ...]`` of what is under way, at most ten times a second.
        folder_changed: a ``FolderView``: where the files of courses lie, and how far they are on their way elsewhere.
        weeks_removed: a ``tuple[RemovedWeek, ...]`` of what a rule of the learner removed.
    """

    status_changed = Signal(object)
    downloads_changed = Signal(object)
    folder_changed = Signal(object)
    weeks_removed = Signal(object)

    def __init__(
        self,
        services: HasStore,
        gateway: Gateway,
        clock: Clock,
        offline: bool = False,
        parent: QObject | None = None,
        automatic: Callable[[], AutomaticDone] = AutomaticDone,
    ) -> None:
        """``offline``: stay away from the network for this run. ``automatic`` does what the learner's rules say, and is
        called in the sync thread after a round in which something happened."""
        super().__init__(parent)
        self._store = services.store
        self._gateway = gateway
        api = gateway.api_of(services.store.account_id)
        self._rounds = Rounds(services.store, api, gateway.installation(services.store.account_id), gateway.home)
        self._offline = offline
        self._queue = DownloadQueue(self._store, gateway.fetcher, self._tell_downloads, gateway.packs)
        self._files = FileCheck(self._store)
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._folder = FolderKeeper(self._store, self._stopping, self._on_folder, self._tell_folder)
        self._untidy = False
        self._fetchable = threading.Condition()
        self._fetch_wanted = 0
        self._threads: list[threading.Thread] = []
        self._unsubscribe: Callable[[], None] = lambda: None
        self._board = StatusBoard(self._store, clock, self._tell_status)
        self._failures = 0
        self._poll_after_s = 60
        self._automatic = automatic
        self._rules_due = True

    # --- from outside --------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin. What was under way when the program last ended is put back first."""
        assert not self._threads, "a worker is started once"
        self._unsubscribe = self._store.subscribe(self._on_change)
        self._begin("haversack-folder", lambda: self._folder.loop(self._guarded))
        self._begin("haversack-sync", self._sync_loop)
        if not self._offline:
            for number in range(DOWNLOAD_THREADS):
                self._begin(f"haversack-download-{number + 1}", self._download_loop)

    def wake(self) -> None:
        """Sync now rather than at the next scheduled moment. From any thread."""
        self._woken.set()
        self._more_to_fetch()

    def look_again(self) -> None:
        """The network is another one, or the computer slept: try at once, with new connections, and soon again if it
        fails, for a network takes a moment to come up. From any thread."""
        self._gateway.start_afresh()
        self._failures = 0
        self.wake()

    def begin_to_stop(self) -> None:
        """Ask the threads to end, without waiting for them. From any thread."""
        self._unsubscribe()
        self._stopping.set()
        self._folder.wake()
        self.wake()
        self._queue.stop()

    def stop(self, deadline_ms: int = 5000) -> bool:
        """End the threads; returns False if one did not end in time. What is under way is kept for the next start."""
        self.begin_to_stop()
        until = time.monotonic() + deadline_ms / 1000
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    @Slot(bool)
    def set_metered(self, metered: bool) -> None:
        """Whether this network counts what is used."""
        self._queue.set_metered(metered)
        self._more_to_fetch()

    @property
    def status(self) -> SyncStatus:
        """What was last said."""
        return self._board.status

    @property
    def rounds(self) -> tuple[SyncRound, ...]:
        """How the last rounds of this run ended, newest first."""
        return self._board.rounds

    # --- threads -------------------------------------------------------------------------------------------------

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _on_change(self, kinds: frozenset[str]) -> None:
        if "outbox" in kinds:
            self._board.say()
            # While the network is away the schedule decides: each note must not cost a try.
            if not self._failures:
                self._woken.set()
        if kinds & RULED_BY:
            self._rules_due = True
        if "rules" in kinds:
            self._woken.set()  # what was just chosen is done at once
        if kinds & {"downloads", "courses", "catalog", "enrollments"}:
            self._queue.changed()
            self._more_to_fetch()

    def _on_folder(self, back: bool) -> None:
        """Files can be written into the folder of courses again, or cannot any more."""
        self._queue.changed()
        self._more_to_fetch()
        if back:
            self._untidy = True
            self._files.look_soon()
            if not self._failures:
                self._woken.set()

    def _more_to_fetch(self) -> None:
        with self._fetchable:
            self._fetch_wanted += 1
            self._fetchable.notify_all()

    def _sync_loop(self) -> None:
        self._board.recall()
        self._guarded(lambda: housekeeping.at_start(self._store))
        self._board.say()
        while not self._stopping.is_set():
            self._woken.clear()
            began = time.monotonic()
            problem = None if self._offline else self._guarded(self._round)
            if self._stopping.is_set():
                break
            delay = self._after(problem, time.monotonic() - began)
            if problem is None and self._rules_due:
                self._guarded(self._by_the_rules)
            self._guarded(self._look_at_files)
            if self._woken.wait(delay):
                self._stopping.wait(SETTLE_S)

    def _by_the_rules(self) -> None:
        """Only after a round that succeeded: what is removed without a network could not be fetched again."""
        self._rules_due = False
        done = self._automatic()
        if done.removed:
            self._emit(self.weeks_removed, done.removed)

    def _look_at_files(self) -> None:
        if self._untidy:
            self._untidy = False
            housekeeping.tidy_files(self._store)
        if self._files.look(self._stopping.is_set):
            housekeeping.retry_small(self._store)

    def _guarded(self, work: Callable[[], None]) -> Problem | None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 (the last resort of a thread: a bug is reported, sync goes on later)
            problem = as_problem(error, "sync")
            log.info("sync: %s", problem)
            return problem
        return None

    def _round(self) -> None:
        if self._board.failing_since is not None:
            self._board.try_again()
        elif counts(self._store)[0]:
            self._board.say(state="syncing")
        found = self._rounds.make(self._stopping.is_set)
        self._poll_after_s = found.poll_after_s
        if found.courses_came:
            self._more_to_fetch()
        if found.unfinished:
            self._woken.set()

    def _download_loop(self) -> None:
        failures = 0
        seen = -1
        away_since: float | None = None
        while not self._stopping.is_set():
            pause = self._queue.wait_s()  # it may read the store: not while others wait for the condition
            with self._fetchable:
                if self._fetch_wanted == seen:
                    self._fetchable.wait(pause)
                seen = self._fetch_wanted
            if self._stopping.is_set() or self._board.failing_since is not None:
                continue
            problem = self._guarded(self._fetch_all)
            if problem is None:
                failures, away_since = 0, None
                continue
            failures += 1
            if problem.code in policy.AWAY:
                self._woken.set()  # the chip should know as soon as we do
            away_since = away_since or time.monotonic()
            away_s = time.monotonic() - away_since
            self._stopping.wait(policy.retry_delay(problem, failures, away_s, random.random))
            seen = -1

    def _fetch_all(self) -> None:
        while not self._stopping.is_set() and self._queue.fetch_next(self._stopping.is_set):
            pass

    # --- status -------------------------------------------------------------------------------------------------

    def _after(self, problem: Problem | None, took_s: float) -> float:
        """Say how the round ended; returns seconds until the next."""
        if self._offline:
            self._board.say(state="offline", problem=started_offline())
            return policy.LONGEST_WAIT_S
        if problem is None:
            self._failures = 0
            if self._board.succeeded(took_s):
                self._more_to_fetch()
            return policy.poll_delay(self._poll_after_s, random.random)
        self._failures += 1
        delay = policy.retry_delay(problem, self._failures, self._board.begin_failing(), random.random)
        self._board.failed(problem, delay, took_s)
        return delay

    def _tell_status(self, status: SyncStatus) -> None:
        self._emit(self.status_changed, status)

    def _tell_folder(self, view: FolderView) -> None:
        self._emit(self.folder_changed, view)

    def _tell_downloads(self, views: tuple[DownloadView, ...]) -> None:
        self._emit(self.downloads_changed, views)

    def _emit(self, signal: object, value: object) -> None:
        try:
            signal.emit(value)  # type: ignore[attr-defined]
        except RuntimeError:  # the Qt half is gone: the program is ending and nobody listens
            log.debug("a status came after the end")
