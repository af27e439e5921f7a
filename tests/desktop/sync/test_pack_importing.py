"""Importing course packs: what a good one brings, and what is left when something is in the way."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from desktop.errors import Problem
from desktop.models.blobs import blob_path
from desktop.models.contact import Contact
from desktop.models.content_folder import ABSENT, FILE_NAME, Place, Spot, content_folder, problem_of
from desktop.models.courses import manifests
from desktop.models.files import assets, downloads
from desktop.models.pack_views import CURRENT, NEWER, OLDER
from desktop.models.saved_views import encode_view
from desktop.models.store import Store
from desktop.services.services import open_services
from desktop.sync import pack_importing
from desktop.sync.blobs import StoppedError
from desktop.sync.pack_importing import import_pack
from desktop.sync.pack_reading import look_at
from tests.desktop.course import Course, make_course
from tests.desktop.packs import ACCOUNT, LATER, Computer, Signer, bytes_of, header_of


@pytest.fixture
def signer() -> Signer:
    """The program's key."""
    return Signer()


@pytest.fixture
def course() -> Course:
    """Two weeks."""
    return make_course()


@pytest.fixture
def computer(tmp_path: Path, signer: Signer, course: Course) -> Iterator[Computer]:
    """A member who is enrolled, and has nothing of the course."""
    made = Computer(tmp_path / "home")
    made.joins(signer)
    made.enrolls(course)
    yield made
    made.close()


@pytest.fixture
def pack(tmp_path: Path, course: Course, signer: Signer) -> Path:
    """On a stick."""
    path = tmp_path / "stick" / "sql.haversack"
    path.parent.mkdir()
    path.write_bytes(bytes_of(course, signer))
    return path


def ready(store: Store) -> set[str]:
    """Hashes that the database calls ready; each is what its name says."""
    with store.read() as connection:
        found = set(connection.execute(select(assets.c.sha256).where(assets.c.state == "ready")).scalars())
    for sha256 in found:
        assert hashlib.sha256(blob_path(store.assets, sha256).read_bytes()).hexdigest() == sha256
    return found


def versions(store: Store) -> set[str]:
    """Of the courses that are here."""
    with store.read() as connection:
        return set(connection.execute(select(manifests.c.version)).scalars())


def weeks(computer: Computer) -> int:
    """Of the version that the learner sees."""
    return len(computer.services.courses.outline("sql").weeks)


def test_a_pack_brings_the_course(computer: Computer, pack: Path, course: Course) -> None:
    facts = look_at(computer.services.store, pack)
    assert (facts.title, facts.organization, facts.standing, facts.enrolled) == (
        "Course sql",
        "Open School",
        CURRENT,
        True,
    )
    assert facts.bytes_new == sum(map(len, course.blobs.values()))
    assert facts.files == len(course.blobs)
    told: list[tuple[int, int]] = []
    result = import_pack(computer.services.store, pack, lambda done, total: told.append((done, total)))
    assert (result.files_new, result.files_here, result.damaged) == (len(course.blobs), 0, ())
    assert ready(computer.services.store) == set(course.blobs) == computer.files()
    assert told[-1] == (facts.bytes_new, facts.bytes_new)
    assert {"courses", "assets", "downloads"} <= computer.kinds
    outline = computer.services.courses.outline("sql")
    assert outline.title == "Course sql"
    assert computer.services.readings.view("sql/reading-1").html
    assert computer.services.lectures.view("sql/video-1").media is not None


def test_what_is_here_is_not_read_again(computer: Computer, pack: Path, course: Course) -> None:
    import_pack(computer.services.store, pack)
    before = {path: path.stat().st_ino for path in computer.assets.glob("??/*")}
    result = import_pack(computer.services.store, pack)
    assert (result.files_new, result.files_here) == (0, len(course.blobs))
    assert {path: path.stat().st_ino for path in computer.assets.glob("??/*")} == before
    assert look_at(computer.services.store, pack).bytes_new == 0


def test_files_of_another_learner_of_this_computer_are_used(computer: Computer, pack: Path, course: Course) -> None:
    victim = next(iter(course.blobs))
    path = blob_path(computer.assets, victim)
    path.parent.mkdir(parents=True)
    path.write_bytes(course.blobs[victim])
    inode = path.stat().st_ino
    damaged = blob_path(computer.assets, list(course.blobs)[1])
    damaged.parent.mkdir(parents=True, exist_ok=True)
    damaged.write_bytes(b"not it")
    result = import_pack(computer.services.store, pack)
    assert (result.files_new, result.files_here) == (len(course.blobs) - 1, 1)
    assert path.stat().st_ino == inode
    assert ready(computer.services.store) == set(course.blobs)


def test_a_file_that_went_missing_is_brought_again(computer: Computer, pack: Path, course: Course) -> None:
    import_pack(computer.services.store, pack)
    blob_path(computer.assets, next(iter(course.blobs))).unlink()
    assert import_pack(computer.services.store, pack).files_new == 1
    assert ready(computer.services.store) == set(course.blobs)


def test_entries_of_the_queue_that_wanted_it_are_ready(computer: Computer, pack: Path, course: Course) -> None:
    store = computer.services.store
    import_pack(store, pack)
    computer.services.storage.remove_course("sql")
    computer.services.downloads.queue_course("sql")
    computer.services.downloads.queue_week("sql", 1)
    week = next(entry for entry in computer.services.downloads.view().entries if entry.title == "Week 1")
    computer.services.downloads.pause(week.id)
    import_pack(store, pack)
    assert [entry.state for entry in computer.services.downloads.view().entries] == ["ready", "ready"]
    with store.read() as connection:
        assert set(connection.execute(select(downloads.c.state)).scalars()) == {"ready"}


def test_a_pack_of_some_weeks_leaves_the_rest_to_downloads(
    computer: Computer, course: Course, signer: Signer, tmp_path: Path
) -> None:
    last = list(course.blobs)[-4:]
    path = tmp_path / "some.haversack"
    path.write_bytes(bytes_of(course, signer, header_of(course, leave_out=last)))
    import_pack(computer.services.store, path)
    assert ready(computer.services.store) == set(course.blobs) - set(last)
    plan = computer.services.downloads.plan_course("sql")
    assert plan.bytes_missing == sum(len(course.blobs[sha256]) for sha256 in last)


def test_a_member_who_is_not_enrolled_keeps_it_and_can_enroll_offline(
    tmp_path: Path, signer: Signer, course: Course, pack: Path
) -> None:
    computer = Computer(tmp_path / "other")
    computer.joins(signer)
    computer.sees(course)
    assert not look_at(computer.services.store, pack).enrolled
    import_pack(computer.services.store, pack)
    assert ready(computer.services.store) == set(course.blobs)
    with pytest.raises(Problem, match="not_enrolled"):
        computer.services.courses.outline("sql")
    computer.services.enrollment.enroll("sample", "sql")
    assert look_at(computer.services.store, pack).enrolled
    assert computer.services.courses.outline("sql").title == "Course sql"
    assert computer.services.readings.view("sql/reading-1").html
    computer.close()


# --- versions -----------------------------------------------------------------------------------------------------


def next_version(course: Course) -> Course:
    """The same course with a week more."""
    return make_course(weeks=3)


def test_an_older_pack_brings_nobody_back(
    computer: Computer, course: Course, signer: Signer, tmp_path: Path, pack: Path
) -> None:
    newer = next_version(course)
    import_pack(computer.services.store, pack)
    computer.services.storage.remove_course("sql")
    computer.enrolls(newer)
    store = computer.services.store
    path = tmp_path / "newer.haversack"
    path.write_bytes(bytes_of(newer, signer))
    import_pack(store, path)
    computer.services.storage.remove_course("sql")
    clock = computer.clock
    store.contact.recall(Contact(datetime.now(UTC), clock.now(), clock.monotonic_ms()))
    old = tmp_path / "old.haversack"
    stranger = make_course(weeks=1)
    old.write_bytes(bytes_of(stranger, signer, header_of(stranger, made_at=datetime.now(UTC) - timedelta(days=9))))
    facts = look_at(store, old)
    assert facts.standing == OLDER
    before = versions(store)
    result = import_pack(store, old)
    assert versions(store) == before
    shared = set(stranger.blobs) & set(newer.blobs)
    assert shared
    assert result.left == len(stranger.blobs) - len(shared)
    assert shared <= ready(store)
    assert weeks(computer) == 3


def test_a_newer_pack_waits_until_the_server_names_it(
    computer: Computer, course: Course, signer: Signer, tmp_path: Path, pack: Path
) -> None:
    store = computer.services.store
    import_pack(store, pack)
    newer = next_version(course)
    path = tmp_path / "newer.haversack"
    path.write_bytes(bytes_of(newer, signer, header_of(newer, made_at=LATER)))
    assert look_at(store, path).standing == NEWER
    import_pack(store, path)
    assert set(newer.blobs) <= ready(store)
    assert weeks(computer) == 2
    computer.enrolls(newer)
    assert weeks(computer) == 3


# --- what is in the way -------------------------------------------------------------------------------------------


def test_one_damaged_file_is_named_and_the_others_stay(computer: Computer, course: Course, pack: Path) -> None:
    video = next(data for data in course.blobs.values() if len(data) > 100_000)
    raw = bytearray(pack.read_bytes())
    raw[raw.index(video) + 5000] ^= 1
    pack.write_bytes(raw)
    result = import_pack(computer.services.store, pack)
    assert result.damaged == ("Lecture 1",)
    assert ready(computer.services.store) == set(course.blobs) - {hashlib.sha256(video).hexdigest()} == computer.files()
    raw[raw.index(video[:5000]) + 5000] ^= 1
    pack.write_bytes(raw)
    again = import_pack(computer.services.store, pack)
    assert (again.files_new, again.damaged) == (1, ())


def test_it_can_be_stopped_and_goes_on(computer: Computer, course: Course, pack: Path) -> None:
    asked = 0

    def go_on() -> bool:
        nonlocal asked
        asked += 1
        return asked < 5

    with pytest.raises(StoppedError):
        import_pack(computer.services.store, pack, go_on=go_on)
    some = ready(computer.services.store)
    assert 0 < len(some) < len(course.blobs)
    assert computer.files() == some
    result = import_pack(computer.services.store, pack)
    assert result.files_here == len(some)
    assert ready(computer.services.store) == set(course.blobs)


class Stick:
    """An unbuffered file whose reads fail from the ``bad`` one on."""

    def __init__(self, file: Any, bad: range) -> None:
        self._file, self._bad, self._count = file, bad, 0

    def read(self, size: int) -> bytes:
        """As a stick with a bad place, or one that was pulled."""
        self._count += 1
        if self._count in self._bad:
            raise OSError(5, "Input/output error")
        data: bytes = self._file.read(size)
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def with_stick(monkeypatch: pytest.MonkeyPatch, bad: range) -> None:
    """Reads of blobs go wrong."""
    take = pack_importing._take_all

    def on_a_stick(work: Any, here: set[str]) -> None:
        object.__setattr__(work.found, "file", Stick(work.found.file, bad))
        take(work, here)

    monkeypatch.setattr(pack_importing, "_take_all", on_a_stick)


def test_a_bad_place_of_the_stick_costs_one_file(
    computer: Computer, course: Course, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_stick(monkeypatch, range(3, 4))
    result = import_pack(computer.services.store, pack)
    assert len(result.damaged) == 1
    assert len(ready(computer.services.store)) == len(course.blobs) - 1


@pytest.mark.parametrize("gone", [True, False], ids=["pulled", "broken"])
def test_a_stick_that_is_pulled_keeps_what_was_checked(
    computer: Computer, course: Course, pack: Path, monkeypatch: pytest.MonkeyPatch, gone: bool
) -> None:
    def pull(done: int, total: int) -> None:
        if gone and pack.exists():
            pack.rename(pack.with_suffix(".away"))

    with monkeypatch.context() as patched:
        with_stick(patched, range(5, 1000))
        if gone:
            patched.setattr(pack_importing, "UNREADABLE_IN_A_ROW", 1000)
        with pytest.raises(Problem, match="pack_unreadable") as caught:
            import_pack(computer.services.store, pack, pull)
        assert "goes on from there" in caught.value.way_out
    some = ready(computer.services.store)
    assert 0 < len(some) < len(course.blobs)
    assert computer.files() == some
    if gone:
        pack.with_suffix(".away").rename(pack)
    assert import_pack(computer.services.store, pack).files_here == len(some)


def test_no_room_is_said_before_anything_is_written(
    computer: Computer, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer.services.downloads.change_rules({"floor": 1 << 60})
    with pytest.raises(Problem, match="disk_full"):
        import_pack(computer.services.store, pack)
    assert computer.files() == set()
    assert versions(computer.services.store) == set()


@pytest.mark.parametrize("error", [28, 30, 5], ids=["full", "read-only", "drive pulled"])
def test_a_disk_that_fails_on_the_way_keeps_what_was_checked(
    computer: Computer, course: Course, pack: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    write, written = pack_importing._write, 0

    def failing(target: Any, piece: bytes) -> None:
        nonlocal written
        written += 1
        if written > 6:
            raise pack_importing._UnwritableError(OSError(error, os.strerror(error)))
        write(target, piece)

    monkeypatch.setattr(pack_importing, "_write", failing)
    if error == 5:
        content = computer.services.store.content
        monkeypatch.setattr(content, "look", lambda: ABSENT)
        monkeypatch.setattr(content, "require", lambda: None)
        monkeypatch.setattr(content, "problem", lambda: problem_of(ABSENT))
    with pytest.raises(Problem) as caught:
        import_pack(computer.services.store, pack)
    assert caught.value.code == {28: "disk_full", 30: "assets_unusable", 5: "folder_absent"}[error]
    some = ready(computer.services.store)
    assert len(some) == 6
    assert computer.files() == some


def test_the_floor_is_looked_at_on_the_way(
    computer: Computer, course: Course, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack_importing, "LOOK_AT_DISK_EVERY", 1000)
    asked: list[int] = []

    def room(folder: Path, size: int, floor: int) -> None:
        asked.append(size)
        if len(asked) > 1:
            raise Problem("disk_full", "full")

    monkeypatch.setattr(pack_importing, "require_room", room)
    with pytest.raises(Problem, match="disk_full"):
        import_pack(computer.services.store, pack)
    assert computer.files() == ready(computer.services.store) != set(course.blobs)


def test_a_folder_that_is_being_moved_is_left_alone(computer: Computer, course: Course, pack: Path) -> None:
    content = computer.services.store.content
    content.set_moving(True)
    with pytest.raises(Problem, match="pack_moving"):
        import_pack(computer.services.store, pack)
    assert computer.files() == set()
    content.set_moving(False)
    assert import_pack(computer.services.store, pack).files_new == len(course.blobs)


def test_a_drive_that_is_not_there_is_said(computer: Computer, pack: Path, tmp_path: Path) -> None:
    computer.close()
    (computer.home / FILE_NAME).write_bytes(encode_view(Place(now=Spot(str(tmp_path / "drive" / "courses"), "an-id"))))
    services = open_services(
        computer.home,
        ACCOUNT,
        computer.clock,
        lambda kinds: None,
        content_folder(computer.home, computer.home / "assets"),
    )
    computer.services = services
    with pytest.raises(Problem, match="folder_"):
        import_pack(services.store, pack)
    assert not (tmp_path / "drive").exists()
