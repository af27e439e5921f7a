"""What is put right at start and once a day: rows and files agree, nothing is left over, a copy is made."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from desktop.models.blobs import PART, blob_path
from desktop.models.copies import daily_copy
from desktop.models.files import assets, contacts, download_files, downloads
from desktop.models.store import DATABASE_NAME, Store
from desktop.sync.changes import adopt_known

log = logging.getLogger(__name__)
YOUNG_S = 3600.0


def at_start(store: Store) -> None:
    """After a start: rows whose file is gone say so, unfinished files nobody wants go, kept changes are read."""
    _check_ready(store)
    _collect(store)
    kinds: set[str] = set()
    with store.write(kinds) as connection:
        kinds |= adopt_known(connection)
        # What failed by itself (a full disk, a bad day) is tried again; what the learner asked for waits for them.
        asked = select(download_files.c.sha256).join(downloads, downloads.c.id == download_files.c.download_id)
        failed = update(assets).where(assets.c.state == "failed", assets.c.sha256.not_in(asked))
        connection.execute(failed.values(state="missing", problem=""))


def once_a_day(store: Store) -> None:
    """The copy of the day. A full disk is no reason to stop: the copies before it stay."""
    try:
        daily_copy(store.file, store.clock.now())
    except (sqlite3.Error, OSError) as error:
        log.warning("no copy today: %s", error)


def keep_contact(store: Store) -> None:
    """Remember the last contact with the server over a restart of the program."""
    contact = store.contact.contact
    if contact is None:
        return
    values = {"server_at": contact.server_at, "wall_at": contact.wall_at, "monotonic_ms": contact.monotonic_ms}
    with store.write(set()) as connection:
        statement = upsert(contacts).values(id=1, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def _check_ready(store: Store) -> None:
    with store.read() as connection:
        rows = connection.execute(select(assets.c.sha256, assets.c.size).where(assets.c.state == "ready")).all()
    gone = [row.sha256 for row in rows if not _has_size(blob_path(store.assets, row.sha256), row.size)]
    if not gone:
        return
    log.warning("%d files are gone and will be fetched again when they are wanted", len(gone))
    with store.write({"assets", "courses", "downloads"}) as connection:
        for sha256 in gone:
            values = {"state": "missing", "ready_at": None}
            connection.execute(update(assets).where(assets.c.sha256 == sha256).values(**values))
        lost = select(download_files.c.download_id).where(download_files.c.sha256.in_(gone))
        connection.execute(delete(downloads).where(downloads.c.state == "ready", downloads.c.id.in_(lost)))


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def _collect(store: Store) -> None:
    """Files that no learner of this installation has a row for. What cannot be known is left alone."""
    known: dict[str, str] = {}
    for database in store.folder.parent.glob(f"*/{DATABASE_NAME}"):
        try:
            with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
                known |= dict(connection.execute("SELECT sha256, state FROM assets"))
        except sqlite3.Error as error:
            log.info("files are not collected: %s: %s", database.parent.name[:8], error)
            return
    for path in store.assets.glob("??/*"):
        sha256 = path.name.removesuffix(PART)
        is_part = path.name.endswith(PART)
        finished = is_part and path.with_name(sha256).exists()
        if sha256 in known and not finished:
            continue
        with contextlib.suppress(OSError):
            # A young one may belong to somebody who is writing its row right now.
            if time.time() - path.stat().st_mtime > YOUNG_S:
                path.unlink()
