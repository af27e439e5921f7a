"""The folder of blobs is shared by the learners of this installation: what any of them needs stays."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from desktop.errors import Problem
from desktop.models.blobs import PART, blob_path, part_path
from desktop.models.store import DATABASE_NAME, Store

log = logging.getLogger(__name__)

READY = "SELECT sha256 FROM assets WHERE state = 'ready'"
SIZES = "SELECT sha256, size FROM assets WHERE state = 'ready' AND size > 0"
COMING = """
SELECT f.sha256 FROM download_files f JOIN downloads d ON d.id = f.download_id WHERE d.state <> 'ready'
UNION SELECT sha256 FROM item_assets WHERE NOT bulky
UNION SELECT picture FROM catalog_entries WHERE picture IS NOT NULL
"""
"""Blobs that an entry of the queue, reading offline or the catalog will bring: what is here of them is kept."""


@dataclass
class Needed:
    """Hashes of blobs: those that are here whole, and those of which a part is worth keeping."""

    ready: set[str] = field(default_factory=set)
    coming: set[str] = field(default_factory=set)


def needed(store: Store, *, by_others: bool = False) -> Needed | None:
    """By every learner of this installation, or by all but this one. None when that cannot be known now."""
    found = Needed()
    for database in store.folder.parent.glob(f"*/{DATABASE_NAME}"):
        if by_others and database.parent == store.folder:
            continue
        try:
            with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
                found.ready |= {row[0] for row in connection.execute(READY)}
                found.coming |= {row[0] for row in connection.execute(COMING)}
        except sqlite3.Error as error:
            log.info("files are left alone: %s: %s", database.parent.name[:8], error)
            return None
    return found


def bytes_of_others(store: Store, mine: Container[str]) -> int | None:
    """Bytes of files that are here for other learners of this installation alone; None when that cannot be known."""
    found: dict[str, int] = {}
    for database in store.folder.parent.glob(f"*/{DATABASE_NAME}"):
        if database.parent == store.folder:
            continue
        try:
            with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
                found |= {row[0]: row[1] for row in connection.execute(SIZES) if row[0] not in mine}
        except sqlite3.Error as error:
            log.info("what others have is not known: %s", error)
            return None
    return sum(found.values())


def drop_files(store: Store, hashes: Iterable[str], *, only_parts: bool = False) -> None:
    """Remove files that this learner does not need any more, unless another one does. After the commit: a file without
    a row is collected later, a row without its file would be a lie."""
    others = needed(store, by_others=True)
    if others is None:
        return
    kept = others.ready | others.coming
    with contextlib.suppress(Problem), store.content.writing() as folder:  # a drive that is not there: collected later
        for sha256 in hashes:
            paths = [] if sha256 in others.coming else [part_path(folder, sha256)]
            if not only_parts and sha256 not in kept:
                paths.append(blob_path(folder, sha256))
            for path in paths:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)


def collect(store: Store, older_than: float) -> int:
    """Remove what nobody needs: left by kills, by cancelled downloads. ``older_than``: files written after this moment
    (seconds since 1970) may belong to somebody who is writing their row. Returns how many."""
    known = needed(store)
    if known is None:
        return 0
    removed = 0
    with contextlib.suppress(Problem), store.content.writing() as folder:
        for path in folder.glob("??/*"):
            if _is_needed(path, known):
                continue
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < older_than:
                    path.unlink()
                    removed += 1
    return removed


def _is_needed(path: Path, known: Needed) -> bool:
    sha256 = path.name[:64]
    if path.name == sha256:
        return sha256 in known.ready or sha256 in known.coming
    whole = path.name == f"{sha256}{PART}" and path.parent.name == sha256[:2]  # not of a pack, which is never resumed
    return whole and sha256 in known.coming and sha256 not in known.ready
