"""The frames of a WebM file, from the headers of its clusters and blocks (RFC 9559).

Its own index names keyframes only, so the headers of the clusters are walked once, and those of the blocks in the one
cluster that is asked for: a few milliseconds for an hour.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from desktop.player.frame_times import SeekPlan, UnknownIndexError

SEGMENT, INFO, TRACKS, CLUSTER = 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
TIMESTAMP_SCALE, TIMESTAMP = 0x2AD7B1, 0xE7
TRACK_ENTRY, TRACK_NUMBER, TRACK_TYPE = 0xAE, 0xD7, 0x83
SIMPLE_BLOCK, BLOCK_GROUP, BLOCK, BLOCK_DURATION = 0xA3, 0xA0, 0xA1, 0x9B
VIDEO, SOUND = 1, 2
INVISIBLE = 0x08
USUAL_SCALE_NS = 1_000_000
MOST_ELEMENTS = 100_000
"""One within another. A cluster of half a minute has some thousands; a file of twelve hours as many clusters."""

Element = tuple[int, int, int]
"""Its kind, and where its content begins and ends."""
Shown = tuple[float, float]
"""When a frame begins, and how long it is said to be (usually 0: not said), in ms."""


def webm_tracks(file: BinaryIO) -> frozenset[str]:
    """``picture`` and ``sound``, as far as ``file`` has them and something of them is stored.

    Raises:
        UnknownIndexError: no WebM, or one that makes no sense.
        OSError: the file cannot be read.
    """
    end = file.seek(0, 2)
    segment = next((found for found in _elements(file, 0, end) if found[0] == SEGMENT), None)
    if segment is None:
        raise UnknownIndexError("no segment")
    kinds: set[int] = set()
    for kind, start, stop in _elements(file, segment[1], min(segment[2], end)):
        if kind == CLUSTER:
            return frozenset(name for number, name in ((VIDEO, "picture"), (SOUND, "sound")) if number in kinds)
        if kind == TRACKS:
            for entry in _elements(file, start, stop):
                parts = (
                    {part[0]: part for part in _elements(file, entry[1], entry[2])} if entry[0] == TRACK_ENTRY else {}
                )
                if TRACK_TYPE in parts:
                    kinds.add(_number(file, parts[TRACK_TYPE]))
    raise UnknownIndexError("nothing is stored")


class WebmFrames:
    """The frames of one file; it is opened again for each question, so that it can be moved or deleted meanwhile."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        """Walk the headers of ``file``, which is the one at ``path``.

        Raises:
            UnknownIndexError: no WebM, no video, or clusters of unknown size.
            OSError: the file cannot be read.
        """
        self._path = path
        self._scale_ms = USUAL_SCALE_NS / 1e6
        self._track = 0
        self._clusters: list[tuple[float, Element]] = []
        end = file.seek(0, 2)
        segment = next((found for found in _elements(file, 0, end) if found[0] == SEGMENT), None)
        if segment is None:
            raise UnknownIndexError("no segment")
        for element in _elements(file, segment[1], min(segment[2], end)):
            self._take(file, element)
        if not self._track or not self._clusters:
            raise UnknownIndexError("no video")
        self._starts = [start for start, _ in self._clusters]

    def _take(self, file: BinaryIO, element: Element) -> None:
        kind, start, end = element
        if kind == INFO:
            for inner in _elements(file, start, end):
                if inner[0] == TIMESTAMP_SCALE:
                    self._scale_ms = _number(file, inner) / 1e6
        elif kind == TRACKS and not self._track:
            for entry in _elements(file, start, end):
                if entry[0] == TRACK_ENTRY:
                    parts = {part[0]: part for part in _elements(file, entry[1], entry[2])}
                    if TRACK_TYPE in parts and _number(file, parts[TRACK_TYPE]) == VIDEO:
                        self._track = _number(file, parts[TRACK_NUMBER]) if TRACK_NUMBER in parts else 0
                        break
        elif kind == CLUSTER:
            first = next(_elements(file, start, end), None)
            if first is None or first[0] != TIMESTAMP:
                raise UnknownIndexError("a cluster without a time")
            self._clusters.append((_number(file, first) * self._scale_ms, element))

    @property
    def visit_ms(self) -> int | None:
        """See ``FrameTimes``."""
        return None

    def plan(self, position_ms: int) -> SeekPlan | None:
        """See ``FrameTimes``. Frames are stored in the order in which they are shown: there is nothing to step over."""
        number = max(0, bisect_right(self._starts, position_ms) - 1)
        try:
            with self._path.open("rb") as file:
                frames = sorted(
                    frame for at in range(max(0, number - 1), number + 1) for frame in self._frames(file, at)
                )
        except (OSError, UnknownIndexError):
            return None
        wanted = bisect_right(frames, (position_ms, float("inf"))) - 1
        if wanted <= 0:
            return SeekPlan(0) if frames and number <= 1 else None
        (before, length), (begin, _) = frames[wanted - 1], frames[wanted]
        # Half way between this frame and the one before: libVLC takes the delay of the sound's codec off the times.
        return SeekPlan(max(0, round((before + begin) / 2 + length)), begin_ms=int(begin + length))

    def _frames(self, file: BinaryIO, number: int) -> Iterator[Shown]:
        start_ms, (_, start, end) = self._clusters[number]
        for kind, begin, stop in _elements(file, start, end):
            length = 0
            block: Element | None = (kind, begin, stop) if kind == SIMPLE_BLOCK else None
            if kind == BLOCK_GROUP:
                parts = {part[0]: part for part in _elements(file, begin, stop)}
                block = parts.get(BLOCK)
                length = _number(file, parts[BLOCK_DURATION]) if BLOCK_DURATION in parts else 0
            if block is None:
                continue
            file.seek(block[1])
            head = file.read(12)
            track, width = _variable(head, keep_mark=False)
            if track == self._track and len(head) >= width + 3 and not head[width + 2] & INVISIBLE:
                relative = int.from_bytes(head[width : width + 2], "big", signed=True)
                yield start_ms + relative * self._scale_ms, length * self._scale_ms


def _elements(file: BinaryIO, start: int, end: int) -> Iterator[Element]:
    """The elements between two places. One of unknown size lasts to the end; only a segment may be so."""
    position, count = start, 0
    while position < end:
        count += 1
        if count > MOST_ELEMENTS:
            raise UnknownIndexError("too many elements")
        file.seek(position)
        head = file.read(12)
        kind, width = _variable(head, keep_mark=True)
        size, size_width = _variable(head[width:], keep_mark=False)
        content = position + width + size_width
        if size == (1 << 7 * size_width) - 1:
            if kind != SEGMENT:
                raise UnknownIndexError("an element of unknown size")
            size = end - content
        if content + size > end and kind != SEGMENT:
            return  # the rest of the file is still to come
        yield kind, content, content + size
        position = content + size


def _variable(data: bytes, *, keep_mark: bool) -> tuple[int, int]:
    """A number of variable width, and its width in bytes (RFC 8794, 4)."""
    if not data or not data[0]:
        raise UnknownIndexError("no element")
    width = 9 - data[0].bit_length()
    value = int.from_bytes(data[:width], "big")
    return (value if keep_mark else value & (1 << 7 * width) - 1), width


def _number(file: BinaryIO, element: Element) -> int:
    file.seek(element[1])
    return int.from_bytes(file.read(min(8, element[2] - element[1])), "big")
