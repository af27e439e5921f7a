"""Opens databases in processes that are there at once: ``python -m tests.desktop.models.migrator HOME``.

At a line on standard input, a number of seconds, a process is forked that opens the learner's database, migrating it if
that is due; after that time it is killed, and how it ended is said (0 if that was before). Alembic is imported already.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from pathlib import Path

import alembic.command
import alembic.config  # noqa: F401

from desktop.clock import SystemClock
from desktop.models.opening import open_store
from tests.desktop.filled import ACCOUNT


def main(home: Path) -> None:
    """Until standard input ends."""
    while line := sys.stdin.readline():
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, b"r")
            open_store(home / "learners" / ACCOUNT, SystemClock(), home / "assets")
            os._exit(0)
        os.close(writing)
        os.read(reading, 1)
        select.select([reading], [], [], float(line))
        os.kill(child, signal.SIGKILL)
        os.close(reading)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
