"""Many small blobs in one answer: ``POST /v1/courses/{id}/packs``.

The answer is binary: ``MAGIC``, the length of the index (4 bytes, the largest first), the index (a ``PackIndex`` as
JSON), then the bytes of its blobs, one after the other. Whoever reads it hashes each blob: only that makes it one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from protocol.ids import Sha256
from protocol.wire import Wire, WireError, decode, encode

MAGIC: Final = b"HSPACK1\n"
MEDIA_TYPE: Final = "application/vnd.haversack.pack"
LARGEST: Final = 256 * 1024
"""Bytes of a blob that may come in a pack; larger ones come by themselves, in ranges."""
FULL: Final = 8 * 1024 * 1024
"""Bytes of blobs in one pack, unless the first is larger. What did not fit is asked for again."""
MOST: Final = 2000
"""Blobs that may be asked for at once."""
INDEX_LIMIT: Final = 1024 * 1024
"""Bytes of an index: several times what one of so many blobs has."""


class PackRequest(Wire, frozen=True, kw_only=True):
    """At most 2,000 blobs of the course, the most wanted first."""

    blobs: tuple[Sha256, ...]


class PackedBlob(Wire, frozen=True, kw_only=True):
    """A blob in a pack."""

    sha256: Sha256
    size: int


class PackIndex(Wire, frozen=True, kw_only=True):
    """What is in a pack, in the order of its bytes. ``left_out``: blobs that do not come in packs (too large, or not of
    this course). Those named nowhere did not fit any more."""

    blobs: tuple[PackedBlob, ...]
    left_out: tuple[Sha256, ...] = ()


def write_pack(blobs: Sequence[tuple[Sha256, bytes]], left_out: Sequence[Sha256] = ()) -> bytes:
    """The bytes of an answer."""
    named = tuple(PackedBlob(sha256=sha256, size=len(data)) for sha256, data in blobs)
    index = encode(PackIndex(blobs=named, left_out=tuple(left_out)))
    return b"".join((MAGIC, len(index).to_bytes(4, "big"), index, *(data for _, data in blobs)))


def read_pack(body: Iterable[bytes]) -> tuple[PackIndex, Iterator[tuple[Sha256, memoryview]]]:
    """The index, and the blobs with their bytes, unverified, each as soon as it has come. ``body`` is the answer in
    pieces of any size; no more of it is held than a piece and what is left of the one before.

    Raises:
        WireError: this is no pack, or not a whole one; of what only its end tells, when the end is reached.
    """
    source = _Source(body)
    if bytes(source.take(len(MAGIC))) != MAGIC:
        raise WireError("not a pack")
    length = int.from_bytes(source.take(4), "big")
    if length > INDEX_LIMIT:
        raise WireError(f"a pack with an index of {length} bytes")
    index = decode(bytes(source.take(length)), PackIndex)
    if not all(0 <= blob.size <= LARGEST for blob in index.blobs):
        raise WireError("a pack with a blob of a size that none has")
    return index, _parts(index, source)


def _parts(index: PackIndex, source: _Source) -> Iterator[tuple[Sha256, memoryview]]:
    for blob in index.blobs:
        yield blob.sha256, source.take(blob.size)
    if not source.is_over():
        raise WireError("a pack that is longer than it says")


class _Source:
    """Bytes that come in pieces, taken in lengths of their own."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._here = memoryview(b"")

    def take(self, size: int) -> memoryview:
        """The next ``size`` bytes; copied only where they came in more than one piece.

        Raises:
            WireError: there are not as many.
        """
        if size > len(self._here):
            joined = [self._here]
            missing = size - len(self._here)
            while missing > 0:
                if (piece := next(self._pieces, None)) is None:
                    raise WireError("a pack that ends too soon")
                joined.append(memoryview(piece))
                missing -= len(piece)
            last = joined[-1]
            self._here = last[len(last) + missing :]
            joined[-1] = last[: len(last) + missing]
            return memoryview(b"".join(joined))
        taken, self._here = self._here[:size], self._here[size:]
        return taken

    def is_over(self) -> bool:
        """Whether nothing is left."""
        return not self._here and not any(self._pieces)
