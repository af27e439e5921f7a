"""A clip from whose picture the number of the frame can be read."""

from __future__ import annotations

from pathlib import Path

import av
from av.video.stream import VideoStream
from PySide6.QtGui import QColor, QImage, QPainter, qGray

SIZE = (1280, 720)
FPS = 25
SECONDS = 100
DARKEST, STEP = 30, 8
"""The grey of a digit 0, and how much lighter each digit is than the one before."""
BASES = (10, 10, FPS)
"""The digits of a frame's number: tens of seconds, seconds, frames of a second. Each has a field of the picture."""
FIELD_TOP, FIELD_SIDE, FIELD_GAP = 260, 200, 100


def make_clip(path: Path, keyframe_every_s: float) -> Path:
    """Write an H.264 clip with B-frames in an MP4 with its index first: the greys of three fields tell the number of
    the frame, two bars move. Returns ``path``."""
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        video = container.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "crf": "23", "bf": "3"})
        assert isinstance(video, VideoStream)
        video.width, video.height = SIZE
        video.pix_fmt = "yuv420p"
        video.gop_size = round(keyframe_every_s * FPS)
        video.codec_context.options["keyint_min"] = str(video.gop_size)
        for number in range(SECONDS * FPS):
            frame = _frame(number)
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return path


def _frame(number: int) -> av.VideoFrame:
    image = QImage(*SIZE, QImage.Format.Format_RGB888)
    image.fill(QColor(40, 40, 48))
    painter = QPainter(image)
    for place, digit in enumerate(_digits(number)):
        grey = DARKEST + STEP * digit
        painter.fillRect(_left(place), FIELD_TOP, FIELD_SIDE, FIELD_SIDE, QColor(grey, grey, grey))
    painter.fillRect(number * 7 % SIZE[0], 600, 80, 80, QColor(200, 120, 60))
    painter.fillRect(SIZE[0] - number * 3 % SIZE[0], 40, 240, 60, QColor(40, 90, 200))
    painter.end()
    frame = av.VideoFrame(*SIZE, "rgb24")
    frame.planes[0].update(bytes(image.constBits()))
    return frame.reformat(format="yuv420p")


def frame_of(picture: QImage) -> int:
    """The number of the frame that a picture of the clip shows, at any size."""
    number = 0
    for place, base in enumerate(BASES):
        x, y = _left(place) + FIELD_SIDE // 2, FIELD_TOP + FIELD_SIDE // 2
        grey = qGray(picture.pixel(x * picture.width() // SIZE[0], y * picture.height() // SIZE[1]))
        number = number * base + round((grey - DARKEST) / STEP)
    return number


def _digits(number: int) -> list[int]:
    digits = []
    for base in reversed(BASES):
        number, digit = divmod(number, base)
        digits.append(digit)
    return digits[::-1]


def _left(place: int) -> int:
    return FIELD_GAP + place * (FIELD_SIDE + FIELD_GAP)
