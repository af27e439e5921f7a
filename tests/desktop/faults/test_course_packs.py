"""Course packs in the whole program: opened by the system, imported while the network is away, and over its end."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from desktop.models.pack_views import CHECKED, DONE, IMPORTING
from desktop.sync import pack_importing
from protocol import feeds
from tests.desktop.course import Course
from tests.desktop.faults.conftest import House, Learner
from tests.desktop.faults.test_sign_out import menu_entry
from tests.desktop.packs import Signer, bytes_of
from tests.desktop.sync.program_server import ProgramServer, drop


@pytest.fixture
def pack(course: Course, server: ProgramServer, tmp_path: Path) -> Path:
    """A pack of the learner's course, whose key the server tells."""
    signer = Signer()
    server.put(feeds.PACK_KEY, signer.id, signer.told())
    path = tmp_path / "sql.haversack"
    path.write_bytes(bytes_of(course, signer))
    return path


def state(learner: Learner) -> str:
    """Of the only file."""
    views = learner.program.desk.packs.views
    return views[0].state if views else ""


def test_a_file_that_is_opened_is_imported_without_a_network(house: House, server: ProgramServer, pack: Path) -> None:
    learner = house.start(server.link())
    learner.join()
    house.end()
    server.spoil("/", drop, times=5000)
    again = house.start(str(pack))
    again.wait(lambda: state(again) == CHECKED, "the file to be looked at")
    again.click("importBegin-0")
    again.wait(lambda: state(again) == DONE, "the import")
    again.picture("import-done")
    again.click("importOpen-0")
    again.wait(lambda: again.program.window.windowTitle().startswith("Course sql"), "the course")
    media = again.program.opened.services
    assert media is not None
    assert media.lectures.view("sql/video-1").media is not None


def test_who_is_signed_out_sees_the_first_page(house: House, server: ProgramServer, pack: Path) -> None:
    learner = house.start(str(pack))
    learner.find("linkField")
    assert learner.program.desk.packs.views == ()
    learner.program.open_link(str(pack))
    assert learner.program.desk.packs.views == ()


@pytest.mark.parametrize("how", ["the program ends", "the learner signs out"])
def test_an_import_is_stopped_by_the_end(
    house: House, server: ProgramServer, pack: Path, course: Course, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    learner = house.start(server.link())
    learner.join()
    reached, go = threading.Event(), threading.Event()
    take = pack_importing._take
    taken = 0

    def slowly(*arguments: object) -> bool:
        nonlocal taken
        taken += 1
        if taken == 2:
            reached.set()
            go.wait(30)
        return take(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(pack_importing, "_take", slowly)
    server.spoil("/v1/courses", drop, times=5000)
    learner.program.open_link(str(pack))
    learner.wait(lambda: state(learner) == CHECKED, "the file to be looked at")
    learner.click("importBegin-0")
    learner.wait(reached.is_set, "the middle of the import")
    assert state(learner) == IMPORTING
    threading.Timer(0.1, go.set).start()
    if how == "the program ends":
        house.end()
        again = house.start()
    else:
        menu_entry(learner, "menuSignOut")
        learner.find("linkField")
        server.faults.clear()
        again = learner
        again.program.open_link(server.link())
        again.join()
    again.wait(lambda: again.program.desk.learner is not None, "the store to open")
    assert state(again) == ""
    monkeypatch.setattr(pack_importing, "_take", take)
    again.program.open_link(str(pack))
    again.wait(lambda: state(again) == CHECKED, "the file to be looked at")
    again.click("importBegin-0")
    again.wait(lambda: state(again) == DONE, "the rest")
    result = again.program.desk.packs.views[0].result
    assert result is not None
    assert result.files_here >= 3
