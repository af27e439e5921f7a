"""The real program server with the sample program, a copy for each test; and installations of the real client."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from desktop.clock import SystemClock
from desktop.config import resources
from desktop.models.views import LearnerView
from desktop.services.services import Services, open_services
from desktop.sync.gateway import Gateway
from desktop.sync.secrets import FileSecrets
from tests.server_process import ServerProcess

PASSWORD = "correct horse battery staple"
EMAIL = "learner@example.org"


class Serving(Protocol):
    """What an installation is told of a server."""

    @property
    def url(self) -> str:
        """Where it answers."""

    @property
    def invitations(self) -> list[dict[str, str]]:
        """Open ones."""


class Client:
    """One installation. Nobody is signed in at first."""

    def __init__(self, home: Path, server: Serving) -> None:
        home.mkdir(parents=True)
        self.home = home
        self.server = server
        self.clock = SystemClock()
        self._services: Services | None = None
        self.gateway = Gateway(
            home,
            home / "assets",
            self.clock,
            FileSecrets(home),
            lambda _: server.url,
            lambda: server.invitations[0]["url"],
            lambda: self._services,
        )

    def enter(self, learner: LearnerView) -> Services:
        """Open the store of who signed in."""
        self._services = open_services(
            self.home, learner.account_id, self.clock, lambda kinds: None, self.home / "assets"
        )
        return self._services

    def join(self) -> Services:
        """Accept the sample program's invitation as somebody new."""
        invitation = self.gateway.read_invitation("sample")
        return self.enter(self.gateway.join_new(invitation, "Ada", PASSWORD))

    def sign_in(self) -> Services:
        """Sign in as who joined before."""
        return self.enter(self.gateway.sign_in("sample", EMAIL, PASSWORD))

    @property
    def services(self) -> Services:
        """Of who is signed in."""
        assert self._services is not None
        return self._services

    def close(self) -> None:
        """End, as a program that is closed."""
        if self._services is not None:
            self._services.close()
            self._services = None
        self.gateway.close()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server's folder with the sample program loaded; the server has ended."""
    home = tmp_path_factory.mktemp("loaded") / "server"
    with ServerProcess(home, [resources() / "sample"]):
        pass
    return home


@pytest.fixture
def server(loaded: Path, tmp_path: Path) -> Iterator[ServerProcess]:
    """A running server of this test alone."""
    home = tmp_path / "server"
    shutil.copytree(loaded, home)
    process = ServerProcess(home, [resources() / "sample"]).start()
    yield process
    if process.running:
        process.stop()


@pytest.fixture
def client(server: ServerProcess, tmp_path: Path) -> Iterator[Callable[[str], Client]]:
    """Makes installations."""
    made: list[Client] = []

    def make(name: str) -> Client:
        made.append(Client(tmp_path / name, server))
        return made[-1]

    yield make
    for one in made:
        one.close()
