"""Imports in processes that are killed: ``python -m tests.desktop.sync.import_nursery HOME FILE``.

At a line on standard input, a number of seconds, a process is forked that imports the file; so long after that began
it is killed, and how it ended is said (0 if that was before). Forked, because to import Python's modules takes longer
than to import a course.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from desktop.clock import SystemClock
from desktop.services.services import open_services
from desktop.sync import pack_importing
from desktop.sync.pack_importing import import_pack
from tests.desktop.packs import ACCOUNT


def main(home: Path, file: Path) -> None:
    """Until standard input ends."""
    pack_importing.TOGETHER_BYTES = 4_000_000  # so that a small course is kept piece by piece, as a large one is
    while line := sys.stdin.readline():
        begun, begins = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                services = open_services(home, ACCOUNT, SystemClock(), lambda _: None, home / "assets")
                os.write(begins, b"x")
                import_pack(services.store, file)
                os._exit(0)
            finally:
                os._exit(1)
        os.read(begun, 1)
        os.close(begun)
        os.close(begins)
        threading.Event().wait(float(line))  # the instant is what is drawn: there is no condition to wait for
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
