"""Two processes with several threads each on one database: nobody's change is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.desktop.filled import open_learner
from tests.desktop.hand_clock import HandClock
from tests.desktop.models.second_writer import add, marks
from tests.server_process import ROOT

THREADS, TIMES = 3, 15


def test_what_two_processes_write_is_all_there(tmp_path: Path) -> None:
    services = open_learner(tmp_path, HandClock())
    command = [sys.executable, "-m", "tests.desktop.models.second_writer", str(tmp_path), "other"]
    other = subprocess.Popen(
        [*command, str(THREADS), str(TIMES)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        assert other.stdin is not None
        other.stdin.write("go\n")
        other.stdin.flush()
        add(services.store, "this", THREADS, TIMES)
        assert other.wait(60) == 0
    finally:
        if other.poll() is None:
            other.kill()
        other.communicate()
    found = marks(services.store)
    services.close()
    assert len(found) == len(set(found)) == 2 * THREADS * TIMES
    for name in ("this", "other"):
        for thread in range(THREADS):
            own = [mark for mark in found if mark.startswith(f"{name}.{thread}.")]
            assert own == [f"{name}.{thread}.{number}" for number in range(TIMES)], "in its own order"
    together = [mark.partition(".")[0] for mark in found]
    assert together != sorted(together), "they wrote at the same time"
