"""A damaged database: what can still be read of the learner's own work is carried over, and the file is kept."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copyfile, copytree

import pytest

from desktop.models import copies, outbox
from desktop.models.pages import stored_rows
from desktop.models.salvage import STATES
from desktop.models.store import DATABASE_NAME, MARKER_NAME
from protocol.quizzes import Answer
from tests.desktop.course import START, make_course
from tests.desktop.filled import ACCOUNT, enroll, open_learner
from tests.desktop.hand_clock import HandClock
from tests.guards.logs import ExpectLog

ACTIONS = 120
LONG = 40
"""Every so many rows one does not fit onto a page."""


def text_of(number: int) -> str:
    """What was written."""
    return f"note {number}: " + "written with care. " * (700 if number % LONG == LONG - 1 else 5 + number % 4)


@pytest.fixture(autouse=True)
def said(expected_log: ExpectLog) -> None:
    """A repair is worth a line in the log."""
    expected_log("carried|could not read|could not be used", optional=True)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many notes that wait, a draft of a quiz and one of a note; closed well."""
    home = tmp_path_factory.mktemp("filled")
    services = open_learner(home, HandClock())
    enroll(services, make_course())
    for number in range(ACTIONS):
        services.notes.save("sql/video-1", text_of(number), note_id=f"note-{number}")
    services.notes.save_draft("sql/video-1", "half a thought")
    services.quizzes.save_draft("sql/practice-1", (Answer(question_id="q1", choices=("a",)),), START)
    services.close()
    return home


@pytest.fixture
def database(filled: Path, tmp_path: Path) -> Path:
    """A copy of the test's own."""
    copytree(filled, tmp_path, dirs_exist_ok=True)
    return tmp_path / "learners" / ACCOUNT / DATABASE_NAME


def pages_of(database: Path, name: str) -> dict[int, int]:
    """The pages of a table, its root first, and how many rows are lost with each at most."""
    with closing(sqlite3.connect(database)) as connection:
        try:
            rows = connection.execute(
                "SELECT pageno, CASE pagetype WHEN 'leaf' THEN ncell WHEN 'overflow' THEN 1 ELSE 0 END"
                " FROM dbstat WHERE name = ? ORDER BY path",
                (name,),
            )
        except sqlite3.OperationalError:
            pytest.skip("this SQLite does not tell which page is whose")
        return {int(page): int(cells) for page, cells in rows}


def spoil(database: Path, *pages: int, begin: int = 0) -> bytes:
    """Overwrite pages (from 1) with rubbish, from the byte ``begin`` of each on; the run before did not end well."""
    data = bytearray(database.read_bytes())
    for page in pages:
        data[(page - 1) * 4096 + begin : page * 4096] = b"\xa5" * (4096 - begin)
    database.write_bytes(data)
    database.with_name(MARKER_NAME).touch()
    return bytes(data)


def carried(tmp_path: Path, spoilt: bytes) -> set[int]:
    """Open; returns the numbers of the notes that are there, each exactly as it was written. The damaged file is kept
    as it was found."""
    services = open_learner(tmp_path, HandClock())
    try:
        assert [problem.code for problem in services.opened_notes] == ["database_damaged"]
        (aside,) = services.store.folder.glob("*-damaged-*.db")
        assert aside.read_bytes() == spoilt
        assert copies.is_whole(services.store.file)
        entries = services.outbox.entries()
        found = {int(services.outbox.text(entry.id).partition(":")[0].removeprefix("note ")) for entry in entries}
        assert {services.outbox.text(entry.id) for entry in entries} == {text_of(number) for number in found}
        assert len(entries) == len(found)
        in_order = [services.outbox.text(entry.id) for entry in reversed(entries)]
        assert in_order == [text_of(number) for number in sorted(found)]
        enroll(services, make_course())  # as the sync brings it again
        draft = services.notes.draft("sql/video-1")
        assert draft is not None
        assert draft.text == "half a thought"
        return found
    finally:
        services.close()


def test_the_way_to_all_rows_is_damaged(tmp_path: Path, database: Path) -> None:
    root = next(iter(pages_of(database, "outbox")))
    assert carried(tmp_path, spoil(database, root)) == set(range(ACTIONS))


def test_the_first_page_is_damaged_and_with_it_what_says_which_tables_there_are(tmp_path: Path, database: Path) -> None:
    assert carried(tmp_path, spoil(database, 1)) == set(range(ACTIONS))


def test_only_the_rows_of_a_damaged_page_are_lost(tmp_path: Path, database: Path) -> None:
    leaf, cells = max(pages_of(database, "outbox").items(), key=lambda page: page[1])
    lost = set(range(ACTIONS)) - carried(tmp_path, spoil(database, leaf))
    assert len(lost) == cells


@pytest.mark.parametrize("seed", range(8))
def test_any_pages_are_damaged(tmp_path: Path, database: Path, seed: int) -> None:
    chance = random.Random(seed)
    drafts = pages_of(database, "note_drafts").keys()
    others = [page for page in range(1, database.stat().st_size // 4096 + 1) if page not in drafts]
    pages = chance.sample(others, chance.randint(1, 5))
    own = pages_of(database, "outbox")
    spoilt = spoil(database, *pages, begin=chance.choice((0, 0, 200, 2000)))
    if copies.is_whole(database):
        pytest.skip("nothing that is used was hit")
    assert ACTIONS - len(carried(tmp_path, spoilt)) <= sum(own.get(page, 0) for page in pages)


def test_what_sqlite_reads_is_what_lies_on_the_pages(tmp_path: Path, database: Path) -> None:
    """The reader of pages against SQLite itself, with everything still in the log beside the file."""
    copy = tmp_path / "copy.db"
    copyfile(database, copy)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("UPDATE outbox SET zone = 'Asia/Kolkata', faults = 300, tries = -7 WHERE sequence % 2")
        connection.execute("DELETE FROM outbox WHERE sequence > 100")
        connection.execute("DELETE FROM manifests")
        connection.commit()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE outbox SET zone = 'never'")
        expected = set(connection.execute("SELECT sequence, id, body, tries, faults FROM outbox"))
        columns = [row[1] for row in connection.execute("PRAGMA table_info(outbox)")]
        found = [row for row in stored_rows(copy) if len(row.values) == len(columns)]
        connection.rollback()
    named = [(row.rowid, dict(zip(columns, row.values, strict=True))) for row in found]
    wanted = {(key, row["id"], row["body"], row["tries"], row["faults"]) for key, row in named}
    assert {row for row in wanted if str(row[1]).count("-") == 4} == expected
    assert {row["zone"] for key, row in named if key % 2 and row["id"] in {one[1] for one in expected}} == {
        "Asia/Kolkata"
    }


def test_what_was_undone_since_the_copy_does_not_come_back_and_the_later_draft_counts(
    tmp_path: Path, database: Path
) -> None:
    assert copies.daily_copy(database, START) is not None
    clock = HandClock()
    clock.go(hours=1)
    services = open_learner(tmp_path, clock)
    newest = services.outbox.entries()[0]
    services.outbox.undo(newest.id)
    services.notes.save_draft("sql/video-1", "the whole thought")
    services.close()
    spoil(database, next(iter(pages_of(database, "manifests"))))
    services = open_learner(tmp_path, HandClock())
    assert newest.id not in {entry.id for entry in services.outbox.entries()}
    assert len(services.outbox.entries()) == ACTIONS - 1
    draft = services.notes.draft("sql/video-1")
    assert draft is not None
    assert draft.text == "the whole thought"
    services.close()


@pytest.mark.parametrize("left", ["nothing", "an empty file"])
def test_a_file_that_is_gone_or_empty_is_restored_from_its_copy(tmp_path: Path, database: Path, left: str) -> None:
    assert copies.daily_copy(database, START) is not None
    database.unlink()
    if left == "an empty file":
        database.touch()
    services = open_learner(tmp_path, HandClock())
    assert [problem.code for problem in services.opened_notes] == ["database_damaged"]
    assert len(services.outbox.entries()) == ACTIONS
    services.close()


def in_the_log(database: Path) -> None:
    """A note is committed, and only in the log: as after a power cut."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("UPDATE outbox SET zone = 'Asia/Kolkata' WHERE sequence <= 60")
        connection.commit()
        for suffix in ("-wal", "-shm"):
            copyfile(f"{database}{suffix}", f"{database}{suffix}.kept")
    for suffix in ("-wal", "-shm"):
        Path(f"{database}{suffix}.kept").replace(f"{database}{suffix}")
    database.with_name(MARKER_NAME).touch()


def test_an_empty_file_with_a_log_beside_it_gives_what_is_in_the_log(tmp_path: Path, database: Path) -> None:
    in_the_log(database)
    database.write_bytes(b"")
    services = open_learner(tmp_path, HandClock())
    assert [problem.code for problem in services.opened_notes] == ["database_damaged"]
    assert len(services.outbox.entries()) >= 60
    services.close()


@pytest.mark.parametrize("how", ["cut log", "no log", "stale index", "rubbish index"])
def test_a_torn_log_and_a_stale_index_cost_nothing_that_was_in_the_file(
    tmp_path: Path, database: Path, how: str
) -> None:
    in_the_log(database)
    log, index = Path(f"{database}-wal"), Path(f"{database}-shm")
    if how == "cut log":
        log.write_bytes(log.read_bytes()[:-5000])
    elif how == "no log":
        log.unlink()
    else:
        index.write_bytes(
            bytes(len(index.read_bytes())) if how == "stale index" else random.Random(1).randbytes(32_768)
        )
    services = open_learner(tmp_path, HandClock())
    assert services.opened_notes == ()
    assert len(services.outbox.entries()) == ACTIONS
    services.close()
    assert copies.is_whole(database)


def test_every_state_of_an_action_is_known() -> None:
    assert {*outbox.PENDING, *outbox.UNSENT, outbox.SETTLED, outbox.REFUSED, outbox.SET_ASIDE} == set(STATES)
