"""A learner's day, end to end: real window, real server process, real databases, real kills.

The server is killed while the learner studies, the program is killed while its work waits; afterwards everything is
there, sent once, and a second installation shows the same.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop.config import resources
from tests.journeys.signals import Signals
from tests.server_process import ServerProcess

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120
SAMPLE = resources() / "sample"


class Part:
    """One part of the day in a process of its own; killed when the test ends, whatever happens."""

    def __init__(self, name: str, home: Path, signals: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, "-m", "tests.journeys.program", f"tests.journeys.day:{name}"]
        command += ["--home", str(home), "--signals", str(signals)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment)

    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def kill(self) -> None:
        """SIGKILL: nothing is written, nothing is said."""
        self.process.kill()
        self.process.wait()


@pytest.fixture
def parts() -> Iterator[list[Part]]:
    started: list[Part] = []
    yield started
    for part in started:
        part.kill()


@pytest.mark.journey
@pytest.mark.timeout(400)
def test_a_learners_day(tmp_path: Path, parts: list[Part]) -> None:
    signals = Signals(tmp_path / "signals")

    def start(name: str, home: str) -> Part:
        parts.append(Part(name, tmp_path / home, tmp_path / "signals"))
        return parts[-1]

    server = ServerProcess(tmp_path / "server", load=[SAMPLE])
    with server:
        signals.tell("link", server.invitations[0]["url"])
        signals.tell("server", server.url)
        port = int(server.url.rsplit(":", 1)[1])
        first = start("join_and_study", "one")
        signals.wait("online part done", first.alive, PATIENCE_S)
        server.kill()
        signals.tell("server is down")
        before = signals.wait("kill the program", first.alive, PATIENCE_S)
        first.kill()

        again = start("come_back", "one")
        after = signals.wait("still there", again.alive, PATIENCE_S)
        assert after["state"] == before["state"]
        kept = {action for action, _ in after["waiting"]}
        assert {action for action, kind in before["waiting"] if kind == "submit_attempt"} <= kept

    with ServerProcess(tmp_path / "server", load=[SAMPLE], port=port):
        signals.tell("server is back")
        sent = signals.wait("sent", again.alive, PATIENCE_S)
        assert again.process.wait(30) == 0
        second = start("second_installation", "two")
        assert signals.wait("second", second.alive, PATIENCE_S) == sent
        assert second.process.wait(30) == 0
        assert sent["percent"] == before["state"]["percent"]
    ids = [attempt for attempts in sent["attempts"].values() for attempt, _ in attempts]
    assert sorted(ids) == sorted(_attempts_on_the_server(tmp_path / "server"))
    assert len(ids) == len(set(ids)) == 2


def _attempts_on_the_server(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "server.sqlite3")) as database:
        return [row[0] for row in database.execute("SELECT public_id FROM learning_attempt")]
