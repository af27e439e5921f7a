"""A real program server on this computer, and learners on computers of their own who take its courses."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.figures import CannotMeasureError
from desktop.clock import SystemClock
from desktop.services.services import Services, open_services
from desktop.sync.gateway import Gateway
from desktop.sync.rounds import Rounds
from desktop.sync.secrets import FileSecrets

PASSWORD = "a phrase that is long enough"
ROOT = Path(__file__).resolve().parent.parent

PROGRAM = """\
id = "school"
name = "School"
organization = "Open School"
welcome = "Welcome."
support_email = "support@example.org"
admin_email = "admin@example.org"

[brand]
name = "Open School"
accent = "#2f6f5e"

[[groups]]
title = "All"
courses = [{courses}]

[[invitations]]
email = "ada@example.org"
name = "Ada"
token = "come-in"
"""
"""What ``program.toml`` says."""


class Served(NamedTuple):
    """Where the server listens, and an invitation of Ada's."""

    port: int
    link: str


def write_program(folder: Path, courses: Sequence[str]) -> None:
    """``program.toml`` for courses that lie in ``folder / "courses"``."""
    folder.mkdir(parents=True, exist_ok=True)
    quoted = ", ".join(f'"{name}"' for name in courses)
    (folder / "program.toml").write_text(PROGRAM.format(courses=quoted), encoding="utf-8")


@contextmanager
def serving(program: Path, home: Path) -> Iterator[Served]:
    """The program server with ``program`` loaded, as the desktop starts it for itself: its data in SQLite in ``home``.

    Raises:
        CannotMeasureError: it does not start.
    """
    command = [sys.executable, "-m", "server", "serve", "--embedded", "--home", str(home), "--port", "0"]
    command += ["--until-stdin-closes", "--load", str(program)]
    home.mkdir(parents=True, exist_ok=True)
    with (home / "errors.log").open("wb+") as errors:
        server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
        try:
            assert server.stdout is not None
            if not (line := server.stdout.readline()):
                raise CannotMeasureError(f"the server did not start: {(home / 'errors.log').read_text()[-500:]}")
            ready = json.loads(line)
            yield Served(int(ready["url"].rpartition(":")[2]), ready["invitations"][0]["url"])
        finally:
            server.communicate()  # closing its standard input ends it


class Account:
    """A learner on a computer of their own: store, gateway and rounds, without a window."""

    def __init__(self, home: Path, port: int) -> None:
        home.mkdir(parents=True)
        self._home, self._opened = home, list[Services]()
        self.address = f"http://127.0.0.1:{port}"
        self.gateway = Gateway(
            home,
            home / "assets",
            SystemClock(),
            FileSecrets(home),
            lambda _: self.address,
            lambda: "",
            lambda: self._opened[0] if self._opened else None,
        )

    def join(self, link: str) -> None:
        """As somebody new."""
        learner = self.gateway.join_new(self.gateway.read_invitation(link), "Ada", PASSWORD)
        self._open(learner.account_id)

    def sign_in(self) -> None:
        """As who joined on another computer."""
        self._open(self.gateway.sign_in(self.address, "ada@example.org", PASSWORD).account_id)

    def _open(self, account_id: str) -> None:
        services = open_services(self._home, account_id, SystemClock(), lambda _: None, self._home / "assets")
        self._opened.append(services)
        self.rounds = Rounds(
            services.store, self.gateway.api_of(account_id), self.gateway.installation(account_id), self._home
        )

    @property
    def services(self) -> Services:
        """Of who is signed in."""
        return self._opened[0]

    def sync(self) -> None:
        """Rounds until nothing is left to fetch."""
        while self.rounds.make(lambda: False).unfinished:
            pass

    def close(self) -> None:
        """End."""
        for services in self._opened:
            services.close()
        self.gateway.close()

    def take_all(self) -> None:
        """Enroll in every course of the catalog, and sync."""
        program = self.services.learner.view().programs[0].id
        for tile in self.services.catalog.view(program).tiles:
            self.services.enrollment.enroll(program, tile.course_id)
        self.sync()
