"""Clips for tests: every frame carries its own number as black and white blocks, so that a test can read from the
screen which frame it sees.

The top half holds two rows of sixteen blocks, the second the inverse of the first; around them is grey, by which the
picture is found inside black bars. The lower half moves when ``motion`` is wanted and is free for captions otherwise.
"""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from PySide6.QtGui import QImage, qGray

BITS = 16
GREY = 128
SOUND_RATE = 48_000

_CODECS = {
    "h264": ("libx264", {"preset": "ultrafast", "bf": "3", "b-pyramid": "normal", "sc_threshold": "0", "crf": "20"}),
    "h264-plain": ("libx264", {"preset": "ultrafast", "bf": "0", "sc_threshold": "0", "crf": "20"}),
    "mpeg4": ("mpeg4", {"qscale": "4"}),
    "vp9": ("libvpx-vp9", {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "b": "600k"}),
    "vp8": ("libvpx", {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "b": "600k"}),
}


class UnreadableTimecodeError(ValueError):
    """The image shows no time code, or one that contradicts itself."""


def timecoded_clip(
    path: Path,
    *,
    seconds: float,
    fps: int = 25,
    keyframe_every_s: float = 1.0,
    codec: str = "h264",
    size: tuple[int, int] = (320, 180),
    sound: bool = True,
    motion: bool = False,
) -> Path:
    """Write a clip whose n-th frame (from 0, at n / fps seconds) shows n; returns ``path``.

    ``codec``: h264 (with B-frames), h264-plain, mpeg4, vp9, vp8. The container follows the name of the file;
    MP4 is written with its index first. ``sound`` adds a 440 Hz tone.
    """
    encoder, options = _CODECS[codec]
    container_options = {"movflags": "faststart"} if path.suffix in {".mp4", ".m4v", ".mov"} else {}
    with av.open(str(path), "w", options=container_options) as container:
        video = container.add_stream(encoder, rate=fps, options=dict(options))
        assert isinstance(video, VideoStream)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        video.gop_size = max(1, round(keyframe_every_s * fps))
        video.codec_context.options["keyint_min"] = str(video.gop_size)
        tone: AudioStream | None = None
        if sound:
            added = container.add_stream("aac" if container_options else "libopus", rate=SOUND_RATE, layout="mono")
            assert isinstance(added, AudioStream)
            tone = added
        painter = _FramePainter(size, motion=motion)
        sound_frames = _tone_frames(seconds) if tone else iter(())
        for number in range(round(seconds * fps)):
            frame = painter.frame(number)
            frame.pts = number
            container.mux(video.encode(frame))
            while tone is not None and (chunk := next(sound_frames, None)) is not None:
                container.mux(tone.encode(chunk))
                if chunk.pts is not None and chunk.pts / SOUND_RATE > (number + 1) / fps:
                    break
        container.mux(video.encode(None))
        if tone is not None:
            container.mux(tone.encode(None))
    return path


def read_timecode(image: QImage) -> int:
    """The number of the frame that ``image`` shows, with or without black bars around it.

    Raises:
        UnreadableTimecodeError: no time code there.
    """
    left, top, width, height = _picture_in(image)
    cell_width = width * 0.9 / BITS
    number = 0
    for bit in range(BITS):
        x = int(left + width * 0.05 + cell_width * (bit + 0.5))
        upper = qGray(image.pixel(x, int(top + height * 0.18)))
        lower = qGray(image.pixel(x, int(top + height * 0.38)))
        if abs(upper - lower) < 90:
            raise UnreadableTimecodeError(f"bit {bit}: {upper} over {lower}")
        number = number << 1 | (upper > lower)
    return number


def _picture_in(image: QImage) -> tuple[int, int, int, int]:
    def lit(x: int, y: int) -> bool:
        return 80 < qGray(image.pixel(x, y)) < 180

    middle = image.height() // 2
    columns = [x for x in range(image.width()) if lit(x, middle)]
    if len(columns) < image.width() // 4:
        raise UnreadableTimecodeError("no picture")
    left, right = columns[0], columns[-1]
    edge = left + max(2, (right - left) // 50)
    rows = [y for y in range(image.height()) if lit(edge, y)]
    if not rows:
        raise UnreadableTimecodeError("no picture")
    return left, rows[0], right - left + 1, rows[-1] - rows[0] + 1


class _FramePainter:
    """Makes frames without numpy: rows of bytes, repeated."""

    def __init__(self, size: tuple[int, int], *, motion: bool) -> None:
        self._width, self._height = size
        self._motion = motion
        chance = random.Random(7)
        tile = [chance.randrange(96, 160) for _ in range(self._width // 8 + 64)]
        self._texture = b"".join(bytes([value]) * 8 for value in tile)

    def frame(self, number: int) -> av.VideoFrame:
        frame = av.VideoFrame(self._width, self._height, "yuv420p")
        luma = frame.planes[0]
        luma.update(self._luma(number, luma.line_size))
        for plane in (frame.planes[1], frame.planes[2]):
            plane.update(bytes([GREY]) * plane.buffer_size)
        return frame

    def _luma(self, number: int, stride: int) -> bytes:
        grey = bytes([GREY]) * stride
        bits = [number >> (BITS - 1 - bit) & 1 for bit in range(BITS)]
        upper, lower = self._blocks(bits, stride), self._blocks([1 - bit for bit in bits], stride)
        rows: list[bytes] = []
        for y in range(self._height):
            share = (y + 0.5) / self._height
            if 0.08 <= share < 0.28:
                rows.append(upper)
            elif 0.28 <= share < 0.48:
                rows.append(lower)
            elif self._motion and 0.55 <= share < 0.95:
                shift = (number * 3 + y // 8 * 5) % 480
                inner = self._texture[shift : shift + self._width * 9 // 10]
                margin = (self._width - len(inner)) // 2
                rows.append((grey[:margin] + inner + grey)[:stride])
            else:
                rows.append(grey)
        return b"".join(rows)

    def _blocks(self, bits: list[int], stride: int) -> bytes:
        row = bytearray([GREY]) * stride
        for bit, value in enumerate(bits):
            start = round(self._width * (0.05 + 0.9 * bit / BITS))
            end = round(self._width * (0.05 + 0.9 * (bit + 1) / BITS))
            row[start:end] = bytes([235 if value else 16]) * (end - start)
        return bytes(row)


def _tone_frames(seconds: float) -> Iterator[av.AudioFrame]:
    samples = 960
    for index in range(math.ceil(seconds * SOUND_RATE / samples)):
        start = index * samples
        wave = array("h", (round(6000 * math.sin(math.tau * 440 * (start + n) / SOUND_RATE)) for n in range(samples)))
        frame = av.AudioFrame(format="s16", layout="mono", samples=samples)
        frame.planes[0].update(wave.tobytes())
        frame.sample_rate = SOUND_RATE
        frame.pts = start
        frame.time_base = Fraction(1, SOUND_RATE)
        yield frame
