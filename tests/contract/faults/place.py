"""A real server, a line to it that can be spoilt, and a learner at two computers."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

from desktop.models.views import InvitationView
from desktop.services.services import Services
from tests.contract.conftest import Client
from tests.contract.test_client_learning import sync
from tests.fault_proxy import FaultProxy
from tests.server.program_folder import COURSE_ID, PROGRAM_ID
from tests.server_process import ServerProcess

PASSWORD = "violet harbour 7"
GUESTS = 600


def with_guests(folder: Path) -> Path:
    """Add invitations to a program's folder: ``guest-0``, …; returns the folder."""
    invitations = (f'\n[[invitations]]\nemail = "g{n}@example.org"\ntoken = "guest-{n}"\n' for n in range(GUESTS))
    with (folder / "program.toml").open("a") as file:
        file.writelines(invitations)
    return folder


class Line:
    """What an installation is told of the server. ``url`` may be another one at any time."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.invitations: list[dict[str, str]] = []


class Place:
    """See the module.

    Attributes:
        one: a computer at the end of the line.
        other: another one of the same learner, which has a line of its own that nobody spoils.
    """

    def __init__(self, server: ServerProcess, proxy: FaultProxy, home: Path) -> None:
        self.server, self.proxy, self.home = server, proxy, home
        self.line = Line(proxy.url)
        self._numbers = count()
        self._guests = count()
        self.one = Client(home / "one", self.line)
        self.email = self._join(self.one)
        sync(self.one)
        self.services.enrollment.enroll(PROGRAM_ID, COURSE_ID)
        sync(self.one)
        self.other = Client(home / "other", Line(server.url))
        self.other.enter(self.other.gateway.sign_in("sample", self.email, PASSWORD))
        sync(self.other)

    def _join(self, client: Client) -> str:
        invitation = self.invitation()
        client.enter(client.gateway.join_new(invitation, "Ada", PASSWORD))
        return invitation.email

    @property
    def services(self) -> Services:
        """Of the learner at the end of the line."""
        return self.one.services

    def number(self) -> int:
        """Another one each time."""
        return next(self._numbers)

    def token(self) -> str:
        """Of an invitation that nobody has used."""
        return f"guest-{next(self._guests)}"

    def link(self, token: str) -> str:
        """As it comes by mail."""
        return f"haversack://join?server={self.line.url}&invitation={token}"

    def invitation(self) -> InvitationView:
        """One that nobody has used."""
        return self.one.gateway.read_invitation(self.link(self.token()))

    def newcomer(self) -> Client:
        """Another computer at the end of the line, at which nobody has signed in."""
        return Client(self.home / f"new-{self.number()}", self.line)

    def ask_server(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Look into the server's database itself."""
        with closing(sqlite3.connect(self.server.home / "server.sqlite3")) as connection:
            return connection.execute(query, values).fetchall()

    def forget_tries(self) -> None:
        """Nobody has to wait for what others tried."""
        with closing(sqlite3.connect(self.server.home / "server.sqlite3", timeout=20)) as connection, connection:
            connection.execute("DELETE FROM accounts_trycount")

    def sessions(self, email: str, device_id: str) -> int:
        """How many of a person at a device are alive and in use; one whose answer nobody got ends with the next."""
        ((number,),) = self.ask_server(
            "SELECT count(*) FROM accounts_devicesession s JOIN accounts_user u ON u.id = s.user_id"
            " WHERE u.email = ? AND s.device_id = ? AND s.revoked_at IS NULL AND s.used_at IS NOT NULL",
            email,
            device_id,
        )
        assert isinstance(number, int)
        return number

    def require_sound(self) -> None:
        """What no fault may change: the learner is signed in with tokens that are whole, once, and enrolled once."""
        gateway = self.one.gateway
        assert gateway.api.ask("GET", "/v1/me").status == 200
        assert gateway.tokens._held.refresh == gateway._secrets.read(gateway.tokens._held.user)
        assert self.sessions(self.email, gateway.device.id) == 1
        assert self.ask_server("SELECT count(*) FROM learning_enrollment") == [(1,)]
        twice = "SELECT action_id FROM learning_ledgerentry GROUP BY action_id HAVING count(*) > 1"
        assert self.ask_server(twice) == []

    def close(self) -> None:
        """End both."""
        self.one.close()
        self.other.close()


def open_place(home: Path, folder: Path) -> Iterator[Place]:
    """All of it, until the generator is closed."""
    program = with_guests(Path(shutil.copytree(folder, home / "program")))
    with ServerProcess(home / "server", [program]) as server, FaultProxy(server.port) as proxy:
        place = Place(server, proxy, home)
        try:
            yield place
        finally:
            place.close()
