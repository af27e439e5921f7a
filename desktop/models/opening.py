"""Opening a learner's database: make it, migrate it, or repair it."""

from __future__ import annotations

import contextlib
import logging
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from desktop.clock import Clock
from desktop.errors import Problem, mark, problem_of_os
from desktop.models import copies, migrations
from desktop.models.contact import Contact
from desktop.models.content_folder import ContentFolder
from desktop.models.engine import DAMAGED, WRITER, make_engine, problem_of
from desktop.models.files import contacts
from desktop.models.salvage import salvage
from desktop.models.store import DATABASE_NAME, MARKER_NAME, Store
from desktop.models.tables import METADATA

log = logging.getLogger(__name__)


def open_store(folder: Path, clock: Clock, assets: Path | ContentFolder) -> tuple[Store, tuple[Problem, ...]]:
    """Open the database in ``folder``; also returns what the learner must be told about it. ``assets``: where blobs
    lie; a mere path stays what it is.

    Raises:
        Problem: ``database_newer`` (the file is untouched), ``disk_full``, ``folder_unusable``,
            ``migration_failed`` (the file is as it was before).
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _make_private(folder)
        content = ContentFolder(assets) if isinstance(assets, Path) else assets
        if content.place.now is None:
            content.make(content.path)
        else:
            content.look_briefly()  # the database can be used without it
        notes = _prepare(folder / DATABASE_NAME, folder / MARKER_NAME)
        (folder / MARKER_NAME).touch(mode=0o600)
        _make_private(folder)
    except (sqlite3.Error, DBAPIError) as error:
        raise (problem_of(error, folder) or error) from error
    except OSError as error:
        raise (problem_of_os(error) or error) from error
    store = Store(folder, clock, content)
    _recall_contact(store)
    return store, notes


def _make_private(folder: Path) -> None:
    """Nobody but the owner reads what a learner wrote, and what is kept of it after they sign out. SQLite gives its
    other files the mode of the database."""
    with contextlib.suppress(OSError):  # a disk that knows no owners
        for found in (folder, *folder.rglob("*")):
            found.chmod(0o700 if found.is_dir() else 0o600)


def _prepare(file: Path, marker: Path) -> tuple[Problem, ...]:
    if not file.exists() or not file.stat().st_size:
        # Nothing, where something was: a power cut can leave a file empty, and a tidy program can take it away. Not to
        # be opened before what is left beside it is safe: SQLite would throw the log away.
        if copies.newest_first(file) or _has_content(file.with_name(file.name + "-wal")):
            return _repair(file)
        _make(file)
        return ()
    try:
        revision = copies.revision_of(file)
        if marker.exists() and not copies.is_whole(file):
            raise sqlite3.DatabaseError("the check after an unclean end failed")
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise  # locked, no permission, disk: nothing is wrong with the file itself
        return _repair(file)
    except sqlite3.DatabaseError:
        return _repair(file)
    if revision is None:
        if copies.newest_first(file):
            return _repair(file)
        _make(file)
    elif revision not in migrations.HISTORY:
        raise _newer(revision)
    elif revision != migrations.HEAD:
        copies.copy_file(file, f"before-{migrations.HEAD}-{datetime.now(UTC):%Y%m%d%H%M%S}.db")
        migrate(file)
        copies.forget_older(file)
    return ()


def _has_content(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0


def _make(file: Path) -> None:
    """A new database at the newest revision. That this equals the migrations is a test."""
    file.touch(mode=0o600)
    engine = make_engine(file, "FULL")
    try:
        with engine.connect().execution_options(**{WRITER: True}) as connection, connection.begin():
            METADATA.create_all(connection)
            connection.exec_driver_sql(
                "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
                "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
            )
            connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (migrations.HEAD,))
    finally:
        engine.dispose()


def migrate(file: Path, scripts: Path | None = None) -> None:
    """Bring the database to the newest revision, in one transaction. ``scripts``: another folder of migrations.

    Raises:
        Problem: ``migration_failed``; the file is as it was.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts or Path(migrations.__file__).parent))
    engine = make_engine(file, "FULL")
    try:
        with engine.connect() as connection:
            # Batch mode rebuilds tables: with foreign keys on it would delete the rows that point at them.
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise _migration_failed(f"{len(broken)} rows would point nowhere")
            connection.commit()
    except (DBAPIError, sqlite3.Error) as error:
        raise (problem_of(error, file.parent) or _migration_failed(str(error))) from error
    finally:
        engine.dispose()


def _repair(file: Path) -> tuple[Problem, ...]:
    """Keep the damaged file aside; go on with the newest good copy, or with nothing that the server cannot give."""
    aside = file.with_name(f"{file.stem}-damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}.db")
    kept = False
    for suffix in ("", "-wal", "-shm"):
        part = file.with_name(file.name + suffix)
        if part.exists():
            part.replace(aside.with_name(aside.name + suffix))
            kept = True
    restored = _restore_newest(file)
    if not restored:
        _make(file)
    with contextlib.suppress(sqlite3.Error):
        log.warning("carried what was done over from the damaged database: %d rows", salvage(aside, file))
    if restored:
        text = mark("Haversack's data on this computer was damaged. It was restored from an earlier copy.")
    else:
        text = mark("Haversack's data on this computer was damaged and is being fetched anew from your program.")
    way_out = mark("Nothing needs to be done. The damaged file was kept beside the new one, in case it is needed.")
    if not kept:
        way_out = mark("Nothing needs to be done.")
    return (Problem(DAMAGED, text, way_out, detail=f"{aside.name}, copy {restored}"),)


def _restore_newest(file: Path) -> datetime | None:
    for copy in copies.newest_first(file):
        if not copies.is_whole(copy):
            continue
        try:
            revision = copies.revision_of(copy)
            if revision not in migrations.HISTORY:
                continue
            shutil.copyfile(copy, file)
            if revision != migrations.HEAD:
                migrate(file)
        except (sqlite3.Error, Problem) as error:
            log.warning("the copy %s could not be used: %s", copy.name, error)
            file.unlink(missing_ok=True)
            continue
        return datetime.fromtimestamp(copy.stat().st_mtime, UTC)
    return None


def _recall_contact(store: Store) -> None:
    with store.read() as connection:
        row = connection.execute(select(contacts)).first()
    if row is not None:
        store.contact.recall(Contact(row.server_at, row.wall_at, row.monotonic_ms))


def _newer(revision: str) -> Problem:
    return Problem(
        "database_newer",
        mark("Your data was last used with a newer version of Haversack."),
        mark("Install the newest version. Nothing was changed."),
        detail=f"revision {revision}, this version knows {migrations.HEAD}",
    )


def _migration_failed(detail: str) -> Problem:
    return Problem(
        "migration_failed",
        mark("Haversack could not bring your data to this version."),
        mark("Nothing was changed. Go back to the version you had, and report a problem."),
        detail=detail,
    )
