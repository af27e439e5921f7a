"""A learner who never stops, to be killed at any instant: ``python -m tests.kills.life [HOME NAME VIDEO]``.

Writes notes, changes them, watches and moves on, some fifty times a second, while the sync sends and reads. Before
each piece of work a line ``try KIND ID VALUE`` is printed, after its commit ``ok KIND ID VALUE``. With arguments it is
the whole program with its window; without, see ``nursery``.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from desktop.clock import SystemClock
from desktop.config import Config
from desktop.models.session_file import read_session
from desktop.services.services import Services, open_services
from desktop.sync.secrets import FileSecrets

PACE_S = 0.02
Work = tuple[str, str, str, Callable[[Services], object]]
"""Kind, id and value as they are printed, and what does it."""


def tell(*words: str) -> None:
    """A line that is out when this returns, whatever happens next."""
    os.write(sys.stdout.fileno(), (" ".join(words) + "\n").encode())


def day(name: str, video: str) -> Iterator[Work]:
    """What is done, without end. ``name`` makes ids and texts unique."""
    number = 0
    while True:
        number += 1
        note_id = f"{name}-note-{number - number % 4}"
        text = f"{name} text {number}"
        yield "note", note_id, text, lambda services, i=note_id, t=text: services.notes.save(video, t, note_id=i)  # type: ignore[misc]
        if number % 3 == 0:
            ms = 1000 * number
            yield "position", video, str(ms), lambda services, to=ms: services.lectures.set_position(video, to)  # type: ignore[misc]
        if number % 5 == 0:
            span = (100 * number, 100 * number + 50)
            yield "watch", video, str(span[0]), lambda services, s=span: services.lectures.watched(video, [s])  # type: ignore[misc]


def bare(home: Path, work: Iterator[Work]) -> None:
    """Store, gateway and sync; the writing is done in this thread."""
    from PySide6.QtCore import QCoreApplication

    from desktop.sync.gateway import Gateway
    from desktop.sync.worker import SyncWorker

    application = QCoreApplication([])
    clock, secrets, opened = SystemClock(), FileSecrets(home), list[Services]()
    session = read_session(home)
    assert session is not None
    gateway = Gateway(
        home, home / "assets", clock, secrets, lambda server: server, lambda: "", lambda: opened[0] if opened else None
    )
    services = open_services(home, session.account_id, clock, lambda kinds: None, home / "assets")
    opened.append(services)
    worker = SyncWorker(services, gateway, clock)
    worker.start()
    pause = threading.Event()
    for kind, key, value, do in work:
        tell("try", kind, key, value)
        do(services)
        tell("ok", kind, key, value)
        pause.wait(PACE_S)
    del application


def window(home: Path, work: Iterator[Work]) -> None:
    """The whole program; the writing is asked for as a page does."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from desktop.app import Haversack
    from desktop.application import STYLE_WORDS

    application = QApplication(["haversack", *STYLE_WORDS])
    program = Haversack(Config(home=home), secrets=lambda: FileSecrets(home), watch_network=False)
    program.window.show()

    def write() -> None:
        kind, key, value, do = next(work)
        tell("try", kind, key, value)
        program.desk.ask(program, do, lambda _: tell("ok", kind, key, value))

    timer = QTimer(program, interval=round(PACE_S * 1000))
    timer.timeout.connect(write)
    program.desk.signed_in.connect(lambda _: timer.start())
    application.exec()


def nursery() -> None:
    """Begin a life without a window for each line ``HOME NAME VIDEO``: a fork of this process, in which all is imported
    already. Prints ``born PID`` and, when it was killed and everything it said was read, ``died PID``."""
    import desktop.sync.gateway
    import desktop.sync.worker  # noqa: F401 (this is the import that no child has to wait for)

    for line in sys.stdin:
        home, name, video = line.split()
        pid = os.fork()
        if not pid:
            bare(Path(home), day(name, video))
        tell("born", str(pid))
        os.waitpid(pid, 0)
        tell("died", str(pid))


def main() -> None:
    """See the module."""
    if not sys.argv[1:]:
        nursery()
        return
    home, name, video = sys.argv[1:]
    window(Path(home), day(name, video))


if __name__ == "__main__":
    main()
