"""The media folder: files named by their SHA-256, written once."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
import time
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

CHUNK = 1024 * 1024


def blob_path(sha256: str) -> Path:
    """Where the bytes of a blob are."""
    return Path(settings.MEDIA_FOLDER) / sha256[:2] / sha256


def read_small(sha256: str) -> bytes:
    """The bytes of a blob that comes in packs. The path is a text and the file unbuffered: a pack has 2,000 of
    them, and pathlib and buffers were half of the time that it took to make one.

    Raises:
        OSError: it is not there.
    """
    with io.FileIO(f"{settings.MEDIA_FOLDER}{os.sep}{sha256[:2]}{os.sep}{sha256}") as file:
        return file.readall()


def hash_file(path: Path) -> tuple[str, int]:
    """SHA-256 and size of a file, read in chunks."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def store_bytes(data: bytes) -> str:
    """Keep bytes; returns their SHA-256. What is there already is left alone."""
    sha256 = hashlib.sha256(data).hexdigest()
    _store(sha256, len(data), io.BytesIO(data))
    return sha256


def store_file(path: Path) -> tuple[str, int]:
    """Keep a copy of a file; returns its SHA-256 and size."""
    sha256, size = hash_file(path)
    with path.open("rb") as source:
        _store(sha256, size, source)
    return sha256, size


def _store(sha256: str, size: int, source: BinaryIO) -> None:
    target = blob_path(sha256)
    if target.is_file() and target.stat().st_size == size:
        os.utime(target)  # wanted again: not an orphan of an older load, should it have been one
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    arriving = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            shutil.copyfileobj(source, file, CHUNK)
            file.flush()
            os.fsync(file.fileno())
        arriving.chmod(0o644)  # nginx may run as somebody else
        arriving.replace(target)
    finally:
        arriving.unlink(missing_ok=True)


def remove_orphans(known: Collection[str], older_than: timedelta) -> int:
    """Remove files that belong to no known blob: of a load that found a mistake, or was killed. Returns how many.

    Young ones are left alone: a load that is under way writes its files before its rows.
    """
    before = time.time() - older_than.total_seconds()
    removed = 0
    for path in Path(settings.MEDIA_FOLDER).glob("??/*"):
        if path.name not in known and path.is_file() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
