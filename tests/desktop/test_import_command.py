"""``haversack import``: without a display, by itself or by the program that is open; what it says and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop.background import TaskRunner
from desktop.imports import ImportHub
from desktop.instance import AskedImport, SingleInstance
from desktop.models.home_views import LearnerView
from desktop.models.pack_views import CHECKED, DONE, STOPPED
from desktop.models.session_file import forget_session, write_session
from desktop.ui.desk import Desk, Opened
from tests.desktop.course import Course, make_course
from tests.desktop.packs import ACCOUNT, Computer, Signer, bytes_of
from tests.desktop.ui.fakes import FixedClock

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def course() -> Course:
    """Two weeks."""
    return make_course()


@pytest.fixture
def signer() -> Signer:
    """The program's key."""
    return Signer()


@pytest.fixture
def computer(tmp_path: Path, signer: Signer, course: Course) -> Iterator[Computer]:
    """Somebody is signed in and enrolled."""
    made = Computer(tmp_path / "home")
    write_session(made.home, LearnerView(ACCOUNT, "Ada", "a@x.org", "s", ()))
    made.joins(signer)
    made.enrolls(course)
    yield made
    made.close()


@pytest.fixture
def pack(tmp_path: Path, course: Course, signer: Signer) -> Path:
    """On a stick."""
    path = tmp_path / "sql.haversack"
    path.write_bytes(bytes_of(course, signer))
    return path


def command(home: Path, *files: Path) -> subprocess.Popen[str]:
    """The real program, with no display at all."""
    environment = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    environment.pop("QT_QPA_PLATFORM", None)
    words = [sys.executable, "-m", "desktop", "import", "--home", str(home), *map(str, files)]
    return subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_it_imports_by_itself(computer: Computer, pack: Path, course: Course) -> None:
    computer.services.close()
    process = command(computer.home, pack)
    said, errors = process.communicate(timeout=60)
    computer.open()
    assert (process.returncode, errors) == (0, "")
    assert "Course sql" in said
    assert f"{len(course.blobs)} files" in said
    assert computer.files() == set(course.blobs)


def test_what_is_wrong_is_said_and_the_rest_is_imported(computer: Computer, pack: Path, tmp_path: Path) -> None:
    computer.services.close()
    text = tmp_path / "notes.haversack"
    text.write_text("my notes")
    process = command(computer.home, text, tmp_path / "nothing", pack)
    said, errors = process.communicate(timeout=60)
    computer.open()
    assert process.returncode == 1
    assert "notes.haversack: This file is not a course pack." in errors
    assert "nothing: This file cannot be opened." in errors
    assert "Course sql" in said
    assert computer.files()


def test_damaged_parts_have_an_exit_code_of_their_own(computer: Computer, pack: Path, course: Course) -> None:
    computer.services.close()
    raw = bytearray(pack.read_bytes())
    video = next(data for data in course.blobs.values() if len(data) > 100_000)
    raw[raw.index(video)] ^= 255
    pack.write_bytes(raw)
    process = command(computer.home, pack)
    _, errors = process.communicate(timeout=60)
    computer.open()
    assert process.returncode == 3
    assert "Lecture 1" in errors
    assert "Copy the file again" in errors


def test_nobody_is_signed_in(computer: Computer, pack: Path) -> None:
    computer.services.close()
    forget_session(computer.home)
    process = command(computer.home, pack)
    _, errors = process.communicate(timeout=60)
    computer.open()
    assert process.returncode == 1
    assert "Sign in" in errors


class Running(QObject):
    """The part of the open program that hears of imports."""

    def __init__(self, computer: Computer) -> None:
        super().__init__()
        self.runner = TaskRunner(self)
        self.opened = Opened(computer.services)
        self.desk = Desk(self.runner, FixedClock(), self.opened, lambda: None, self)  # type: ignore[arg-type,return-value]
        self.hub = ImportHub(self.desk, self)
        self.instance = SingleInstance(computer.home, self)
        assert self.instance.claim()
        self.instance.listen()
        self.instance.import_asked.connect(self.hub.asked)
        self.asked: list[AskedImport] = []
        self.instance.import_asked.connect(self.asked.append)

    def end(self) -> None:
        """As the program ends."""
        self.hub.release()()
        self.runner.shutdown()
        self.instance.release()


@pytest.fixture
def running(qtbot: QtBot, computer: Computer) -> Iterator[Running]:
    """Haversack is open."""
    made = Running(computer)
    yield made
    made.end()
    made.deleteLater()


def test_the_program_that_is_open_does_it(
    qtbot: QtBot, running: Running, computer: Computer, pack: Path, course: Course, tmp_path: Path
) -> None:
    text = tmp_path / "notes.haversack"
    text.write_text("my notes")
    process = command(computer.home, pack, text)
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=30_000)
    said, errors = process.communicate()
    assert process.returncode == 1
    assert "Course sql" in said
    assert f"{len(course.blobs)} files" in said
    assert "This file is not a course pack" in errors
    assert computer.files() == set(course.blobs)
    assert [view.state for view in running.desk.packs.views] == [DONE, "refused"]


def test_the_program_that_is_open_says_when_nobody_is_signed_in(
    qtbot: QtBot, running: Running, computer: Computer, pack: Path
) -> None:
    running.opened.services = None
    process = command(computer.home, pack)
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=30_000)
    assert process.returncode == 1
    assert "Sign in" in process.communicate()[1]


def test_the_program_ends_while_another_start_waits(
    qtbot: QtBot, running: Running, computer: Computer, pack: Path
) -> None:
    process = command(computer.home, pack)
    qtbot.waitUntil(lambda: bool(running.asked), timeout=30_000)
    running.hub.release()()
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=30_000)
    process.communicate()


def test_by_the_screen_it_is_looked_at_first(
    qtbot: QtBot, running: Running, computer: Computer, pack: Path, course: Course
) -> None:
    packs = running.desk.packs
    packs.look_at([pack, pack])
    qtbot.waitUntil(lambda: [view.state for view in packs.views] == [CHECKED])
    assert computer.files() == set()
    view = packs.views[0]
    packs.begin_wanted.emit(view.id)
    packs.cancel_wanted.emit(view.id)
    qtbot.waitUntil(lambda: packs.views[0].state in {DONE, STOPPED})
    packs.begin_wanted.emit(view.id)
    qtbot.waitUntil(lambda: packs.views[0].state == DONE)
    assert computer.files() == set(course.blobs)
    packs.enrolled.emit("sql")
    packs.forget_wanted.emit(view.id)
    qtbot.waitUntil(lambda: packs.views == ())


def test_nothing_of_who_left_is_shown_to_who_comes(
    qtbot: QtBot, running: Running, computer: Computer, pack: Path
) -> None:
    packs = running.desk.packs
    packs.look_at([pack])
    qtbot.waitUntil(lambda: bool(packs.views))
    worker = running.hub._worker
    assert worker is not None
    qtbot.waitUntil(lambda: packs.views[0].state == CHECKED)
    late = threading.Thread(target=worker.changed.emit, args=(packs.views,))
    late.start()
    late.join()  # told, and not yet heard
    running.hub.release()()
    assert packs.views == ()
    heard: list[object] = []
    packs.changed.connect(heard.append)
    qtbot.waitUntil(lambda: bool(heard) or worker not in running.hub.children())
    assert packs.views == ()


def test_files_that_were_chosen_before_a_sign_out_are_not_looked_at_after_it(
    qtbot: QtBot, running: Running, pack: Path
) -> None:
    running.desk.packs.look_at([pack])
    running.hub.release()()
    qtbot.waitUntil(lambda: not running.runner.busy())
    assert running.hub._worker is None
    assert running.desk.packs.views == ()
