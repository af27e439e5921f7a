"""Small blobs, many at a time: one request, one wait for the disk, one transaction.

Asked one by one, 5,000 of them take 5,000 round trips and as many waits for the disk.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from desktop.errors import Problem
from desktop.models.blobs import PART
from desktop.sync import problems
from desktop.sync.api import Api
from desktop.sync.blobs import BREAKS, Blob, BlobFetcher, StoppedError
from desktop.sync.disk import sync_files
from protocol.ids import Sha256
from protocol.packs import LARGEST, PackRequest, read_pack
from protocol.wire import WireError

ARRIVING = "in"
"""The folder, beside those of the blobs, where those of a pack are until they are on the disk. New files in one folder
cost a fifth of new files in 256."""
FIRST = 1024 * 1024
LEAST, LARGE = 64 * 1024, 4 * 1024 * 1024
"""Bytes of a pack. Larger ones than this take longer: while one thread waits for the disk, the other has none to
fetch."""
QUICK_S, SHORT_S, LONG_S = 0.2, 1.5, 6.0
"""What is under way says nothing of how far it is, so a pack must not take long: one that took less than the first
makes the next four times as large, less than the second twice; one that took more than the third, or broke off, half
as large."""


@dataclass
class Came:
    """What a pack brought.

    Attributes:
        ready: whole, verified, on the disk under their names.
        singly: those that must be asked for by themselves.
        broken: why it ended before its end; what had come until then counts. The rest, or what did not fit, comes in
            the next pack.
    """

    ready: set[str] = field(default_factory=set)
    singly: set[str] = field(default_factory=set)
    broken: Problem | StoppedError | None = None


@dataclass
class _Landing:
    """A pack while it comes. ``written``: hash, file as it is, file as it will be; ``waited_s``: for the network, or
    for the limit."""

    wanted: dict[str, Blob]
    came: Came = field(default_factory=Came)
    written: list[tuple[str, str, str]] = field(default_factory=list)
    waited_s: float = 0.0


class PackFetcher:
    """Fetches packs into the folder of a ``BlobFetcher``, under its limits. Thread-safe.

    Attributes:
        room: bytes that should be asked for at once, as this link is.
    """

    def __init__(self, api: Api, fetcher: BlobFetcher) -> None:
        self._api = api
        self._fetcher = fetcher
        self._folders: set[str] = set()
        self.room = FIRST

    def fetch(self, blobs: Sequence[Blob], wanted: Callable[[], bool] = lambda: True) -> Came:
        """Bring as many of ``blobs``, all of one course, as come in one pack.

        Raises:
            StoppedError: ``wanted`` said no before anything had come.
            Problem: nothing came for the way to the server or a refusal; ``disk_full``, ``assets_unusable``, those of
                the folder.
        """
        if not wanted():
            raise StoppedError
        self._fetcher.require_room(min(sum(blob.size for blob in blobs), LARGE + LARGEST), small=True)
        landing = _Landing({blob.sha256: blob for blob in blobs})
        came = landing.came
        try:
            with self._fetcher.content.writing():
                came.broken = self._ask(blobs[0].course_id, landing, wanted)
                self._settle(landing.written)
        except OSError as error:
            self._folders.clear()  # they may be gone, with the disk they were on
            for part in (self._fetcher.folder / ARRIVING / f"{sha256}{PART}" for sha256 in landing.wanted):
                with contextlib.suppress(OSError):
                    part.unlink()
            raise self._fetcher.unwritable(error, tuple(landing.wanted)) from error
        came.ready = {sha256 for sha256, _, _ in landing.written}
        if not came.ready and came.broken is not None:
            raise came.broken
        if not came.ready and not came.singly:
            came.singly = set(landing.wanted)  # nothing at all: else the same would be asked for ever
        return came

    def _ask(self, course_id: str, landing: _Landing, wanted: Callable[[], bool]) -> Problem | StoppedError | None:
        """Write what comes. Returns why it broke off."""
        request = PackRequest(blobs=tuple(Sha256(sha256) for sha256 in landing.wanted))
        began = time.monotonic()

        def take(body: Iterator[bytes]) -> None:
            landing.waited_s = time.monotonic() - began
            self._take(self._paced(body, landing, wanted), landing)

        broken: Problem | StoppedError | None = None
        try:
            self._api.ask("POST", f"/v1/courses/{quote(course_id, safe='')}/packs", request, into=take)
        except (Problem, StoppedError) as problem:
            broken = problem
        except WireError as error:
            broken = problems.not_ours(f"no pack: {error}")
        self._fit(landing.waited_s, broken)
        return broken

    def _fit(self, waited_s: float, broken: Problem | StoppedError | None) -> None:
        """Make the next pack as large as this link is good for."""
        shrinks = broken.code in BREAKS if isinstance(broken, Problem) else waited_s > LONG_S
        if shrinks:
            self.room = max(LEAST, self.room // 2)
        elif broken is None and waited_s < SHORT_S:
            self.room = min(LARGE, self.room * (4 if waited_s < QUICK_S else 2))

    def _paced(self, body: Iterator[bytes], landing: _Landing, wanted: Callable[[], bool]) -> Iterator[bytes]:
        """The pieces as they come, within the limit.

        Raises:
            StoppedError: ``wanted`` said no.
        """
        while True:
            began = time.monotonic()
            piece = next(body, None)
            kept_on = piece is None or (self._fetcher.throttle.took(len(piece), wanted) and wanted())
            landing.waited_s += time.monotonic() - began
            if piece is None:
                return
            if not kept_on:
                raise StoppedError
            yield piece

    def _take(self, body: Iterator[bytes], landing: _Landing) -> None:
        came = landing.came
        index, parts = read_pack(body)
        came.singly = {sha256 for sha256 in index.left_out if sha256 in landing.wanted}
        for sha256, data in parts:
            blob = landing.wanted.get(sha256)
            if blob is None or blob.size != len(data) or hashlib.sha256(data).hexdigest() != sha256:
                came.singly |= {sha256} & landing.wanted.keys()  # damaged on the way: its own request will tell
                continue
            landing.written.append((sha256, *self._write(sha256, data)))

    def _write(self, sha256: str, data: memoryview) -> tuple[str, str]:
        """``sha256`` is the hash of the data, so it may become part of a path. Paths are texts here: making 10,000 of
        pathlib's takes longer than hashing what they name."""
        folder = str(self._fetcher.folder)
        arriving, home = f"{folder}{os.sep}{ARRIVING}", f"{folder}{os.sep}{sha256[:2]}"
        for needed in (arriving, home):
            if needed not in self._folders:
                self._fetcher.content.make(Path(needed))
                self._folders.add(needed)
        part, target = f"{arriving}{os.sep}{sha256}{PART}", f"{home}{os.sep}{sha256}"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o644)
        try:
            while data:
                data = data[os.write(handle, data) :]
        finally:
            os.close(handle)
        return part, target

    def _settle(self, written: Sequence[tuple[str, str, str]]) -> None:
        """Have everything on the disk, then give it its names.

        The names need no wait of their own: should a power cut take one back, the start after it finds the file gone
        and fetches it again.
        """
        if not written:
            return
        sync_files(self._fetcher.folder, [part for _, part, _ in written])
        for _, part, target in written:
            os.replace(part, target)  # noqa: PTH105
