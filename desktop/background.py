"""The only place that starts threads for work: four lanes, results delivered in the UI thread.

The *store* lane is one thread, so that what is asked of the database keeps its order. The *network* lane is a few
threads, so that a slow server holds up nobody else. The *pictures* lane decodes, so that neither waits for the other.
The *checks* lane reads files for minutes, and whoever hands it work ends that in time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop.errors import Problem, as_problem

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

log = logging.getLogger(__name__)
T = TypeVar("T")


class Lane(Enum):
    """Where work runs."""

    STORE = "store"
    NETWORK = "network"
    PICTURES = "pictures"
    CHECKS = "checks"


THREADS = {Lane.STORE: 1, Lane.NETWORK: 4, Lane.PICTURES: 2, Lane.CHECKS: 1}


class Job:
    """A piece of work under way. Its owner may forget it: then nobody is told how it ended."""

    def __init__(self, done: Callable[[Any], None] | None, failed: Callable[[Problem], None] | None) -> None:
        self._done = done
        self._failed = failed
        self.forgotten = False
        self.finished = False
        self.release: Callable[[], None] = lambda: None
        """Called in the UI thread once nobody waits for the result any more; whoever ties the job to something that
        lives longer sets it to cut that tie."""
        self._value: Any = None
        self._problem: Problem | None = None

    def forget(self) -> None:
        """The result is no longer wanted. The work itself goes on: a write must not be cut in half."""
        self.forgotten = True
        self._done = self._failed = None
        self._let_go()

    def _let_go(self) -> None:
        release, self.release = self.release, lambda: None
        release()

    def work(self, work: Callable[[], Any]) -> None:
        """Run in a thread of the lane. Every failure becomes a ``Problem``."""
        try:
            self._value = work()
        except Exception as error:  # noqa: BLE001 (the last resort of every thread: a bug is reported, never lost)
            self._problem = as_problem(error, "a job")

    def deliver(self) -> Problem | None:
        """Run in the UI thread. Returns the problem if nobody wanted it."""
        self.finished = True
        self._let_go()
        if self.forgotten:
            return None
        done, failed = self._done, self._failed
        self._done = self._failed = None
        if self._problem is None:
            if done is not None:
                done(self._value)
            return None
        if failed is None:
            return self._problem
        failed(self._problem)
        return None


class TaskRunner(QObject):
    """Runs work in lanes. Create it in the UI thread and call it from there.

    ``problem_unhandled`` is emitted for a failure whose caller gave no ``failed``.
    """

    problem_unhandled = Signal(object)
    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pools: dict[Lane, ThreadPoolExecutor] = {}
        self._jobs: set[Job] = set()
        self._closed = False
        self._home = threading.get_ident()
        # Queued even from here: work that is done before ``submit`` returns must not answer before its caller goes on.
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def submit(
        self,
        lane: Lane,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Problem], None] | None = None,
    ) -> Job:
        """Run ``work`` in ``lane``; then call ``done`` or ``failed`` in the UI thread.

        After ``shutdown`` nothing is taken any more: the job comes back forgotten.
        """
        assert threading.get_ident() == self._home, "work is handed over in the UI thread"
        job = Job(done, failed)
        if self._closed:
            job.forget()
            return job
        self._jobs.add(job)
        future: Future[None] = self._pool(lane).submit(job.work, work)
        future.add_done_callback(lambda _: self._emit(job))
        return job

    def _pool(self, lane: Lane) -> ThreadPoolExecutor:
        from concurrent.futures import ThreadPoolExecutor  # once there is work, which is after the first paint

        if lane not in self._pools:
            name = f"haversack-{lane.value}"
            self._pools[lane] = ThreadPoolExecutor(max_workers=THREADS[lane], thread_name_prefix=name)
        return self._pools[lane]

    def _emit(self, job: Job) -> None:
        try:
            self._finished.emit(job)
        except RuntimeError:  # the runner's Qt half is gone: the program is ending and nobody listens
            log.debug("a result came after the end")

    @Slot(object)
    def _deliver(self, job: Job) -> None:
        self._jobs.discard(job)
        problem = job.deliver()
        if problem is not None:
            self.problem_unhandled.emit(problem)

    def busy(self) -> bool:
        """Whether any work waits or runs."""
        return bool(self._jobs)

    def shutdown(self) -> None:
        """Forget what is wanted, let running work finish, drop network work that has not begun. Blocks."""
        self._closed = True
        for job in self._jobs:
            job.forget()
        for lane in (Lane.PICTURES, Lane.CHECKS, Lane.NETWORK, Lane.STORE):
            if lane in self._pools:
                # What the learner did is in the store lane: all of it is written before the program ends.
                self._pools[lane].shutdown(wait=True, cancel_futures=lane is not Lane.STORE)
        self._jobs.clear()
