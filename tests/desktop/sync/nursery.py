"""Downloads in processes that are there at once: ``python -m tests.desktop.sync.nursery HOME URL``.

At a line on standard input, a number of seconds, a process is forked that downloads what waits, with as many threads as
the program has; after that time it is killed, and how it ended is said (0 if that was before). Forked, because to
import takes longer than the downloads of a test.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from desktop.clock import SystemClock
from desktop.errors import Problem
from desktop.services.services import Services, open_services
from desktop.sync import housekeeping
from desktop.sync.downloads import DownloadQueue
from desktop.sync.gateway import Gateway
from desktop.sync.secrets import FileSecrets
from desktop.sync.worker import DOWNLOAD_THREADS
from tests.desktop.sync.victim import ACCOUNT


def main(home: Path, url: str) -> None:
    """Until standard input ends."""
    while line := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            _download(home, url)
            os._exit(0)
        threading.Event().wait(float(line))  # the instant is what is drawn: there is no condition to wait for
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _download(home: Path, url: str) -> None:
    clock = SystemClock()
    opened: list[Services] = []
    secrets = FileSecrets(home)
    gateway = Gateway(home, home / "assets", clock, secrets, lambda _: url, lambda: "", lambda: opened[0])
    opened.append(open_services(home, ACCOUNT, clock, lambda _: None, home / "assets"))
    store = opened[0].store
    housekeeping.at_start(store)
    queue = DownloadQueue(store, gateway.fetcher, packs=gateway.packs)

    def drain() -> None:
        tries = 0
        while tries < 20:
            try:
                if not queue.fetch_next(lambda: False):
                    return
            except Problem:
                tries += 1

    threads = [threading.Thread(target=drain) for _ in range(DOWNLOAD_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
