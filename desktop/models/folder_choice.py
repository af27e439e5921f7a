"""Whether a folder can hold the files of courses: looked at before anything is promised or carried."""

from __future__ import annotations

import contextlib
import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

from desktop.errors import Problem, mark
from desktop.models.blobs import PART, bytes_free
from desktop.models.content_folder import (
    HERE,
    MARKER,
    READ_ONLY,
    ContentFolder,
    Spot,
    mount_of,
    read_marker,
    sync_folder,
    write_marker,
)
from desktop.models.storage_views import MovePlan

OURS = "Haversack courses"
"""The folder that is made in what the learner chose, so that nobody's own files are among ours."""
FAT_LARGEST = 2**32 - 1
FAT = frozenset({"vfat", "msdos", "fat"})
NOT_KEPT = mark("Nothing was changed.")


def plan(content: ContentFolder, chosen: str, floor: int) -> MovePlan:
    """Look at a folder that was chosen (``""``: the usual one). May take as long as its drive takes.

    Raises:
        Problem: ``target_same``, ``target_inside``, ``target_unusable``, ``target_full``, ``target_limit``.
    """
    home = content.usual if not chosen else root_for(Path(chosen))
    source = content.path
    carries = content.look() in (HERE, READ_ONLY)
    if carries and _same(home, source):
        raise Problem("target_same", mark("Your courses are in this folder already."), NOT_KEPT)
    if carries and (_inside(home, source) or _inside(source, home)):
        text = mark("A folder inside the one that is used now, or around it, cannot take its place.")
        raise Problem("target_inside", text, mark("Choose a folder beside it, or on another drive."))
    marker = "" if not chosen else _marker(home)
    _try_to_write(home if home.is_dir() else home.parent if chosen else _existing(home))
    files = list(files_of(source)) if carries else []
    largest = max((size for _, _, size in files), default=0)
    if largest > FAT_LARGEST and _file_system(home) in FAT:
        raise too_large_for_drive(f"{largest} bytes")
    there = {name for name, _, _ in files_of(home)}
    total = sum(size for name, _, size in files if name not in there)
    free = bytes_free(home, floor)
    if carries and total > free and not _links(source, home):
        raise target_full(f"{total} bytes, {free} free above {floor}")
    mount = mount_of(home)
    return MovePlan(
        folder=str(home) if chosen else "",
        marker_id=marker,
        mount="" if not chosen or mount == mount_of(content.usual) else mount,
        bytes_total=total,
        bytes_free=free,
        adopts=bool(marker),
        carries=carries,
    )


def root_for(chosen: Path) -> Path:
    """The folder of ours for what was chosen: itself if it is one or is empty and named so, else one in it."""
    if chosen.name == OURS or (chosen / MARKER).exists():
        return chosen
    return chosen / OURS


def take(spot: Spot) -> None:
    """Make the folder ours; what is in it stays.

    Raises:
        Problem: ``target_unusable``.
    """
    root = Path(spot.folder)
    try:
        root.mkdir(parents=not spot.id, exist_ok=True)
        if spot.id and read_marker(root) != spot.id:
            write_marker(root, spot.id)
    except OSError as error:
        raise target_unusable(str(error)) from error


def files_of(root: Path, *, parts: bool = True) -> Iterator[tuple[str, str, int]]:
    """Names, paths and sizes of the files of courses in a folder; parts of files that arrive among them, or not.

    What cannot be read is not there. Paths are texts: there may be many."""
    for first in _scan(str(root)):
        if len(first.name) != 2 or not first.is_dir(follow_symlinks=False):
            continue
        for entry in _scan(first.path):
            name = entry.name
            whole = len(name) == 64 or (parts and len(name) == 64 + len(PART) and name.endswith(PART))
            if whole and name.startswith(first.name):
                with contextlib.suppress(OSError):
                    yield name, entry.path, entry.stat(follow_symlinks=False).st_size


def _scan(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []


def target_full(detail: str) -> Problem:
    """Too little room there."""
    text = mark("There is not enough room for your courses in that folder.")
    return Problem(
        "target_full", text, mark("Make room there, choose another one, or remove courses first."), detail=detail
    )


def too_large_for_drive(detail: str) -> Problem:
    """FAT32, mostly."""
    return Problem(
        "target_limit",
        mark("A lecture is larger than the largest file that this drive can hold (4 GB)."),
        mark("Choose another drive, or format this one as exFAT first, which removes what is on it."),
        detail=detail,
    )


def target_unusable(detail: str) -> Problem:
    """It does not let us write."""
    return Problem(
        "target_unusable",
        mark("Haversack cannot write into that folder."),
        mark(
            "Check that its drive is connected and not write-protected and that the folder is yours, or choose another."
        ),
        detail=detail,
    )


def _marker(root: Path) -> str:
    try:
        return read_marker(root) or ""
    except OSError as error:
        raise target_unusable(str(error)) from error


def _try_to_write(folder: Path) -> None:
    """Write, sync and rename as will be done later."""
    trial = folder / f"haversack-{uuid.uuid4().hex[:12]}.try"
    try:
        try:
            with trial.open("wb") as file:
                file.write(b"x")
                file.flush()
                os.fsync(file.fileno())
            trial.replace(trial.with_suffix(".tried"))
            sync_folder(folder)
        finally:
            trial.unlink(missing_ok=True)
            trial.with_suffix(".tried").unlink(missing_ok=True)
    except OSError as error:
        raise target_unusable(str(error)) from error


def _existing(folder: Path) -> Path:
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one == other


def _inside(one: Path, other: Path) -> bool:
    return other.resolve() in one.resolve().parents


def _links(source: Path, target: Path) -> bool:
    """Whether files get there without being copied."""
    try:
        return source.stat().st_dev == _existing(target).stat().st_dev
    except OSError:
        return False


def _file_system(folder: Path) -> str:
    """The name of its file system; empty where the system does not tell it simply."""
    if sys.platform != "linux":
        return ""
    mount = mount_of(folder)
    with contextlib.suppress(OSError):
        for line in reversed(Path("/proc/mounts").read_text(errors="replace").splitlines()):
            _, at, kind, *_ = line.split(" ")
            if at.replace("\\040", " ") == mount:
                return kind
    return ""
