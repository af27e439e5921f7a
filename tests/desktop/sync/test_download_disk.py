"""Downloads on a disk that is full or read-only: the entry says so, nothing else breaks, and it goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.blobs import blob_path, part_path
from desktop.services.services import Services
from desktop.sync import blobs as blobs_module
from desktop.sync.downloads import DownloadQueue
from tests.desktop.course import VIDEO_BYTES, Course
from tests.desktop.sync.conftest import Installation
from tests.desktop.sync.program_server import ProgramServer
from tests.desktop.sync.test_downloads import video
from tests.desktop.sync.test_push_pull import enrolled, never

SMALL_DISK = 1_300_000


@pytest.fixture
def services(one: Installation, program: ProgramServer, course: Course) -> Services:
    """Enrolled; two lectures of 700 kB wait."""
    services = enrolled(one, program, course)
    services.downloads.queue_course("sql")
    return services


@pytest.fixture
def small_disk(services: Services) -> Iterator[Path]:
    """The folder of downloads is a disk of its own, of 1.3 MB."""
    folder = services.store.assets
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a small disk is for root on Linux")
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def drain(one: Installation) -> None:
    """Until there is nothing to fetch."""
    queue = DownloadQueue(one.store.store, one.gateway.fetcher, packs=one.gateway.packs)
    while queue.fetch_next(never):
        pass


@pytest.mark.expected_log("could not be fetched: disk_full")
@pytest.mark.parametrize("floor", [0, 400_000], ids=["full", "floor"])
def test_a_disk_that_fills_up(
    one: Installation, course: Course, services: Services, small_disk: Path, floor: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.downloads.change_rules({"floor": floor})
    filler = small_disk / "somebody else's"
    filler.write_bytes(b"x" * 500_000)
    if not floor:  # as if the room had been there when it was looked for
        monkeypatch.setattr(blobs_module, "bytes_free", lambda *_: 10**9)
    drain(one)
    (entry,) = services.downloads.view().entries
    assert entry.state == "failed"
    assert "space" in entry.problem
    assert ("Keep free" in entry.way_out) == bool(floor)
    assert entry.way_out
    assert shutil.disk_usage(small_disk).free >= floor
    assert services.readings.view("sql/reading-1").html is not None  # what is small came
    assert list(small_disk.glob("in/*")) == []
    services.notes.save("sql/video-1", "still works")
    filler.unlink()
    services.downloads.change_rules({"floor": 0})
    monkeypatch.undo()
    services.downloads.cancel(entry.id)
    services.downloads.queue_item("sql/video-1")
    drain(one)
    assert services.downloads.view().entries[0].state == "ready"
    assert blob_path(small_disk, video(course).sha256).stat().st_size == VIDEO_BYTES


@pytest.mark.expected_log("could not be fetched: disk_full")
def test_the_floor_is_looked_at_while_a_file_arrives(
    one: Installation, program: ProgramServer, course: Course, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else writes to the disk meanwhile. What arrived is kept: it is not what filled the disk."""
    monkeypatch.setattr(blobs_module, "LOOK_AT_DISK_EVERY", 100_000)
    part = part_path(services.store.assets, video(course).sha256)
    monkeypatch.setattr(blobs_module, "bytes_free", lambda *_: 0 if part.exists() and part.stat().st_size else 10**9)
    drain(one)
    (entry,) = services.downloads.view().entries
    assert entry.state == "failed"
    assert 100_000 <= part.stat().st_size < VIDEO_BYTES
    monkeypatch.undo()
    services.downloads.resume(entry.id)
    drain(one)
    assert services.downloads.view().entries[0].state == "ready"


@pytest.mark.expected_log("could not be fetched: assets_unusable")
def test_a_folder_that_cannot_be_written(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    """A file lies where the folder should be: root may write into a read-only folder, but not into this."""
    folder = services.store.assets
    shutil.rmtree(folder)
    folder.write_bytes(b"in the way")
    drain(one)
    (entry,) = services.downloads.view().entries
    assert (entry.state, bool(entry.way_out)) == ("failed", True)
    assert "cannot write" in entry.problem
    folder.unlink()
    services.downloads.resume(entry.id)
    drain(one)
    assert services.downloads.view().entries[0].state == "ready"


@pytest.mark.expected_log("could not be fetched: assets_unusable")
def test_a_read_only_disk(one: Installation, course: Course, services: Services, small_disk: Path) -> None:
    services.downloads.change_rules({"floor": 0})
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    drain(one)
    (entry,) = services.downloads.view().entries
    assert entry.state == "failed"
    assert "cannot write" in entry.problem
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    services.downloads.cancel(entry.id)
    services.downloads.queue_item("sql/video-1")
    drain(one)
    assert services.downloads.view().entries[0].state == "ready"
