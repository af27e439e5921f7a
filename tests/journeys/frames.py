"""Is the picture on the screen the one of that second? Compared with the file itself, decoded by another library."""

from __future__ import annotations

from pathlib import Path

import av
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

SMALL = QSize(160, 90)
"""Both pictures are scaled down to this, so that scaling and colour conversion weigh little."""


def decoded_frame(media: Path, at_ms: int) -> QImage:
    """The frame that is to be seen at ``at_ms``: the last one that begins at or before it."""
    with av.open(str(media)) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        container.seek(int(at_ms / 1000 / stream.time_base), stream=stream)
        found = None
        for frame in container.decode(stream):
            if found is not None and frame.time * 1000 > at_ms:
                break
            found = frame
        assert found is not None, f"no frame at {at_ms} ms in {media.name}"
        rgb = found.reformat(format="rgb24")
        plane = rgb.planes[0]
        return QImage(bytes(plane), rgb.width, rgb.height, plane.line_size, QImage.Format.Format_RGB888).copy()


def _grey(image: QImage) -> bytes:
    small = image.scaled(SMALL, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    grey = small.convertToFormat(QImage.Format.Format_Grayscale8)
    return b"".join(
        bytes(memoryview(grey.constScanLine(row))[: grey.width()])  # type: ignore[arg-type]  # lines are padded to four bytes
        for row in range(grey.height())
    )


def difference(one: QImage, other: QImage) -> float:
    """Mean absolute difference of the greys, 0 (same) to 255."""
    first, second = _grey(one), _grey(other)
    assert len(first) == len(second)
    return sum(abs(a - b) for a, b in zip(first, second, strict=True)) / len(first)


def picture_of(surface: QImage, aspect: float) -> QImage:
    """The video within its black bars: the largest centred rectangle of ``aspect`` (width by height)."""
    width, height = surface.width(), surface.height()
    if width / height > aspect:
        inner = round(height * aspect)
        return surface.copy((width - inner) // 2, 0, inner, height)
    inner = round(width / aspect)
    return surface.copy(0, (height - inner) // 2, width, inner)
