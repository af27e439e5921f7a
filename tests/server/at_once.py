"""Many who ask a server at the same moment: two processes on SQLite, or several connections to PostgreSQL."""

from __future__ import annotations

import http.client
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any, Protocol, TypeVar

from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from protocol.wire import encode
from server.accounts.models import User
from server.programs.models import Invitation, Membership, Program
from tests.server.api import Api
from tests.server_process import ServerProcess

WRITERS = 4
GUESTS = 60
T = TypeVar("T")
_numbers = count()


class OverHttp(Api):
    """A device that speaks to a server's process."""

    def __init__(self, server: ServerProcess) -> None:
        super().__init__()
        self._where = server.url.removeprefix("http://")

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponseBase:
        """Any request, as it is."""
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        talk = http.client.HTTPConnection(self._where, timeout=60)
        try:
            talk.request(method, path, None if body is None else encode(body), sent | headers)
            answer = talk.getresponse()
            return HttpResponse(answer.read(), status=answer.status, content_type=answer.getheader("Content-Type"))
        finally:
            talk.close()


class Crowd(Protocol):
    """A server, and what the tests need to know of it."""

    def device(self) -> Api:
        """One at which nobody is signed in."""

    def invitation(self) -> tuple[str, str]:
        """Of somebody new: token and address."""

    def licences(self, free: int) -> None:
        """So many places of the program are left."""

    def people(self, email: str) -> int:
        """Accounts with this address."""


def with_guests(folder: Path, target: Path) -> Path:
    """A copy of a program's folder with invitations."""
    shutil.copytree(folder, target)
    with (target / "program.toml").open("a") as file:
        for number in range(GUESTS):
            file.write(f'\n[[invitations]]\nemail = "g{number}@example.org"\ntoken = "guest-{number}"\n')
    return target


class Processes:
    """Two worker processes of several threads each, on SQLite."""

    def __init__(self, server: ServerProcess) -> None:
        self._server = server

    def device(self) -> Api:
        """One at which nobody is signed in."""
        return OverHttp(self._server)

    def invitation(self) -> tuple[str, str]:
        """Of somebody new: token and address."""
        number = next(_numbers)
        return f"guest-{number}", f"g{number}@example.org"

    def licences(self, free: int) -> None:
        """So many places of the program are left."""
        with closing(sqlite3.connect(self._server.home / "server.sqlite3", timeout=20)) as database, database:
            taken = "SELECT count(*) FROM programs_membership WHERE state = 'active'"
            database.execute(f"UPDATE programs_program SET licences = ({taken}) + ?", (free,))

    def people(self, email: str) -> int:
        """Accounts with this address."""
        with closing(sqlite3.connect(self._server.home / "server.sqlite3", timeout=20)) as database:
            query = "SELECT count(*) FROM accounts_user WHERE email = ?"
            return int(database.execute(query, (email,)).fetchone()[0])


class Connections:
    """Threads of this process, each with a connection of its own."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def device(self) -> Api:
        """One at which nobody is signed in."""
        return Api()

    def invitation(self) -> tuple[str, str]:
        """Of somebody new: token and address."""
        email = f"g{next(_numbers)}@example.org"
        return Invitation.objects.create(program=self._program, email=email).token, email

    def licences(self, free: int) -> None:
        """So many places of the program are left."""
        taken = Membership.objects.filter(program=self._program, state=Membership.ACTIVE).count()
        Program.objects.update(licences=taken + free)

    def people(self, email: str) -> int:
        """Accounts with this address."""
        return User.objects.filter(email=email).count()


def all_at_once(works: list[Callable[[], T]]) -> list[T]:
    """What each of them gives; they begin together."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        gate.wait(20)
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result(60) for one in [pool.submit(run, work) for work in works]]


def serve(home: Path, folder: Path) -> Iterator[Processes]:
    """Two processes, until the generator is closed."""
    program = with_guests(folder, home / "program")
    with ServerProcess(home / "server", [program], words=["--workers", "2"]) as server:
        yield Processes(server)
