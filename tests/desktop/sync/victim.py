"""A process that does one thing until it is killed: ``python -m tests.desktop.sync.victim HOME URL WHAT``."""

from __future__ import annotations

import sys
from pathlib import Path

from desktop.clock import SystemClock
from desktop.services.services import Services, open_services
from desktop.sync.downloads import DownloadQueue
from desktop.sync.gateway import Gateway
from desktop.sync.push import push
from desktop.sync.secrets import FileSecrets
from protocol.quizzes import Answer

ACCOUNT = "learner-1"


def main(home: Path, url: str, what: str) -> None:
    """``draft`` saves a draft and waits; ``push`` and ``download`` end when they are done."""
    clock = SystemClock()
    opened: list[Services] = []
    gateway = Gateway(
        home,
        home / "assets",
        clock,
        FileSecrets(home),
        lambda _: url,
        lambda: "",
        lambda: opened[0] if opened else None,
    )
    services = open_services(home, ACCOUNT, clock, lambda kinds: None, home / "assets")
    opened.append(services)
    if what == "push":
        push(services.store, gateway.api, gateway.device.id, lambda: False)
    elif what == "download":
        queue = DownloadQueue(services.store, gateway.fetcher)
        while queue.fetch_next(lambda: False):
            pass
    else:
        services.quizzes.save_draft("sql/practice-1", (Answer(question_id="q1", choices=("a",)),), clock.now())
        sys.stdout.write("saved\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
