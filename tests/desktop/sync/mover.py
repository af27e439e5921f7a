"""Moves in processes that are there at once: ``python -m tests.desktop.sync.mover HOME``.

At a line on standard input, a number of seconds and a folder to choose (``-`` for none, ``usual`` for the usual one), a
process is forked that opens the store, says so, chooses the folder and does what is to be done; after that time it is
killed, and how it ended is said (0 if that was before). Forked, because to import takes longer than a small move.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from pathlib import Path

from tests.desktop.sync.moving import Kept


def main(home: Path) -> None:
    """Until standard input ends."""
    while line := sys.stdin.readline():
        seconds, folder = line.rstrip("\n").split(" ", 1)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            _move(home, folder, writing)
            os._exit(0)
        os.close(writing)
        os.read(reading, 1)  # it is ready, or dead
        select.select([reading], [], [], float(seconds))  # the instant is what is drawn; its end is not waited for
        os.kill(child, signal.SIGKILL)
        os.close(reading)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _move(home: Path, folder: str, ready: int) -> None:
    kept = Kept(home)
    os.write(ready, b"r")
    if folder != "-" and not busy(kept):
        kept.choose("" if folder == "usual" else folder)
    pause = threading.Event()
    while busy(kept):
        kept.step()
        pause.wait(0.001)
    os.close(ready)


def busy(kept: Kept) -> bool:
    """Whether something is left to do."""
    place = kept.content.place
    return place.target is not None or bool(place.leaving or place.emptied)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
