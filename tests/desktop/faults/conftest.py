"""The whole program with its real window, over real files and real HTTP to a server that can be spoiled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import Haversack
from desktop.config import Config
from desktop.sync.secrets import Secrets
from protocol import learning
from tests.desktop.course import Course, make_course
from tests.desktop.sync.conftest import MemorySecrets
from tests.desktop.sync.program_server import ProgramServer
from tests.journeys.driver import Driver

PASSWORD = "a long enough phrase"


class Learner(Driver):
    """A driver of a program that is begun here, and ended before the next begins."""

    def __init__(self, program: Haversack) -> None:
        super().__init__(program.window)
        self.program = program

    def said(self) -> list[str]:
        """The lines under the header."""
        return [line.text.text() for line in self.program.window.notices.lines()]

    def chip(self) -> str:
        """What the sync chip says."""
        return self.program.window.status.sync.text()

    def join(self) -> None:
        """From the invitation's page to the home."""
        self.click("invitationNew")
        self.type("passwordField", PASSWORD)
        self.click("joinButton")
        self.wait(lambda: self.program.desk.learner is not None, "the store to open")
        self.synced()

    def synced(self) -> None:
        """Wait until nothing is left to send or read."""
        self.wait(lambda: self.program.desk.status.state == "up_to_date", "the sync to be up to date")


class House:
    """Starts programs on one data folder, one after the other. They share what they keep secret."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.secrets = MemorySecrets()
        self.learners: list[Learner] = []

    def start(
        self, link: str = "", *, secrets: Callable[[], Secrets] | None = None, system_secrets: bool = False
    ) -> Learner:
        """Begin, with the window shown. ``system_secrets``: as on the computer itself, which has no keyring here."""
        self.home.mkdir(parents=True, exist_ok=True)
        chosen = None if system_secrets else secrets or (lambda: self.secrets)
        program = Haversack(Config(home=self.home, link=link), secrets=chosen, watch_network=False)
        program.window.resize(1180, 780)
        program.window.show()
        self.learners.append(Learner(program))
        handle = program.window.windowHandle()
        self.learners[-1].wait(handle.isExposed, "the window to be on the screen: what is laid out before moves again")
        return self.learners[-1]

    def end(self) -> None:
        """End the program that runs."""
        while self.learners:
            program = self.learners.pop().program
            program.close()
            program.window.close()
            program.window.deleteLater()
            program.deleteLater()

    @property
    def database(self) -> Path:
        """The learner's database."""
        return self.home / "learners" / "learner-1" / "haversack.db"


@pytest.fixture
def course() -> Course:
    """Two weeks."""
    return make_course()


@pytest.fixture
def server(course: Course) -> Iterator[ProgramServer]:
    """The server, with one course in which the learner is enrolled."""
    made = ProgramServer((course,))
    made.put(learning.ENROLLMENT, course.enrollment().id, course.enrollment())
    with made.running() as running:
        yield running


@pytest.fixture
def house(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[House]:
    """An empty data folder."""
    made = House(tmp_path / "home")
    yield made
    made.end()
