"""The journey's eyes: they see a wrong picture, and are not fooled by bars, scaling or what lies upon the picture."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from tests.journeys.frames import Moment, decoded_frames, picture_of
from tests.journeys.materials import sample

LECTURE = sample(Path()).media
DURATION_MS = 66_770
AT_MS = 30_849
SURFACE = QSize(706, 542)


def on_a_surface(picture: QImage, covered: QRect | None = None) -> QImage:
    """As the player shows it: scaled to the width, bars above and below, perhaps something upon it."""
    surface = QImage(SURFACE, QImage.Format.Format_RGB32)
    surface.fill(QColor("black"))
    painter = QPainter(surface)
    size = picture.size().scaled(SURFACE, Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(0, (SURFACE.height() - size.height()) // 2, size.width(), size.height())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(target, picture)
    if covered is not None:
        painter.fillRect(covered, QColor("green"))
    painter.end()
    return surface


@pytest.fixture(scope="module")
def moment() -> Moment:
    return Moment(LECTURE, AT_MS, DURATION_MS)


def shown(moment: Moment, at_ms: int, covered: QRect | None = None) -> bool:
    """Whether the frame of a time would pass for that of the moment."""
    picture = decoded_frames(LECTURE, [at_ms])[at_ms]
    surface = on_a_surface(picture, covered)
    return moment.is_shown(picture_of(surface, 640 / 360, [covered] if covered is not None else []))


def test_the_frame_itself_is_seen_with_bars_and_a_sign_upon_it(moment: Moment) -> None:
    assert shown(moment, AT_MS)
    assert shown(moment, AT_MS, QRect(SURFACE.width() // 2 - 100, SURFACE.height() // 2 - 100, 200, 200))


@pytest.mark.parametrize("off_ms", [-20_000, -5_000, -2_000, 2_000, 12_000])
def test_a_frame_of_another_second_is_not_taken_for_it(moment: Moment, off_ms: int) -> None:
    assert not shown(moment, AT_MS + off_ms)


def test_a_black_surface_is_not_taken_for_it(moment: Moment) -> None:
    black = QImage(SURFACE, QImage.Format.Format_RGB32)
    black.fill(QColor("black"))
    assert not moment.is_shown(picture_of(black, 640 / 360, []))


def test_a_moment_may_be_given_some_slack() -> None:
    near = Moment(LECTURE, AT_MS, DURATION_MS, within_ms=350)
    assert shown(near, AT_MS + 300)
    assert not shown(near, AT_MS + 2_000)


def test_a_still_stretch_proves_nothing_and_is_refused(tmp_path: Path) -> None:
    clip = tmp_path / "still.mp4"
    with av.open(str(clip), "w") as container:
        video = container.add_stream("libx264", rate=5)
        video.width, video.height = 320, 180
        for number in range(30):
            frame = av.VideoFrame(320, 180, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([128]) * plane.buffer_size)
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    with pytest.raises(AssertionError, match="shows nothing"):
        Moment(clip, 2_000, 6_000)


def test_what_moves_beneath_a_cover_is_no_movement() -> None:
    cover = QRect(300, 200, 100, 100)
    plain = QImage(640, 360, QImage.Format.Format_RGB32)
    plain.fill(QColor("white"))
    with_sign = picture_of(on_a_surface(plain, cover), 640 / 360, [cover])
    without = picture_of(on_a_surface(plain), 640 / 360, [])
    assert without.differs_from(with_sign) == 0
    assert without.differs_from(picture_of(on_a_surface(plain, cover), 640 / 360, [])) > 1_000
