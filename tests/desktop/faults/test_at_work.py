"""Faults while somebody studies: said in a line that stays, with the one action that helps; the work goes on."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from desktop.models.blobs import blob_path, part_path
from desktop.services.services import Services
from desktop.ui.desk import DOWNLOADS, OUTBOX
from desktop.ui.frame.sync_notices import clock_words
from desktop.ui.itemmodels.action_rows import ActionRowModel
from desktop.ui.pages.download_queue import QueuePage
from desktop.ui.pages.invitation import InvitationPage
from protocol.errors import ErrorBody
from protocol.wire import encode
from tests.desktop.course import VIDEO_BYTES, Course
from tests.desktop.faults.conftest import PASSWORD, House, Learner
from tests.desktop.faults.test_door import GATEWAY, PORTAL
from tests.desktop.sync.program_server import Fault, ProgramServer, answer, cut, drop
from tests.guards.logs import ExpectLog

OVER = encode(ErrorBody(code="session_ended", text="Over."))
VIDEO = "sql/video-1"


@pytest.fixture
def learner(house: House, server: ProgramServer) -> Learner:
    """Joined, in sync, on the home."""
    found = house.start(server.link())
    found.join()
    found.find("card-sql")
    return found


def ask(learner: Learner, question: object) -> object:
    """Ask the store as a page would."""
    answers: list[object] = []
    learner.program.desk.ask(learner.program, question, answers.append)  # type: ignore[arg-type]
    learner.wait(lambda: bool(answers), "the store to answer")
    return answers[0]


def note(learner: Learner, text: str) -> None:
    """Write a note in a lecture, as its page does."""
    ask(learner, lambda services: services.notes.save(VIDEO, text))


def fits(learner: Learner) -> None:
    """The window has not grown beyond its smallest size, and every line under the header is whole."""
    window = learner.program.window
    window.resize(900, 600)
    learner.wait(lambda: window.width() == 900, "the window to be narrow")
    middle = window.centralWidget()
    assert middle is not None
    assert middle.minimumSizeHint().width() <= 900

    def whole() -> bool:
        texts = [line.text for line in window.notices.lines()]
        return all(text.height() >= text.heightForWidth(text.width()) for text in texts)

    learner.wait(whole, "whole lines")


def test_a_session_that_ends_loses_no_work(learner: Learner, server: ProgramServer) -> None:
    server.expire_access()
    server.spoil("/v1/sessions/refresh", answer(401, OVER, ours=True), times=50)
    note(learner, "written while the session ended")
    learner.wait(lambda: bool(learner.said()), "the learner to be told")
    assert learner.said() == [
        "You are signed out on this computer. Sign in again; everything that waits to be sent is kept."
    ]
    assert learner.chip() == "Needs you: sign in again · 1 waiting to send"
    learner.program.desk.go(OUTBOX)
    learner.find("outboxList")
    learner.wait(lambda: "1 entry waits" in learner.text("outboxSummary"), "the Outbox to count")
    assert learner.text("outboxSendNow") == "Sign in"
    fits(learner)
    learner.picture("work-session-ended")
    learner.click("noticeAction")
    assert learner.find_a(QLineEdit, "emailField").text() == "ada@example.org"
    assert "Back to my courses" in learner.text("invitationBack")
    learner.picture("work-sign-in-again")
    server.faults.clear()
    learner.type("existingPasswordField", PASSWORD)
    learner.click("signInButton")
    learner.find("card-sql")
    learner.synced()
    assert learner.said() == []
    assert len(server.applied) == 1


@pytest.mark.parametrize(
    ("fault", "chip", "words"),
    [
        (drop, "Offline since", ""),
        (GATEWAY, "Server out of order since", ""),
        (cut, "Offline since", ""),
        (PORTAL, "Needs you: sign in to this network", "This network answered with a page of its own. Open a web"),
    ],
    ids=["unreachable", "500", "truncated", "portal"],
)
def test_a_fault_of_the_way_is_said_and_goes_by_itself(
    learner: Learner, server: ProgramServer, fault: Fault, chip: str, words: str, request: pytest.FixtureRequest
) -> None:
    server.spoil("/", fault, times=10_000)
    note(learner, "written without a server")
    learner.wait(lambda: learner.chip().startswith(chip), "the chip to say it")
    assert "· 1 waiting to send" in learner.chip()
    learner.program.desk.go(OUTBOX)
    learner.wait(lambda: learner.program.desk.status.text in learner.text("outboxSummary"), "the Outbox to say why")
    fits(learner)
    learner.picture(f"work-{request.node.callspec.id}")
    assert [line.startswith(words) for line in learner.said()] == ([True] if words else [])
    server.faults.clear()
    learner.click("outboxSendNow")
    learner.synced()
    assert learner.said() == []
    assert len(server.applied) == 1


def test_a_server_that_has_moved_on_asks_for_an_update_and_keeps_the_work(
    learner: Learner, server: ProgramServer
) -> None:
    body = ErrorBody(code="protocol_too_old", text="This Haversack is too old.", way_out="Update Haversack.")
    server.spoil("/v1/", answer(426, encode(body), ours=True), times=10_000)
    note(learner, "older than the server")
    learner.wait(
        lambda: learner.said() == ["This Haversack is too old. Update Haversack."], "the update to be asked for"
    )
    assert learner.chip() == "Needs you: update Haversack · 1 waiting to send"
    fits(learner)
    learner.picture("work-too-old")


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(days=400), "This computer's clock is 400 days slow. "),
        (timedelta(hours=-3), "This computer's clock is 3 hours fast. "),
        (timedelta(minutes=1), ""),
    ],
)
def test_a_clock_that_is_far_off_is_said_and_everything_still_works(
    house: House, server: ProgramServer, ahead: timedelta, words: str
) -> None:
    server.clock_off = ahead
    learner = house.start(server.link())
    learner.join()
    note(learner, "at some time")
    learner.synced()
    assert [line.startswith(words) for line in learner.said()] == ([True] if words else [])
    assert len(server.applied) == 1
    if words:
        fits(learner)
        learner.picture("work-clock")
        server.clock_off = timedelta()
        learner.program.desk.wake_sync()
        learner.wait(lambda: not learner.said(), "the line to go once the clock is right")


def test_the_clock_s_error_in_words() -> None:
    assert "5 minutes fast" in clock_words(310)
    assert "2 hours slow" in clock_words(-7100)
    assert "3 days fast" in clock_words(3 * 86_400)


def test_without_a_keyring_it_is_said_where_the_sign_in_is_kept(house: House, server: ProgramServer) -> None:
    learner = house.start(server.link(), system_secrets=True)
    learner.join()
    learner.wait(lambda: bool(learner.said()), "it to be said")
    (line,) = learner.program.window.notices.lines()
    line_text = (
        "This computer has no keyring, so your sign-in is kept in an encrypted file in Haversack's folder. "
        "Sign out when others use this account of the computer."
    )
    assert line.text.text() == line_text
    assert line.closes_by_itself(), "it would stand on every page"
    fits(learner)
    learner.picture("work-no-keyring")
    learner.click("noticeAction")
    assert learner.reads("helpSignIn", "encrypted file") == line_text
    if os.name == "posix":
        assert (house.home / "secrets.bin").stat().st_mode & 0o077 == 0
    house.end()
    again = house.start(system_secrets=True)
    again.wait(lambda: again.program.desk.learner is not None, "the store to open")
    again.synced()
    assert again.said() == [], "said once, when it was new"


# --- downloads and full disks ------------------------------------------------------------------------------------


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """The operating system lets no file of this process grow beyond ``size`` bytes: as a full disk, for anybody."""
    resource, signal = pytest.importorskip("resource"), pytest.importorskip("signal")
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


def download(learner: Learner) -> None:
    """Queue the first lecture and open the page of downloads."""
    ask(learner, lambda services: services.downloads.queue_item(VIDEO))
    learner.program.desk.go(DOWNLOADS)


def video(course: Course) -> str:
    """The hash of the first lecture's picture and sound."""
    return next(asset.sha256 for asset in course.manifest.assets if asset.media_type == "video/webm")


def rows(learner: Learner) -> str:
    """What the queue says, as a screen reader has it."""
    page = learner.window.findChild(QueuePage)
    assert page is not None
    model = page.queue.model()
    assert isinstance(model, ActionRowModel)
    return " ".join(model.row(number).in_words() for number in range(model.rowCount()))


def retry_download(learner: Learner) -> None:
    """*Try again*, then ready."""
    entries = ask(learner, lambda services: services.downloads.view().entries)
    ask(learner, lambda services: services.downloads.resume(entries[0].id))  # type: ignore[index]

    def ready(services: Services) -> bool:
        return services.downloads.view().entries[0].state == "ready"

    learner.wait(lambda: bool(ask(learner, ready)), "the download to be ready")


@pytest.mark.expected_log("could not be fetched: disk_full")
def test_a_disk_that_fills_up_while_downloading(
    learner: Learner, house: House, server: ProgramServer, course: Course
) -> None:
    sha256 = video(course)
    with no_file_beyond(600_000):
        download(learner)
        learner.wait(lambda: "There is no space left" in rows(learner), "the page to say it")
        learner.find("downloadsList")
        note(learner, "written on the full disk")
    learner.picture("work-disk-full")
    assert "Stopped" in rows(learner)
    assert "Delete or move files" in rows(learner)
    chip = learner.program.window.status.downloads
    learner.wait(lambda: chip.text() == "1 download stopped", "the chip to say it")
    assert not part_path(house.home / "assets", sha256).exists(), "what cannot be used frees its room"
    retry_download(learner)
    learner.synced()
    assert len(server.applied) == 1
    assert hashlib.sha256(blob_path(house.home / "assets", sha256).read_bytes()).hexdigest() == sha256


@pytest.mark.expected_log("could not be fetched: wrong_content")
def test_bytes_that_do_not_match_are_never_shown_as_ready(
    learner: Learner, house: House, server: ProgramServer, course: Course
) -> None:
    sha256 = video(course)
    server.spoil(f"/v1/blobs/{sha256}", answer(200, b"x" * VIDEO_BYTES, Content_Type="video/webm"), times=2)
    download(learner)
    learner.wait(lambda: "A file arrived damaged twice and was thrown away." in rows(learner), "the page to say it")
    learner.picture("work-wrong-bytes")
    assert "Try again later" in rows(learner)
    assert not blob_path(house.home / "assets", sha256).exists()
    retry_download(learner)
    assert hashlib.sha256(blob_path(house.home / "assets", sha256).read_bytes()).hexdigest() == sha256


@contextmanager
def full_disk(folder: Path) -> Iterator[Path]:
    """A real file system of a few MB on ``folder``; yields the file that fills it. Needs root."""
    folder.mkdir(parents=True)
    if os.name != "posix" or os.geteuid():
        pytest.skip("only root may mount a small disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("root, but not allowed to mount")
    try:
        yield folder / "fill"
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(file: Path) -> None:
    """Not a byte is left."""
    with file.open("wb", buffering=0) as target:
        for size in (65_536, 4096, 1):
            try:
                while target.write(b"x" * size) == size:
                    pass
            except OSError:
                continue


def test_a_note_on_a_really_full_disk_stays_in_the_editor(
    house: House, server: ProgramServer, expected_log: ExpectLog
) -> None:
    expected_log("could not be fetched: disk_full", optional=True)  # downloads leave more free than this disk has
    with full_disk(house.home) as filler:
        learner = house.start(server.link())
        learner.join()
        fill(filler)
        learner.program.desk.go("item", item_id=VIDEO)
        learner.click("saveNote")
        text = "typed while nothing could be written " * 100
        learner.find_a(QPlainTextEdit, "noteText").setPlainText(text)
        learner.click("noteSave")
        learner.wait(lambda: any("no space left" in line for line in learner.said()), "it to be said")
        # The page's other writes fail too, and may say it first: the save is answered when it can be pressed again.
        learner.wait(lambda: learner.find("noteSave").isEnabled(), "the save to be answered")
        learner.picture("work-note-disk-full")
        assert learner.find_a(QPlainTextEdit, "noteText").toPlainText() == text
        filler.unlink()
        learner.click("noteSave")
        learner.wait(lambda: not learner.sees("noteEditor"), "the note to be saved")
        learner.synced()
        assert ask(learner, lambda services: [found.text for found in services.notes.all()]) == [text.strip()]
        house.end()


@pytest.mark.parametrize("left", [0, 300_000], ids=["not-a-byte", "too-little"])
def test_the_sample_program_on_a_full_disk(house: House, left: int, expected_log: ExpectLog) -> None:
    """Where nothing can be begun, and where the server begins and finds no room for its database."""
    expected_log("the sample server did not start on its port", optional=not left)
    with full_disk(house.home) as filler:
        fill(filler)
        os.truncate(filler, filler.stat().st_size - left)
        learner = house.start()
        learner.click("trySample")
        learner.find("refusalAction", 60_000)
        page = learner.window.findChild(InvitationPage)
        assert page is not None
        learner.picture("sample-full")
        assert page.refused_title.text() == "There is no space left on this computer's disk."
        assert page.refused_text.text().startswith("Delete or move files")
        house.end()
