"""When the frames of a file are to be seen, read from its own index: what libVLC must be told to show one of them.

Asked for a time, libVLC decodes from a keyframe on and throws pictures away until one is late enough. Where frames are
stored in another order than they are shown (B-frames), the first picture it lets through is not the one of that time:
it compares times of presentation with times of decoding, looks keyframes up by the latter, and does not decode at all
what nothing else depends on. But that first picture can be foretold, once libVLC has been at the start of the file
(begun in the middle it compares with other times), and the rest of the way be stepped.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO, Protocol

VISITED = 10
"""After five frames of the file libVLC compares as it does from then on; this is well behind that."""
LONGEST_WAY = 64
"""So many frames before the wanted one are looked at as starts."""
LONGEST_GROUP = 256
"""So far back is looked for frames that the decoder may still keep."""
END_MS = 1_000
"""libVLC is not sent closer to the end than this where steps may be needed: when its cache meets the end of the file
while paused, the decoder gives out one picture and then waits for ever."""


class UnknownIndexError(ValueError):
    """The file has no index that is understood here. It may play all the same."""


@dataclass(frozen=True)
class SeekPlan:
    """How to come to a frame: ``target_ms`` for libVLC, then ``steps`` single pictures on. ``begin_ms`` is what libVLC
    is told where playback is to go on from there, and passes the frames on the way by itself."""

    target_ms: int
    steps: int = 0
    begin_ms: int | None = None


class FrameTimes(Protocol):
    """The frames of one file."""

    @property
    def visit_ms(self) -> int | None:
        """Where libVLC has to have been before its first picture can be foretold; None: nowhere."""

    def plan(self, position_ms: int) -> SeekPlan | None:
        """The way to the last frame that begins at or before ``position_ms``, the first one if there is none; None
        where it is not known."""


class Pictures(Protocol):
    """What is inside the frames."""

    def is_reference(self, number: int) -> bool:
        """Whether other frames depend on this one."""

    def is_fresh_start(self, number: int) -> bool:
        """Whether nothing after this keyframe depends on anything before it."""


class StoredFrames:
    """Frames with their times and order of storage, as MP4 keeps them.

    ``shown`` and ``decoded`` are the times of presentation and decoding in units of ``1 / scale`` seconds, in the order
    of storage; ``keys`` the numbers, from 0, of those where decoding can begin.
    """

    def __init__(
        self, scale: int, shown: Sequence[int], decoded: Sequence[int], keys: Sequence[int], pictures: Pictures
    ) -> None:
        if not shown or len(shown) != len(decoded) or not keys or scale <= 0:
            raise UnknownIndexError("no frames")
        self.scale = scale
        self.shown = shown
        self.decoded = decoded
        self.keys = keys
        self._pictures = pictures
        self._sorted = sorted(shown)
        self._latest = list(accumulate(shown, max))
        # So many pictures the decoder keeps back to put them in order.
        self._kept_back = bisect_left(decoded, self._sorted[0])

    @property
    def visit_ms(self) -> int | None:
        """See ``FrameTimes``. Within the first group, and so far into it that frames were put in order there."""
        if not self._kept_back:
            return None
        group = self.keys[1] if len(self.keys) > 1 else len(self._sorted)
        return self._sorted[max(0, min(VISITED, group - 1 - self._kept_back))] * 1000 // self.scale

    def plan(self, position_ms: int) -> SeekPlan | None:
        """See ``FrameTimes``."""
        try:
            return self._find(position_ms)
        except (OSError, UnknownIndexError):  # what is inside the frames could not be read
            return None

    def _find(self, position_ms: int) -> SeekPlan | None:
        shown = self._sorted
        wanted = max(0, bisect_right(shown, position_ms * self.scale // 1000) - 1)
        latest = min(wanted + self._kept_back, len(shown) - 1)
        if self._kept_back:
            latest = min(latest, bisect_left(shown, shown[-1] - self.scale * END_MS // 1000))
        for begin in range(latest, max(0, latest - LONGEST_WAY), -1):
            target = self._target(begin)
            steps = self._steps(begin, wanted) if target is not None else None
            if target is not None and steps is not None:
                return SeekPlan(max(0, target), steps, position_ms + 1)
        return SeekPlan(0, wanted, position_ms + 1) if wanted < LONGEST_WAY else None

    def _splits(self, number: int) -> bool:
        """Whether all that is stored before this frame is shown before it and all that follows it."""
        return number == 0 or self._latest[number - 1] == self._sorted[number - 1]

    def _target(self, begin: int) -> int | None:
        """The time in ms at which libVLC throws away all that is stored before ``begin``, and nothing else.

        None where there is no such time: a frame stored earlier is shown later, or the next keyframe would be taken.
        """
        shown = self._sorted
        if not self._splits(begin):
            return None
        # A frame counts as reached until it ends. Half way through is far from both ends whatever is rounded.
        length = shown[begin + 1] - shown[begin] if begin + 1 < len(shown) else shown[begin] - shown[begin - 1]
        target = (2 * shown[begin] + length) * 1000 // (2 * self.scale)
        after = bisect_right(self.keys, begin)
        if after < len(self.keys) and target * self.scale >= self.decoded[self.keys[after]] * 1000:
            return None
        return target

    def _steps(self, begin: int, wanted: int) -> int | None:
        """How many pictures after the first that is let through the wanted one comes; None if it does not.

        Of the frames before ``begin`` only those are decoded that others depend on. When ``begin`` is decoded, the
        decoder gives out the picture it need not keep back any longer, and that one is let through.
        """
        key = self.keys[max(0, bisect_right(self.keys, begin) - 1)]
        if begin == key and not self._pictures.is_fresh_start(key):
            return None
        decoded = [self.shown[begin]]
        for number in range(begin - 1, key - 1, -1):
            if begin - number > LONGEST_GROUP:
                return None
            if number == key or self._pictures.is_reference(number):
                decoded.append(self.shown[number])
            if len(decoded) > self._kept_back and self._splits(number):
                break
        decoded.sort()
        before = [at for at in decoded[-1 - self._kept_back :] if at < self._sorted[begin]]
        time = self._sorted[wanted]
        if wanted >= begin:
            return len(before) + wanted - begin
        return before.index(time) if time in before else None


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
        return read_mp4(path, file)
    if start[:4] == b"\x1a\x45\xdf\xa3":
        return WebmFrames(path, file)
    raise UnknownIndexError("another format")
