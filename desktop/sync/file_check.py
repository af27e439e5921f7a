"""Files that were written to or removed behind our back: noticed, and fetched again."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable

from sqlalchemy import select, update

from desktop.models.blobs import blob_path
from desktop.models.files import assets
from desktop.models.queue import forget_lost
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

    def look(self, stopping: Callable[[], bool] = lambda: False) -> bool:
        """Every ten minutes: whatever is gone or has another size is missing now; what has another time is hashed, a
        few seconds of it at each call. Returns whether it was time for the former."""
        now = time.monotonic()
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
        path = blob_path(self._store.assets, sha256)
        digest = hashlib.sha256()
        try:
            before = path.stat().st_mtime_ns
            with path.open("rb") as file:
                while (piece := file.read(PIECE)) and not stopping():
                    digest.update(piece)
        except OSError:
            before = -1
        if stopping():
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
    they were written to since they were verified."""
    with store.read() as connection:
        columns = (assets.c.sha256, assets.c.size, assets.c.mtime_ns)
        rows = connection.execute(select(*columns).where(assets.c.state == "ready")).all()
    gone, doubtful = [], []
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
    if gone:
        log.warning("%d files are gone and will be fetched again when they are wanted", len(gone))
        _forget(store, gone)
    return doubtful


def _forget(store: Store, lost: list[str]) -> None:
    with store.write({"assets", "courses", "downloads"}) as connection:
        for begin in range(0, len(lost), 500):
            forget_lost(connection, lost[begin : begin + 500])
