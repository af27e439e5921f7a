"""From a lecture to a WebM: VP9 and Opus, a keyframe every two seconds, the index in front.

Along the bottom runs a thin line that shows the second: it is filled up to ``WIDTH * whole seconds / duration``.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from resources.make_sample.page import GREEN, HEIGHT, PROGRESS_HEIGHT, RULE, WIDTH, Page, ease
from resources.make_sample.script import Lecture
from resources.make_sample.timeline import Timeline
from resources.make_sample.voice import RATE, Sound

FRAMES_PER_SECOND = 15
KEYFRAME_SECONDS = 2
TURN_MS = 400
"""How long one slide takes to become the next."""
MOVING_MS = 7000
"""Nothing moves longer than this after the beginning of a sentence."""
AUDIO_RATE = 48_000
AUDIO_BITS = 24_000
VIDEO_OPTIONS: dict[str, object] = {
    "crf": "37",
    "b": "0",
    "keyint_min": str(FRAMES_PER_SECOND * KEYFRAME_SECONDS),
    "deadline": "good",
    "cpu-used": "3",
    "lag-in-frames": "16",
    "tune-content": "screen",
    "threads": "2",
}


def _slide_picture(lecture: Lecture, timeline: Timeline, slide: int, at_ms: float) -> QImage:
    picture = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    page = Page(painter, [at_ms - start for start in timeline.steps_of(slide)])
    page.background()
    lecture.slides[slide].draw(page)
    painter.end()
    return picture


def picture_at(lecture: Lecture, timeline: Timeline, at_ms: float) -> QImage:
    """What is to be seen at a moment, without the line of time."""
    slide = timeline.slide_at(int(at_ms))
    picture = _slide_picture(lecture, timeline, slide, at_ms)
    turned = (at_ms - timeline.slide_starts_ms[slide]) / TURN_MS
    if slide > 0 and turned < 1:
        before = _slide_picture(lecture, timeline, slide - 1, timeline.slide_starts_ms[slide])
        painter = QPainter(picture)
        painter.setOpacity(1 - ease(turned))
        painter.drawImage(0, 0, before)
        painter.end()
    return picture


def draw_time(picture: QImage, at_ms: float, duration_ms: int) -> None:
    """Fill the line at the bottom up to the whole second."""
    painter = QPainter(picture)
    top = HEIGHT - PROGRESS_HEIGHT
    painter.fillRect(QRect(0, top, WIDTH, PROGRESS_HEIGHT), RULE)
    painter.fillRect(QRect(0, top, round(WIDTH * int(at_ms / 1000) * 1000 / duration_ms), PROGRESS_HEIGHT), GREEN)
    painter.end()


def _moves(timeline: Timeline, at_ms: float) -> bool:
    turning = any(0 <= at_ms - start < TURN_MS + 100 for start in timeline.slide_starts_ms)
    return turning or any(0 <= at_ms - spoken.start_ms < MOVING_MS for spoken in timeline.spoken)


def _pixels(picture: QImage) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(HEIGHT, picture.bytesPerLine() // 4, 4)
    return np.ascontiguousarray(rows[:, :WIDTH, :])


def _picture_packets(stream: av.VideoStream, lecture: Lecture, timeline: Timeline) -> Iterator[av.Packet[Any]]:
    still = QImage()
    for number in range(timeline.duration_ms * FRAMES_PER_SECOND // 1000):
        at_ms = number * 1000 / FRAMES_PER_SECOND
        if still.isNull() or _moves(timeline, at_ms) or _moves(timeline, at_ms - 1000 / FRAMES_PER_SECOND):
            still = picture_at(lecture, timeline, at_ms)
        picture = still.copy()
        draw_time(picture, at_ms, timeline.duration_ms)
        frame = av.VideoFrame.from_ndarray(_pixels(picture), format="bgra")
        frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
        frame.pts = number
        frame.time_base = Fraction(1, FRAMES_PER_SECOND)
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _sound_packets(stream: av.AudioStream, sound: Sound) -> Iterator[av.Packet[Any]]:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=AUDIO_RATE, frame_size=960)
    whole = av.AudioFrame.from_ndarray(sound.reshape(1, -1), format="flt", layout="mono")
    whole.sample_rate = RATE
    whole.pts = 0
    whole.time_base = Fraction(1, RATE)
    for part in (whole, None):
        for frame in resampler.resample(part):
            yield from stream.encode(frame)
    yield from stream.encode(None)


def _moment(packet: av.Packet[Any]) -> Fraction:
    return Fraction(packet.dts or 0) * packet.time_base


def write_film(lecture: Lecture, timeline: Timeline, sound: Sound, target: Path) -> None:
    """Encode. ``sound`` is as long as the timeline, mono at ``voice.RATE``."""
    part = target.with_suffix(".part")
    options = {"fflags": "+bitexact", "cues_to_front": "1"}
    with av.open(str(part), "w", format="webm", options=options) as container:
        video = container.add_stream("libvpx-vp9", rate=FRAMES_PER_SECOND)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.codec_context.gop_size = FRAMES_PER_SECOND * KEYFRAME_SECONDS
        video.codec_context.color_primaries = video.codec_context.color_trc = video.codec_context.colorspace = 1
        video.options = dict(VIDEO_OPTIONS)
        audio = container.add_stream("libopus", rate=AUDIO_RATE, layout="mono")
        audio.bit_rate = AUDIO_BITS
        audio.options = {"application": "voip", "vbr": "on"}
        container.start_encoding()
        # The muxer holds back ten seconds at most: it gets both streams in the order of time.
        packets = [*_sound_packets(audio, sound), *_picture_packets(video, lecture, timeline)]
        for packet in sorted(packets, key=_moment):
            container.mux(packet)
    part.replace(target)
