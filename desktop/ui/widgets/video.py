"""The widget that paints frames: the same on X11, Wayland, Windows, macOS and offscreen."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Protocol

from PySide6.QtCore import QRect, QSize, Qt, SignalInstance, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.i18n import tr
from desktop.player.frames import Frame
from desktop.ui.theme.live import tokens
from desktop.ui.widgets.caption_painter import SIZES, CaptionPainter, SaidNow

SMOOTH_LIMIT_MS = 4.0
"""Drawing a frame with interpolation may take so long (a tenth of the time between two of them at 25 a second)."""


class FrameFeed(Protocol):
    """A source of frames that says when there is a new one; ``PlayerSession`` is one."""

    @property
    def frame_ready(self) -> SignalInstance:
        """Emitted in the UI thread."""

    def newest(self) -> Frame | None:
        """The newest frame, or None before the first."""


class VideoSurface(QWidget):
    """Shows the newest frame of a source, letterboxed; before the first one a poster.

    Attributes:
        frames_painted: different frames painted so far.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Video"))
        # Every pixel is painted here: nothing has to be painted below it first.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._source: FrameFeed | None = None
        self._poster = QImage()
        self._dark = False
        self._smooth_ms = 0.0
        self.captions = CaptionPainter()
        self._painted_serial = 0
        self.frames_painted = 0

    def sizeHint(self) -> QSize:
        """16:9."""
        return QSize(640, 360)

    def set_source(self, source: FrameFeed | None) -> None:
        """Show the frames of ``source`` from now on; None for the poster alone."""
        if self._source is not None:
            self._source.frame_ready.disconnect(self._on_frame)
        self._source = source
        self._painted_serial = 0
        if source is not None:
            source.frame_ready.connect(self._on_frame)
        self.update()

    def set_poster(self, poster: QImage) -> None:
        """What is shown before the first frame; a null image for black."""
        self._poster = poster
        self.update()

    def has_no_poster(self) -> bool:
        """Whether there is none yet."""
        return self._poster.isNull()

    def set_dark(self, *, dark: bool) -> None:
        """Whether what is beside the picture is black, as in a cinema, or belongs to the page."""
        self._dark = dark
        self.update()

    def set_captions(self, said: Sequence[SaidNow]) -> None:
        """Show cues on the picture; none for silence."""
        if tuple(said) != self.captions.said:
            self.captions.said = tuple(said)
            self.update()

    def set_caption_size(self, size: str) -> None:
        """One of ``desktop.ui.widgets.caption_painter.SIZES``."""
        self.captions.size = size if size in SIZES else "normal"
        self.update()

    def picture_rect(self) -> QRect:
        """Where the picture lies within the widget; empty while there is none."""
        image = self._image()
        return QRect() if image.isNull() else self._fitted(image.size())

    @Slot()
    def _on_frame(self) -> None:
        self.update()

    def _image(self) -> QImage:
        frame = self._source.newest() if self._source is not None else None
        return self._poster if frame is None else frame.image

    def _fitted(self, size: QSize) -> QRect:
        fitted = size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - fitted.width()) // 2, (self.height() - fitted.height()) // 2
        return QRect(left, top, fitted.width(), fitted.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bars, picture, captions."""
        painter = QPainter(self)
        frame = self._source.newest() if self._source is not None else None
        image = frame.image if frame is not None else self._poster
        area = QRect() if image.isNull() else self._fitted(image.size())
        if area != self.rect():
            painter.fillRect(self.rect(), QColor("#000000" if self._dark else tokens().colours.sunken))
        if not image.isNull():
            self._paint_image(painter, area, image)
        self.captions.paint(painter, area if not area.isEmpty() else self.rect(), self.font())
        painter.end()
        if frame is not None and frame.serial != self._painted_serial:
            self._painted_serial = frame.serial
            self.frames_painted += 1

    def _paint_image(self, painter: QPainter, area: QRect, image: QImage) -> None:
        """With interpolation (letters on slides stay legible), unless this computer takes too long over it."""
        smooth = area.size() != image.size() and self._smooth_ms < SMOOTH_LIMIT_MS
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        begun = perf_counter()
        painter.drawImage(area, image)
        if smooth:  # one frame that was held up says little, however long it took
            took_ms = min((perf_counter() - begun) * 1000, 3 * SMOOTH_LIMIT_MS)
            self._smooth_ms += (took_ms - self._smooth_ms) / 8
        else:
            self._smooth_ms *= 0.98  # tried again some seconds later: the computer may have been busy

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size costs another time."""
        super().resizeEvent(event)
        self._smooth_ms = 0.0
