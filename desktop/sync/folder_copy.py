"""Files of courses from one folder into another: copied under a name of its own, put onto the disk, read back, named.

On the same drive a file gets a second name instead of a second copy, where the file system has that.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop.errors import FULL, Problem, mark
from desktop.models.blobs import PART, bytes_free
from desktop.models.content_folder import HERE, READ_ONLY, READABLE, ContentFolder, Spot, state_of, sync_folder
from desktop.models.folder_choice import files_of, target_full, target_unusable, too_large_for_drive

log = logging.getLogger(__name__)

SHUT = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
COMING = ".moving"
"""What a copy is called until it is whole, verified and on the disk."""
PIECE = 1024 * 1024
SMALL = 1024 * 1024
SYNC_EVERY = 64 * 1024 * 1024
"""So much of a large file waits in memory at most: on a slow stick the figures would run ahead of it by minutes."""
BATCH_FILES, BATCH_BYTES = 200, 16 * 1024 * 1024
"""Small files are put onto the disk together, so that it can take them in its own order."""
SOURCE, TARGET = "source", "target"


class LeftError(Exception):
    """Not to go on now: paused, cancelled, or the program ends. What was copied is kept."""


class AwayError(Exception):
    """A drive is not there; ``whose`` folder is on it: source or target."""

    def __init__(self, whose: str) -> None:
        super().__init__(whose)
        self.whose = whose


@dataclass
class _Copy:
    """A file on its way. ``begun``: it was tried from the beginning once already."""

    name: str
    source: str
    target: str
    size: int
    again: bool = False

    @property
    def part(self) -> str:
        """Where the copy is until it is named."""
        return self.target + COMING


class Carrier:
    """Brings everything from the folder in force to another one; asked again, it brings what is new. In one thread.

    Attributes:
        damaged: hashes of files that are not what they should be, or cannot be read: they are left behind.
        bytes_done, bytes_total, files_done, files_total: how far it is.
    """

    def __init__(
        self,
        content: ContentFolder,
        spot: Spot,
        *,
        trusted: bool,
        floor: int,
        left: Callable[[], bool],
        came: Callable[[int], None],
    ) -> None:
        """``trusted``: whatever has its name there was verified by us; ``floor``: bytes to leave free there; ``left``:
        asked at each piece whether to stop; ``came``: told of bytes as they are copied, 0 for other progress."""
        self._content = content
        self._source = content.path
        self._spot = spot
        self._target = Path(spot.folder)
        self._trusted = trusted
        self._floor = floor
        self._left = left
        self._came = came
        self._verified: set[str] = set()
        self._batch: list[_Copy] = []
        self.damaged: set[str] = set()
        self.bytes_done = self.bytes_total = self.files_done = self.files_total = 0

    def carry(self) -> None:
        """Everything that is not there yet.

        Raises:
            LeftError, AwayError, Problem: see the classes; the folder in force is whole in any case.
        """
        files = list(files_of(self._source))
        there = {name: size for name, _, size in files_of(self._target)}
        self.files_total, self.bytes_total = len(files), sum(size for _, _, size in files)
        self.files_done = self.bytes_done = 0
        self._batch = []
        self._require_room(sum(size for name, _, size in files if there.get(name) != size))
        for name, path, size in files:
            if self._left():
                raise LeftError
            copy = _Copy(name, path, f"{self._target}{os.sep}{name[:2]}{os.sep}{name}", size)
            if name in self.damaged or (there.get(name) == size and self._is_good(copy)):
                self._done(size)
            else:
                self._bring(copy)
        self._settle()

    def sync_names(self) -> None:
        """Have the names of all files there on the disk.

        Raises:
            AwayError, Problem: they cannot be.
        """
        try:
            for folder in sorted({os.path.dirname(path) for _, path, _ in files_of(self._target)}):  # noqa: PTH120
                sync_folder(Path(folder))
            sync_folder(self._target)
        except OSError as error:
            raise self.problem_of(error) from error

    def _is_good(self, copy: _Copy) -> bool:
        """Whether what has the name there already is it. Copies of ours got their name when they were verified; in a
        folder of somebody else's making, each is read once. A part has no hash to go by: length and time must fit."""
        try:
            if copy.name.endswith(PART):
                return os.stat(copy.target).st_mtime_ns == os.stat(copy.source).st_mtime_ns  # noqa: PTH116
            if not self._trusted and copy.name not in self._verified and self._hash(copy.target) != copy.name:
                return False
        except OSError as error:
            raise self.problem_of(error) from error
        self._verified.add(copy.name)
        return True

    def _bring(self, copy: _Copy) -> None:
        try:
            Path(copy.target).parent.mkdir(exist_ok=True)
            if _link(copy):
                self._done(copy.size)
                return
        except OSError as error:
            raise self.problem_of(error) from error
        if copy.size > SMALL:
            self._require_room(copy.size)
        if not self._write(copy):
            return
        self._batch.append(copy)
        if len(self._batch) >= BATCH_FILES or sum(each.size for each in self._batch) >= BATCH_BYTES:
            self._settle()

    def _write(self, copy: _Copy) -> bool:
        """Copy what is missing of the file: a copy that was begun is gone on with, for it is read back in the end.
        False if the file cannot be read."""
        try:
            source = os.open(copy.source, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except OSError as error:
            return self._unreadable(copy, error)
        try:
            with open(copy.part, "ab", buffering=0) as part:  # noqa: PTH123
                offset = part.tell()
                if copy.again or offset > copy.size or copy.name.endswith(PART):
                    part.truncate(0)
                    offset = 0
                self._done(offset, whole=False)
                return self._pour(copy, source, part.fileno(), offset)
        except OSError as error:
            raise self.problem_of(error) from error
        finally:
            os.close(source)

    def _pour(self, copy: _Copy, source: int, part: int, offset: int) -> bool:
        """The bytes from ``offset`` on. Raises ``OSError`` of the target."""
        while not self._left():
            try:
                os.lseek(source, offset, os.SEEK_SET)
                piece = memoryview(os.read(source, PIECE))
            except OSError as error:
                return self._unreadable(copy, error)
            if not piece:
                return True
            offset += len(piece)
            size = len(piece)
            while piece:
                piece = piece[os.write(part, piece) :]
            self.bytes_done += size
            self._came(size)
            if offset % SYNC_EVERY < size:
                os.fsync(part)
        raise LeftError

    def _settle(self) -> None:
        batch, self._batch = self._batch, []
        self._name(batch)

    def _name(self, batch: list[_Copy]) -> None:
        """Put copies onto the disk, read them back, and give them their names."""
        try:
            for copy in batch:
                with open(copy.part, "r+b") as file:  # noqa: PTH123
                    os.fsync(file.fileno())
            for copy in batch:
                if not copy.name.endswith(PART) and self._hash(copy.part, fresh=True) != copy.name:
                    self._differs(copy)
                    continue
                with contextlib.suppress(OSError):
                    shutil.copystat(copy.source, copy.part)  # the time says that nobody wrote to it
                os.replace(copy.part, copy.target)  # noqa: PTH105
                self._done(0)
        except OSError as error:
            raise self.problem_of(error) from error

    def _differs(self, copy: _Copy) -> None:
        """A copy is not what its name says. Raises ``OSError`` of the target."""
        try:
            whole = self._hash(copy.source) == copy.name
        except OSError as error:
            self._unreadable(copy, error)
            return
        if not whole:
            self._damage(copy, "it is not what its name says")
        elif copy.again:
            text = mark("That drive does not keep what is written to it: a file came back changed.")
            way_out = mark("Choose another drive. Your courses are where they were.")
            raise Problem("target_broken", text, way_out, detail=copy.name)
        else:  # what was there of it may have been cut by a power cut
            copy.again = True
            if self._write(copy):
                self._name([copy])

    def _unreadable(self, copy: _Copy, error: OSError) -> bool:
        if self._content.look() not in READABLE:
            raise AwayError(SOURCE) from error
        if isinstance(error, FileNotFoundError):  # the learner removed it meanwhile
            with contextlib.suppress(OSError):
                os.unlink(copy.part)  # noqa: PTH108
        else:
            self._damage(copy, str(error))
        return False

    def _damage(self, copy: _Copy, why: str) -> None:
        log.warning("a file is left behind: %s: %s", copy.name[:12], why)
        self.damaged.add(copy.name)
        with contextlib.suppress(OSError):
            os.unlink(copy.part)  # noqa: PTH108

    def _done(self, size: int, *, whole: bool = True) -> None:
        self.files_done += whole
        self.bytes_done += size
        self._came(0)

    def _require_room(self, size: int) -> None:
        try:
            if self._source.stat().st_dev == self._target.stat().st_dev:
                return
            if bytes_free(self._target, self._floor) < size:
                raise target_full(f"{size} bytes wanted, {self._floor} to be left free")
        except OSError as error:
            raise self.problem_of(error) from error

    def problem_of(self, error: OSError) -> Exception:
        """What to make of a failure of the target."""
        return problem_of_target(error, self._spot)

    def _hash(self, path: str, *, fresh: bool = False) -> str:
        """Of a file; ``fresh``: as the drive has it, not as it is still remembered, where the system lets us say so."""
        digest = hashlib.sha256()
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            if fresh and hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while piece := file.read(PIECE):
                if self._left():
                    raise LeftError
                digest.update(piece)
        return digest.hexdigest()


def _link(copy: _Copy) -> bool:
    """A second name. Not of a part, which goes on being written to. Raises ``OSError`` where a copy would fail too."""
    if copy.name.endswith(PART):
        return False
    try:
        try:
            os.link(copy.source, copy.target)
        except FileExistsError:  # of another size, or damaged
            os.unlink(copy.target)  # noqa: PTH108
            os.link(copy.source, copy.target)
    except OSError as error:
        if error.errno in FULL:
            raise
        return False
    return True


def problem_of_target(error: OSError, spot: Spot) -> Exception:
    """What to make of a failure to write into a folder that is to come into force."""
    if error.errno == errno.EFBIG:
        return too_large_for_drive(str(error))
    if error.errno in FULL:
        return target_full(str(error))
    if spot.mount and not os.path.ismount(spot.mount):
        return AwayError(TARGET)
    if error.errno not in SHUT and spot.id and state_of(spot) not in (HERE, READ_ONLY):
        return AwayError(TARGET)
    return target_unusable(str(error))
