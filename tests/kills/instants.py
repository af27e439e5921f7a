"""One piece of work that is killed at a chosen instant: ``python -m tests.kills.instants``.

Each line ``HOME URL DEED STEP SIDE`` is a fork that does DEED and dies (SIGKILL) right before or after its STEPth step,
where a step is whatever lasts: a commit, a file that is synced, gets its name or goes, a write to a file. Answered by
``steps N``, N steps having begun, and ``ended CODE``. The steps are counted here, in the process that is killed, and
not in the program.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop.clock import SystemClock
from desktop.models.session_file import read_session
from desktop.services.services import Services, open_services
from desktop.sync import content
from desktop.sync.downloads import DownloadQueue
from desktop.sync.gateway import Gateway
from desktop.sync.housekeeping import at_start
from desktop.sync.pull import pull_feed
from desktop.sync.push import push
from desktop.sync.secrets import FileSecrets
from protocol.feeds import LEARNER_FEED
from tests.server.program_folder import LECTURE

COURSE_FEED = "program:evening-school"


def never() -> bool:
    """Nobody wants to stop."""
    return False


def drain(services: Services, gateway: Gateway, *, packs: bool) -> None:
    """Fetch all that is wanted."""
    queue = DownloadQueue(services.store, gateway.fetcher, packs=gateway.packs if packs else None)
    while queue.fetch_next(never):
        pass


def write(services: Services) -> None:
    """What a learner does in a minute."""
    note = services.notes.save(LECTURE, "first thought")
    services.notes.save(LECTURE, "second thought", note_id=note.id)
    services.lectures.set_position(LECTURE, 1_000)
    services.lectures.watched(LECTURE, [(0, 1_000)])
    services.notes.delete(note.id)


DEEDS: dict[str, Callable[[Services, Gateway], Any]] = {
    "push": lambda services, gateway: push(services.store, gateway.api, gateway.device.id, never),
    "pull": lambda services, gateway: pull_feed(services.store, gateway.api, LEARNER_FEED, never),
    "catalog": lambda services, gateway: pull_feed(services.store, gateway.api, COURSE_FEED, never),
    "memberships": lambda services, gateway: content.refresh_memberships(services.store, gateway.api, gateway.home),
    "manifest": lambda services, gateway: content.fetch_manifests(services.store, gateway.api, never),
    "refresh": lambda services, gateway: gateway.tokens.renewed(gateway.tokens.access()),
    "files": lambda services, gateway: drain(services, gateway, packs=False),
    "packs": lambda services, gateway: drain(services, gateway, packs=True),
    "write": lambda services, gateway: write(services),
    "start": lambda services, gateway: at_start(services.store),
}


class Steps:
    """Counts what lasts, and dies at the chosen one."""

    def __init__(self, at: int, side: str) -> None:
        self._at, self._side = at, side
        self.number = 0

    def wrapped(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """``function`` with an instant before and one after it."""

        def step(*arguments: Any, **named: Any) -> Any:
            self.number += 1
            mine = self.number == self._at
            if mine and self._side == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            found = function(*arguments, **named)
            if mine:
                os.kill(os.getpid(), signal.SIGKILL)
            return found

        return step

    def watch(self) -> None:
        """From now on each step is counted."""
        from sqlalchemy.engine.default import DefaultDialect

        for name in ("replace", "fsync", "unlink", "write"):
            setattr(os, name, self.wrapped(getattr(os, name)))
        DefaultDialect.do_commit = self.wrapped(DefaultDialect.do_commit)  # type: ignore[method-assign]


def live(home: Path, url: str, deed: str, at: int, side: str) -> None:
    """Do it, in a process of its own; never returns."""
    tell = os.write
    steps = Steps(at, side)
    opened: list[Services] = []
    session = read_session(home)
    assert session is not None
    clock = SystemClock()
    gateway = Gateway(
        home, home / "assets", clock, FileSecrets(home), lambda _: url, str, lambda: opened[0] if opened else None
    )
    opened.append(open_services(home, session.account_id, clock, lambda kinds: None, home / "assets"))
    steps.watch()
    DEEDS[deed](opened[0], gateway)
    tell(sys.stdout.fileno(), f"steps {steps.number}\n".encode())
    os._exit(0)


def main() -> None:
    """See the module."""
    import desktop.sync.transport  # noqa: F401 (no child has to wait for it)

    for line in sys.stdin:
        home, url, deed, at, side = line.split()
        pid = os.fork()
        if not pid:
            live(Path(home), url, deed, int(at), side)
        _, status = os.waitpid(pid, 0)
        os.write(sys.stdout.fileno(), f"ended {os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main()
