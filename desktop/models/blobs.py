"""Where blobs lie: ``<assets>/ab/<sha256>``, and ``<sha256>.part`` beside it while one arrives."""

from __future__ import annotations

import shutil
from pathlib import Path

from desktop.models.views import FREE_FLOOR

PART = ".part"


def blob_path(assets: Path, sha256: str) -> Path:
    """The file of a blob, whether it is there or not. Whatever has this name has this hash.

    Raises:
        ValueError: not a hash (it would become part of a path).
    """
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ValueError(f"not a SHA-256: {sha256[:80]!r}")
    return assets / sha256[:2] / sha256


def is_whole(path: Path, size: int) -> bool:
    """Whether a file is there in its full length; -1: in any."""
    try:
        return size in (-1, path.stat().st_size)
    except OSError:
        return False


def part_path(assets: Path, sha256: str) -> Path:
    """What has arrived of a blob so far."""
    path = blob_path(assets, sha256)
    return path.with_name(path.name + PART)


def bytes_free(assets: Path, floor: int = FREE_FLOOR) -> int:
    """Room that downloads may use, in bytes, when ``floor`` bytes are left free."""
    folder = assets  # it may be still to be made
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return max(0, shutil.disk_usage(folder).free - floor)
