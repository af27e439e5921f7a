"""The widget that paints frames: the same on X11, Wayland, Windows, macOS and offscreen."""

from __future__ import annotations

from math import ceil
from time import perf_counter
from typing import Protocol

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, SignalInstance, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QWidget

from desktop.i18n import tr
from desktop.player.frames import Frame
from desktop.ui.theme.live import tokens

CAPTION_GROUND = QColor(0, 0, 0, 190)
CAPTION_INK = QColor(255, 255, 255)
CAPTION_SIZES = {"small": 0.038, "normal": 0.05, "large": 0.066}
"""Height of the letters as a share of the picture's."""
CAPTION_WIDTH = 0.84
SMALLEST_CAPTION_PX = 13
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
        self._laid: tuple[object, tuple[list[QTextLayout], float, float, float]] | None = None
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

    def has_no_poster(self) -> bool:
        """Whether there is none yet."""
        return self._poster.isNull()

    def set_dark(self, *, dark: bool) -> None:
        """Whether what is beside the picture is black, as in a cinema, or belongs to the page."""
        self._dark = dark
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
            painter.fillRect(self.rect(), QColor("#000000" if self._dark else tokens().colours.sunken))
        if not image.isNull():
            self._paint_image(painter, area, image)
        if self._caption:
            self._paint_caption(painter, area if not area.isEmpty() else self.rect())
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

    def _paint_caption(self, painter: QPainter, area: QRect) -> None:
        font = QFont(self.font())
        font.setPixelSize(max(SMALLEST_CAPTION_PX, round(area.height() * CAPTION_SIZES[self._caption_size])))
        key = (self._caption, font.pixelSize(), area.width())
        if self._laid is None or self._laid[0] != key:  # laid out once, not with every frame
            self._laid = key, laid_out(self._caption, font, area.width() * CAPTION_WIDTH)
        layouts, line, width, height = self._laid[1]
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
            layout.draw(painter, QPointF(box.center().x() - line / 2, top))
            top += layout.boundingRect().height()


def laid_out(text: str, font: QFont, widest: float) -> tuple[list[QTextLayout], float, float, float]:
    """The lines of a caption, centred in a width; that width, and how much room they really take.

    The author's lines stay where each fits. Where one does not, the words flow anew, into lines of about one length;
    only the lines of two speakers (they begin with a dash) are never joined.
    """
    metrics = QFontMetricsF(font)
    paragraphs = text.split("\n")
    fit = all(metrics.horizontalAdvance(line) <= widest for line in paragraphs)
    line_width = widest
    if not fit and not any(line.lstrip().startswith(("-", "–", "—")) for line in paragraphs[1:]):
        flowing = " ".join(part.strip() for part in paragraphs)
        paragraphs = [flowing]
        lines = max(1, ceil(metrics.horizontalAdvance(flowing) / widest))
        while len(_lines(flowing, font, widest)[0]) > lines:
            lines += 1
        # The narrowest width that needs no more lines: no line of a single word.
        low, high = metrics.horizontalAdvance(flowing) / lines * 0.8, widest
        while high - low > 2:
            middle = (low + high) / 2
            low, high = (low, middle) if len(_lines(flowing, font, middle)[0]) <= lines else (middle, high)
        line_width = high
    layouts: list[QTextLayout] = []
    width = height = 0.0
    for paragraph in paragraphs:
        widths, layout = _lines(paragraph, font, line_width)
        layouts.append(layout)
        width = max(width, *widths, 0.0)
        height += layout.boundingRect().height()
    return layouts, line_width, width, height


def _lines(text: str, font: QFont, widest: float) -> tuple[list[float], QTextLayout]:
    """A paragraph wrapped at a width, and how wide each of its lines is."""
    option = QTextOption(Qt.AlignmentFlag.AlignHCenter)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    line_height = QFontMetricsF(font).height()
    layout = QTextLayout(text, font)
    layout.setTextOption(option)
    layout.beginLayout()
    widths: list[float] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(widest)
        line.setPosition(QPointF(0, len(widths) * line_height))
        widths.append(line.naturalTextWidth())
    layout.endLayout()
    return widths, layout
