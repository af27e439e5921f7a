"""SIGKILL at any instant of an import; and how much memory a large one takes.

``HAVERSACK_IMPORT_KILLS`` says how often (20 in a normal run).
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

import pytest

from desktop.models.blobs import blob_path
from desktop.models.shared_files import collect
from desktop.models.store import DATABASE_NAME
from desktop.sync.pack_importing import import_pack
from tests.desktop.course import Course, make_course
from tests.desktop.packs import ACCOUNT, Computer, Signer, bytes_of

ROUNDS = int(os.environ.get("HAVERSACK_IMPORT_KILLS", "20"))

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes that are killed are forked")


@pytest.fixture
def course() -> Course:
    """Eight weeks: importing them takes about as long as a process lives."""
    return make_course(weeks=8, video_bytes=2_500_000)


@pytest.fixture
def computer(tmp_path: Path, course: Course) -> Iterator[Computer]:
    """A learner who is enrolled, with the file beside."""
    made = Computer(tmp_path / "home")
    signer = Signer()
    made.joins(signer)
    made.enrolls(course)
    (tmp_path / "course.haversack").write_bytes(bytes_of(course, signer))
    yield made
    made.close()


def require_ready_is_true(home: Path) -> set[str]:
    """As another program sees the database and the files (invariant 3)."""
    database = home / "learners" / ACCOUNT / DATABASE_NAME
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        ready = {row[0] for row in connection.execute("SELECT sha256 FROM assets WHERE state = 'ready'")}
    for sha256 in ready:
        assert hashlib.sha256(blob_path(home / "assets", sha256).read_bytes()).hexdigest() == sha256
    return ready


def forget(computer: Computer) -> None:
    """Nothing came yet."""
    with computer.services.store.write(set()) as connection:
        connection.exec_driver_sql("UPDATE assets SET state = 'missing'")
    for path in computer.assets.glob("??/*"):
        path.unlink()


def test_at_any_instant(computer: Computer, course: Course, tmp_path: Path) -> None:
    chance = random.Random(int(os.environ.get("HAVERSACK_IMPORT_KILLS_SEED", "7")))
    words = [sys.executable, "-m", "tests.desktop.sync.import_nursery", str(computer.home)]
    words.append(str(tmp_path / "course.haversack"))
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    store, assets = computer.services.store, computer.assets
    began = time.monotonic()
    import_pack(store, tmp_path / "course.haversack")
    longest_s = 1.5 * (time.monotonic() - began)
    forget(computer)
    killed = half = 0
    for number in range(ROUNDS):
        process.stdin.write(f"{chance.uniform(0.0, longest_s)}\n")
        process.stdin.flush()
        ended = int(process.stdout.readline())
        assert ended in {0, -signal.SIGKILL}
        killed += ended == -signal.SIGKILL
        ready = require_ready_is_true(computer.home)
        half += 0 < len(ready) < len(course.blobs)
        # Whatever has a blob's name has its hash, row or no row.
        for path in assets.glob("??/*"):
            if len(path.name) == 64:
                assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
        if len(ready) == len(course.blobs) or number % 6 == 5:
            forget(computer)
    process.communicate("")
    assert killed > ROUNDS // 4
    assert half, "none was cut off in the middle"
    import_pack(store, tmp_path / "course.haversack")
    assert require_ready_is_true(computer.home) == set(course.blobs)
    collect(store, time.time() + 60)
    assert computer.files() == set(course.blobs), "what the kills left was collected"


@pytest.mark.skipif("HAVERSACK_IMPORT_KILLS" not in os.environ, reason="writes 3 GB; with the other slow ones")
def test_the_memory_of_an_import_does_not_grow_with_the_file(tmp_path: Path) -> None:
    from benchmarks.packs import MEMORY, SIZE, prepared

    with prepared(tmp_path, 2, SIZE) as made:
        made.import_pack()
    assert made.grown[0] < MEMORY
