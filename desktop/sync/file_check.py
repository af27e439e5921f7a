"""Files that were written to or removed behind our back: noticed, and fetched again."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select, update

from desktop.errors import Problem
from desktop.models.blobs import blob_path, is_whole
from desktop.models.content_folder import HERE, READABLE
from desktop.models.files import assets
from desktop.models.queue import forget_lost, settle_finished
from desktop.models.store import Store

log = logging.getLogger(__name__)

EVERY_S = 600.0
AT_A_TIME_S = 2.0
"""Hashing is for the rounds' pauses: a folder that was copied has a hundred files with another time."""
PIECE = 1024 * 1024


class FileCheck:
    """Compares rows with files, some at a time. Used by the sync thread alone."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._at: float | None = None
        self._doubtful: list[str] = []

    def look_soon(self) -> None:
        """The folder is another one, or its drive is back: look at all of it again. From any thread."""
        self._at = None

    def look(self, stopping: Callable[[], bool] = lambda: False) -> bool:
        """Every ten minutes: whatever is gone or has another size is missing now; what has another time is hashed, a
        few seconds of it at each call. Returns whether it was time for the former. Nothing while the drive is
        not there."""
        now = time.monotonic()
        if self._store.content.state != HERE:
            return False
        due = self._at is None or now - self._at >= EVERY_S
        if due:
            self._at = now
            self._doubtful = check_rows(self._store)
        until = time.monotonic() + AT_A_TIME_S
        while self._doubtful and not stopping() and time.monotonic() < until:
            self._verify(self._doubtful[-1], stopping)
            if not stopping():
                self._doubtful.pop()
        return due

    def _verify(self, sha256: str, stopping: Callable[[], bool]) -> None:
        with contextlib.suppress(Problem), self._store.content.writing() as folder:
            self._verify_in(folder, sha256, stopping)

    def _verify_in(self, folder: Path, sha256: str, stopping: Callable[[], bool]) -> None:
        path = blob_path(folder, sha256)
        digest = hashlib.sha256()
        try:
            before = path.stat().st_mtime_ns
            with path.open("rb") as file:
                while (piece := file.read(PIECE)) and not stopping():
                    digest.update(piece)
        except OSError:
            before = -1
        if stopping() or (before < 0 and self._store.content.look() != HERE):
            return
        if before >= 0 and digest.hexdigest() == sha256:
            with self._store.write(set()) as connection:
                mine = update(assets).where(assets.c.sha256 == sha256, assets.c.state == "ready")
                connection.execute(mine.values(mtime_ns=before))
            return
        log.warning("1 file was changed and will be fetched again when it is wanted")
        path.unlink(missing_ok=True)
        _forget(self._store, [sha256])


def check_rows(store: Store) -> list[str]:
    """Rows whose file is gone or has another size say so at once. Returns hashes of files that must be looked into:
    they were written to since they were verified. Nothing while the drive that they are on is not there."""
    if store.content.look() not in READABLE:
        return []
    with store.read() as connection:
        columns = (assets.c.sha256, assets.c.size, assets.c.mtime_ns)
        rows = connection.execute(select(*columns).where(assets.c.state == "ready")).all()
    gone, doubtful, sizes = [], [], {row.sha256: row.size for row in rows}
    for row in rows:
        try:
            found = blob_path(store.assets, row.sha256).stat()
        except OSError:
            gone.append(row.sha256)
            continue
        if found.st_size != row.size:
            gone.append(row.sha256)
        elif found.st_mtime_ns != row.mtime_ns:
            doubtful.append(row.sha256)
    if gone and store.content.look() not in READABLE:
        return []  # it was pulled meanwhile
    gone = [sha256 for sha256 in gone if not is_whole(blob_path(store.assets, sha256), sizes[sha256])]
    if gone:
        log.warning("%d files are gone and will be fetched again when they are wanted", len(gone))
        _forget(store, gone)
    return doubtful


def _forget(store: Store, lost: list[str]) -> None:
    with store.write({"assets", "courses", "downloads"}) as connection:
        for begin in range(0, len(lost), 500):
            forget_lost(connection, lost[begin : begin + 500])


def adopt_rows(store: Store) -> int:
    """Files of the folder that rows do not know of are ready: it was taken over with what is in it. Whatever has such a
    name was verified before it got it; with no time noted it is looked into again at leisure. Returns how many."""
    if store.content.look() not in READABLE:
        return 0
    with store.read() as connection:
        missing = select(assets.c.sha256, assets.c.size).where(assets.c.state != "ready", assets.c.size > 0)
        rows = connection.execute(missing).all()
    found = [row.sha256 for row in rows if is_whole(blob_path(store.assets, row.sha256), row.size)]
    for begin in range(0, len(found), 500):
        with store.write({"assets", "courses", "downloads"}) as connection:
            mine = update(assets).where(assets.c.sha256.in_(found[begin : begin + 500]))
            connection.execute(mine.values(state="ready", problem="", ready_at=store.clock.now(), mtime_ns=None))
            settle_finished(connection)
    return len(found)
