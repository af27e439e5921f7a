"""Starts that cannot go on, on the real start of the program: a window says why, and goes on once that is mended."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop import instance
from desktop.config import Config
from desktop.log_file import set_up_log
from desktop.start import Start
from desktop.ui.pages.invitation import InvitationPage
from desktop.ui.trouble import TroubleWindow
from tests.desktop.sync.conftest import MemorySecrets
from tests.journeys.driver import Driver

ROOT = Path(__file__).resolve().parents[3]
LINK = "haversack://join?server=http://127.0.0.1:9&invitation=welcome"


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[[Path], Start]]:
    """Begins, and ends what began; the log that a start sets up goes with it."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    made: list[Start] = []

    def begin(home: Path) -> Start:
        made.append(Start(Config(home=home), secrets=MemorySecrets))
        assert made[-1].begin()
        return made[-1]

    yield begin
    for begun in made:
        begun.end()
        for window in (begun.trouble, begun.program and begun.program.window):
            if window is not None:
                window.close()
                window.deleteLater()
        if begun.program is not None:
            begun.program.deleteLater()
        begun.deleteLater()
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def trouble(begun: Start, picture: str) -> tuple[TroubleWindow, str]:
    """The window that is there in the program's place, and the whole of what it says."""
    assert begun.program is None
    window = begun.trouble
    assert window is not None
    assert window.isVisible()
    Driver(window).picture(picture)
    for label in window.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width()), f"“{label.text()}” is cut off"
    return window, f"{window.title.text()} {window.text.text()}"


def mended(begun: Start, window: TroubleWindow) -> None:
    """*Try again* opens the program, and the window that said why not is gone."""
    Driver(window).click("troubleAgain")
    assert begun.trouble is None
    assert begun.program is not None
    assert begun.program.window.isVisible()
    Driver(begun.program.window).find("linkField")


def test_a_file_named_as_the_folder(start: Callable[[Path], Start], tmp_path: Path) -> None:
    home = tmp_path / "notes.txt"
    home.write_text("my own notes")
    begun = start(home)
    window, words = trouble(begun, "start-file")
    assert words == (
        "What was named as the data folder is a file. "
        "Start Haversack without --home, or with the name of a folder after it."
    )
    assert str(home) in window.folder.text()
    assert home.read_text() == "my own notes"
    home.unlink()
    mended(begun, window)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """A folder that cannot be written: by its mode; for root, whom no mode stops, by a read-only file system."""
    folder.mkdir()
    if os.name != "posix":
        pytest.skip("folders are locked in another way here")
    if os.geteuid():
        folder.chmod(0o500)
        yield
        folder.chmod(0o700)
        return
    mount = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("root, but not allowed to mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_folder_that_cannot_be_written(start: Callable[[Path], Start], tmp_path: Path) -> None:
    with locked(tmp_path / "home"):
        begun = start(tmp_path / "home")
        window, words = trouble(begun, "start-locked")
        assert words == (
            "Haversack cannot write to its data folder. "
            "Check that its disk is connected and works, and that the folder is yours. Then try again."
        )
        Driver(window).click("troubleAgain")
        assert begun.program is None, "still locked, still said"
        assert window.isVisible()
    mended(begun, window)


def test_a_disk_without_room(start: Callable[[Path], Start], tmp_path: Path) -> None:
    """Qt's lock file and ours both meet the operating system's limit: no file may have a single byte."""
    resource, signal = pytest.importorskip("resource"), pytest.importorskip("signal")
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        begun = start(tmp_path / "home")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    window, words = trouble(begun, "start-full")
    assert words.startswith("There is no space left on this computer's disk. Delete or move files")
    mended(begun, window)


def test_a_first_program_that_does_not_answer(
    start: Callable[[Path], Start], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "ANSWER_LIMIT_MS", 50)
    home = tmp_path / "home"
    home.mkdir()
    silent = QLockFile(str(home / "lock"))
    assert silent.tryLock(0)
    begun = start(home)
    window, words = trouble(begun, "start-silent")
    assert words.startswith("Haversack is already open, but it does not answer.")
    assert "restart the computer" in words
    silent.unlock()
    mended(begun, window)


@pytest.mark.expected_log("there is no log of this run")
def test_without_a_log_the_program_still_starts(tmp_path: Path) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    (tmp_path / "log").write_text("a file where the log's folder should be")
    set_up_log(Config(home=tmp_path))
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
    root.setLevel(level)


def test_the_second_start_raises_the_first_with_its_link(
    start: Callable[[Path], Start], qtbot: QtBot, tmp_path: Path
) -> None:
    """A second process, started as a learner does; the first one's window was maximised, then minimised. (Whether it
    gets the keyboard is the window manager's to say; Qt's platform without a screen has none.)"""
    home = tmp_path / "home"
    begun = start(home)
    assert begun.program is not None
    window = begun.program.window
    window.showMaximized()
    window.setWindowState(window.windowState() | Qt.WindowState.WindowMinimized)
    command = [sys.executable, "-m", "desktop", "--home", str(home), LINK]
    second = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=30_000)
    assert (second.returncode, second.communicate()[0]) == (0, b"")
    assert not window.isMinimized()
    assert window.isMaximized()
    driver = Driver(window)
    driver.find("refusalAction")  # nobody listens there; what matters is that the link has arrived
    page = window.findChild(InvitationPage)
    assert page is not None
    assert page.place is not None
    assert page.place.get("link") == LINK


def test_the_process_says_it_too_and_fails(tmp_path: Path) -> None:
    """For whoever starts it from a terminal. Its window is closed by the test's own hand: a signal."""
    home = tmp_path / "file"
    home.touch()
    command = [sys.executable, "-u", "-m", "desktop", "--home", str(home)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    line = process.stderr.readline()
    process.kill()
    process.communicate()
    assert line.startswith("Haversack: What was named as the data folder is a file.")
    assert str(home) in line
