"""What is put right at start and once a day: rows and files agree, nothing is left over, a copy is made."""

from __future__ import annotations

import logging
import sqlite3
import time

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from desktop.models.copies import daily_copy
from desktop.models.files import assets, contacts, download_files, downloads
from desktop.models.new_version import superseded
from desktop.models.shared_files import collect, drop_files
from desktop.models.store import Store
from desktop.sync.changes import adopt_known
from desktop.sync.file_check import check_rows

log = logging.getLogger(__name__)
YOUNG_S = 3600.0


def at_start(store: Store) -> None:
    """After a start: rows whose file is gone say so, unfinished files nobody wants go, kept changes are read."""
    check_rows(store)
    drop_superseded(store)
    tidy_files(store)
    kinds: set[str] = set()
    with store.write(kinds) as connection:
        kinds |= adopt_known(connection)
    retry_small(store)


def tidy_files(store: Store) -> None:
    """Unfinished files nobody wants go, if their drive is there."""
    # A young one may belong to somebody who is writing its row right now.
    collect(store, time.time() - YOUNG_S)


def drop_superseded(store: Store) -> None:
    """Large files that a newer version has replaced go, once what replaces them is here."""
    with store.read() as connection:
        gone = superseded(connection)
    if not gone:
        return
    log.info("%d files of earlier versions go", len(gone))
    with store.write({"assets", "courses", "downloads"}) as connection:
        for begin in range(0, len(gone), 500):
            some = assets.c.sha256.in_(gone[begin : begin + 500])
            connection.execute(update(assets).where(some).values(state="missing", ready_at=None, mtime_ns=None))
    drop_files(store, gone)


def retry_small(store: Store) -> None:
    """What failed by itself (a full disk, a bad day) is tried again; what the learner asked for waits for them."""
    kinds: set[str] = set()
    with store.write(kinds) as connection:
        asked = select(download_files.c.sha256).join(downloads, downloads.c.id == download_files.c.download_id)
        failed = update(assets).where(assets.c.state == "failed", assets.c.sha256.not_in(asked))
        if connection.execute(failed.values(state="missing", problem="")).rowcount:
            kinds.add("courses")


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
