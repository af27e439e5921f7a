"""Bringing the content of a course pack here: each blob hashed as it comes, on the disk, named, and only then ready.

What is here already is not read from the file at all, so an import that was cut off goes on where it stopped.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from desktop.errors import FULL, Problem, disk_full, mark
from desktop.models.blobs import blob_path
from desktop.models.content_folder import HERE, MOVING
from desktop.models.manifest_rows import add_assets, keep_manifest
from desktop.models.pack_views import OLDER, PackResult
from desktop.models.rules import read_rules
from desktop.models.store import Store
from desktop.sync import pack_problems
from desktop.sync.blobs import StoppedError, hash_file, require_room
from desktop.sync.disk import sync_files
from desktop.sync.pack_reading import (
    OpenPack,
    is_enrolled,
    open_pack,
    ready_blobs,
    standing,
    wanted_blobs,
)
from desktop.sync.packs import ARRIVING
from desktop.sync.ready import mark_all_ready
from protocol.course_packs import BLOCK, CoursePackError, places
from protocol.manifest import assets_by_hash, assets_of
from protocol.packs import PackedBlob

CHUNK = 1024 * 1024
LOOK_AT_DISK_EVERY = 32 * 1024 * 1024
TOGETHER_BYTES, TOGETHER_FILES = 64 * 1024 * 1024, 1000
"""So much is put onto the disk and into the database in one go."""
SINGLY = 8
"""Up to so many files are synced one by one: syncing all of the file system would wait for what others wrote too."""
TOLD_EVERY_S = 0.2
UNREADABLE_IN_A_ROW = 2
"""One place of a stick may be bad; after so many, the stick is gone."""
KINDS = ("courses", "downloads")

Tell = Callable[[int, int], None]
"""Hears how many bytes are done, and of how many."""


class _UnwritableError(Exception):
    """The disk that is written to failed, and not the one that is read from."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass
class _Import:
    """One run over one file."""

    store: Store
    found: OpenPack
    wanted: dict[str, int]
    floor: int
    tell: Tell
    go_on: Callable[[], bool]
    total: int = 0
    done: int = 0
    told_at: float = 0.0
    looked_at: int = 0
    written: list[tuple[str, int, Path]] = field(default_factory=list)
    known: list[tuple[str, int]] = field(default_factory=list)
    new: int = 0
    bytes_new: int = 0
    here: int = 0
    damaged: list[str] = field(default_factory=list)
    unreadable: int = 0
    unsettled: int = 0
    made: set[Path] = field(default_factory=set)

    def is_full(self) -> bool:
        """Whether what was written is to be put onto the disk now."""
        return self.unsettled >= TOGETHER_BYTES or len(self.written) + len(self.known) >= TOGETHER_FILES

    def report(self, size: int) -> None:
        """So many bytes more are done."""
        self.done += size
        now = time.monotonic()
        if now - self.told_at >= TOLD_EVERY_S or self.done == self.total:
            self.told_at = now
            self.tell(self.done, self.total)


def import_pack(
    store: Store, path: Path, tell: Tell = lambda _done, _total: None, go_on: Callable[[], bool] = lambda: True
) -> PackResult:
    """Bring what a file holds. ``go_on`` is asked at each piece. Every blob that is ready when this ends, however it
    ends, was verified; nothing else is left.

    Raises:
        StoppedError: ``go_on`` said no; what came is kept.
        Problem: see ``pack_problems``; ``disk_full``; ``assets_unusable``; ``folder_…`` while its drive is not there.
    """
    store.content.require()
    with open_pack(store, path) as found:
        with store.read() as connection:
            how = standing(connection, store, found.pack)
            wanted = wanted_blobs(connection, found.pack, how)
            ready = _really_here(store, ready_blobs(connection, wanted), wanted)
            floor = read_rules(connection).floor
        work = _Import(store, found, wanted, floor, tell, go_on, total=sum(wanted.values()))
        missing = sum(size for sha256, size in wanted.items() if sha256 not in ready)
        require_room(store.assets, missing, floor)
        if how != OLDER:
            _keep_manifest(work)
        try:
            _take_all(work, ready)
        except _UnwritableError as error:
            raise _unwritable(store, error.cause) from error
        left = len(found.pack.blobs) - 1 - len(wanted)
        return PackResult(
            files_new=work.new,
            bytes_new=work.bytes_new,
            files_here=work.here,
            left=left,
            damaged=_titles(work),
        )


def _take_all(work: _Import, ready: set[str]) -> None:
    """Every wanted blob in the order of the file. What was verified is kept whatever ends this."""
    todo: deque[tuple[PackedBlob, int]] = deque()
    for blob, place in places(work.found.sealed.begin, work.found.pack.blobs):
        if blob.sha256 in ready:
            work.here += 1
            work.report(blob.size)
        elif blob.sha256 in work.wanted:
            todo.append((blob, place))
    content = work.store.content
    while todo:
        if content.hold() == MOVING:
            raise pack_problems.moving()
        # The folder stays in force within the block; whoever wants to move it gets a turn after each.
        with content.writing():
            work.made.clear()  # it may be another one now
            try:
                while todo and not work.is_full():
                    _next(work, *todo.popleft())
            finally:
                _settle(work)


def _next(work: _Import, blob: PackedBlob, place: int) -> None:
    """Bring one blob, or note that it is damaged."""
    if not work.go_on():
        raise StoppedError
    if _lies_there(work, blob):
        work.here += 1
        work.report(blob.size)
        return
    before = work.done
    try:
        good = _take(work, blob, place + BLOCK)
        work.unreadable = 0
    except (OSError, CoursePackError) as error:
        work.unreadable += 1
        good = False
        if work.unreadable >= UNREADABLE_IN_A_ROW or not work.found.path.exists():
            raise pack_problems.unreadable(str(error)) from error
    if not good:
        work.damaged.append(blob.sha256)
        work.report(before + blob.size - work.done)


def _take(work: _Import, blob: PackedBlob, begin: int) -> bool:
    """Copy a blob beside its place. False when its content is not what its name says."""
    part = work.store.assets / ARRIVING / f"{blob.sha256}.{os.getpid()}.import"
    digest, left = hashlib.sha256(), blob.size
    good = False
    try:
        with _writing(work, part) as target:
            work.found.file.seek(begin)
            while left:
                piece = work.found.file.read(min(CHUNK, left))
                if not piece:
                    raise CoursePackError("truncated", f"{left} bytes are missing")
                _write(target, piece)
                digest.update(piece)
                left -= len(piece)
                work.report(len(piece))
                if work.done - work.looked_at >= LOOK_AT_DISK_EVERY:
                    work.looked_at = work.done
                    require_room(work.store.assets, left, work.floor)
                if not work.go_on():
                    raise StoppedError
        good = digest.hexdigest() == blob.sha256
    finally:
        if not good:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
    if good:
        work.written.append((blob.sha256, blob.size, part))
        work.unsettled += blob.size
    return good


@contextlib.contextmanager
def _writing(work: _Import, part: Path) -> Iterator[BinaryIO]:
    try:
        _make(work, part.parent)
        file = part.open("wb", buffering=0)
    except OSError as error:
        raise _UnwritableError(error) from error
    with file:
        yield file


def _make(work: _Import, folder: Path) -> None:
    """A folder below that of the blobs, if it was not made before."""
    if folder not in work.made:
        work.store.content.make(folder)
        work.made.add(folder)


def _write(target: BinaryIO, piece: bytes) -> None:
    """All of it: a nearly full disk takes a part first."""
    left = memoryview(piece)
    try:
        while left:
            left = left[target.write(left) :]
    except OSError as error:
        raise _UnwritableError(error) from error


def _settle(work: _Import) -> None:
    """Have what was written on the disk, give it its names, and only then say so."""
    written, work.written = work.written, []
    known, work.known, work.unsettled = work.known, [], 0
    try:
        if len(written) > SINGLY:
            sync_files(work.store.assets, [str(part) for _, _, part in written])
        else:
            for _, _, part in written:
                with part.open("r+b") as file:
                    os.fsync(file.fileno())
        for sha256, _, part in written:
            target = blob_path(work.store.assets, sha256)
            _make(work, target.parent)
            part.replace(target)
    except OSError as error:
        for _, _, part in written:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        raise _UnwritableError(error) from error
    mark_all_ready(work.store, [(sha256, size) for sha256, size, _ in written] + known, KINDS)
    work.new += len(written)
    work.bytes_new += sum(size for _, size, _ in written)


def _lies_there(work: _Import, blob: PackedBlob) -> bool:
    """Whether the file is here without a row that says so: another learner of this computer has it, or a kill came
    between the two."""
    path = blob_path(work.store.assets, blob.sha256)
    try:
        if path.stat().st_size != blob.size or hash_file(path) != blob.sha256:
            return False
    except OSError:
        return False
    work.known.append((blob.sha256, blob.size))
    return True


def _really_here(store: Store, ready: set[str], wanted: dict[str, int]) -> set[str]:
    """The database may not know yet that a file was removed behind our back."""
    found = set()
    for sha256 in ready:
        with contextlib.suppress(OSError):
            if blob_path(store.assets, sha256).stat().st_size == wanted[sha256]:
                found.add(sha256)
    return found


def _keep_manifest(work: _Import) -> None:
    pack, manifest = work.found.pack, work.found.manifest
    with work.store.write({"courses", "assets", "downloads"}) as connection:
        enrolled = is_enrolled(connection, pack.course_id)
        keep_manifest(connection, pack.version, work.found.body, manifest, work.store.clock.now(), enrolled=enrolled)
        add_assets(connection, pack.course_id, manifest.assets)


def _titles(work: _Import) -> tuple[str, ...]:
    """What could not be taken, as the learner knows it."""
    damaged, by_hash = set(work.damaged), assets_by_hash(work.found.manifest)
    found: dict[str, None] = {}
    for item in work.found.manifest.items() if damaged else ():
        variants = {variant.asset for variant in item.video.variants} if item.video else set()
        mine = {asset.sha256 for asset in assets_of(item, work.found.manifest, by_hash)} | variants
        if mine & damaged:
            found[item.title] = None
            damaged -= mine
    for resource in work.found.manifest.resources if damaged else ():
        if resource.asset in damaged:
            found[resource.title] = None
    return tuple(found)


def _unwritable(store: Store, error: OSError) -> Problem:
    if store.content.look() != HERE and (found := store.content.problem()) is not None:
        return found
    if error.errno in FULL:
        return disk_full(str(error))
    return Problem(
        "assets_unusable",
        mark("Haversack cannot write into its download folder."),
        mark("Check that the folder is yours and that the disk works."),
        detail=str(error),
    )
