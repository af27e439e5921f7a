"""Many small blobs in one answer: ``POST /v1/courses/{id}/packs``.

The answer is binary: ``MAGIC``, the length of the index (4 bytes, the largest first), the index (a ``PackIndex`` as
JSON), then the bytes of its blobs, one after the other. Whoever reads it hashes each blob: only that makes it one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def read_pack(body: bytes) -> tuple[PackIndex, Iterator[tuple[Sha256, memoryview]]]:
    """The index, and the blobs with their bytes, unverified.

    Raises:
        WireError: this is no pack, or not a whole one.
    """
    start = len(MAGIC) + 4
    if not body.startswith(MAGIC) or len(body) < start:
        raise WireError("not a pack")
    begin = start + int.from_bytes(body[len(MAGIC) : start], "big")
    if begin > len(body):
        raise WireError("a pack without its index")
    index = decode(body[start:begin], PackIndex)
    if any(blob.size < 0 for blob in index.blobs) or begin + sum(blob.size for blob in index.blobs) != len(body):
        raise WireError("a pack of another length than it says")
    return index, _parts(index, memoryview(body)[begin:])


def _parts(index: PackIndex, body: memoryview) -> Iterator[tuple[Sha256, memoryview]]:
    start = 0
    for blob in index.blobs:
        yield blob.sha256, body[start : start + blob.size]
        start += blob.size
