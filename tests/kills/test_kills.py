"""SIGKILL of the client and of the server at random instants, while work is made, sent and read.

After each kill: the database is whole; everything whose commit was acknowledged is there, with its newest text; and
after all of them, once everything was sent, the server has each action exactly once and a new device reads from the
beginning what the killed one has. ``HAVERSACK_KILLS`` names another number of rounds than the 20 of every test run;
in one of ten the whole program with its window is killed instead of its sync alone (in all, with
``HAVERSACK_KILLS_WINDOW=1``).
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.clock import SystemClock
from desktop.config import resources
from desktop.models.learning import notes
from desktop.models.session_file import read_session
from desktop.models.store import DATABASE_NAME
from desktop.models.work import outbox
from desktop.services.services import Services, open_services
from desktop.sync import content
from desktop.sync.gateway import Gateway
from desktop.sync.pull import pull_feed
from desktop.sync.push import push
from desktop.sync.secrets import FileSecrets
from protocol.feeds import LEARNER_FEED
from protocol.manifest import VIDEO
from tests.contract.conftest import EMAIL, PASSWORD
from tests.contract.test_client_learning import COURSE, first
from tests.desktop.sync.test_push_pull import rows
from tests.kills.wire import Wire
from tests.server_process import ServerProcess

ROUNDS = int(os.environ.get("HAVERSACK_KILLS", "20"))
WINDOW_EACH = 1 if os.environ.get("HAVERSACK_KILLS_WINDOW") else 10
SEED = int(os.environ.get("HAVERSACK_KILLS_SEED", "1"))
FROM_ELSEWHERE = 12
"""Notes that another device makes before each round, so that there is something to read."""
PATIENCE_S = 8.0


def never() -> bool:
    """Nobody wants to stop."""
    return False


class Device:
    """An installation whose store and gateway are used in this process, between the lives of the other one."""

    def __init__(self, home: Path, port: int) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home = home
        self._opened: list[Services] = []
        self._address = f"http://127.0.0.1:{port}"
        self.gateway = Gateway(
            home,
            home / "assets",
            SystemClock(),
            FileSecrets(home),
            lambda _: self._address,
            lambda: "",
            lambda: self._opened[0] if self._opened else None,
        )

    def open(self) -> Services:
        """Open the store of who is signed in."""
        session = read_session(self.home)
        assert session is not None
        services = open_services(self.home, session.account_id, SystemClock(), lambda kinds: None, self.home / "assets")
        self._opened[:] = [services]
        return services

    def sync(self) -> None:
        """Send and read everything."""
        store, api = self._opened[0].store, self.gateway.api
        push(store, api, self.gateway.device.id, never)
        content.refresh_memberships(store, api, self.home)
        pull_feed(store, api, LEARNER_FEED, never)
        for feed in content.program_feeds(store):
            pull_feed(store, api, feed, never)
        content.fetch_manifests(store, api, never)

    def close(self) -> None:
        """End."""
        while self._opened:
            self._opened.pop().close()
        self.gateway.close()


@dataclass
class Said:
    """What the killed ones said they did: by kind and id, what may be found there now."""

    known: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    lines: int = 0

    def hear(self, line: str) -> None:
        """``try KIND ID VALUE`` may have happened; after ``ok KIND ID VALUE`` nothing that was tried before it may be
        found."""
        word, kind, key, value = line.split(" ", 3)
        tried = self.known.setdefault((kind, key), [""])
        if word == "try":
            tried.append(value)
        else:
            self.lines += 1
            del tried[: tried.index(value)]

    def of(self, kind: str) -> dict[str, list[str]]:
        """What may be found, by id, of one kind."""
        return {key: values for (found, key), values in self.known.items() if found == kind}


@dataclass
class Place:
    """A server, the line to it, the device that is killed and one that is not."""

    server: ServerProcess
    wire: Wire
    home: Path
    other: Device
    video: str
    said: Said = field(default_factory=Said)
    killed: list[str] = field(default_factory=list)
    nursery: subprocess.Popen[str] | None = None

    @property
    def errors(self) -> Path:
        """What the clients say on standard error."""
        return self.home / "stderr.log"

    def start(self, words: list[str]) -> subprocess.Popen[str]:
        """A process for one life, or, without words, the one that bears them all."""
        if not words and self.nursery is not None:
            return self.nursery
        command = [sys.executable, "-m", "tests.kills.life", *words]
        with self.errors.open("ab") as stderr:
            made = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True)
        if words:
            assert made.stdin is not None
            made.stdin.close()
        else:
            self.nursery = made
        return made

    def end(self) -> None:
        """No life is born any more."""
        if self.nursery is not None:
            self.nursery.communicate()

    def database(self) -> Path:
        """The killed device's."""
        session = read_session(self.home)
        assert session is not None
        return self.home / "learners" / session.account_id / DATABASE_NAME


@pytest.fixture
def place(loaded: Path, tmp_path: Path) -> Iterator[Place]:
    """One learner at two computers, enrolled, in sync."""
    shutil.copytree(loaded, tmp_path / "server")
    with ExitStack() as ending:
        server = ending.enter_context(ServerProcess(tmp_path / "server", [resources() / "sample"]))
        wire = ending.enter_context(closing(Wire(server.port)))
        one = Device(tmp_path / "one", wire.port)
        ending.callback(one.close)
        link = server.invitations[0]["url"].replace(str(server.port), str(wire.port))
        one.gateway.join_new(one.gateway.read_invitation(link), "Ada", PASSWORD)
        services = one.open()
        one.sync()
        services.enrollment.enroll(services.learner.view().programs[0].id, COURSE)
        one.sync()
        video = first(services, VIDEO)
        one.close()
        other = ending.enter_context(closing(Device(tmp_path / "other", server.port)))
        other.gateway.sign_in(f"http://127.0.0.1:{server.port}", EMAIL, PASSWORD)
        other.open()
        other.sync()
        made = Place(server, wire, tmp_path / "one", other, video)
        ending.callback(made.end)
        yield made


class Life:
    """A client under way, with the window or without. What it says goes to ``said``."""

    def __init__(self, place: Place, name: str, *, window: bool) -> None:
        self.begun = threading.Event()
        self._said = place.said
        words = [str(place.home), name, place.video]
        self._process = place.start(words if window else [])
        self._born = threading.Event()
        self._died = threading.Event()
        self._pid = self._process.pid if window else 0
        self._own = window
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()
        if not window:
            assert self._process.stdin is not None
            self._process.stdin.write(f"{' '.join(words)}\n")
            self._process.stdin.flush()
            assert self._born.wait(PATIENCE_S)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            word, _, rest = line.rstrip("\n").partition(" ")
            if word == "born":
                self._pid = int(rest)
                self._born.set()
            elif word == "died":
                break
            elif line.endswith("\n"):
                self.begun.set()
                self._said.hear(line.rstrip("\n"))
        self._died.set()

    def kill(self) -> None:
        """SIGKILL, now."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)

    def end(self) -> None:
        """See that it is dead and that all it said was heard."""
        self.kill()
        if self._own:
            self._process.wait()
        assert self._died.wait(PATIENCE_S)
        self._listener.join()
        if self._own:
            assert self._process.stdout is not None
            self._process.stdout.close()


def live(place: Place, name: str, whom: str, chance: random.Random, *, window: bool) -> None:
    """Start the client, kill ``whom`` at some instant, and the client in any case."""
    life = Life(place, name, window=window)
    done = threading.Event()

    def kill() -> None:
        if whom in ("client", "both"):
            life.kill()
        if whom in ("server", "both"):
            os.killpg(place.server.pid, signal.SIGKILL)
        done.set()

    # At once it falls into the middle of a request; a moment later into what the answer is written down by.
    late = threading.Timer(chance.choice((0.0, 0.0, chance.uniform(0, 0.01), chance.uniform(0, 0.05))), kill)
    try:
        if chance.random() < 0.7:
            place.wire.arm(round(10 ** chance.uniform(1, 5.3)), late.start)
            done.wait(PATIENCE_S / 4)
        else:
            life.begun.wait(PATIENCE_S)
            done.wait(chance.uniform(0, 0.4))
        if place.wire.disarm() or not done.is_set():
            late.cancel()
            kill()
        if whom == "server":
            place.server.kill()
            place.server.start()
            done.clear()
            done.wait(chance.uniform(0, 0.6))
    finally:
        place.wire.disarm()
        if late.is_alive():
            late.join()
        life.end()
    said = place.errors.read_text()
    assert "Traceback" not in said, said[-3000:]
    if whom == "both":
        place.server.kill()
        place.server.start()


def look(place: Place, device: Device) -> None:
    """What must hold after any kill."""
    with closing(sqlite3.connect(place.database())) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    services = device.open()
    assert services.opened_notes == ()
    texts = {note.id: note.text for note in services.notes.all()}
    for note_id, allowed in place.said.of("note").items():
        assert texts.get(note_id, "") in allowed, f"{note_id} has {texts.get(note_id)!r}, and not one of {allowed}"
    for item_id, allowed in place.said.of("position").items():
        found = services.lectures.view(item_id).resume_ms
        assert str(found) in allowed or (found == 0 and "" in allowed), f"{found} is none of {allowed}"
    assert not [entry for entry in services.outbox.entries() if entry.state in ("refused", "set_aside")]


def on_the_server(place: Place, query: str) -> list[tuple[object, ...]]:
    """Ask the server's database itself."""
    (file,) = (path for path in place.server.home.glob("**/*.sqlite3"))
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.timeout(120 + 10 * ROUNDS)
def test_kills_at_any_instant(
    place: Place, tmp_path: Path, record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(SEED)
    began = time.monotonic()
    made_elsewhere = 0
    for number in range(ROUNDS):
        services = place.other._opened[0]
        for _ in range(FROM_ELSEWHERE):
            made_elsewhere += 1
            services.notes.save(place.video, f"from elsewhere {made_elsewhere}")
        place.other.sync()
        (whom,) = chance.choices(("client", "server", "both"), (18, 1, 1))
        live(place, f"r{number}", whom, chance, window=number % WINDOW_EACH == WINDOW_EACH - 1)
        place.killed.append(whom)
        device = Device(place.home, place.wire.port)
        try:
            look(place, device)
        finally:
            device.close()
    quiet(place, tmp_path, made_elsewhere)
    took = time.monotonic() - began
    told = f"{ROUNDS} rounds, {place.said.lines} acknowledged, {took:.0f} s, killed: " + ", ".join(
        f"{whom} {place.killed.count(whom)}" for whom in ("client", "server", "both")
    )
    record_property("kills", told)
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")


def quiet(place: Place, tmp_path: Path, made_elsewhere: int) -> None:
    """Send everything; then everybody has the same, each action once."""
    device = Device(place.home, place.wire.port)
    services = device.open()
    device.sync()
    device.sync()
    assert services.outbox.waiting_count() == 0
    with services.store.read() as connection:
        ours = set(connection.execute(select(outbox.c.id)).scalars())
        number = len(connection.execute(select(notes.c.id)).all())
    ledger = on_the_server(
        place,
        f"SELECT action_id, count(*) FROM learning_ledgerentry WHERE device_id = '{device.gateway.device.id}' "
        "GROUP BY action_id",
    )
    assert {action_id for action_id, _ in ledger} == ours, "sent and taken back, or lost"
    assert {count for _, count in ledger} <= {1}
    written = {note_id for note_id, allowed in place.said.of("note").items() if "" not in allowed}
    assert number >= len(written) + made_elsewhere
    conflicts = on_the_server(place, "SELECT count(*) FROM learning_note WHERE conflict_of != ''")
    assert conflicts == [(0,)], "one device alone changed these notes"
    fresh = Device(tmp_path / "fresh", place.server.port)
    fresh.gateway.sign_in(f"http://127.0.0.1:{place.server.port}", EMAIL, PASSWORD)
    replayed = fresh.open()
    fresh.sync()
    assert rows(replayed) == rows(services)
    place.other.sync()
    assert rows(place.other._opened[0]) == rows(services)
    fresh.close()
    device.close()
