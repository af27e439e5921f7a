"""Devices of learners: the real store, services, push and pull of the desktop, over a wire that fails."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from desktop.errors import Problem
from desktop.models.opening import open_store
from desktop.models.outbox import SENDING, WAITING
from desktop.models.server_facts import read_facts
from desktop.models.session_file import read_session
from desktop.models.store import DATABASE_NAME
from desktop.models.work import outbox
from desktop.services.services import Services, open_services
from desktop.sync import content
from desktop.sync.checking_in import check_in
from desktop.sync.gateway import Gateway
from desktop.sync.pull import pull_feed
from desktop.sync.push import push
from protocol.feeds import LEARNER_FEED
from tests.contract.model.network import DiedError, Network, Wire
from tests.desktop.hand_clock import HandClock
from tests.desktop.sync.conftest import MemorySecrets
from tests.server.api import PASSWORD

SERVER = "http://127.0.0.1:1"
ZONES = ("Europe/Rome", "Asia/Kolkata", "America/New_York", "Pacific/Auckland", "UTC")


class DeviceClock(HandClock):
    """A clock that is set wrong, started anew and carried around the world."""

    def move_to(self, zone: str) -> None:
        """The learner travels."""
        self._zone = zone

    def started_anew(self) -> None:
        """The computer was: its monotonic clock begins again."""
        self.ticks = 1000


class Device:
    """An installation of a learner's. ``media``: the folder of blobs, which holds everything already."""

    def __init__(self, home: Path, media: Path, network: Network, email: str, now: datetime) -> None:
        self.home, self.email = home, email
        self._media = media
        self._secrets = MemorySecrets()
        self.clock = DeviceClock(now)
        self.wire = Wire(network)
        self._services: Services | None = None
        home.mkdir(parents=True, exist_ok=True)
        self.gateway = self._connect()

    def sign_in(self, pristine: Path) -> None:
        """As somebody does at a new computer. ``pristine``: an empty database to begin with, for the speed of it."""
        learner = self.gateway.sign_in(SERVER, self.email, PASSWORD)
        folder = self.home / "learners" / learner.account_id
        folder.mkdir(parents=True)
        shutil.copy(pristine, folder / DATABASE_NAME)
        self._open()

    def copied(self, home: Path, network: Network, now: datetime) -> Device:
        """The same installation with all it knows, in another folder; this one is closed."""
        shutil.copytree(self.home, home)
        other = Device(home, self._media, network, self.email, now)
        other._secrets.kept |= self._secrets.kept
        other._open()
        return other

    @property
    def services(self) -> Services:
        """Of the learner."""
        assert self._services is not None
        return self._services

    def _connect(self) -> Gateway:
        gateway = Gateway(
            self.home,
            self._media,
            self.clock,
            self._secrets,
            lambda _server: SERVER,
            lambda: "",
            lambda: self._services,
        )
        transport = gateway._client._transport()
        session = transport._session

        def wired() -> object:
            found = session()
            found.mount("http://", self.wire)
            return found

        transport._session = wired  # type: ignore[method-assign, assignment]
        return gateway

    def _open(self) -> None:
        session = read_session(self.home)
        assert session is not None
        self._services = open_services(self.home, session.account_id, self.clock, lambda _kinds: None, self._media)

    def started_anew(self) -> None:
        """The program ends, however, and starts."""
        self.close()
        self.gateway = self._connect()
        self._open()

    def close(self) -> None:
        """End."""
        if self._services is not None:
            self._services.close()
            self._services = None
        self.gateway.close()

    def time_passes(self, step: timedelta) -> None:
        """On both clocks."""
        self.clock.go(seconds=step.total_seconds())

    @property
    def is_new(self) -> bool:
        """Whether it never checked in."""
        with self.services.store.read() as connection:
            return not read_facts(connection).place

    def check_in(self) -> None:
        """As in the worker's round, over a good network."""
        account = self.services.store.account_id
        check_in(self.services.store, self.gateway.api, self.gateway.installation(account))

    # --- the network's side --------------------------------------------------------------------------------------

    def sync(self) -> bool:
        """A round of the worker's, in this thread. Returns whether it got to its end."""
        return self._over_the_wire(self._round)

    def sync_all(self) -> bool:
        """The same, with what is seldom asked: memberships and catalogs."""
        return self._over_the_wire(self._whole_round)

    def push_only(self) -> bool:
        """Send, and get no further."""
        return self._over_the_wire(self._push)

    def pull_only(self) -> bool:
        """Read before anything is sent. The worker does not do that, and it must not matter."""
        return self._over_the_wire(self._pull)

    def _push(self) -> None:
        push(self.services.store, self.gateway.api, self.gateway.device.id, lambda: False)

    def _pull(self) -> None:
        pull_feed(self.services.store, self.gateway.api, LEARNER_FEED, lambda: False)

    def _round(self) -> None:
        self._push()
        self._pull()
        content.fetch_manifests(self.services.store, self.gateway.api, lambda: False)

    def _whole_round(self) -> None:
        store, api = self.services.store, self.gateway.api
        self._round()
        content.refresh_memberships(store, api, self.home)
        for feed in content.program_feeds(store):
            pull_feed(store, api, feed, lambda: False)

    def _over_the_wire(self, work: Callable[[], None]) -> bool:
        try:
            work()
        except DiedError:
            self.wire.coming.clear()
            self.started_anew()
            return False
        except Problem as problem:
            self.wire.coming.clear()
            if problem.code in ("session_ended", "not_signed_in"):
                self.gateway.sign_in(SERVER, self.email, PASSWORD)
            return False
        self.wire.coming.clear()
        return True

    def unsent(self) -> int:
        """How many actions the server has yet to judge."""
        with self.services.store.read() as connection:
            states = list(connection.execute(select(outbox.c.state)).scalars())
        return sum(state in (WAITING, SENDING) for state in states)


def pristine_database(folder: Path, now: datetime) -> Path:
    """An empty database of a learner, closed."""
    store, _ = open_store(folder, HandClock(now), folder / "assets")
    store.close()
    return folder / DATABASE_NAME
