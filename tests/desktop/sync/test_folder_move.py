"""Moving the files of courses to another folder: carried, verified, and nothing lost whatever happens on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.errors import Problem
from desktop.models import folder_choice
from desktop.models.blobs import blob_path, part_path
from desktop.models.content_folder import OTHER, content_folder, read_marker
from desktop.models.folder_choice import OURS
from desktop.sync import folder_copy
from desktop.sync.file_check import check_rows
from desktop.sync.folder_move import FAILED, PAUSED, WAITING
from tests.desktop.course import Course, make_course
from tests.desktop.drives import Slot, another_drive, slot_in
from tests.desktop.sync.moving import Kept, left_in, require_files


@pytest.fixture
def course() -> Course:
    """Two weeks."""
    return make_course()


@pytest.fixture
def kept(tmp_path: Path, course: Course) -> Iterator[Kept]:
    """All of the course is here, in the usual folder."""
    made = Kept(tmp_path / "home", course)
    yield made
    made.services.close()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another drive."""
    with another_drive(tmp_path) as folder:
        yield folder


@pytest.fixture
def slot(tmp_path: Path) -> Iterator[Slot]:
    """Where sticks are put in."""
    with slot_in(tmp_path / "drive") as made:
        yield made


def video(course: Course) -> str:
    """The first lecture's picture and sound."""
    return next(asset.sha256 for asset in course.manifest.assets if asset.media_type == "video/webm")


def test_files_are_carried_and_the_old_ones_go(kept: Kept, course: Course, elsewhere: Path) -> None:
    (elsewhere / "holiday.jpg").write_bytes(b"somebody's own")
    kept.choose(elsewhere)
    assert kept.content.path == kept.home / "assets"  # until all is there
    assert kept.step() is None
    assert kept.content.path == elsewhere / OURS
    kept.require_whole(course)
    assert left_in(kept.home / "assets") == []
    assert sorted(path.name for path in elsewhere.iterdir()) == [OURS, "holiday.jpg"]
    assert kept.content.state == "here"
    assert check_rows(kept.services.store) == []  # the time of writing came along: nothing is hashed again
    first, last = kept.said[0], kept.said[-1]
    assert first is not None
    assert (first.bytes_total, first.files_total) == (sum(map(len, course.blobs.values())), len(course.blobs))
    assert last is not None
    again = content_folder(kept.home, kept.home / "assets")  # as the next start reads it
    assert (again.look(), again.path) == ("here", elsewhere / OURS)
    kept.choose("")
    kept.step()
    assert kept.content.path == kept.home / "assets"
    kept.require_whole(course)
    assert left_in(elsewhere) == ["holiday.jpg"]
    assert not (elsewhere / OURS).exists()


def test_on_the_same_drive_nothing_is_copied(kept: Kept, course: Course, tmp_path: Path) -> None:
    blob = blob_path(kept.content.path, video(course))
    before = blob.stat().st_ino
    (tmp_path / "beside").mkdir()
    kept.choose(tmp_path / "beside")
    kept.step()
    assert blob_path(kept.content.path, video(course)).stat().st_ino == before
    assert not blob.exists()
    kept.require_whole(course)


def test_where_files_cannot_have_two_names_they_are_copied(
    kept: Kept, course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "beside").mkdir()
    monkeypatch.setattr(folder_copy, "_link", lambda copy: False)
    kept.choose(tmp_path / "beside")
    kept.step()
    assert kept.content.path == tmp_path / "beside" / OURS
    kept.require_whole(course)


def test_what_has_arrived_of_a_file_comes_along(kept: Kept, course: Course, elsewhere: Path) -> None:
    part = part_path(kept.content.path, "ab" * 32)
    part.parent.mkdir(exist_ok=True)
    part.write_bytes(b"the first half")
    kept.choose(elsewhere)
    kept.step()
    assert part_path(kept.content.path, "ab" * 32).read_bytes() == b"the first half"


@pytest.mark.expected_log("a file is left behind")
def test_a_damaged_file_is_left_behind_and_wanted_again(kept: Kept, course: Course, elsewhere: Path) -> None:
    blob = blob_path(kept.content.path, video(course))
    stat = blob.stat()
    blob.write_bytes(b"x" * stat.st_size)
    os.utime(blob, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # as a disk rots: without a trace
    kept.services.downloads.queue_course("sql")
    kept.choose(elsewhere)
    kept.step()
    assert set(kept.ready()) == set(course.blobs) - {video(course)}
    require_files(kept.content.path, set(kept.ready()))
    assert left_in(kept.home / "assets") == []
    assert kept.services.downloads.view().entries[0].state == "queued"


def test_pausing_and_cancelling_leave_the_old_folder_whole(kept: Kept, course: Course, elsewhere: Path) -> None:
    kept.choose(elsewhere)
    pieces = iter(range(4))
    kept.stop = lambda: next(pieces, None) is None
    kept.step()  # the program ends in the middle
    kept.services.storage.pause_move()
    kept.stop = lambda: False
    view = kept.step()
    assert view is not None
    assert view.state == PAUSED
    assert kept.content.hold() == ""  # downloads go on meanwhile
    kept.require_whole(course)
    assert left_in(elsewhere) != []
    kept.services.storage.cancel_move()
    assert kept.step() is None
    assert left_in(elsewhere) == []
    assert kept.content.path == kept.home / "assets"
    kept.require_whole(course)


def test_a_pause_goes_on_where_it_stopped(
    kept: Kept, course: Course, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_copy, "PIECE", 100_000)
    monkeypatch.setattr(folder_copy, "SYNC_EVERY", 200_000)
    kept.choose(elsewhere)
    kept.stop = lambda: any(path.stat().st_size >= 300_000 for path in elsewhere.rglob("*.moving"))
    kept.step()
    part = max(elsewhere.rglob("*.moving"), key=lambda path: path.stat().st_size)
    name = part.name.removesuffix(".moving")
    assert 300_000 <= part.stat().st_size < len(course.blobs[name])
    kept.services.storage.pause_move()
    kept.services.storage.resume_move()
    kept.stop = lambda: False
    before = part.stat().st_ino
    kept.step()
    assert blob_path(kept.content.path, name).stat().st_ino == before  # what was there of it was gone on with
    kept.require_whole(course)


@pytest.mark.expected_log("cannot be moved")
def test_a_target_that_fills_up(kept: Kept, course: Course, slot: Slot, monkeypatch: pytest.MonkeyPatch) -> None:
    slot.put_in_small(1_000_000)
    with pytest.raises(Problem, match="target_full"):
        kept.services.storage.plan_move(str(slot.at))
    monkeypatch.setattr(folder_choice, "bytes_free", lambda *_: 10**9)  # as if there had been room when it was asked
    monkeypatch.setattr(folder_copy, "bytes_free", lambda *_: 10**9)
    kept.choose(slot.at)
    view = kept.step()
    assert view is not None
    assert (view.state, view.text) == (FAILED, "There is not enough room for your courses in that folder.")
    assert view.way_out
    assert kept.content.hold() == ""
    kept.require_whole(course)
    assert kept.step() == view  # not again by itself
    kept.services.storage.cancel_move()
    kept.step()
    assert left_in(slot.at) == []


@pytest.mark.expected_log("cannot be moved")
def test_a_target_that_cannot_be_written(kept: Kept, course: Course, slot: Slot) -> None:
    slot.put_in()
    slot.make_read_only()
    with pytest.raises(Problem, match="target_unusable"):
        kept.services.storage.plan_move(str(slot.at))
    slot.make_read_only(yes=False)
    kept.choose(slot.at)
    slot.make_read_only()
    view = kept.step()
    assert view is not None
    assert view.state == FAILED
    kept.require_whole(course)
    slot.make_read_only(yes=False)
    kept.services.storage.resume_move()
    assert kept.step() is None
    kept.require_whole(course)
    assert kept.content.path.parent == slot.at


def test_a_target_that_is_pulled_in_the_middle(kept: Kept, course: Course, slot: Slot) -> None:
    slot.put_in()
    kept.choose(slot.at)
    stopped = iter(range(6))

    def pull_then_go_on() -> bool:
        if next(stopped, None) == 5:
            slot.pull()
        return False

    kept.stop = pull_then_go_on
    view = kept.step()
    assert view is not None
    assert (view.state, "not there" in view.text) == (WAITING, True)
    assert list(slot.at.iterdir()) == []  # nothing was written into the empty mount point
    kept.require_whole(course)
    slot.put_in("another")
    view = kept.step()
    assert view is not None
    assert view.state == WAITING
    assert list(slot.at.iterdir()) == []  # nor onto a stick that is another one
    slot.pull()
    slot.put_in()
    assert kept.step() is None
    assert kept.content.path == slot.at / OURS
    kept.require_whole(course)


def test_a_source_that_is_pulled_in_the_middle(kept: Kept, course: Course, slot: Slot, elsewhere: Path) -> None:
    slot.put_in()
    kept.choose(slot.at)
    kept.step()
    kept.choose(elsewhere)
    stopped = iter(range(6))

    def pull_then_go_on() -> bool:
        if next(stopped, None) == 5:
            slot.pull()
        return False

    kept.stop = pull_then_go_on
    view = kept.step()
    assert view is not None
    assert view.state == WAITING
    assert set(kept.ready()) == set(course.blobs)  # nothing is taken for damaged
    slot.put_in()
    assert kept.step() is None
    kept.require_whole(course)
    assert left_in(slot.at) == []


def test_an_old_folder_that_is_pulled_is_cleared_when_it_is_back(
    kept: Kept, course: Course, slot: Slot, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot.put_in()
    kept.choose(slot.at)
    kept.step()
    kept.choose(elsewhere)
    real = kept.move._moved

    def moved_and_pulled(damaged: set[str], adopted: bool) -> None:
        real(damaged, adopted)
        slot.pull()

    monkeypatch.setattr(kept.move, "_moved", moved_and_pulled)
    kept.step()
    assert kept.content.path == elsewhere / OURS
    slot.put_in("another")
    kept.step()
    slot.pull()
    slot.put_in()
    assert left_in(slot.at) != []
    kept.step()
    assert left_in(slot.at) == []
    kept.require_whole(course)


@pytest.mark.expected_log("target_broken")
def test_a_drive_that_does_not_keep_what_is_written(
    kept: Kept, course: Course, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sticks are sold that have less room than they say."""
    real = folder_copy.Carrier._hash
    monkeypatch.setattr(
        folder_copy.Carrier, "_hash", lambda self, path, *, fresh=False: "0" * 64 if fresh else real(self, path)
    )
    kept.choose(elsewhere)
    view = kept.step()
    assert view is not None
    assert (view.state, "does not keep" in view.text) == (FAILED, True)
    kept.require_whole(course)


def test_folders_that_cannot_take_the_place(kept: Kept, tmp_path: Path) -> None:
    for folder, code in (
        (kept.content.path, "target_inside"),
        (kept.content.path / "x", "target_inside"),
        ("", "target_same"),
    ):
        if folder:
            Path(folder).mkdir(exist_ok=True)
        with pytest.raises(Problem, match=code):
            kept.services.storage.plan_move(str(folder))


@pytest.mark.expected_log("files are gone")
def test_a_folder_of_courses_from_another_computer_is_taken_over(
    kept: Kept, course: Course, tmp_path: Path, elsewhere: Path
) -> None:
    """With what it has; and the other computer notices, so that the two do not tidy each other's files away."""
    other = Kept(tmp_path / "other home", course)
    other.choose(elsewhere)
    other.step()
    some = sorted(course.blobs)[:5]
    for sha256 in some:
        blob_path(kept.content.path, sha256).unlink()
    assert check_rows(kept.services.store) == []
    damaged = blob_path(elsewhere / OURS, sorted(course.blobs)[6])
    damaged.write_bytes(b"x" * damaged.stat().st_size)
    plan = kept.services.storage.plan_move(str(elsewhere))
    assert (plan.adopts, plan.bytes_total) == (True, 0)
    kept.choose(elsewhere)
    kept.step()
    kept.require_whole(course)
    assert other.content.look() == OTHER
    assert check_rows(other.services.store) == []
    assert set(other.ready()) == set(course.blobs)
    other.services.close()


def test_a_drive_that_is_mounted_elsewhere_is_found_by_choosing_it(kept: Kept, course: Course, slot: Slot) -> None:
    slot.put_in()
    kept.choose(slot.at)
    kept.step()
    slot.pull()
    assert kept.content.look() == "absent"
    moved = slot.stick("mine")
    plan = kept.services.storage.plan_move(str(moved))
    assert (plan.carries, plan.adopts) == (False, True)
    marker = read_marker(moved / OURS)
    kept.services.storage.move(plan)
    assert kept.content.state == "here"
    assert read_marker(moved / OURS) == marker
    assert kept.content.place.target is None
    kept.require_whole(course)


@pytest.mark.expected_log("files are gone")
def test_the_usual_folder_again_while_the_drive_is_away(kept: Kept, course: Course, slot: Slot) -> None:
    slot.put_in()
    kept.choose(slot.at)
    kept.step()
    slot.pull()
    kept.choose("")
    assert (kept.content.state, kept.content.path) == ("here", kept.home / "assets")
    check_rows(kept.services.store)
    assert kept.ready() == {}  # it is said before: what the other drive has is not here
    slot.put_in()
    require_files(slot.at / OURS, set(course.blobs))  # nothing is removed there
    kept.choose(slot.at)
    kept.step()
    kept.require_whole(course)
