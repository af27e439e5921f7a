"""What Python does not say to the disk by itself: have many files written at once, and have one written along."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

SYNC_FILE_RANGE_WRITE = 2


def sync_files(folder: Path, files: Sequence[str]) -> None:
    """Return when the content of ``files``, all below ``folder``, is on the disk."""
    if _syncfs is not None:
        handle = os.open(folder, os.O_RDONLY)
        try:
            if _syncfs(handle) == 0:
                return
        finally:
            os.close(handle)
    for file in files:
        with open(file, "r+b") as opened:  # noqa: PTH123
            os.fsync(opened.fileno())


def begin_writing(handle: int, start: int, size: int) -> None:
    """Have the system begin to write these bytes of an open file, and do not wait for it. Only a hint: what matters is
    still synced.

    Without it a large download lies in memory until its end, and then whatever else must be on the disk (a click) waits
    behind all of it.
    """
    if _sync_file_range is not None:
        _sync_file_range(handle, start, size, SYNC_FILE_RANGE_WRITE)


def _of_linux(name: str, *kinds: Any) -> Callable[..., int] | None:
    if sys.platform != "linux":
        return None
    try:
        found = getattr(ctypes.CDLL(None, use_errno=True), name)
    except (OSError, AttributeError):
        return None
    found.argtypes, found.restype = list(kinds), ctypes.c_int
    return lambda *values: int(found(*values))


_syncfs = _of_linux("syncfs", ctypes.c_int)
"""Syncs a whole file system in one call, ten times as fast as 500 files one by one; 0 says that it did."""
_sync_file_range = _of_linux("sync_file_range", ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)
