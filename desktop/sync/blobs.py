"""One blob from the server onto the disk: resumed where it stopped, verified, then and only then named by its hash."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from desktop.errors import FULL, Problem, disk_full, mark
from desktop.models.blobs import blob_path, bytes_free, part_path
from desktop.sync import problems
from desktop.sync.client import Client
from protocol import errors

if TYPE_CHECKING:
    from desktop.sync.transport import Reply

CHUNK = 256 * 1024
UNKNOWN_SIZE = -1


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


class BlobFetcher:
    """Fetches blobs into a folder. Thread-safe: who wants a blob that is under way waits for it."""

    def __init__(self, client: Client, addresses: Addresses, folder: Path) -> None:
        self._client = client
        self._addresses = addresses
        self._folder = folder
        self._under_way: set[str] = set()
        self._turn = threading.Condition()

    def fetch(
        self, blob: Blob, arrived: Callable[[int], None] = lambda _: None, wanted: Callable[[], bool] = lambda: True
    ) -> int:
        """Bring a blob here; returns its size in bytes. ``arrived`` is told how many bytes are here so far.

        Raises:
            StoppedError: ``wanted`` said no.
            Problem: the way to the server (try again: it goes on where it stopped), ``disk_full``, ``wrong_content``.
        """
        with self._alone(blob.sha256):
            return self._fetch(blob, arrived, wanted)

    @contextlib.contextmanager
    def _alone(self, sha256: str) -> Iterator[None]:
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
        target = blob_path(self._folder, blob.sha256)
        with contextlib.suppress(OSError):
            size = target.stat().st_size
            if blob.size in (UNKNOWN_SIZE, size):
                return size
            target.unlink()  # not ours: whatever we name so has the right size
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            for _ in range(2):  # content that is wrong may be a fault of the way; twice is one of the server
                if (received := self._attempt(blob, arrived, wanted)) is not None:
                    return received
        except OSError as error:
            if error.errno in FULL:
                # What fills the disk also stops the learner's own work from being written.
                part_path(self._folder, blob.sha256).unlink(missing_ok=True)
                raise disk_full(str(error)) from error
            raise Problem(
                "assets_unusable",
                mark("Haversack cannot write into its download folder."),
                mark("Check that the folder is yours and that the disk works."),
                detail=str(error),
            ) from error
        raise _wrong_content(blob.sha256)

    def _attempt(self, blob: Blob, arrived: Callable[[int], None], wanted: Callable[[], bool]) -> int | None:
        """Fetch to the end and name the file; None when the content was wrong and was thrown away."""
        part = part_path(self._folder, blob.sha256)
        with part.open("a+b") as file:
            digest, offset = _hash_so_far(file, blob.size)
            if blob.size == UNKNOWN_SIZE or offset < blob.size:
                if blob.size > 0 and bytes_free(self._folder) < blob.size - offset:
                    raise disk_full(f"{blob.size - offset} bytes wanted")
                digest, offset = self._receive(blob, file, digest, offset, arrived, wanted)
            if digest.hexdigest() == blob.sha256:
                file.flush()
                os.fsync(file.fileno())
                good = True
            else:
                good = False
        if not good:
            part.unlink(missing_ok=True)
            return None
        part.replace(blob_path(self._folder, blob.sha256))
        _sync_folder(part.parent)
        return offset

    def _receive(
        self,
        blob: Blob,
        file: BinaryIO,
        digest: hashlib._Hash,
        offset: int,
        arrived: Callable[[int], None],
        wanted: Callable[[], bool],
    ) -> tuple[hashlib._Hash, int]:
        for renewed in (False, True):
            url = self._addresses.address(blob.course_id, blob.sha256, renew=renewed)
            headers = {"Range": f"bytes={offset}-", "If-Range": f'"{blob.sha256}"'} if offset else {}
            try:
                with self._client.stream(url, headers) as stream:
                    if stream.status == 416 or (stream.status == 200 and offset):
                        # The server does not go on where we stopped: from the beginning, or what is here is all.
                        if stream.status == 416 and blob.size == UNKNOWN_SIZE:
                            return digest, offset
                        file.truncate(0)
                        digest, offset = hashlib.sha256(), 0
                        if stream.status == 416:
                            raise problems.truncated("the server has less than what is here")
                    return self._copy(blob, stream, file, digest, offset, arrived, wanted)
            except problems.Refusal as refusal:
                # Signed addresses expire; a second refusal is meant.
                if renewed or refusal.code != errors.ADDRESS_EXPIRED:
                    raise
        raise AssertionError("the loop above always ends the call")

    @staticmethod
    def _copy(
        blob: Blob,
        stream: Reply,
        file: BinaryIO,
        digest: hashlib._Hash,
        offset: int,
        arrived: Callable[[int], None],
        wanted: Callable[[], bool],
    ) -> tuple[hashlib._Hash, int]:
        begin = stream.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
        if stream.status == 206 and begin != str(offset):
            raise problems.not_ours(f"bytes from {begin[:20]} instead of {offset}")
        while chunk := stream.read():
            if not wanted():
                raise StoppedError
            file.write(chunk)
            digest.update(chunk)
            offset += len(chunk)
            arrived(offset)
            if blob.size != UNKNOWN_SIZE and offset > blob.size:
                return digest, offset  # more than the manifest says: the hash will not fit
        if blob.size != UNKNOWN_SIZE and offset < blob.size:
            raise problems.truncated(f"{offset} of {blob.size} bytes")
        return digest, offset


def _hash_so_far(file: BinaryIO, size: int) -> tuple[hashlib._Hash, int]:
    """The hash of what is here already; what is longer than it may be is thrown away."""
    digest = hashlib.sha256()
    file.seek(0, os.SEEK_END)
    if size != UNKNOWN_SIZE and file.tell() > size:
        file.truncate(0)
    file.seek(0)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest, file.tell()


def _sync_folder(folder: Path) -> None:
    """A rename is on the disk when its folder is. Systems that cannot open folders do it by themselves."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _wrong_content(sha256: str) -> Problem:
    return Problem(
        "wrong_content",
        mark("A file arrived damaged twice and was thrown away."),
        mark("Try again later, on another network if you can."),
        detail=sha256,
    )
