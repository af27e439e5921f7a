"""Opening a database: new, due for a migration, from the future, damaged; and what is kept in each case."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from desktop.errors import Problem
from desktop.models import copies, migrations, opening
from desktop.models.store import DATABASE_NAME, MARKER_NAME, Store
from desktop.models.tables import METADATA
from desktop.models.work import note_drafts, outbox
from desktop.services.home_snapshot import save_snapshot
from tests.desktop.course import START, make_course
from tests.desktop.filled import ACCOUNT, enroll, open_learner
from tests.desktop.hand_clock import HandClock

FOLDER = Path(migrations.__file__).parent
NOW = migrations.HEAD


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the learner's database is."""
    return tmp_path / "learners" / ACCOUNT


@pytest.fixture
def filled(tmp_path: Path, folder: Path) -> Path:
    """A database with a course, and three notes that wait; closed."""
    services = open_learner(tmp_path, HandClock())
    enroll(services, make_course())
    for number in range(3):
        services.notes.save("sql/video-1", f"note {number}")
    services.close()
    return folder / DATABASE_NAME


def notes(tmp_path: Path) -> tuple[list[str], tuple[Problem, ...]]:
    """Open and read."""
    services = open_learner(tmp_path, HandClock())
    found = sorted(note.text for note in services.notes.all()), services.opened_notes
    services.close()
    return found


def schema(file: Path) -> list[tuple[str, str]]:
    """Every table and index as SQLite has it, without the differences of layout."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    return [(name, "".join(sql.split()).replace('"', "").lower()) for name, sql in rows if name != "alembic_version"]


def test_the_migrations_make_what_the_tables_say(tmp_path: Path) -> None:
    migrated, made = tmp_path / "migrated.db", tmp_path / "made.db"
    opening.migrate(migrated)
    opening._make(made)
    engine = sa.create_engine(f"sqlite:///{migrated}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()
    assert [name for name, _ in schema(migrated)] == [name for name, _ in schema(made)]
    with closing(sqlite3.connect(migrated)) as connection:
        assert "AUTOINCREMENT" in connection.execute("SELECT sql FROM sqlite_master WHERE name='outbox'").fetchone()[0]
    assert copies.revision_of(migrated) == copies.revision_of(made) == migrations.HEAD


def test_the_history_is_the_scripts() -> None:
    scripts = ScriptDirectory(str(FOLDER))
    assert scripts.get_current_head() == migrations.HEAD
    assert tuple(script.revision for script in reversed(list(scripts.walk_revisions()))) == migrations.HISTORY


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program one revision further on, whose migration rebuilds tables that have rows and children."""
    scripts = tmp_path / "scripts"
    (scripts / "versions").mkdir(parents=True)
    known = [f"versions/{script.name}" for script in (FOLDER / "versions").glob("v*.py")]
    for name in ("env.py", "script.py.mako", *known):
        (scripts / name).write_text((FOLDER / name).read_text())
    (scripts / "versions" / "v9999_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9999_next'\ndown_revision = '{NOW}'\nbranch_labels = depends_on = None\n"
        "def upgrade() -> None:\n"
        "    with op.batch_alter_table('downloads', recreate='always') as batch:\n"
        "        batch.add_column(sa.Column('priority', sa.Integer(), server_default='0', nullable=False))\n"
        "    with op.batch_alter_table('items', recreate='always') as batch:\n"
        "        batch.alter_column('minutes', new_column_name='length')\n"
    )
    migrate = opening.migrate
    monkeypatch.setattr(migrations, "HISTORY", (*migrations.HISTORY, "9999_next"))
    monkeypatch.setattr(migrations, "HEAD", "9999_next")
    monkeypatch.setattr(opening, "migrate", lambda file: migrate(file, scripts))
    return scripts


def test_a_filled_database_is_migrated_with_all_its_rows(tmp_path: Path, filled: Path, next_version: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("INSERT INTO downloads VALUES ('d', 'sql', 'course', 't', 'queued', 1, 0, '', '')")
        connection.execute("INSERT INTO download_files VALUES ('d', 'abc', 0)")
        connection.commit()
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        before = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
    assert opening._prepare(filled, filled.with_name(MARKER_NAME)) == ()
    with closing(sqlite3.connect(filled)) as connection:
        after = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
        assert connection.execute("SELECT sum(length) FROM items").fetchone() == (40,)
    assert after == before
    assert before["outbox"] == 3
    assert before["download_files"] == 1
    (copy,) = copies.newest_first(filled)
    assert copies.revision_of(copy) == NOW


def test_a_migration_that_fails_changes_nothing(filled: Path, next_version: Path) -> None:
    script = next_version / "versions" / "v9999_next.py"
    script.write_text(script.read_text() + "    op.execute('SELECT no_such_function()')\n")
    before = schema(filled)
    with pytest.raises(Problem, match="migration_failed"):
        opening._prepare(filled, filled.with_name(MARKER_NAME))
    assert schema(filled) == before
    assert copies.revision_of(filled) == NOW


def test_notes_and_actions_of_the_first_version_are_carried_on(tmp_path: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    file = folder / DATABASE_NAME
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001_spine")
        connection.exec_driver_sql(
            "INSERT INTO notes VALUES ('n1', 'sql', 'sql/video-1', 5, 'kept', '', '', 1, 2, NULL, 7)"
        )
        connection.exec_driver_sql(
            "INSERT INTO outbox (id, kind, subject, course_id, body, made_at, zone, state, tries)"
            " VALUES ('a1', 'save_course', 'saved:sql', 'sql', x'7b22636f757273655f6964223a2273716c222c227361766564223a"
            "747275657d', 1, 'UTC', 'waiting', 3)"
        )
        connection.exec_driver_sql("INSERT INTO note_drafts VALUES ('sql/video-1', '', 5, 'half', '', '', 1)")
    engine.dispose()
    services = open_learner(tmp_path, HandClock())
    (note,) = services.notes.all()
    assert (note.text, note.item_title) == ("kept", "")
    (entry,) = services.outbox.entries()
    assert (entry.kind, entry.state, entry.detail) == ("save_course", "waiting", "saved")
    with services.store.read() as connection:
        drafts = connection.execute(sa.select(note_drafts.c.item_id, note_drafts.c.note_id, note_drafts.c.text)).all()
    assert [tuple(row) for row in drafts] == [("sql/video-1", "", "half")]
    services.close()


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path, filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("UPDATE alembic_version SET version_num='0099_future'")
        connection.commit()
    before = filled.read_bytes()
    with pytest.raises(Problem, match="database_newer"):
        open_learner(tmp_path, HandClock())
    assert filled.read_bytes() == before


def damage(file: Path, keep: int) -> None:
    """Overwrite everything behind the first ``keep`` bytes with rubbish."""
    data = file.read_bytes()
    file.write_bytes(data[:keep] + b"\xa5" * (len(data) - keep))


@pytest.mark.expected_log("carried")
def test_damage_is_repaired_from_the_copy_and_what_came_after_it_is_carried_over(tmp_path: Path, filled: Path) -> None:
    assert copies.daily_copy(filled, START) is not None
    services = open_learner(tmp_path, HandClock())
    services.notes.save("sql/video-1", "after the copy")
    services.close()
    # The catalog's pages rot; the outbox can still be read.
    with closing(sqlite3.connect(filled)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name='manifests'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with filled.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)
    filled.with_name(MARKER_NAME).touch()  # the last run did not end well, so the file is checked
    texts, told = notes(tmp_path)
    assert texts == ["after the copy", "note 0", "note 1", "note 2"]
    assert [problem.code for problem in told] == ["database_damaged"]
    assert len(list(filled.parent.glob("*-damaged-*.db"))) == 1
    assert notes(tmp_path) == (texts, ())


@pytest.mark.expected_log("carried|could not read")
@pytest.mark.parametrize("rubbish", [b"not a database at all, sorry" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_without_a_copy_it_begins_anew_and_says_so(tmp_path: Path, folder: Path, rubbish: bytes, filled: Path) -> None:
    filled.write_bytes(rubbish)
    texts, told = notes(tmp_path)
    assert texts == []
    assert [problem.code for problem in told] == ["database_damaged"]
    assert told[0].way_out
    (aside,) = folder.glob("*-damaged-*.db")
    assert aside.read_bytes() == rubbish


def test_an_empty_file_is_a_new_database(tmp_path: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / DATABASE_NAME).touch()
    assert notes(tmp_path) == ([], ())


def test_copies_are_one_a_day_and_few(filled: Path) -> None:
    clock = HandClock()
    for _ in range(6):
        assert copies.daily_copy(filled, clock.now()) is not None
        assert copies.daily_copy(filled, clock.now()) is None
        clock.go(days=1)
    assert len(copies.newest_first(filled)) == copies.COPIES_KEPT


def test_writers_lose_nothing_and_readers_see_whole_states(tmp_path: Path) -> None:
    import threading

    store, _ = opening.open_store(tmp_path, HandClock(), tmp_path / "assets")

    def add(durable: bool) -> None:
        for _ in range(30):
            with store.write(set(), durable=durable) as connection:
                count = connection.execute(sa.select(sa.func.count()).select_from(outbox)).scalar_one()
                values = {"kind": "x", "subject": "s", "body": b"", "made_at": START, "zone": "UTC", "state": "waiting"}
                connection.execute(sa.insert(outbox).values(id=f"{count}", **values))

    threads = [threading.Thread(target=add, args=(number % 2 == 0,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(outbox)).scalar_one() == 120
    store.close()


def test_durable_writes_are_full_and_others_normal(tmp_path: Path) -> None:
    store, _ = opening.open_store(tmp_path, HandClock(), tmp_path / "assets")
    found = []
    for durable in (False, True):
        with store.write(set(), durable=durable) as connection:
            found.append(connection.exec_driver_sql("PRAGMA synchronous").scalar())
    with store.read() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    assert found == [1, 2]
    store.close()


def test_alembic_is_not_imported_when_nothing_is_due(filled: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys, pathlib; from desktop.clock import SystemClock; from desktop.models.opening import open_store;"
        f"open_store(pathlib.Path({str(filled.parent)!r}), SystemClock(), pathlib.Path({str(tmp_path)!r}))[0].close();"
        "sys.exit('alembic' in sys.modules or 'sqlalchemy.orm' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_store_tells_only_what_was_committed(tmp_path: Path) -> None:
    store, _ = opening.open_store(tmp_path, HandClock(), tmp_path / "assets")
    told: list[frozenset[str]] = []
    end = store.subscribe(told.append)

    def fail(store: Store) -> None:
        with store.write({"notes"}):
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 (any will do)
        fail(store)
    with store.write({"notes"}):
        assert told == []
    assert told == [frozenset({"notes"})]
    end()
    with store.write({"notes"}):
        pass
    assert len(told) == 1
    store.close()


@pytest.mark.skipif(os.name != "posix", reason="the owner's folder is the system's matter there")
def test_a_learners_folder_is_their_own(filled: Path) -> None:
    assert filled.parent.stat().st_mode & 0o077 == 0


def _modes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in (folder, *folder.rglob("*"))}


def _private(folder: Path) -> bool:
    return all(file.stat().st_mode & 0o777 == (0o700 if file.is_dir() else 0o600) for file in folder.rglob("*"))


@pytest.mark.skipif(os.name == "nt", reason="has no such modes")
def test_nobody_else_on_this_computer_reads_what_a_learner_wrote(tmp_path: Path, folder: Path, filled: Path) -> None:
    """Neither while the program runs, nor what is kept after signing out, nor what an older version left open."""
    services = open_learner(tmp_path, HandClock())
    services.notes.save("sql/video-1", "private")
    copies.daily_copy(filled, START)
    save_snapshot(tmp_path, services.home.view())
    assert {"haversack.db", "haversack.db-wal", "copies", "home.json", MARKER_NAME} <= set(_modes(folder))
    assert _private(folder), _modes(folder)
    services.close()
    for file in (folder, *folder.rglob("*")):
        file.chmod(0o755 if file.is_dir() else 0o644)
    open_learner(tmp_path, HandClock()).close()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert _private(folder), _modes(folder)
