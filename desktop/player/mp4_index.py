"""The frames of an MP4 file, from its sample tables (ISO/IEC 14496-12, 8.6)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import chain, repeat
from typing import BinaryIO

from desktop.player.frame_times import StoredFrames, UnknownIndexError

LARGEST_INDEX = 64 * 1024 * 1024
"""Bytes. Twelve hours at 60 frames a second take about half of it."""
LARGEST_FRAME_COUNT = 5_000_000

Boxes = dict[bytes, list[memoryview]]


def read_mp4(file: BinaryIO) -> StoredFrames:
    """Read the index of the first video track.

    Raises:
        UnknownIndexError: there is none, it is damaged, or the frames are in fragments or on several edits.
        OSError: the file cannot be read.
    """
    try:
        return _read(_movie(file))
    except (struct.error, IndexError, KeyError, OverflowError) as error:
        raise UnknownIndexError(f"damaged index: {error!r}") from error


def _movie(file: BinaryIO) -> memoryview:
    position = 0
    while True:
        file.seek(position)
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


def _read(movie: memoryview) -> StoredFrames:
    boxes = _inside(movie)
    if b"mvex" in boxes:
        raise UnknownIndexError("frames are in fragments")
    movie_scale = _scale(boxes[b"mvhd"][0])
    for track in map(_inside, boxes[b"trak"]):
        media = _inside(track[b"mdia"][0])
        if media[b"hdlr"][0][8:12] == b"vide":
            table = _inside(_inside(media[b"minf"][0])[b"stbl"][0])
            scale = _scale(media[b"mdhd"][0])
            edits = _inside(track[b"edts"][0]).get(b"elst") if b"edts" in track else None
            return _frames(table, scale, _start(edits[0], scale, movie_scale) if edits else 0)
    raise UnknownIndexError("no video")


def _inside(data: memoryview) -> Boxes:
    """The boxes within a box, by their kinds."""
    found: Boxes = {}
    position = 0
    while position + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, position)
        if size == 0:
            size = len(data) - position
        if size < 8:
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


def _frames(table: Boxes, scale: int, start: int) -> StoredFrames:
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
    if not keys or keys[-1] >= len(decoded):
        raise UnknownIndexError("damaged index")
    return StoredFrames(scale, shown, decoded, keys)


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
