"""When the frames of a file are to be seen, read from its own index: what libVLC must be told to show one of them.

libVLC decodes from a keyframe on and drops pictures until one reaches the wanted time, but it compares the *decoding*
time of what comes in with the *presentation* time of what comes out. Where frames are stored in another order than they
are shown (B-frames), it therefore begins up to a group of frames too early, and shortly before a keyframe, which it
looks up by decoding time, too late. Its first picture can be foretold from the index; the rest of the way is stepped.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO, Protocol


class UnknownIndexError(ValueError):
    """The file has no index that is understood here. It may play all the same."""


@dataclass(frozen=True)
class SeekPlan:
    """How to come to a frame: ``target_ms`` for libVLC, then ``steps`` single pictures on."""

    target_ms: int
    steps: int = 0


class FrameTimes(Protocol):
    """The frames of one file."""

    def plan(self, position_ms: int) -> SeekPlan | None:
        """The way to the last frame that begins at or before ``position_ms``, the first one if there is none; None
        where it is not known."""


class StoredFrames:
    """Frames with their times and order of storage, as MP4 keeps them.

    ``shown`` and ``decoded`` are the times of presentation and decoding in units of ``1 / scale`` seconds, in the order
    of storage; ``keys`` the numbers, from 0, of those where decoding can begin.
    """

    def __init__(self, scale: int, shown: Sequence[int], decoded: Sequence[int], keys: Sequence[int]) -> None:
        if not shown or len(shown) != len(decoded) or not keys or scale <= 0:
            raise UnknownIndexError("no frames")
        self._scale = scale
        self._decoded = decoded
        self._keys = keys
        self._sorted = sorted(shown)
        self._latest = list(accumulate(shown, max))

    def plan(self, position_ms: int) -> SeekPlan | None:
        """See ``FrameTimes``."""
        shown = self._sorted
        wanted = max(0, bisect_right(shown, position_ms * self._scale // 1000) - 1)
        begin = max(0, bisect_right(self._decoded, shown[wanted]) - 1)
        while begin > 0:
            target = self._target(begin)
            if target is not None:
                first = max(bisect_left(shown, self._decoded[begin]), self._key_before(begin))
                if first <= wanted:
                    return SeekPlan(target, wanted - first)
            begin -= 1
        return SeekPlan(0, wanted)

    def _target(self, begin: int) -> int | None:
        """The time in ms at which libVLC drops all frames stored before ``begin`` and none of the others.

        None where there is no such time: a frame stored earlier is shown later, or the next keyframe would be taken.
        """
        shown = self._sorted
        if self._latest[begin - 1] != shown[begin - 1]:
            return None
        # A frame counts as reached until it ends. Half way through is far from both ends whatever is rounded.
        length = shown[begin + 1] - shown[begin] if begin + 1 < len(shown) else shown[begin] - shown[begin - 1]
        target = (2 * shown[begin] + length) * 1000 // (2 * self._scale)
        after = bisect_right(self._keys, begin)
        if after < len(self._keys) and target * self._scale >= self._decoded[self._keys[after]] * 1000:
            return None
        return target

    def _key_before(self, number: int) -> int:
        return self._keys[max(0, bisect_right(self._keys, number) - 1)]


def frame_times(path: Path) -> FrameTimes | None:
    """The frames of a local file; None where its format keeps them otherwise, or it has no picture.

    Blocks while the index is read: some milliseconds. Not for the UI thread.
    """
    try:
        with path.open("rb") as file:
            return _read(file, path)
    except (UnknownIndexError, OSError):
        return None


def _read(file: BinaryIO, path: Path) -> FrameTimes:
    from desktop.player.mp4_index import read_mp4
    from desktop.player.webm_index import WebmFrames

    start = file.read(8)
    if start[4:] in {b"ftyp", b"moov", b"free", b"wide", b"mdat"}:
        return read_mp4(file)
    if start[:4] == b"\x1a\x45\xdf\xa3":
        return WebmFrames(path, file)
    raise UnknownIndexError("another format")
