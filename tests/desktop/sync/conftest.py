"""A learner signed in at the scriptable server, with a store, an api and a gateway."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.clock import SystemClock
from desktop.models.content_folder import content_folder
from desktop.services.services import Services, open_services
from desktop.sync.gateway import Gateway
from tests.desktop.course import Course, make_course
from tests.desktop.sync.program_server import ProgramServer


class MemorySecrets:
    """A place for secrets that is gone with the test."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def read(self, user: str) -> str | None:
        """The secret."""
        return self.kept.get(user)

    def write(self, user: str, secret: str) -> None:
        """Keep it."""
        self.kept[user] = secret

    def forget(self, user: str) -> None:
        """Remove it."""
        self.kept.pop(user, None)

    def note(self) -> None:
        """Nothing to say."""


class Installation:
    """A data folder with somebody signed in."""

    def __init__(self, home: Path, program: ProgramServer) -> None:
        self.home = home
        self.clock = SystemClock()
        self.program = program
        self.services: Services | None = None
        self.content = content_folder(home, home / "assets")
        self.gateway = Gateway(
            home,
            self.content,
            self.clock,
            MemorySecrets(),
            lambda server: self.program.url,
            lambda: "",
            lambda: self.services,
        )
        learner = self.gateway.sign_in("http://127.0.0.1:1", "ada@example.org", "a password")
        self.account_id = learner.account_id
        self.open()

    def open(self) -> Services:
        """Open (again, as after a start)."""
        self.services = open_services(self.home, self.account_id, self.clock, lambda kinds: None, self.content)
        return self.services

    @property
    def store(self) -> Services:
        """The services, open."""
        assert self.services is not None
        return self.services

    def close(self) -> None:
        """End."""
        if self.services is not None:
            self.services.close()
        self.gateway.close()


@pytest.fixture
def course() -> Course:
    """Two weeks."""
    return make_course()


@pytest.fixture
def program(course: Course) -> Iterator[ProgramServer]:
    """The server, with one course."""
    with ProgramServer((course,)).running() as running:
        yield running


@pytest.fixture
def install(tmp_path: Path, program: ProgramServer) -> Iterator[Callable[[str], Installation]]:
    """Makes installations."""
    made: list[Installation] = []

    def make(name: str = "one") -> Installation:
        made.append(Installation(tmp_path / name, program))
        return made[-1]

    yield make
    for installation in made:
        installation.close()


@pytest.fixture
def one(install: Callable[[str], Installation]) -> Installation:
    """One installation, enrolled in nothing."""
    return install("one")
