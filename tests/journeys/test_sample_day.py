"""The sample program with its own server: started when asked for, started anew when it dies, never left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.books import Books
from tests.journeys.conftest import StartPart
from tests.journeys.parts import PATIENCE_S
from tests.journeys.signals import Signals

WITHIN_S = 60.0


def servers(home: Path) -> list[int]:
    """The processes that serve this data folder: supervisor and workers. Zombies are none."""
    found = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            command = (folder / "cmdline").read_bytes().split(b"\0")
            if b"serve" in command and str(home).encode() in command:
                found.append(int(folder.name))
    return sorted(found)


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """For what is not told by a signal."""
    end = time.monotonic() + WITHIN_S
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < end, f"waited {WITHIN_S} s for {what}"
        pause.wait(0.05)


@pytest.mark.journey
@pytest.mark.timeout(600)
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks for processes in /proc")
def test_the_sample_program_brings_its_own_server(tmp_path: Path, start_part: StartPart) -> None:
    signals = Signals(tmp_path / "signals")
    signals.tell("material", ["sample", str(tmp_path)])
    home, served = tmp_path / "home", tmp_path / "home" / "sample-server"
    books = Books(served)
    first = start_part("tests.journeys.sample_day:try_the_sample", home, tmp_path / "signals")
    signals.wait("welcomed", first.alive, PATIENCE_S)
    assert servers(served) == []  # nobody asked for it
    signals.tell("no server yet")
    signals.wait("playing", first.alive, PATIENCE_S)
    killed = servers(served)
    assert killed
    for process in killed:
        os.kill(process, signal.SIGKILL)
    wait_until(lambda: not set(servers(served)) & set(killed), "the killed server to be gone")
    signals.tell("server is killed")
    noted = signals.wait("noted", first.alive, PATIENCE_S)
    wait_until(lambda: books.notes() == noted["notes"], "the note to arrive")
    assert servers(served)  # another one, by itself
    signals.tell("the note has arrived")
    signals.wait("sent", first.alive, PATIENCE_S)
    first.kill()
    wait_until(lambda: not servers(served), "the server to end with the program that started it")

    again = start_part("tests.journeys.sample_day:come_back_to_the_sample", home, tmp_path / "signals")
    signals.wait("resumed", again.alive, PATIENCE_S)
    assert servers(served)
    signals.tell("close")
    assert again.process.wait(60) == 0
    assert servers(served) == []  # closed with it
    assert books.notes() == noted["notes"]
    assert len(books.notes()) == 1
    assert {outcome for _, _, outcome in books.ledger()} == {"applied"}
