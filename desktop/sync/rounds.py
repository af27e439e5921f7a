"""One round of the sync: send, then read, then fetch what is small. Sending comes first: it is the learner's work."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from desktop.models.outbox import forget_settled
from desktop.models.store import Store
from desktop.sync import ahead, content, housekeeping, problems
from desktop.sync.api import Api
from desktop.sync.checking_in import Installation, check_in
from desktop.sync.pull import pull_feed
from desktop.sync.push import push
from protocol import errors
from protocol.feeds import LEARNER_FEED

MEMBERSHIPS_EVERY_S = 900.0
SETTLED_KEPT = timedelta(days=90)
SETTLED_MOST = 20_000
"""Of what was sent so many are kept at most: about 10 MB."""


@dataclass(frozen=True)
class RoundResult:
    """What a round found. ``poll_after_s``: when the server would like to be asked again; ``courses_came``: there may
    be more to download; ``unfinished``: not everything could be fetched in one round, so go on at once."""

    poll_after_s: int
    courses_came: bool
    unfinished: bool


class Rounds:
    """Makes rounds, in one thread, in the name of one learner."""

    def __init__(self, store: Store, api: Api, installation: Installation, home: Path) -> None:
        self._store = store
        self._api = api
        self._installation = installation
        self._home = home
        self._checked_in_at: float | None = None
        self._memberships_at: float | None = None
        self._tidied: date | None = None

    def make(self, stopping: Callable[[], bool]) -> RoundResult:
        """A round; broken off between requests when ``stopping`` says so.

        Raises:
            Problem: the way to the server, or the disk; what was done until then stays done.
        """
        store, api = self._store, self._api
        now = time.monotonic()
        if self._checked_in_at is None or now - self._checked_in_at > MEMBERSHIPS_EVERY_S:
            check_in(store, api, self._installation)
            self._checked_in_at = now
        due = self._memberships_at is None or now - self._memberships_at > MEMBERSHIPS_EVERY_S
        if due:
            ahead.send_again(store, api)
        self._push(stopping)
        if due:
            content.refresh_memberships(store, api, self._home)
            self._memberships_at = now
        pulled = pull_feed(store, api, LEARNER_FEED, stopping, lambda: self._look_again(stopping))
        courses_came = bool(content.fetch_manifests(store, api, stopping))
        for feed in content.program_feeds(store):
            try:
                pull_feed(store, api, feed, stopping)
            except problems.Refusal as refusal:
                if refusal.code not in (errors.NOT_A_MEMBER, errors.CONTRACT_ENDED, errors.NOT_FOUND):
                    raise
                self._memberships_at = None  # the memberships are not what they were: ask in the next round
        content.fetch_logos(store, api)
        unfinished = bool(content.fetch_descriptions(store, api, stopping)) and not stopping()
        housekeeping.keep_contact(store)
        housekeeping.once_a_day(store)
        self._tidy()
        return RoundResult(pulled.poll_after_s, courses_came, unfinished)

    def _push(self, stopping: Callable[[], bool]) -> None:
        """Send; what a restored server may have lost goes first."""
        try:
            push(self._store, self._api, self._installation.device.id, stopping)
        except problems.Refusal as refusal:
            if refusal.code != errors.SERVER_RESTORED:
                raise
            self._look_again(stopping, restored=True)

    def _look_again(self, stopping: Callable[[], bool], *, restored: bool = False) -> None:
        """The server may be in another life: see, and send what it may have lost, before its feed is read anew."""
        check_in(self._store, self._api, self._installation, restored=restored)
        push(self._store, self._api, self._installation.device.id, stopping)

    def _tidy(self) -> None:
        """Once a day."""
        now = self._store.clock.now()
        if self._tidied != now.date():
            with self._store.write(set()) as connection:
                forget_settled(connection, now - SETTLED_KEPT, SETTLED_MOST)
            housekeeping.drop_superseded(self._store)
            self._tidied = now.date()
