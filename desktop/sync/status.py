"""How the sync stands, kept in one place and told to the screen. Thread-safe."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from desktop.clock import Clock
from desktop.errors import DISK_FULL, Problem
from desktop.models.engine import DAMAGED
from desktop.models.files import contacts
from desktop.models.store import Store
from desktop.models.views import SyncRound, SyncStatus
from desktop.sync import policy, problems
from desktop.sync.push import counts
from protocol import errors

log = logging.getLogger(__name__)

ROUNDS_KEPT = 50
ATTENTION = frozenset(
    {
        errors.SESSION_ENDED,
        errors.NOT_SIGNED_IN,
        errors.PROTOCOL_TOO_OLD,
        problems.TLS,
        problems.NOT_OURS,
        problems.TOO_NEW,
        problems.CAPTIVE,
        problems.PROXY,
        problems.PROXY_PASSWORD,
        problems.PROXY_SOCKS,
        problems.PROXY_SCRIPT,
        problems.MOVED,
        problems.BLOCKED,
        DISK_FULL,
        DAMAGED,
        "folder_unusable",
        "bug",
    }
)
"""Failures that only the learner can mend."""


def state_after(problem: Problem) -> str:
    """What a failed round makes of the state: ``attention`` where the learner is needed, ``offline`` where nobody was
    reached, ``held_up`` where the server was and says that it cannot at the moment."""
    if problem.code in ATTENTION:
        return "attention"
    if isinstance(problem, problems.Refusal) and problem.status < 500 and problem.retry_after_s is None:
        return "attention" if problem.status != 429 else "held_up"  # it is well, and says no
    return "offline" if problem.code in policy.AWAY else "held_up"


class StatusBoard:
    """Keeps what was last said and says what is new.

    Attributes:
        failing_since: when the failures that last until now began: wall clock and monotonic seconds; None if all is
            well.
    """

    def __init__(self, store: Store, clock: Clock, publish: Callable[[SyncStatus], None]) -> None:
        """``publish`` is called with every new status, in whatever thread brought it."""
        self._store = store
        self._clock = clock
        self._publish = publish
        self._lock = threading.Lock()
        self._order = threading.RLock()
        self._status = SyncStatus()
        self._succeeded = False
        self._rounds: deque[SyncRound] = deque(maxlen=ROUNDS_KEPT)
        self.failing_since: tuple[datetime, float] | None = None

    @property
    def status(self) -> SyncStatus:
        """What was last said."""
        return self._status

    @property
    def rounds(self) -> tuple[SyncRound, ...]:
        """The last rounds of this run, newest first."""
        return tuple(reversed(self._rounds))

    def recall(self) -> None:
        """Take over when an earlier run last reached the server."""
        try:
            with self._store.read() as connection:
                at = connection.execute(select(contacts.c.wall_at)).scalar()
        except Problem as problem:
            log.info("the last contact is not known: %s", problem)
            return
        with self._lock:
            if self._status.last_success is None:
                self._status = SyncStatus(last_success=at)

    def failed(self, problem: Problem, delay: float, took_s: float) -> None:
        """A round ended with a problem; the next try comes after ``delay`` seconds."""
        self._rounds.append(SyncRound(self._clock.now(), round(took_s * 1000), problem.code))
        self.say(state=state_after(problem), problem=problem, delay=delay)

    def begin_failing(self) -> float:
        """Note since when it fails, if this is the first time. Returns the seconds since then."""
        self.failing_since = self.failing_since or (self._clock.now(), time.monotonic())
        return time.monotonic() - self.failing_since[1]

    def succeeded(self, took_s: float) -> bool:
        """A round ended well. Returns whether it had failed before."""
        recovered = self.failing_since is not None
        self.failing_since = None
        self._rounds.append(SyncRound(self._clock.now(), round(took_s * 1000)))
        self.say(succeeded=True)
        return recovered

    def try_again(self) -> None:
        """A round begins although the last one failed."""
        self.say(trying=True)

    def say(
        self,
        *,
        state: str = "",
        problem: Problem | None = None,
        delay: float | None = None,
        succeeded: bool = False,
        trying: bool = False,
    ) -> None:
        """Tell the screen. Without a state: as it follows from what waits and how the last round ended."""
        with self._order:  # what was counted or said later is also published later
            self._say(state, problem, delay, succeeded=succeeded, trying=trying)

    def _say(self, state: str, problem: Problem | None, delay: float | None, *, succeeded: bool, trying: bool) -> None:
        now = self._clock.now()
        off = self._store.contact.clock_off_s
        known = self._counts()
        with self._lock:
            last = self._status
            self._succeeded |= succeeded
            waiting, refused = known or (last.waiting, last.refused)
            if problem is None and not succeeded and state != "syncing" and self.failing_since is not None:
                trying = trying or last.trying
                found = (last.state, last.code, last.text, last.way_out, None if trying else last.next_try)
            elif problem is not None:
                next_try = now + timedelta(seconds=delay) if delay is not None else None
                found = (state, problem.code, problem.text, problem.way_out, next_try)
                trying = False
            else:
                found = (state or self._calm_state(waiting, refused), "", "", "", None)
                trying = False
            status = SyncStatus(
                state=found[0],
                waiting=waiting,
                refused=refused,
                last_success=now if succeeded else last.last_success,
                since=self.failing_since[0] if self.failing_since else None,
                next_try=found[4],
                code=found[1],
                text=found[2],
                way_out=found[3],
                clock_off_s=off,
                trying=trying,
            )
            self._status = status
        self._publish(status)

    def _counts(self) -> tuple[int, int] | None:
        """None while the store cannot be read: why is said by whoever needed it, and the thread must go on."""
        try:
            return counts(self._store)
        except Problem as problem:
            log.info("nothing could be counted: %s", problem)
            return None

    def _calm_state(self, waiting: int, refused: int) -> str:
        if refused:
            return "attention"
        if waiting:
            return "waiting"
        return "up_to_date" if self._succeeded else "syncing"
