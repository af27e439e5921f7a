"""A clip from whose picture the second can be read."""

from __future__ import annotations

from pathlib import Path

import av
from av.video.stream import VideoStream
from PySide6.QtGui import QColor, QImage, QPainter, qGray

SIZE = (1280, 720)
FPS = 25
SECONDS = 100
DARKEST, STEP = 30, 2
"""The grey of second 0, and how much lighter each second is than the one before."""


def make_clip(path: Path, keyframe_every_s: float) -> Path:
    """Write an H.264 clip with B-frames in an MP4 with its index first: the grey of the middle tells the second, a bar
    and a line of text move. Returns ``path``."""
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
    grey = DARKEST + STEP * (number // FPS)
    image.fill(QColor(grey, grey, grey))
    painter = QPainter(image)
    painter.fillRect(number * 7 % SIZE[0], 600, 80, 80, QColor(200, 120, 60))
    painter.fillRect(SIZE[0] - number * 3 % SIZE[0], 40, 240, 60, QColor(40, 90, 200))
    painter.end()
    frame = av.VideoFrame(*SIZE, "rgb24")
    frame.planes[0].update(bytes(image.constBits()))
    return frame.reformat(format="yuv420p")


def second_of(picture: QImage) -> int:
    """The second that a picture of the clip shows."""
    return round((qGray(picture.pixel(picture.width() // 2, picture.height() // 2)) - DARKEST) / STEP)
