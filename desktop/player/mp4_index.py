"""The frames of an MP4 file, from its sample tables (ISO/IEC 14496-12, 8.6)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import accumulate, chain, pairwise, repeat
from pathlib import Path
from typing import BinaryIO

from desktop.player.frame_times import Pictures, StoredFrames, UnknownIndexError

LARGEST_INDEX = 64 * 1024 * 1024
"""Bytes. Twelve hours at 60 frames a second take about half of it."""
LARGEST_FRAME_COUNT = 5_000_000
MOST_BOXES = 10_000
"""In a box, or in a file. More are a mistake, or meant badly."""
MOST_UNITS = 256
"""So many units of H.264 are looked at in a frame until one carries a picture."""

SAMPLE_ENTRY_SIZE = 78
"""Bytes of a video sample entry before the boxes within it."""
SLICE, FRESH_SLICE = 1, 5
"""The kinds of H.264 units that carry a picture (ITU-T H.264, 7.4.1)."""

Boxes = dict[bytes, list[memoryview]]


def read_mp4(path: Path, file: BinaryIO) -> StoredFrames:
    """Read the index of the first video track of ``file``, which is the one at ``path``.

    Raises:
        UnknownIndexError: there is none, it is damaged, or the frames are in fragments or on several edits.
        OSError: the file cannot be read.
    """
    try:
        return _read(_movie(file), path)
    except (struct.error, IndexError, KeyError, ArithmeticError) as error:
        raise UnknownIndexError(f"damaged index: {error!r}") from error


def mp4_tracks(file: BinaryIO) -> frozenset[str]:
    """``picture`` and ``sound``, as far as ``file`` has them.

    Raises:
        UnknownIndexError: it has no index, or one that makes no sense.
        struct.error, IndexError, KeyError: it is damaged.
        OSError: the file cannot be read.
    """
    handlers = {
        bytes(_inside(_inside(track)[b"mdia"][0])[b"hdlr"][0][8:12]) for track in _inside(_movie(file)).get(b"trak", [])
    }
    return frozenset(name for handler, name in ((b"vide", "picture"), (b"soun", "sound")) if handler in handlers)


def _movie(file: BinaryIO) -> memoryview:
    position, end = 0, file.seek(0, 2)
    for _ in range(MOST_BOXES):
        file.seek(min(position, end))
        head = file.read(16)
        if len(head) < 8:
            raise UnknownIndexError("no index")
        size, kind = struct.unpack_from(">I4s", head)
        header = 8
        if size == 1:
            size, header = struct.unpack_from(">Q", head, 8)[0], 16
        if kind == b"moov":
            if not header <= size <= LARGEST_INDEX:
                raise UnknownIndexError("an index of a strange size")
            file.seek(position + header)
            return memoryview(file.read(size - header))
        if size < header:
            raise UnknownIndexError("no index")
        position += size
    raise UnknownIndexError("too many boxes")


def _read(movie: memoryview, path: Path) -> StoredFrames:
    boxes = _inside(movie)
    if b"mvex" in boxes:
        raise UnknownIndexError("frames are in fragments")
    movie_scale = _scale(boxes[b"mvhd"][0])
    for track in map(_inside, boxes[b"trak"]):
        media = _inside(track[b"mdia"][0])
        if bytes(media[b"hdlr"][0][8:12]) == b"vide":
            table = _inside(_inside(media[b"minf"][0])[b"stbl"][0])
            scale = _scale(media[b"mdhd"][0])
            edits = _inside(track[b"edts"][0]).get(b"elst") if b"edts" in track else None
            return _frames(table, scale, _start(edits[0], scale, movie_scale) if edits else 0, path)
    raise UnknownIndexError("no video")


def _inside(data: memoryview) -> Boxes:
    """The boxes within a box, by their kinds."""
    found: Boxes = {}
    position = count = 0
    while position + 8 <= len(data):
        count += 1
        size, kind = struct.unpack_from(">I4s", data, position)
        if size == 0:
            size = len(data) - position
        if size < 8 or count > MOST_BOXES:
            raise UnknownIndexError("damaged index")
        found.setdefault(kind, []).append(data[position + 8 : position + size])
        position += size
    return found


def _scale(head: memoryview) -> int:
    """Units a second, from an ``mvhd`` or ``mdhd``."""
    value: int = struct.unpack_from(">I", head, 20 if head[0] == 1 else 12)[0]
    return value


def _start(edits: memoryview, scale: int, movie_scale: int) -> int:
    """What is taken off every time, from an edit list: where the medium begins within the track."""
    form = ">QqI" if edits[0] == 1 else ">IiI"
    (count,) = struct.unpack_from(">I", edits, 4)
    entries = list(struct.iter_unpack(form, edits[8 : 8 + count * struct.calcsize(form)]))
    delay = 0
    if entries and entries[0][1] == -1:
        delay = entries[0][0] * scale // movie_scale
        del entries[0]
    if len(entries) > 1:
        raise UnknownIndexError("several edits")
    return int(entries[0][1] if entries else 0) - delay


def _frames(table: Boxes, scale: int, start: int, path: Path) -> StoredFrames:
    runs = list(struct.iter_unpack(">II", _entries(table[b"stts"][0], 8)))
    if sum(count for count, _ in runs) > LARGEST_FRAME_COUNT:
        raise UnknownIndexError("too many frames")
    decoded: list[int] = []
    time = -start
    for count, step in runs:
        decoded.extend(range(time, time + count * step, step) if step else repeat(time, count))
        time += count * step
    shown = decoded
    if b"ctts" in table:
        # Offsets of version 0 are unsigned by the letter; writers that need negative ones use them all the same.
        offsets = chain.from_iterable(_repeated(">Ii", table[b"ctts"][0]))
        shown = [at + offset for at, offset in zip(decoded, offsets, strict=False)]
    keys = list(range(len(decoded)))
    if b"stss" in table:
        keys = [number - 1 for (number,) in struct.iter_unpack(">I", _entries(table[b"stss"][0], 4))]
    in_order = all(before < after for before, after in pairwise([-1, *keys, len(decoded)]))
    if not keys or not in_order:
        raise UnknownIndexError("damaged index")
    return StoredFrames(scale, shown, decoded, keys, _pictures(table, path, len(decoded)))


def _repeated(form: str, box: memoryview) -> Iterator[repeat[int]]:
    for count, value in struct.iter_unpack(form, _entries(box, 8)):
        yield repeat(value, min(count, LARGEST_FRAME_COUNT))


def _entries(box: memoryview, size: int) -> memoryview:
    """The entries of a table, after its version, flags and count."""
    (count,) = struct.unpack_from(">I", box, 4)
    entries = box[8 : 8 + count * size]
    if len(entries) != count * size:
        raise UnknownIndexError("damaged index")
    return entries


class AllNeeded:
    """Pictures of a codec that is not looked into."""

    def is_reference(self, number: int) -> bool:  # noqa: ARG002 (the protocol's)
        """See ``Pictures``."""
        return True

    def is_fresh_start(self, number: int) -> bool:  # noqa: ARG002
        """See ``Pictures``."""
        return True


class H264Pictures:
    """Looks at the first slice of a frame. Opens the file for it: it may be moved or deleted meanwhile."""

    def __init__(self, path: Path, offsets: list[int], sizes: list[int], width: int) -> None:
        self._path = path
        self._offsets = offsets
        self._sizes = sizes
        self._width = width
        self._heads: dict[int, int] = {}

    def is_reference(self, number: int) -> bool:
        """See ``Pictures``."""
        return bool(self._head(number) & 0x60)

    def is_fresh_start(self, number: int) -> bool:
        """See ``Pictures``."""
        return self._head(number) & 0x1F == FRESH_SLICE

    def _head(self, number: int) -> int:
        if number not in self._heads:
            with self._path.open("rb") as file:
                self._heads[number] = self._find_head(file, number)
        return self._heads[number]

    def _find_head(self, file: BinaryIO, number: int) -> int:
        position, end = self._offsets[number], self._offsets[number] + self._sizes[number]
        for _ in range(MOST_UNITS):
            file.seek(position)
            data = file.read(self._width + 1)
            if position >= end or len(data) <= self._width:
                break
            head = data[self._width]
            if head & 0x1F in {SLICE, FRESH_SLICE}:
                return head
            position += self._width + int.from_bytes(data[: self._width], "big")
        raise UnknownIndexError("a frame without a picture")


def _pictures(table: Boxes, path: Path, count: int) -> Pictures:
    description = table[b"stsd"][0]
    (size,) = struct.unpack_from(">I", description, 8)
    if bytes(description[12:16]) not in {b"avc1", b"avc3"}:
        return AllNeeded()
    settings = _inside(description[16 + SAMPLE_ENTRY_SIZE : 8 + size])[b"avcC"][0]
    sizes = _sizes(table[b"stsz"][0])
    if len(sizes) < count:
        raise UnknownIndexError("damaged index")
    return H264Pictures(path, _offsets(table, sizes), sizes, (settings[4] & 3) + 1)


def _sizes(box: memoryview) -> list[int]:
    size, count = struct.unpack_from(">II", box, 4)
    if size:
        return [size] * min(count, LARGEST_FRAME_COUNT)
    return [found for (found,) in struct.iter_unpack(">I", box[12 : 12 + 4 * count])]


def _offsets(table: Boxes, sizes: list[int]) -> list[int]:
    """Where each frame begins: runs of chunks hold the same number of frames, one after the other."""
    form, box = (">Q", table[b"co64"][0]) if b"co64" in table else (">I", table[b"stco"][0])
    chunks = [at for (at,) in struct.iter_unpack(form, _entries(box, struct.calcsize(form)))]
    runs = list(struct.iter_unpack(">III", _entries(table[b"stsc"][0], 12)))
    offsets: list[int] = []
    for number, (first, frames, _) in enumerate(runs):
        last = runs[number + 1][0] if number + 1 < len(runs) else len(chunks) + 1
        for chunk in chunks[first - 1 : last - 1] if first else []:
            if len(offsets) >= len(sizes):
                return offsets
            offsets.extend(accumulate(sizes[len(offsets) : len(offsets) + frames - 1], initial=chunk))
    if len(offsets) < len(sizes):
        raise UnknownIndexError("damaged index")
    return offsets
