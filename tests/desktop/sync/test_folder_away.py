"""The drive with the courses is pulled, swapped, write-protected or silent: said, waited for, and nothing is lost."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.errors import Problem
from desktop.models import content_folder as content_module
from desktop.models.blobs import blob_path, part_path
from desktop.models.content_folder import FILE_NAME, MARKER, content_folder
from desktop.models.folder_choice import OURS
from desktop.models.storage_views import FolderView
from desktop.models.views import DownloadView
from desktop.services.services import Services
from desktop.sync import content, housekeeping
from desktop.sync.downloads import DownloadQueue
from desktop.sync.file_check import FileCheck, check_rows
from desktop.sync.worker import SyncWorker
from tests.desktop.course import VIDEO_BYTES, Course
from tests.desktop.drives import Slot, slot_in
from tests.desktop.sync.conftest import Installation
from tests.desktop.sync.program_server import ProgramServer
from tests.desktop.sync.test_downloads import video
from tests.desktop.sync.test_push_pull import enrolled, never


@pytest.fixture
def slot(tmp_path: Path) -> Iterator[Slot]:
    """Where sticks are put in; ours is in."""
    with slot_in(tmp_path / "drive") as made:
        made.put_in()
        yield made


@pytest.fixture
def services(one: Installation, program: ProgramServer, course: Course, slot: Slot) -> Services:
    """Enrolled; courses lie on the stick, all texts are there."""
    services = enrolled(one, program, course)
    services.downloads.change_rules({"floor": 0})
    move(one, services, str(slot.at))
    assert one.content.path == slot.at / OURS
    drain(one)
    return services


def move(one: Installation, services: Services, to: str) -> None:
    """Move, as the worker's thread would."""
    from desktop.sync.folder_move import FolderMove

    services.storage.move(services.storage.plan_move(to))
    FolderMove(one.content, lambda: 0, lambda damaged, adopted: None).step(never)


def drain(one: Installation) -> list[tuple[DownloadView, ...]]:
    """Until there is nothing to fetch; what was told of the queue."""
    told: list[tuple[DownloadView, ...]] = []
    queue = DownloadQueue(one.store.store, one.gateway.fetcher, told.append, one.gateway.packs)
    while queue.fetch_next(never):
        pass
    return told


def states(services: Services) -> set[str]:
    """Of all files."""
    with services.store.read() as connection:
        return set(connection.exec_driver_sql("SELECT DISTINCT state FROM assets").scalars())


def look_after(services: Services) -> None:
    """What a start and the pauses between rounds do with files."""
    housekeeping.at_start(services.store)
    FileCheck(services.store).look()


def test_while_it_is_pulled_everything_waits(
    one: Installation, program: ProgramServer, course: Course, services: Services, slot: Slot
) -> None:
    services.downloads.queue_course("sql")
    before = services.courses.outline("sql")
    slot.pull()
    assert one.content.look() == "absent"
    program.asked.clear()
    (entry,) = drain(one)[-1]
    assert (entry.state, entry.hold) == ("queued", "absent")
    assert program.asked == []
    look_after(services)
    assert services.courses.outline("sql") == before
    assert "failed" not in states(services)
    assert services.readings.view("sql/reading-1").html is None
    assert services.lectures.view("sql/video-1").media is None
    with pytest.raises(Problem, match="folder_absent") as found:
        one.gateway.fetch_item("sql/reading-1")
    assert found.value.way_out
    content.fetch_logos(services.store, one.gateway.api)
    assert services.storage.view().bytes_free is None
    services.notes.save("sql/video-1", "still works")
    services.storage.remove_course("sql")
    services.downloads.queue_course("sql")
    assert list(slot.at.iterdir()) == []  # the empty mount point stays empty
    slot.put_in()
    assert one.content.look() == "here"
    look_after(services)
    assert drain(one)
    assert services.downloads.view().entries[0].state == "ready"
    assert services.readings.view("sql/reading-1").html is not None


def test_it_starts_without_it(one: Installation, course: Course, services: Services, slot: Slot) -> None:
    services.close()
    slot.pull()
    one.content = content_folder(one.home, one.home / "assets")
    again = one.open()
    assert one.content.state == "absent"
    look_after(again)
    assert "ready" in states(again)
    assert again.courses.outline("sql").title == "Course sql"
    slot.put_in()
    assert again.readings.view("sql/reading-1").html is None  # until somebody looked
    one.content.look()
    assert again.readings.view("sql/reading-1").html is not None


def test_pulled_while_a_file_arrives(
    one: Installation, program: ProgramServer, course: Course, services: Services, slot: Slot
) -> None:
    services.downloads.queue_course("sql")
    part = part_path(one.content.path, video(course).sha256)
    queue = DownloadQueue(services.store, one.gateway.fetcher)

    def pull_in_the_middle() -> bool:
        if part.exists() and part.stat().st_size > 100_000:
            slot.pull()
        return False

    while queue.fetch_next(pull_in_the_middle):
        pass
    (entry,) = services.downloads.view().entries
    assert (entry.state, entry.problem) == ("queued", "")  # the reason is one of the folder's, said once
    assert "failed" not in states(services)
    assert list(slot.at.iterdir()) == []
    slot.put_in()
    one.content.look()
    assert part.stat().st_size > 100_000
    program.sent_bytes = 0
    drain(one)
    assert services.downloads.view().entries[0].state == "ready"
    assert program.sent_bytes < 2 * VIDEO_BYTES  # what was there was gone on with, where it had a name already


def test_pulled_while_files_are_looked_at(
    one: Installation, services: Services, slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not found is only gone if the drive is there afterwards as well."""
    slot.pull()
    looks = iter(["here", "absent"])
    monkeypatch.setattr(one.content, "look", lambda: next(looks))
    assert check_rows(services.store) == []
    assert "ready" in states(services)


@pytest.mark.parametrize(
    ("how", "state"),
    [
        (lambda slot: slot.put_in("another"), "other"),
        (lambda slot: (slot.stick("another") / OURS).mkdir() or slot.put_in("another"), "other"),
        (lambda slot: (slot.put_in(), (slot.at / OURS / MARKER).write_text("{}")), "other"),
        (lambda slot: (slot.put_in(), slot.make_read_only()), "read_only"),
    ],
    ids=["another stick", "with such a folder", "with another's", "read-only"],
)
def test_what_is_not_ours_is_not_touched(
    one: Installation, course: Course, services: Services, slot: Slot, how: Callable[[Slot], object], state: str
) -> None:
    services.downloads.queue_course("sql")
    slot.pull()
    how(slot)
    before = sorted(slot.at.rglob("*"))
    assert one.content.look() == state
    (entry,) = drain(one)[-1]
    assert (entry.state, entry.hold) == ("queued", state)
    look_after(services)
    assert {"ready", "missing"} == states(services)
    assert sorted(slot.at.rglob("*")) == before
    assert (services.readings.view("sql/reading-1").html is not None) == (state == "read_only")
    problem = one.content.problem()
    assert problem is not None
    assert problem.way_out


def test_a_folder_that_was_deleted_is_not_begun_anew(
    one: Installation, course: Course, services: Services, tmp_path: Path
) -> None:
    move(one, services, "")
    (tmp_path / "mine").mkdir()
    move(one, services, str(tmp_path / "mine"))
    (tmp_path / "mine" / OURS).rename(tmp_path / "elsewhere")
    assert one.content.look() == "gone"
    drain(one)
    look_after(services)
    assert not (tmp_path / "mine" / OURS).exists()
    services.storage.move(services.storage.plan_move(str(tmp_path / "elsewhere")))
    assert one.content.state == "here"
    assert services.readings.view("sql/reading-1").html is not None


@pytest.mark.expected_log("not known where the courses lie")
def test_a_damaged_note_of_where_it_is_is_no_empty_folder(one: Installation, services: Services, slot: Slot) -> None:
    (one.home / FILE_NAME).write_bytes(b"\x00" * 40)
    again = content_folder(one.home, one.home / "assets")
    assert again.look() == "gone"
    with pytest.raises(Problem, match="folder_gone"), again.writing():
        pass


def test_a_drive_that_does_not_answer(
    one: Installation, services: Services, slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for it longer than a moment, and what it has is not asked for."""
    released = threading.Event()
    real = content_module.state_of

    def hanging(spot: content_module.Spot) -> str:
        released.wait()
        return real(spot)

    monkeypatch.setattr(content_module, "SILENT_S", 0.05)
    monkeypatch.setattr(content_module, "state_of", hanging)
    try:
        assert one.content.look_briefly(0.2) == "silent"
        assert one.content.look() == "silent"
        assert one.content.hold() == "silent"
        assert services.readings.view("sql/reading-1").html is None
        look_after(services)
        assert "ready" in states(services)
    finally:
        released.set()
    monkeypatch.setattr(content_module, "SILENT_S", 5.0)
    assert one.content.look() == "here"


def test_the_program_notices_by_itself(
    qtbot: QtBot, one: Installation, course: Course, services: Services, slot: Slot
) -> None:
    """Pulled and put in while the worker runs: it says so, and goes on by itself."""
    said: list[FolderView] = []
    worker = SyncWorker(services, one.gateway, one.clock)
    worker.folder_changed.connect(said.append)
    worker.start()
    qtbot.waitUntil(lambda: bool(said) and said[-1].state == "here", timeout=10_000)
    assert (said[-1].path, said[-1].usual) == (str(slot.at / OURS), False)
    slot.pull()
    qtbot.waitUntil(lambda: said[-1].state == "absent", timeout=10_000)
    services.downloads.queue_course("sql")
    slot.put_in()
    qtbot.waitUntil(lambda: services.downloads.view().entries[0].state == "ready", timeout=20_000)
    assert said[-1].state == "here"
    services.storage.move(services.storage.plan_move(""))
    qtbot.waitUntil(lambda: said[-1].usual and said[-1].move is None, timeout=20_000)
    assert blob_path(one.home / "assets", video(course).sha256).exists()
    qtbot.waitUntil(lambda: not (slot.at / OURS).exists(), timeout=20_000)
    assert worker.stop()
    worker.deleteLater()
    assert os.path.ismount(slot.at)


class _Opener:
    """Opens whatever is there."""

    def has(self, path: Path, *, picture: bool) -> bool | None:
        path.stat()
        return picture

    def cues(self, data: bytes) -> int:
        return len(data)


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_check_of_a_trip_takes_a_pulled_drive_for_no_loss(
    services: Services, one: Installation, slot: Slot, when: str
) -> None:
    services.trips.pack([("sql", 1)], 10)
    drain(one)
    before = states(services)

    def told(done: int, _total: int, _title: str) -> None:
        if done == 1 and when == "meanwhile":
            slot.pull()

    if when == "before":
        slot.pull()
    with pytest.raises(Problem) as problem:
        services.readiness.check([("sql", 1)], _Opener(), told, never)
    assert problem.value.code == "folder_absent"
    assert states(services) == before
    slot.put_in()
    report = services.readiness.check([("sql", 1)], _Opener(), lambda *_: None, never)
    assert report is not None
    assert report.items == report.ready
