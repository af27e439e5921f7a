"""The queue: its order, its rules, what holds it up and what does not, and what is left on the disk."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from desktop.errors import Problem
from desktop.models.blobs import blob_path, part_path
from desktop.models.files import assets
from desktop.models.shared_files import collect
from desktop.models.store import DATABASE_NAME
from desktop.models.views import DownloadView
from desktop.services.services import Services
from desktop.sync import downloads as downloads_module
from desktop.sync import housekeeping, problems
from desktop.sync.downloads import DownloadQueue
from desktop.sync.file_check import FileCheck
from protocol import learning
from protocol.errors import ErrorBody
from protocol.ids import CourseId
from protocol.wire import encode
from tests.desktop.course import VIDEO_BYTES, Course
from tests.desktop.sync.conftest import Installation
from tests.desktop.sync.program_server import Handler, ProgramServer, answer
from tests.desktop.sync.test_downloads import video
from tests.desktop.sync.test_push_pull import enrolled, never, read

NOON = datetime(2026, 3, 2, 12, 0)


@pytest.fixture
def services(one: Installation, program: ProgramServer, course: Course) -> Services:
    """Enrolled, nothing downloaded."""
    return enrolled(one, program, course)


def queue_of(one: Installation, **more: object) -> DownloadQueue:
    """As the worker makes it."""
    return DownloadQueue(one.store.store, one.gateway.fetcher, packs=one.gateway.packs, **more)  # type: ignore[arg-type]


def drain(queue: DownloadQueue) -> None:
    """Until there is nothing to fetch."""
    while queue.fetch_next(never):
        pass


def entries(services: Services) -> dict[str, DownloadView]:
    """By title."""
    return {entry.title: entry for entry in services.downloads.view().entries}


def media_asked(program: ProgramServer, course: Course) -> list[str]:
    """Lectures in the order in which they were asked for."""
    names: dict[str, str] = {
        item.video.variants[0].asset: item.title
        for week in course.manifest.weeks
        for module in week.modules
        for lesson in module.lessons
        for item in lesson.items
        if item.video
    }
    asked = [path.split("/v1/blobs/")[1][:64] for path in program.asked if "/v1/blobs/" in path]
    return [names[sha256] for sha256 in asked if sha256 in names]


def test_the_learners_order_is_the_order(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    for number in (1, 2):
        services.downloads.queue_item(f"sql/video-{number}")
    first, second = services.downloads.view().entries
    services.downloads.move(second.id, "up")
    assert [entry.id for entry in services.downloads.view().entries] == [second.id, first.id]
    services.downloads.move(second.id, "down")
    services.downloads.move(first.id, "last")
    assert [entry.id for entry in services.downloads.view().entries] == [second.id, first.id]
    services.downloads.move(first.id, "first")
    services.downloads.move(first.id, "last")
    services.downloads.move("nobody", "first")
    drain(queue_of(one))
    assert media_asked(program, course) == ["Lecture 2", "Lecture 1"]
    assert {entry.state for entry in entries(services).values()} == {"ready"}
    services.downloads.clear_finished()
    assert services.downloads.view().entries == ()
    assert services.lectures.view("sql/video-1").media is not None


def test_what_is_put_first_comes_first_even_when_another_is_under_way(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    services.downloads.queue_item("sql/video-1")
    services.downloads.queue_item("sql/video-2")
    queue = queue_of(one)
    moved = False

    def move_once() -> bool:
        nonlocal moved
        part = part_path(services.store.assets, video(course).sha256)
        if not moved and part.exists() and part.stat().st_size:
            moved = True
            services.downloads.move(services.downloads.view().entries[1].id, "first")
            queue.changed()
        return False

    while queue.fetch_next(move_once):
        pass
    assert media_asked(program, course) == ["Lecture 1", "Lecture 2", "Lecture 1"]


def test_the_rules_hold_the_queue_and_not_the_texts(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    services.downloads.queue_item("sql/video-1")
    now = [NOON]
    told: list[tuple[DownloadView, ...]] = []
    queue = queue_of(one, now=lambda: now[0], tell=told.append)

    def after(hold: str) -> None:
        queue.changed()
        drain(queue)
        queue.tell_now()
        assert [(view.state, view.hold) for view in told[-1]] == [("queued", hold)]
        assert media_asked(program, course) == []
        assert services.readings.view("sql/reading-2").html is not None

    services.downloads.change_rules({"paused": True})
    after("paused")
    services.downloads.change_rules({"paused": False, "from_minute": 22 * 60, "until_minute": 6 * 60})
    after("hours")
    assert queue.wait_s() == 60
    now[0] = NOON.replace(hour=21, minute=59, second=40)
    assert queue.wait_s() == 20
    now[0] = NOON
    services.downloads.change_rules({"from_minute": 0, "until_minute": 0})
    queue.set_metered(True)
    after("metered")
    services.downloads.change_rules({"on_metered": True})
    queue.changed()
    drain(queue)
    assert told[-1] == ()
    assert services.downloads.view().entries[0].state == "ready"
    assert services.downloads.view().rules.on_metered


def test_when_the_hours_end_what_is_under_way_rests(
    one: Installation, program: ProgramServer, course: Course, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads_module, "LOOK_EVERY_S", 0.0)
    services.downloads.queue_item("sql/video-1")
    services.downloads.change_rules({"from_minute": 11 * 60, "until_minute": 13 * 60})
    part = part_path(services.store.assets, video(course).sha256)
    queue = queue_of(one, now=lambda: NOON.replace(hour=13) if part.exists() and part.stat().st_size else NOON)
    drain(queue)
    (entry,) = services.downloads.view().entries
    assert (entry.state, part.exists()) == ("queued", True)


def test_pausing_wakes_a_connection_that_brings_nothing(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    """A read would wait 25 s for the next byte."""
    services.downloads.queue_item("sql/video-1")
    (entry,) = services.downloads.view().entries
    media = video(course).sha256
    stalled, over = threading.Event(), threading.Event()

    def stall(handler: Handler) -> bool:
        handler.say(200, course.blobs[media][:100_000], length=VIDEO_BYTES)
        handler.wfile.flush()
        stalled.set()
        over.wait(30)
        handler.close_connection = True
        return True

    program.spoil(f"/v1/blobs/{media}", stall)
    queue = queue_of(one)
    thread = threading.Thread(target=drain, args=(queue,))
    thread.start()
    part = part_path(services.store.assets, media)
    assert stalled.wait(5)
    until(lambda: part.exists() and part.stat().st_size == 100_000)
    until(lambda: one.gateway.fetcher.stalled() == [media])
    services.downloads.pause(entry.id)
    queue.changed()
    thread.join(3)
    over.set()
    assert not thread.is_alive()
    assert services.downloads.view().entries[0].state == "paused"
    assert part.stat().st_size == 100_000


def until(reached: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for a condition that another thread brings about."""
    ticks = threading.Event()
    for _ in range(int(seconds / 0.01)):
        if reached():
            return
        ticks.wait(0.01)
    raise AssertionError("never reached")


def test_a_slow_file_is_not_broken_off_because_others_go_on(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    """The threads write to the queue as well; that is no change by the learner."""
    services.downloads.queue_item("sql/video-1")
    services.downloads.queue_item("sql/video-2")
    media = video(course).sha256
    stalled, go_on = threading.Event(), threading.Event()

    def pause(handler: Handler) -> bool:
        data = course.blobs[media]
        handler.say(200, data[:100_000], length=len(data))
        handler.wfile.flush()
        stalled.set()
        go_on.wait(30)
        handler.wfile.write(data[100_000:])
        return True

    program.spoil(f"/v1/blobs/{media}", pause)
    queue = queue_of(one)
    services.store.subscribe(lambda kinds: queue.changed() if "downloads" in kinds else None)  # as the worker does
    thread = threading.Thread(target=drain, args=(queue,))
    thread.start()
    assert stalled.wait(5)
    until(lambda: one.gateway.fetcher.stalled() == [media])
    drain(queue)
    services.notes.save("sql/video-1", "meanwhile")
    services.downloads.change_rules({"floor": 1})
    go_on.set()
    thread.join(10)
    assert media_asked(program, course).count("Lecture 1") == 1
    assert {entry.state for entry in entries(services).values()} == {"ready"}


@pytest.mark.expected_log("could not be fetched: file_missing")
def test_a_file_that_is_not_there_holds_up_nobody(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    """As nginx says it: no word of the protocol."""
    services.downloads.queue_item("sql/video-1")
    services.downloads.queue_item("sql/video-2")
    page = answer(404, b"<html>404 Not Found</html>", Content_Type="text/html")
    program.spoil(f"/v1/blobs/{video(course).sha256}", page, times=9)
    drain(queue_of(one))
    found = entries(services)
    assert (found["Lecture 1"].state, found["Lecture 2"].state) == ("failed", "ready")
    assert "does not have this file" in found["Lecture 1"].problem
    assert found["Lecture 1"].way_out


def test_a_fault_at_one_file_puts_it_off_and_says_so(
    one: Installation, program: ProgramServer, course: Course, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.downloads.queue_item("sql/video-1")
    services.downloads.queue_item("sql/video-2")
    program.spoil(f"/v1/blobs/{video(course).sha256}", answer(400, b"what?"))
    queue = queue_of(one)
    drain(queue)
    found = entries(services)
    assert (found["Lecture 1"].state, found["Lecture 2"].state) == ("queued", "ready")
    assert found["Lecture 1"].problem
    assert 1 <= (queue.wait_s() or 0) <= 6
    monkeypatch.setattr(queue._postponed, "_monotonic", lambda: 1e9)  # later
    drain(queue)
    assert entries(services)["Lecture 1"].state == "ready"
    assert not entries(services)["Lecture 1"].problem


def test_a_server_that_is_out_of_order_is_not_asked_for_each_file(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    services.downloads.queue_course("sql")
    program.spoil("/v1/", answer(503), times=99)
    queue = queue_of(one)
    program.asked.clear()
    with pytest.raises(Problem) as found:
        drain(queue)
    assert found.value.code == problems.SERVER_FAULT
    assert len(program.asked) == 1
    assert services.downloads.view().entries[0].state == "queued"


def test_small_files_come_in_one_request(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    program.asked.clear()
    drain(queue_of(one))
    assert program.asked == ["POST /v1/courses/sql/packs"]
    ready = {row.offline for week in services.courses.outline("sql").weeks for row in week.modules[0].lessons[0].items}
    assert ready == {"none", "ready"}


def test_an_older_server_knows_no_packs(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    program.knows_packs = False
    program.asked.clear()
    drain(queue_of(one))
    assert sum("/packs" in asked for asked in program.asked) == 1
    assert services.readings.view("sql/reading-1").html is not None


def test_a_damaged_blob_of_a_pack_is_fetched_by_itself(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    reading = next(asset for asset in course.manifest.assets if asset.media_type == "text/html")
    right = program.blobs[reading.sha256]
    program.blobs[reading.sha256] = b"x" * len(right)

    def repair(handler: Handler) -> bool:
        program.blobs[reading.sha256] = right
        return False

    program.spoil(f"/v1/blobs/{reading.sha256}", repair)
    drain(queue_of(one))
    assert blob_path(services.store.assets, reading.sha256).read_bytes() == right


def test_the_course_that_is_asked_is_one_the_learner_is_in(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    """The same lecture belongs to two courses; the one that brought it first was left."""
    twin = Course(CourseId("twin"), replace(course.manifest, course_id=CourseId("twin")), course.blobs)
    program.courses[twin.course_id] = twin
    enrolled(one, program, twin)
    program.put(learning.ENROLLMENT, twin.enrollment().id, twin.enrollment("unenrolled"))
    read(one)
    services.downloads.queue_course("sql")
    refused = answer(403, encode(ErrorBody(code="not_enrolled", text="No.")), ours=True)
    program.spoil("/v1/courses/twin/", refused, times=99)
    drain(queue_of(one))
    assert services.downloads.view().entries[0].state == "ready"


@pytest.mark.parametrize("days", [-1, 1], ids=["ours is fast", "ours is slow"])
def test_a_wrong_clock_does_not_ask_for_addresses_at_each_file(
    one: Installation, program: ProgramServer, course: Course, services: Services, days: int
) -> None:
    program.clock_off = timedelta(days=days)
    program.asked.clear()
    services.downloads.queue_course("sql")
    drain(queue_of(one))
    assert services.downloads.view().entries[0].state == "ready"
    assert sum(asked.endswith("/addresses") for asked in program.asked) == 1


# --- what lies on the disk ---------------------------------------------------------------------------------------


def test_a_cancelled_download_leaves_no_part(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    services.downloads.queue_item("sql/video-1")
    services.downloads.queue_week("sql", 1)
    part = part_path(services.store.assets, video(course).sha256)
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(b"half")
    item, week = services.downloads.view().entries
    services.downloads.cancel(item.id)
    assert part.exists()  # the week wants it
    services.downloads.cancel(week.id)
    assert not part.exists()


def test_what_another_learner_of_this_computer_needs_stays(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    services.downloads.queue_week("sql", 1)
    drain(queue_of(one))
    other = services.store.folder.parent / "learner-2"
    other.mkdir()
    with closing(sqlite3.connect(services.store.file)) as source, closing(sqlite3.connect(other / DATABASE_NAME)) as to:
        source.backup(to)
    media = blob_path(services.store.assets, video(course).sha256)
    services.storage.remove_course("sql")
    assert media.exists()
    assert services.lectures.view("sql/video-1").media is None
    with closing(sqlite3.connect(other / DATABASE_NAME)) as connection:
        connection.execute("UPDATE assets SET state='missing'")
        connection.execute("UPDATE downloads SET state='ready'")
        connection.commit()
    collect(services.store, media.stat().st_mtime + 1)
    assert not media.exists()


def test_what_kills_leave_is_collected_and_what_is_wanted_is_not(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    folder = services.store.assets
    lectures = [asset.sha256 for asset in course.manifest.assets if asset.media_type == "video/webm"]
    services.downloads.queue_item("sql/video-1")
    wanted, unwanted = lectures[0], lectures[1]
    reading = next(asset.sha256 for asset in course.manifest.assets if asset.media_type == "text/html")
    left = [
        part_path(folder, unwanted),  # of a download that was cancelled, then the program died
        blob_path(folder, unwanted),  # named, but its row was never written
        folder / "in" / f"{reading}.part",  # of a pack
        blob_path(folder, wanted).with_name(f"{wanted}.1234.new"),
        part_path(folder, "ab" * 32),
    ]
    kept = [part_path(folder, wanted), blob_path(folder, wanted)]
    for path in (*left, *kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        os.utime(path, (0, 0))
    housekeeping.at_start(services.store)
    assert [path for path in left if path.exists()] == []
    assert [path for path in kept if not path.exists()] == []
    drain(queue_of(one))
    assert kept[1].read_bytes() == course.blobs[wanted]  # what lay there under its name was not believed


@pytest.mark.expected_log("was changed and will be fetched again")
@pytest.mark.expected_log("files are gone")
def test_files_that_were_changed_or_removed_are_fetched_again(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    services.downloads.queue_course("sql")
    queue = queue_of(one)
    drain(queue)
    lectures = [asset.sha256 for asset in course.manifest.assets if asset.media_type == "video/webm"]
    files = [blob_path(services.store.assets, sha256) for sha256 in lectures]
    check = FileCheck(services.store)
    check.look()
    files[0].write_bytes(b"z" * VIDEO_BYTES)  # of the same size
    os.utime(files[1], (1, 1))  # only touched, as a copied folder would be
    check = FileCheck(services.store)
    check.look()
    assert not files[0].exists()
    with services.store.read() as connection:
        row = connection.execute(select(assets.c.state, assets.c.mtime_ns).where(assets.c.sha256 == lectures[1])).one()
    assert row == ("ready", files[1].stat().st_mtime_ns)
    assert services.downloads.view().entries[0].state == "queued"
    queue.changed()
    drain(queue)
    assert services.downloads.view().entries[0].state == "ready"
    files[1].write_bytes(b"cut")
    assert services.lectures.view("sql/video-2").media is None  # noticed by whoever opens it
    assert services.downloads.view().entries[0].state == "queued"
    drain(queue)
    assert services.lectures.view("sql/video-2").media == files[1]
    assert [file.read_bytes() == course.blobs[sha256] for file, sha256 in zip(files, lectures, strict=True)] == [
        True
    ] * 2


def test_rows_from_before_the_files_times_were_kept_learn_them(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    drain(queue_of(one))
    with services.store.write(set()) as connection:
        connection.execute(update(assets).values(mtime_ns=None))
    FileCheck(services.store).look()
    with services.store.read() as connection:
        ready = select(assets.c.mtime_ns).where(assets.c.state == "ready")
        assert all(connection.execute(ready).scalars().all())
