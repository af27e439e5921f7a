"""Files: resumed, verified, named by their hash only then, and everything else whole when one fails."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, update

from desktop.errors import Problem
from desktop.models.blobs import blob_path, part_path
from desktop.models.files import assets, downloads
from desktop.models.queue import put_back_running
from desktop.models.views import DownloadView
from desktop.services.services import Services
from desktop.sync import blobs as blobs_module
from desktop.sync import housekeeping, problems
from desktop.sync.blobs import Blob, StoppedError
from desktop.sync.downloads import DownloadQueue
from protocol.errors import ErrorBody
from protocol.wire import encode
from tests.desktop.course import VIDEO_BYTES, Course
from tests.desktop.sync.conftest import Installation
from tests.desktop.sync.program_server import ProgramServer, answer, cut_blob_after
from tests.desktop.sync.test_push_pull import enrolled, never


@pytest.fixture
def services(one: Installation, program: ProgramServer, course: Course) -> Services:
    """Enrolled, nothing downloaded."""
    return enrolled(one, program, course)


def video(course: Course) -> Blob:
    """The first lecture's picture and sound."""
    asset = next(asset for asset in course.manifest.assets if asset.media_type == "video/webm")
    return Blob(asset.sha256, asset.size, course.course_id)


def test_a_broken_link_wastes_nothing_and_no_time(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    blob = video(course)
    program.spoil("/v1/blobs/", cut_blob_after(100_000), times=5)
    program.sent_bytes = 0
    program.asked.clear()
    assert one.gateway.fetcher.fetch(blob) == VIDEO_BYTES  # one call: what brings something is taken up again at once
    assert blob_path(services.store.assets, blob.sha256).read_bytes() == course.blobs[blob.sha256]
    assert program.sent_bytes < VIDEO_BYTES * 1.01
    assert len([asked for asked in program.asked if "/v1/blobs/" in asked]) == 6
    assert not part_path(services.store.assets, blob.sha256).exists()


def test_a_link_that_brings_next_to_nothing_is_left_alone_a_while(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    blob = video(course)
    program.spoil("/v1/blobs/", cut_blob_after(1000), times=3)
    for number in range(1, 4):
        with pytest.raises(Problem) as found:
            one.gateway.fetcher.fetch(blob)
        assert found.value.code == problems.TRUNCATED
        assert part_path(services.store.assets, blob.sha256).stat().st_size == number * 1000
    assert one.gateway.fetcher.fetch(blob) == VIDEO_BYTES


@pytest.mark.parametrize("restart", [False, True], ids=["in one run", "over a restart"])
@pytest.mark.parametrize("etag", ['"5f3a-1000"', 'W/"5f3a-1000"', ""], ids=["nginx", "weak", "none"])
def test_a_web_server_that_sends_the_files_resumes_as_well(
    one: Installation, program: ProgramServer, course: Course, services: Services, etag: str, restart: bool
) -> None:
    """Its name for a version is not ours; asked for ours, it would send the whole again, each time."""
    blob = video(course)
    program.etag, program.blobs_ours, program.blob_type = etag, False, "video/webm"
    program.spoil("/v1/blobs/", cut_blob_after(300_000))
    program.sent_bytes = 0
    asked = iter([True] + [False] * 100)
    if restart:
        with pytest.raises(StoppedError):
            one.gateway.fetcher.fetch(blob, wanted=lambda: next(asked))
        one.gateway.fetcher._etags.clear()
    assert one.gateway.fetcher.fetch(blob) == VIDEO_BYTES
    assert program.sent_bytes < VIDEO_BYTES * 1.01 + (300_000 if restart else 0)


def test_a_reading_from_a_web_server_is_no_page_of_the_network(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    """It is HTML without a header of the protocol; its length and its hash are those of the manifest."""
    reading = next(asset for asset in course.manifest.assets if asset.media_type == "text/html")
    program.blobs_ours, program.blob_type, program.knows_packs = False, "text/html", False
    blob = Blob(reading.sha256, reading.size, course.course_id)
    assert one.gateway.fetcher.fetch(blob) == reading.size


def test_another_file_under_the_same_address_is_noticed_before_its_bytes_come(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    blob = video(course)
    asked = iter([True, True] + [False] * 100)
    with pytest.raises(StoppedError):
        one.gateway.fetcher.fetch(blob, wanted=lambda: next(asked))
    one.gateway.fetcher._etags.clear()
    right = program.blobs[blob.sha256]
    program.blobs[blob.sha256] = right + b"more"
    with pytest.raises(Problem) as found:
        one.gateway.fetcher.fetch(blob)
    assert found.value.code == problems.TRUNCATED
    assert part_path(services.store.assets, blob.sha256).stat().st_size == 0
    program.blobs[blob.sha256] = right
    assert one.gateway.fetcher.fetch(blob) == VIDEO_BYTES


def test_wrong_content_is_never_named(one: Installation, program: ProgramServer, course: Course) -> None:
    services = enrolled(one, program, course)
    blob = video(course)
    wrong = b"x" * VIDEO_BYTES
    program.spoil("/v1/blobs/", answer(200, wrong, Content_Type="video/webm"))
    assert one.gateway.fetcher.fetch(blob) == VIDEO_BYTES  # the second try is right
    blob_path(services.store.assets, blob.sha256).unlink()
    program.spoil("/v1/blobs/", answer(200, wrong, Content_Type="video/webm"), times=2)
    with pytest.raises(Problem) as found:
        one.gateway.fetcher.fetch(blob)
    assert found.value.code == "wrong_content"
    assert list(services.store.assets.glob("??/*")) == []


def test_a_part_that_rotted_is_thrown_away(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    blob = video(course)
    part = part_path(services.store.assets, blob.sha256)
    part.parent.mkdir(parents=True, exist_ok=True)
    for rotten in (b"y" * 1000, b"y" * (VIDEO_BYTES + 5)):
        part.write_bytes(rotten)
        assert one.gateway.fetcher.fetch(blob) == VIDEO_BYTES
        blob_path(services.store.assets, blob.sha256).unlink()


def test_an_expired_address_is_renewed(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    gone = encode(ErrorBody(code="address_expired", text="Too late."))
    program.spoil("/v1/blobs/", answer(403, gone, ours=True))
    assert one.gateway.fetcher.fetch(video(course)) == VIDEO_BYTES
    assert sum(path.endswith("/addresses") for path in program.asked) == 2


def test_a_page_of_the_network_is_no_file(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    program.spoil("/v1/blobs/", answer(200, b"<html>Sign in</html>", Content_Type="text/html"))
    with pytest.raises(Problem) as found:
        one.gateway.fetcher.fetch(video(course))
    assert found.value.code == problems.CAPTIVE


def test_stopping_keeps_what_arrived(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    blob = video(course)
    asked = iter([True, False])
    with pytest.raises(StoppedError):
        one.gateway.fetcher.fetch(blob, wanted=lambda: next(asked))
    here = part_path(services.store.assets, blob.sha256).stat().st_size
    assert 0 < here < VIDEO_BYTES
    program.asked.clear()
    one.gateway.fetcher.fetch(blob)
    assert program.asked == [f"GET /v1/blobs/{blob.sha256}?signature=ok"]


def test_a_week_becomes_ready_and_plans_say_what_is_missing(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    plan = services.downloads.plan_week("sql", 1)
    assert plan.title == "Week 1"
    assert plan.bytes_missing == plan.bytes_total > VIDEO_BYTES
    assert plan.fits
    services.downloads.queue_week("sql", 1)
    told: list[tuple[DownloadView, ...]] = []
    queue = DownloadQueue(services.store, one.gateway.fetcher, told.append)
    while queue.fetch_next(never):
        pass
    (entry,) = services.downloads.view().entries
    assert (entry.state, entry.bytes_done, entry.files_done) == ("ready", entry.bytes_total, entry.files_total)
    assert services.downloads.plan_week("sql", 1).bytes_missing == 0
    assert any(view.state == "running" and view.bytes_done for views in told for view in views)
    # Texts of the other week came by themselves, its lecture did not.
    outline = services.courses.outline("sql")
    states = [row.offline for row in outline.weeks[1].modules[0].lessons[0].items]
    assert states == ["none", "ready", "ready", "ready"]
    assert outline.resources[0].path is not None
    services.storage.remove_course("sql")
    assert services.downloads.view().entries == ()
    assert services.lectures.view("sql/video-1").media is None
    assert services.courses.outline("sql").weeks[0].modules[0].lessons[0].items[1].offline == "ready"


def test_what_is_told_last_was_seen_last(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    services.downloads.queue_item("sql/video-1")
    (entry,) = services.downloads.view().entries
    told: list[tuple[DownloadView, ...]] = []
    first_seen, second_told = threading.Event(), threading.Event()

    def tell(views: tuple[DownloadView, ...]) -> None:
        if views:
            first_seen.set()
            second_told.wait(0.2)  # a thread that is slow to say what it saw
        told.append(views)
        if not views:
            second_told.set()

    queue = DownloadQueue(services.store, one.gateway.fetcher, tell)
    slow = threading.Thread(target=queue.tell_now)
    slow.start()
    assert first_seen.wait(5)
    services.downloads.cancel(entry.id)
    queue.tell_now()
    slow.join()
    assert told[-1] == ()


def test_pausing_in_the_middle(one: Installation, program: ProgramServer, course: Course, services: Services) -> None:
    services.downloads.queue_item("sql/video-1")
    (entry,) = services.downloads.view().entries
    queue = DownloadQueue(services.store, one.gateway.fetcher)

    def pause_when_it_runs() -> bool:
        if services.downloads.view().entries[0].state == "running":
            services.downloads.pause(entry.id)
            queue.changed()
        return False

    while services.downloads.view().entries[0].state != "paused":
        assert queue.fetch_next(pause_when_it_runs)
    blob = video(course)
    assert not blob_path(services.store.assets, blob.sha256).exists()
    services.downloads.resume(entry.id)
    while queue.fetch_next(never):
        pass
    assert services.downloads.view().entries[0].state == "ready"


@pytest.mark.expected_log("could not be fetched: disk_full")
def test_a_full_disk_fails_the_entry_and_nothing_else(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    """The limit is the operating system's own: no file of this process may grow beyond 600 kB."""
    resource, signal = pytest.importorskip("resource"), pytest.importorskip("signal")
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    services.downloads.queue_item("sql/video-1")
    queue = DownloadQueue(services.store, one.gateway.fetcher)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, hard))
        while queue.fetch_next(never):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    (entry,) = services.downloads.view().entries
    assert entry.state == "failed"
    assert "space" in entry.problem
    assert entry.way_out
    assert not part_path(services.store.assets, video(course).sha256).exists()
    services.notes.save("sql/video-1", "still works")
    assert services.readings.view("sql/reading-2").html is not None
    services.downloads.resume(entry.id)
    while queue.fetch_next(never):
        pass
    assert services.downloads.view().entries[0].state == "ready"


def test_too_little_room_is_said_before_the_first_byte(
    one: Installation, program: ProgramServer, course: Course, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blobs_module, "bytes_free", lambda folder, floor: 1000)
    program.asked.clear()
    with pytest.raises(Problem) as found:
        one.gateway.fetcher.fetch(video(course))
    assert found.value.code == "disk_full"
    assert program.asked == []


@pytest.mark.expected_log("1 files are gone")
def test_at_start_rows_and_files_agree_again(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    services.downloads.queue_week("sql", 1)
    queue = DownloadQueue(services.store, one.gateway.fetcher)
    while queue.fetch_next(never):
        pass
    blob = video(course)
    blob_path(services.store.assets, blob.sha256).unlink()
    orphan = services.store.assets / "ab" / ("ab" * 32 + ".part")
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"left over")
    young = orphan.with_name("ac" * 32 + ".part")
    young.write_bytes(b"under way")
    os.utime(orphan, (0, 0))
    with services.store.write(set()) as connection:
        connection.execute(update(downloads).values(state="running"))
        put_back_running(connection)
    housekeeping.at_start(services.store)
    assert not orphan.exists()
    assert young.exists()
    with services.store.read() as connection:
        ready = set(connection.execute(select(assets.c.sha256).where(assets.c.state == "ready")).scalars())
    assert blob.sha256 not in ready
    for sha256 in ready:
        assert hashlib.sha256(Path(blob_path(services.store.assets, sha256)).read_bytes()).hexdigest() == sha256


def test_fetch_item_brings_the_small_files_and_a_stream_address_works(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    one.gateway.fetch_item("sql/video-1")
    view = services.lectures.view("sql/video-1")
    assert view.media is None
    assert view.tracks[0].path is not None
    address = one.gateway.stream_address("sql/video-1")
    assert address == f"{program.url}/v1/blobs/{view.media_asset}?signature=ok"
