"""One blob from the server onto the disk: resumed where it stopped, verified, then and only then named by its hash."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from desktop.errors import DISK_FULL, FULL, Problem, disk_full, mark
from desktop.models.blobs import blob_path, bytes_free, part_path
from desktop.models.content_folder import HERE, ContentFolder, sync_folder
from desktop.models.views import FREE_FLOOR
from desktop.sync import problems
from desktop.sync.client import Client, is_html, is_ours
from desktop.sync.disk import begin_writing
from desktop.sync.throttle import Throttle
from protocol import errors

if TYPE_CHECKING:
    from desktop.sync.transport import Reply

CHUNK = 256 * 1024
UNKNOWN_SIZE = -1
READ_BACK = 1024 * 1024
LOOK_AT_DISK_EVERY = 32 * 1024 * 1024
"""Bytes between two looks at how much room is left: others write to the disk as well."""
WRITE_EVERY = 4 * 1024 * 1024
"""Bytes after which the disk begins to write: the less is left for the end, the shorter everybody waits for it."""
STALLED_S = 0.5
PROGRESS = 64 * 1024
"""A link that brings this much before it breaks is used again at once; one that brings less is left alone a while."""
BREAKS = frozenset({problems.TRUNCATED, problems.TIMEOUT, problems.OFFLINE})


class StoppedError(Exception):
    """The learner paused or cancelled, or the program ends. What arrived is kept."""


class Addresses(Protocol):
    """Where blobs can be fetched for a while."""

    def address(self, course_id: str, sha256: str, *, renew: bool = False) -> str:
        """A signed, absolute address. ``renew``: the one given before does not work any more."""


@dataclass(frozen=True)
class Blob:
    """What is wanted. ``size`` is -1 when nobody said it; ``course_id`` names who is asked for the address."""

    sha256: str
    size: int
    course_id: str


@dataclass
class _Arriving:
    """What is here of a blob: the open file, its hash so far, its length."""

    blob: Blob
    file: BinaryIO
    digest: hashlib._Hash
    offset: int
    arrived: Callable[[int], None]
    wanted: Callable[[], bool]
    looked_at: int = 0
    begun: int = 0
    """Up to here the system was asked to begin to write."""
    moved_at: float = field(default_factory=time.monotonic)

    def begin_again(self) -> None:
        """Nothing of what is here can be used."""
        self.file.truncate(0)
        self.digest, self.offset, self.looked_at, self.begun = hashlib.sha256(), 0, 0, 0

    def take(self, chunk: bytes) -> None:
        """Write what came. A nearly full disk takes a part of it first."""
        left = memoryview(chunk)
        while left:
            left = left[self.file.write(left) :]
        self.digest.update(chunk)
        self.offset += len(chunk)
        if self.offset - self.begun >= WRITE_EVERY:
            begin_writing(self.file.fileno(), self.begun, self.offset - self.begun)
            self.begun = self.offset
        self.moved_at = time.monotonic()
        self.arrived(self.offset)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing, as far as that is known."""
        return self.blob.size != UNKNOWN_SIZE and self.offset >= self.blob.size


class BlobFetcher:
    """Fetches blobs into a folder. Thread-safe: who wants a blob that is under way waits for it.

    Attributes:
        content: where they go.
        throttle: how fast all threads together may be.
        floor: bytes that are left free on the disk.
    """

    def __init__(self, client: Client, addresses: Addresses, folder: Path | ContentFolder) -> None:
        """``folder``: a mere path stays what it is."""
        self._client = client
        self._addresses = addresses
        self.content = ContentFolder(folder) if isinstance(folder, Path) else folder
        self.throttle = Throttle()
        self.floor = FREE_FLOOR
        self._under_way: set[str] = set()
        self._turn = threading.Condition()
        self._streams: dict[str, tuple[Reply, _Arriving]] = {}
        self._interrupted: set[str] = set()
        self._etags: dict[str, str] = {}
        """What a server calls the version of a blob that we have a part of; heard in this run."""

    @property
    def folder(self) -> Path:
        """The folder that is in force; within ``content.writing`` it stays so."""
        return self.content.path

    def fetch(
        self, blob: Blob, arrived: Callable[[int], None] = lambda _: None, wanted: Callable[[], bool] = lambda: True
    ) -> int:
        """Bring a blob here; returns its size in bytes. ``arrived`` is told how many bytes are here so far.

        A link that breaks is taken up again at once as long as it brings something.

        Raises:
            StoppedError: ``wanted`` said no.
            Problem: the way to the server (try again: it goes on where it stopped), ``disk_full``, ``wrong_content``,
                those of the folder (``content_folder.FOLDER_PROBLEMS``).
        """
        with self.alone(blob.sha256), self.content.writing():
            return self._fetch(blob, arrived, wanted)

    def stalled(self) -> list[str]:
        """Blobs that wait for bytes that do not come. Those that come ask by themselves whether they are wanted."""
        before = time.monotonic() - STALLED_S
        with self._turn:
            return [sha256 for sha256, (_, here) in self._streams.items() if here.moved_at < before]

    def interrupt(self, hashes: Collection[str] | None = None) -> None:
        """Wake whoever waits for bytes of these blobs, or of any, so that it asks ``wanted`` again. From any thread."""
        with self._turn:
            found = {key: one for key, (one, _) in self._streams.items() if hashes is None or key in hashes}
            self._interrupted |= found.keys()
        for stream in found.values():
            stream.abort()

    @contextlib.contextmanager
    def alone(self, sha256: str) -> Iterator[None]:
        """Nobody else fetches this blob within the block."""
        with self._turn:
            self._turn.wait_for(lambda: sha256 not in self._under_way)
            self._under_way.add(sha256)
        try:
            yield
        finally:
            with self._turn:
                self._under_way.discard(sha256)
                self._turn.notify_all()

    def _fetch(self, blob: Blob, arrived: Callable[[int], None], wanted: Callable[[], bool]) -> int:
        target = blob_path(self.folder, blob.sha256)
        with contextlib.suppress(OSError):
            size = target.stat().st_size
            if blob.size in (UNKNOWN_SIZE, size) and hash_file(target) == blob.sha256:
                return size
            target.unlink()  # not ours: whatever we name so has the right content
        try:
            self.content.make(target.parent)
            for _ in range(2):  # content that is wrong may be a fault of the way; twice is one of the server
                if (received := self._attempt(blob, arrived, wanted)) is not None:
                    return received
        except OSError as error:
            if not wanted():  # its file was taken away because nobody wants it
                raise StoppedError from error
            raise self.unwritable(error, (blob.sha256,)) from error
        raise _wrong_content(blob.sha256)

    def unwritable(self, error: OSError, hashes: tuple[str, ...]) -> Problem:
        """What to tell of a failure to write these blobs."""
        if self.content.look() != HERE and (found := self.content.problem()) is not None:
            return found
        if error.errno in FULL:
            # What fills the disk also stops the learner's own work from being written.
            for sha256 in hashes:
                with contextlib.suppress(OSError):
                    part_path(self.folder, sha256).unlink(missing_ok=True)
            return disk_full(str(error))
        return Problem(
            "assets_unusable",
            mark("Haversack cannot write into its download folder."),
            mark("Check that the folder is yours and that the disk works."),
            detail=str(error),
        )

    def require_room(self, size: int, *, small: bool = False) -> None:
        """Pass when ``size`` more bytes leave enough free. ``small``: of texts, for which the learner's own floor does
        not count.

        Raises:
            Problem: ``disk_full``.
        """
        require_room(self.folder, size, min(self.floor, FREE_FLOOR) if small else self.floor)

    def _attempt(self, blob: Blob, arrived: Callable[[int], None], wanted: Callable[[], bool]) -> int | None:
        """Fetch to the end and name the file; None when the content was wrong and was thrown away."""
        part = part_path(self.folder, blob.sha256)
        # Unbuffered: the pieces are large, and what was read is in the file when a kill comes.
        with part.open("a+b", buffering=0) as file:
            digest, offset = _hash_so_far(file, blob.size)
            here = _Arriving(blob, file, digest, offset, arrived, wanted, offset, offset)
            if not here.complete:
                self._receive_all(here)
            good = here.digest.hexdigest() == blob.sha256
            if good:
                os.fsync(file.fileno())
        self._etags.pop(blob.sha256, None)
        if not good:
            part.unlink(missing_ok=True)
            return None
        part.replace(blob_path(self.folder, blob.sha256))
        sync_folder(part.parent)
        return here.offset

    def _receive_all(self, here: _Arriving) -> None:
        """Read until all is here, over as many connections as that takes."""
        while True:
            if here.blob.size > 0:
                self.require_room(here.blob.size - here.offset)
            before = here.offset
            try:
                self._receive(here)
            except Problem as problem:
                if not here.wanted():  # which may be why it broke off
                    raise StoppedError from problem
                with self._turn:
                    ours = here.blob.sha256 in self._interrupted
                    self._interrupted.discard(here.blob.sha256)
                if not ours and (problem.code not in BREAKS or here.offset - before < PROGRESS):
                    raise
            else:
                return

    def _receive(self, here: _Arriving) -> None:
        """Read from one connection; a second one when the address was stale."""
        blob = here.blob
        for renewed in (False, True):
            url = self._addresses.address(blob.course_id, blob.sha256, renew=renewed)
            try:
                with self._client.stream(url, self._range(here)) as stream:
                    self._check(stream, here)
                    if self._goes_on(stream, here):
                        self._copy(stream, here)
                    return
            except Problem as problem:
                # Signed addresses expire; a second refusal is meant.
                if renewed or problem.code != errors.ADDRESS_EXPIRED:
                    raise

    def _range(self, here: _Arriving) -> dict[str, str]:
        """Ask for what is missing, on the condition that it is of the version we have a part of. Where we did not
        hear what this server calls that, there is no condition: the hash will tell."""
        if not here.offset:
            return {}
        etag = self._etags.get(here.blob.sha256)
        return {"Range": f"bytes={here.offset}-"} | ({"If-Range": etag} if etag else {})

    def _check(self, stream: Reply, here: _Arriving) -> None:
        """Whether this is an answer with a file at all.

        Raises:
            Problem: ``captive_portal``, ``not_ours``.
        """
        size = here.blob.size
        total = stream.headers.get("Content-Range", "").rpartition("/")[2]
        if stream.status == 200:
            total = stream.headers.get("Content-Length", "")
        if is_html(stream) and not is_ours(stream) and stream.status != 416 and total != str(size):
            raise problems.captive_portal("a page instead of a file")
        if stream.status == 206:
            begin = stream.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
            if begin != str(here.offset):
                raise problems.not_ours(f"bytes from {begin[:20]} instead of {here.offset}")
        etag = stream.headers.get("ETag", "")
        if stream.status in (200, 206):
            # A weak one is no good for ranges (RFC 9110, 13.1.5).
            self._etags[here.blob.sha256] = "" if etag.startswith("W/") else etag

    @staticmethod
    def _goes_on(stream: Reply, here: _Arriving) -> bool:
        """Make ready for what comes; False when what is here is all there is."""
        total = stream.headers.get("Content-Range", "").rpartition("/")[2]
        if stream.status == 416:
            if here.blob.size == UNKNOWN_SIZE and total in (str(here.offset), ""):
                return False
            here.begin_again()
            raise problems.truncated("the server has less than what is here")
        if stream.status == 206 and here.blob.size != UNKNOWN_SIZE and total not in (str(here.blob.size), "*", ""):
            here.begin_again()  # another file lies there now: nothing of it fits
            raise problems.truncated(f"{total[:20]} bytes there, {here.blob.size} wanted")
        if stream.status == 200 and here.offset:
            here.begin_again()
        return True

    def _copy(self, stream: Reply, here: _Arriving) -> None:
        size = here.blob.size
        with self._interruptible(stream, here):
            while chunk := stream.read(self.throttle.piece(CHUNK)):
                here.take(chunk)
                if size != UNKNOWN_SIZE and here.offset > size:
                    return  # more than the manifest says: the hash will not fit
                if here.offset - here.looked_at >= LOOK_AT_DISK_EVERY:
                    here.looked_at = here.offset
                    self.require_room(0 if size == UNKNOWN_SIZE else size - here.offset)
                if not self.throttle.took(len(chunk), here.wanted) or not here.wanted():
                    raise StoppedError
        if size != UNKNOWN_SIZE and here.offset < size:
            raise problems.truncated(f"{here.offset} of {size} bytes")

    @contextlib.contextmanager
    def _interruptible(self, stream: Reply, here: _Arriving) -> Iterator[None]:
        with self._turn:
            self._streams[here.blob.sha256] = (stream, here)
            self._interrupted.discard(here.blob.sha256)
        try:
            if not here.wanted():  # said before it could be interrupted
                raise StoppedError
            yield
        finally:
            with self._turn:
                self._streams.pop(here.blob.sha256, None)


def require_room(folder: Path, size: int, floor: int) -> None:
    """Pass when ``size`` more bytes in the folder of blobs leave ``floor`` bytes free.

    Raises:
        Problem: ``disk_full``.
    """
    if bytes_free(folder, floor) >= size:
        return
    detail = f"{size} bytes wanted, {floor} to be left free"
    raise disk_full(detail) if bytes_free(folder, 0) < size else _floor_reached(detail)


def _hash_so_far(file: BinaryIO, size: int) -> tuple[hashlib._Hash, int]:
    """The hash of what is here already; what is longer than it may be is thrown away."""
    digest = hashlib.sha256()
    file.seek(0, os.SEEK_END)
    if size != UNKNOWN_SIZE and file.tell() > size:
        file.truncate(0)
    file.seek(0)
    while chunk := file.read(READ_BACK):
        digest.update(chunk)
    return digest, file.tell()


def hash_file(path: Path) -> str:
    """Of a file that lies under its name without a row that says so: from before a kill, or put there by somebody."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _floor_reached(detail: str) -> Problem:
    return Problem(
        DISK_FULL,
        mark("Downloads stop here, to leave the space free that is to be kept on this disk."),
        mark("Make room, or choose less under “Keep free on this disk” in Downloads. Then try again."),
        detail=detail,
    )


def _wrong_content(sha256: str) -> Problem:
    return Problem(
        "wrong_content",
        mark("A file arrived damaged twice and was thrown away."),
        mark("Try again later, on another network if you can."),
        detail=sha256,
    )
