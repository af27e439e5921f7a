"""Says what ``Surroundings`` hears of the system's networks, in a process of its own: the bus is found once in each."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication, QSocketNotifier

from desktop.clock import SystemClock
from desktop.sync.surroundings import Surroundings


def main() -> None:
    """A line for each thing heard, until the standard input ends."""
    application = QCoreApplication([])
    found = Surroundings(SystemClock())
    found.metered_changed.connect(lambda metered: print("metered" if metered else "free", flush=True))  # noqa: T201
    found.changed.connect(lambda: print("changed", flush=True))  # noqa: T201
    found.watch()
    print("watching", flush=True)  # noqa: T201
    end = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    end.activated.connect(application.quit)
    application.exec()


if __name__ == "__main__":
    main()
