"""Is the picture on the screen the one of that second? Compared with the file itself, decoded by another library.

A lecture changes little from second to second: a line of handwriting, a word on a slide. So pictures are not compared
as a whole; only those pixels count in which the frame that is sought differs from the frames of other seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

SMALL = QSize(480, 270)
"""All pictures are scaled to this, so that scaling and colour conversion weigh little."""
CLEAR = 32
"""Greys that are this far apart are a difference in content, not one of scaling or colour conversion."""
FEW = 60
"""Fewer differing pixels than this show nothing; a letter of handwriting has more."""
SURE = 0.8
"""At least this share of what differs has to speak for the frame that is sought. The rest are edges that scaling moved;
when another frame is shown it is a tenth."""


def decoded_frames(media: Path, times_ms: Sequence[int]) -> dict[int, QImage]:
    """The frames that are to be seen at these times: each the last one that begins at or before it."""
    wanted = sorted(set(times_ms))
    found: dict[int, QImage] = {}
    with av.open(str(media)) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        container.seek(int(wanted[0] / 1000 / stream.time_base), stream=stream)
        last = None
        for frame in container.decode(stream):
            while last is not None and wanted and frame.time * 1000 > wanted[0]:
                found[wanted.pop(0)] = _image(last)
            if not wanted:
                break
            last = frame
        assert last is not None, f"nothing to see in {media.name}"
        found |= {time: _image(last) for time in wanted}
    return found


def _image(frame: av.VideoFrame) -> QImage:
    rgb = frame.reformat(format="rgb24")
    plane = rgb.planes[0]
    return QImage(bytes(plane), rgb.width, rgb.height, plane.line_size, QImage.Format.Format_RGB888).copy()


def greys(image: QImage) -> bytes:
    """The picture as ``SMALL`` greys, row by row."""
    small = image.scaled(SMALL, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    grey = small.convertToFormat(QImage.Format.Format_Grayscale8)
    return b"".join(
        bytes(memoryview(grey.constScanLine(row))[: grey.width()])  # type: ignore[arg-type]  # lines are padded to four bytes
        for row in range(grey.height())
    )


@dataclass(frozen=True)
class Seen:
    """What can be seen of a picture: its greys, and which of them are covered by what lies upon it (not 0)."""

    greys: bytes
    covered: bytes

    def differs_from(self, other: Seen) -> int:
        """How many pixels clearly differ that both show."""
        pixels = zip(self.greys, self.covered, other.greys, other.covered, strict=True)
        return sum(abs(a - b) > CLEAR for a, hidden, b, hidden_there in pixels if not (hidden or hidden_there))


def picture_of(surface: QImage, aspect: float, covered: Sequence[QRect]) -> Seen:
    """The video within its bars: the largest centred rectangle of ``aspect`` (width by height).

    ``covered``: what lies upon it, in logical pixels of the surface.
    """
    mask = QImage(surface.size(), QImage.Format.Format_Grayscale8)
    mask.fill(0)
    painter = QPainter(mask)
    for rect in covered:
        painter.fillRect(rect, QColor("white"))
    painter.end()
    width, height = surface.width(), surface.height()
    size = surface.size()
    if width / height > aspect:
        size.setWidth(round(height * aspect))
    else:
        size.setHeight(round(width / aspect))
    inner = QRect(QPoint((width - size.width()) // 2, (height - size.height()) // 2), size)
    return Seen(greys(surface.copy(inner)), greys(mask.copy(inner)))


def changed(one: bytes, other: bytes) -> int:
    """How many pixels clearly differ."""
    return sum(abs(a - b) > CLEAR for a, b in zip(one, other, strict=True))


def agreement(seen: Seen, sought: bytes, other: bytes) -> float:
    """Of the pixels in which two frames clearly differ: the share in which what is seen is nearer to the sought one."""
    votes = [
        abs(s - a) < abs(s - b)
        for s, hidden, a, b in zip(seen.greys, seen.covered, sought, other, strict=True)
        if abs(a - b) > CLEAR and not hidden
    ]
    return sum(votes) / len(votes) if votes else 1.0


class Moment:
    """What a lecture shows at a time, and how that differs from what it shows around that time.

    ``within_ms``: the picture may be as much older or younger; 0 for the very frame.
    """

    AROUND_MS = (-20_000, -10_000, -5_000, -2_000, -1_000, 1_000, 2_000, 5_000, 10_000, 20_000)
    STEP_MS = 50

    def __init__(self, media: Path, at_ms: int, duration_ms: int, within_ms: int = 0) -> None:
        last = duration_ms - 500
        around = [at_ms + step for step in self.AROUND_MS if 0 <= at_ms + step < last]
        near = [time for time in range(at_ms - within_ms, at_ms + within_ms + 1, self.STEP_MS) if 0 <= time < last]
        frames = {time: greys(image) for time, image in decoded_frames(media, [at_ms, *near, *around]).items()}
        self.sought = {frames[time] for time in (at_ms, *near)}
        others = {time - at_ms: frames[time] for time in around}
        self.others = {step: frame for step, frame in others.items() if changed(frames[at_ms], frame) >= FEW}
        # A still picture would make every comparison true.
        assert self.others, f"{media.name} shows nothing at {at_ms} ms that can be told from the seconds around it"

    def is_shown(self, seen: Seen) -> bool:
        """Whether the picture is that of this time, and of none around it that differs."""
        return any(
            all(agreement(seen, sought, other) >= SURE for other in self.others.values()) for sought in self.sought
        )

    def report(self, seen: Seen) -> str:
        """How sure it is against each other moment, for whoever has to find out why it is not shown."""
        sure = {
            step: max(agreement(seen, sought, other) for sought in self.sought) for step, other in self.others.items()
        }
        return ", ".join(f"{share:.2f} against {step:+} ms" for step, share in sure.items())
