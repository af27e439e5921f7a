"""SIGKILL at any instant of a download: what is called ready is whole, and nothing is left that is never collected.

``HAVERSACK_DOWNLOAD_KILLS`` says how often (20 in a normal run).
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from desktop.models.blobs import blob_path
from desktop.models.shared_files import collect
from desktop.models.store import DATABASE_NAME
from desktop.sync.downloads import DownloadQueue
from desktop.sync.secrets import FileSecrets
from tests.desktop.course import Course, make_course
from tests.desktop.sync.conftest import Installation
from tests.desktop.sync.program_server import ProgramServer
from tests.desktop.sync.test_push_pull import enrolled, never
from tests.desktop.sync.victim import ACCOUNT
from tests.fault_proxy import Fault, FaultProxy

ROUNDS = int(os.environ.get("HAVERSACK_DOWNLOAD_KILLS", "20"))
LONGEST_S = 0.5

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes that are killed are forked")


@pytest.fixture
def course() -> Course:
    """Six weeks: downloading them takes longer than a process lives."""
    return make_course(weeks=6, video_bytes=1_200_000)


class Nursery:
    """Processes that download, see ``nursery``."""

    def __init__(self, home: Path, url: str) -> None:
        words = [sys.executable, "-m", "tests.desktop.sync.nursery", str(home), url]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def live(self, seconds: float) -> int:
        """Let one live so long at most; returns how it ended (0 by itself, -9 killed)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """No more of them."""
        self._process.communicate("")


@pytest.fixture
def nursery(one: Installation, program: ProgramServer, course: Course) -> Iterator[Nursery]:
    """Over a network that is slow enough to be interrupted."""
    enrolled(one, program, course)
    one.gateway.tokens._secrets = FileSecrets(one.home)
    one.gateway.sign_in("http://127.0.0.1:1", "ada@example.org", "a password")
    with FaultProxy(urlsplit(program.url).port or 0) as proxy:
        proxy.otherwise = Fault(bytes_per_s=6_000_000)
        made = Nursery(one.home, proxy.url)
        yield made
        made.close()


def require_ready_is_true(home: Path, folder: Path | None = None) -> set[str]:
    """As another program sees the database and the files (invariant 3), which are in ``folder``."""
    database = home / "learners" / ACCOUNT / DATABASE_NAME
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        ready = {row[0] for row in connection.execute("SELECT sha256 FROM assets WHERE state = 'ready'")}
    for sha256 in ready:
        assert hashlib.sha256(blob_path(folder or home / "assets", sha256).read_bytes()).hexdigest() == sha256
    return ready


def test_at_any_instant(one: Installation, course: Course, nursery: Nursery) -> None:
    chance = random.Random(int(os.environ.get("HAVERSACK_DOWNLOAD_KILLS_SEED", "7")))
    services = one.store
    assets = services.store.assets
    services.downloads.queue_course("sql")
    killed = 0
    for number in range(ROUNDS):
        killed += nursery.live(chance.uniform(0.0, LONGEST_S)) == -signal.SIGKILL
        ready = require_ready_is_true(one.home)
        assert len(ready) <= len(course.blobs)
        # Whatever has a blob's name has its hash, row or no row.
        for path in assets.glob("??/*"):
            if len(path.name) == 64:
                assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
        if len(ready) == len(course.blobs) or number % 7 == 6:
            services.storage.remove_course("sql")
            services.downloads.queue_course("sql")
    assert killed > ROUNDS // 2
    queue = DownloadQueue(services.store, one.gateway.fetcher, packs=one.gateway.packs)
    with services.store.write(set()) as connection:
        connection.exec_driver_sql("UPDATE downloads SET state = 'queued' WHERE state = 'running'")  # as a start does
    while queue.fetch_next(never):
        pass
    assert require_ready_is_true(one.home) == set(course.blobs)
    collect(services.store, time.time() + 60)
    assert {path.name for path in assets.glob("??/*")} == set(course.blobs)
