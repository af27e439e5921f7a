"""The learner's database is damaged, of a later version, or cannot be opened: said, repaired, and nothing lost."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from desktop.models import copies
from desktop.models.store import MARKER_NAME
from desktop.ui.pages.closed_store import ClosedStorePage
from tests.desktop.faults.conftest import House, Learner
from tests.desktop.faults.test_at_work import VIDEO, ask, fill, fits, full_disk, no_file_beyond, note
from tests.desktop.sync.program_server import ProgramServer, drop
from tests.guards.logs import ExpectLog


def notes(learner: Learner) -> list[str]:
    """The texts of all notes."""
    found = ask(learner, lambda services: sorted(note.text for note in services.notes.all()))
    assert isinstance(found, list)
    return found


def opened(learner: Learner) -> None:
    """Wait until the store is open."""
    learner.wait(lambda: learner.program.desk.learner is not None, "the store to open")


@pytest.fixture
def studied(house: House, server: ProgramServer) -> House:
    """A data folder whose learner has one note on the server and one that waits; the program has ended."""
    learner = house.start(server.link())
    learner.join()
    note(learner, "on the server")
    learner.synced()
    learner.wait(lambda: len(server.applied) == 1, "the note to arrive")
    server.spoil("/", drop, times=10_000)
    note(learner, "only here")
    house.end()
    return house


def closed_page(learner: Learner, picture: str) -> str:
    """What is shown in place of everything else."""
    learner.find("closedStoreAgain")
    learner.program.window.resize(900, 600)
    assert not learner.sees("header")
    assert not learner.sees("statusBar")
    page = learner.window.findChild(ClosedStorePage)
    assert page is not None
    for label in page.findChildren(QLabel):
        whole = partial(
            lambda label: not label.isVisible() or label.height() >= label.heightForWidth(label.width()), label
        )
        learner.wait(whole, f"all of “{label.text()}” to be seen")
    learner.picture(picture)
    return f"{page.title.text()} {page.text.text()}"


@pytest.mark.expected_log("the store did not open: database_newer")
def test_data_of_a_later_version_is_left_alone(studied: House, server: ProgramServer) -> None:
    with closing(sqlite3.connect(studied.database)) as connection:
        known = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        connection.execute("UPDATE alembic_version SET version_num='0099_future'")
        connection.commit()
    before = studied.database.read_bytes()
    learner = studied.start()
    assert closed_page(learner, "store-newer") == (
        "Your data was last used with a newer version of Haversack. Install the newest version. Nothing was changed."
    )
    assert studied.database.read_bytes() == before
    with closing(sqlite3.connect(studied.database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num=?", (known,))
        connection.commit()
    server.faults.clear()
    learner.click("closedStoreAgain")
    learner.find("card-sql")
    assert learner.sees("header")
    learner.synced()
    assert notes(learner) == ["on the server", "only here"]


@pytest.mark.expected_log("carried|could not read")
def test_a_database_that_is_rubbish_is_kept_aside_and_comes_back_from_the_server(
    studied: House, server: ProgramServer
) -> None:
    for copy in copies.newest_first(studied.database):
        copy.unlink()
    studied.database.write_bytes(b"not a database at all, sorry" * 1000)
    server.faults.clear()
    learner = studied.start()
    opened(learner)
    learner.find("card-sql")
    assert learner.said() == [
        "Haversack's data on this computer was damaged and is being fetched anew from your program. "
        "Nothing needs to be done. The damaged file was kept beside the new one, in case it is needed."
    ]
    fits(learner)
    learner.picture("store-rubbish")
    learner.synced()
    assert notes(learner) == ["on the server"], "what was only in that file is only in that file"
    (aside,) = studied.database.parent.glob("*-damaged-*.db")
    assert aside.read_bytes().startswith(b"not a database")


def rot(file: Path, table: str) -> None:
    """Overwrite the first page of a table with rubbish."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name=?", (table,)).fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with file.open("r+b") as target:
        target.seek((page - 1) * size)
        target.write(b"\xa5" * size)
        target.flush()
        os.fsync(target.fileno())


@pytest.mark.expected_log("carried")
def test_a_damaged_database_is_restored_from_its_copy_with_what_came_after(
    studied: House, server: ProgramServer
) -> None:
    (copy,) = copies.newest_first(studied.database)  # made by the program itself, before the note that waits
    assert copies.is_whole(copy)
    rot(studied.database, "manifests")
    studied.database.with_name(MARKER_NAME).touch()  # the last run did not end well
    learner = studied.start()
    opened(learner)
    assert learner.said()[0].startswith(
        "Haversack's data on this computer was damaged. It was restored from an earlier copy. Nothing needs to be done."
    )
    learner.find("card-sql")
    fits(learner)
    learner.picture("store-restored")
    assert "only here" in notes(learner)
    server.faults.clear()
    learner.program.desk.wake_sync()
    learner.synced()
    assert notes(learner) == ["on the server", "only here"]
    assert len(server.applied) == 2, "sent once, whatever the copy knew"


@pytest.mark.expected_log("carried")
def test_damage_that_shows_at_work_is_repaired_with_one_click(
    studied: House, server: ProgramServer, expected_log: ExpectLog
) -> None:
    expected_log("did not close well", optional=True)
    server.faults.clear()
    learner = studied.start()
    opened(learner)
    learner.synced()
    rot(studied.database, "item_assets")
    # The pages that SQLite still has in memory are whole: forget them, as a computer short of memory would.
    ask(learner, lambda services: [engine.dispose() for engine in (services.store._cache, services.store._durable)])
    learner.program.desk.go("course", course_id="sql", section="week-1")
    learner.program.desk.ask(learner.program, lambda services: services.downloads.queue_course("sql"))
    learner.wait(lambda: any("is damaged" in line for line in learner.said()), "the damage to be said")
    learner.picture("store-damaged-at-work")
    (line,) = [line for line in learner.program.window.notices.lines() if "is damaged" in line.text.text()][:1]
    assert line.notice.action_text == "Repair now"
    assert line.notice.action is not None
    line.notice.action()
    learner.wait(lambda: any("was damaged" in said for said in learner.said()), "the repair to be said")
    learner.synced()
    learner.picture("store-repaired-at-work")
    assert notes(learner) == ["on the server", "only here"]
    assert len(list(studied.database.parent.glob("*-damaged-*.db"))) == 1
    assert copies.is_whole(studied.database)


@pytest.mark.expected_log("carried")
def test_damage_seen_in_a_run_that_ended_well_is_repaired_at_the_next_start(
    studied: House, server: ProgramServer, expected_log: ExpectLog
) -> None:
    expected_log("did not close well|no snapshot", optional=True)
    learner = studied.start()
    opened(learner)
    rot(studied.database, "item_assets")
    ask(learner, lambda services: [engine.dispose() for engine in (services.store._cache, services.store._durable)])
    learner.program.desk.ask(learner.program, lambda services: services.downloads.queue_course("sql"))
    learner.wait(lambda: any("is damaged" in line for line in learner.said()), "the damage to be said")
    studied.end()
    again = studied.start()
    opened(again)
    assert again.said()[0].startswith("Haversack's data on this computer was damaged.")
    assert "only here" in notes(again)


@pytest.mark.expected_log("the store did not open: folder_unusable")
def test_a_disk_that_takes_not_one_byte_more_at_the_start(studied: House, server: ProgramServer) -> None:
    with no_file_beyond(0):
        learner = studied.start()
        words = closed_page(learner, "store-locked")
    assert words.startswith("Haversack cannot write to its data folder. Check that its disk is connected and works")
    server.faults.clear()
    learner.click("closedStoreAgain")
    learner.find("card-sql")
    learner.synced()
    assert notes(learner) == ["on the server", "only here"]


@pytest.mark.expected_log("the store did not open: disk_full")
def test_a_really_full_disk_at_the_start(house: House, server: ProgramServer, expected_log: ExpectLog) -> None:
    expected_log("could not be fetched: disk_full|no log of this run|no copy today", optional=True)
    with full_disk(house.home) as filler:
        learner = house.start(server.link())
        learner.join()
        note(learner, "before the disk was full")
        learner.synced()
        house.end()
        fill(filler)
        learner = house.start()
        assert closed_page(learner, "store-full").startswith("There is no space left on this computer's disk. Delete")
        filler.unlink()
        learner.click("closedStoreAgain")
        learner.find("card-sql")
        assert notes(learner) == ["before the disk was full"]
        house.end()


def test_a_draft_that_could_not_be_written_is_written_when_it_can_be(
    house: House, server: ProgramServer, expected_log: ExpectLog
) -> None:
    """The learner leaves the lecture while nothing can be written, and comes back."""
    expected_log("could not be fetched: disk_full", optional=True)
    learner = house.start(server.link())
    learner.join()
    learner.program.desk.go("item", item_id=VIDEO)
    learner.click("saveNote")
    with no_file_beyond(0):
        learner.find_a(QPlainTextEdit, "noteText").setPlainText("typed while nothing could be written")
        learner.wait(lambda: bool(learner.said()), "it to be said")
        learner.program.desk.go("home")
        learner.find("card-sql")

    def draft(services: object) -> object:
        return services.notes.draft(VIDEO)  # type: ignore[attr-defined]

    learner.wait(lambda: ask(learner, draft) is not None, "the draft to be written after all")
    learner.program.desk.go("item", item_id=VIDEO)
    text = learner.find_a(QPlainTextEdit, "noteText")
    learner.wait(lambda: text.toPlainText() == "typed while nothing could be written", "it to be there again")
