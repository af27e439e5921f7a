"""The widget that paints frames: the same on X11, Wayland, Windows, macOS and offscreen."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, SignalInstance, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QWidget

from desktop.i18n import tr
from desktop.player.frames import Frame

GROUND = QColor(0, 0, 0)
CAPTION_GROUND = QColor(0, 0, 0, 190)
CAPTION_INK = QColor(255, 255, 255)
CAPTION_SIZES = {"small": 0.038, "normal": 0.05, "large": 0.066}
"""Height of the letters as a share of the picture's."""
CAPTION_WIDTH = 0.84
SMALLEST_CAPTION_PX = 13


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
        self._smooth = False
        self._caption = ""
        self._caption_size = "normal"
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

    def set_smooth(self, smooth: bool) -> None:
        """Scale with interpolation: nicer, and half as much work again."""
        self._smooth = smooth
        self.update()

    def set_caption(self, text: str) -> None:
        """Show a cue at the foot of the picture; '' for silence."""
        if text != self._caption:
            self._caption = text
            self.update()

    def set_caption_size(self, size: str) -> None:
        """One of ``CAPTION_SIZES``."""
        self._caption_size = size if size in CAPTION_SIZES else "normal"
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
        """Bars, picture, caption."""
        painter = QPainter(self)
        frame = self._source.newest() if self._source is not None else None
        image = frame.image if frame is not None else self._poster
        area = QRect() if image.isNull() else self._fitted(image.size())
        if area != self.rect():
            painter.fillRect(self.rect(), GROUND)
        if not image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth or image is self._poster)
            painter.drawImage(area, image)
        if self._caption:
            self._paint_caption(painter, area if not area.isEmpty() else self.rect())
        painter.end()
        if frame is not None and frame.serial != self._painted_serial:
            self._painted_serial = frame.serial
            self.frames_painted += 1

    def _paint_caption(self, painter: QPainter, area: QRect) -> None:
        font = QFont(self.font())
        font.setPixelSize(max(SMALLEST_CAPTION_PX, round(area.height() * CAPTION_SIZES[self._caption_size])))
        layouts, width, height = _laid_out(self._caption, font, area.width() * CAPTION_WIDTH)
        pad = font.pixelSize() * 0.45
        box = QRectF(0, 0, width + 2 * pad, height + pad)
        box.moveCenter(QRectF(area).center())
        box.moveBottom(area.bottom() - max(8.0, area.height() * 0.04))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(CAPTION_GROUND)
        painter.drawRoundedRect(box, pad * 0.6, pad * 0.6)
        painter.setPen(CAPTION_INK)
        top = box.top() + pad / 2
        for layout in layouts:
            layout.draw(painter, QPointF(box.center().x() - area.width() * CAPTION_WIDTH / 2, top))
            top += layout.boundingRect().height()


def _laid_out(text: str, font: QFont, widest: float) -> tuple[list[QTextLayout], float, float]:
    """The lines of a caption, centred in ``widest``; and how much room they really take."""
    option = QTextOption(Qt.AlignmentFlag.AlignHCenter)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    line_height = QFontMetricsF(font).height()
    layouts: list[QTextLayout] = []
    width = height = 0.0
    for paragraph in text.split("\n"):
        layout = QTextLayout(paragraph, font)
        layout.setTextOption(option)
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(widest)
            line.setPosition(QPointF(0, y))
            y += line_height
            width = max(width, line.naturalTextWidth())
        layout.endLayout()
        layouts.append(layout)
        height += layout.boundingRect().height()
    return layouts, width, height
