"""SIGKILL in the middle of a push, a download and a quiz: what was acknowledged is there, the rest is whole."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop.models.blobs import blob_path, part_path
from desktop.sync.secrets import FileSecrets
from tests.desktop.course import Course
from tests.desktop.sync.conftest import Installation
from tests.desktop.sync.program_server import Handler, ProgramServer
from tests.desktop.sync.test_push_pull import enrolled, send


@pytest.fixture
def home(tmp_path: Path, one: Installation, program: ProgramServer, course: Course) -> Path:
    """A data folder whose secrets other processes can read, with the store closed."""
    enrolled(one, program, course)
    one.gateway.tokens._secrets = FileSecrets(one.home)
    one.gateway.sign_in("http://127.0.0.1:1", "ada@example.org", "a password")
    return one.home


@contextmanager
def victim(home: Path, program: ProgramServer, what: str) -> Iterator[subprocess.Popen[str]]:
    """The process; killed at the end of the block at the latest."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.desktop.sync.victim", str(home), program.url, what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_between_send_and_mark(home: Path, one: Installation, program: ProgramServer) -> None:
    services = one.store
    for number in range(30):
        services.notes.save("sql/video-1", f"note {number}")
    services.close()
    applied = threading.Event()
    go_on = threading.Event()

    def hold(handler: Handler) -> bool:
        applied.set()
        go_on.wait(30)
        return False

    program.spoil("/v1/actions", hold, late=True)
    with victim(home, program, "push") as process:
        assert applied.wait(30)
        process.kill()
        process.wait()
    go_on.set()
    services = one.open()
    assert services.opened_notes == ()
    assert services.outbox.waiting_count() == 30
    assert send(one) == 30
    assert len(program.applied) == len(set(program.applied)) == 30
    assert len(services.notes.all()) == 30


def test_in_the_middle_of_a_download(home: Path, one: Installation, program: ProgramServer, course: Course) -> None:
    services = one.store
    services.downloads.queue_item("sql/video-1")
    media = services.lectures.view("sql/video-1").media_asset
    services.close()
    half = threading.Event()
    go_on = threading.Event()

    def stall(handler: Handler) -> bool:
        if media not in handler.path:
            return False
        data = course.blobs[media]
        handler.say(200, data[:300_000], length=len(data))
        handler.wfile.flush()
        half.set()
        go_on.wait(30)
        handler.close_connection = True
        return True

    program.spoil(f"/v1/blobs/{media}", stall)
    part = part_path(home / "assets", media)
    with victim(home, program, "download") as process:
        assert half.wait(30)
        while not part.exists() or part.stat().st_size < 200_000:
            assert process.poll() is None
            threading.Event().wait(0.02)
        process.kill()
        process.wait()
    go_on.set()
    services = one.open()
    assert not blob_path(home / "assets", media).exists()
    assert services.downloads.view().entries[0].state == "queued"
    assert services.lectures.view("sql/video-1").media is None
    program.asked.clear()
    with victim(home, program, "download") as process:
        assert process.wait(30) == 0
    assert blob_path(home / "assets", media).read_bytes() == course.blobs[media]
    assert services.downloads.view().entries[0].state == "ready"


def test_a_draft_survives(home: Path, one: Installation, program: ProgramServer) -> None:
    one.store.close()
    with victim(home, program, "draft") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "saved\n"
        process.kill()
        process.wait()
    services = one.open()
    one.gateway.fetch_item("sql/practice-1")
    view = services.quizzes.view("sql/practice-1")
    assert view.draft[0].choices == ("a",)
    assert view.draft_started_at is not None
