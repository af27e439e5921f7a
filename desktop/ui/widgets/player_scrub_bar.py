"""Where the lecture stands, and a way to any other place of it. Object name ``scrubBar``."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSlider, QToolTip, QWidget

from desktop.i18n import clock_text, tr
from desktop.ui.theme.live import tokens

STEP_MS = 5_000
PAGE_MS = 30_000
HEIGHT = 24
TRACK = 5


class ScrubBar(QSlider):
    """A slider in milliseconds: a click jumps, a drag follows, the pointer says the time. Emits ``seek_wanted``.

    It is a ``QSlider`` so that screen readers know it and its value.
    """

    seek_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("scrubBar")
        self.setAccessibleName(tr("Position in the lecture"))
        self.setRange(0, 0)
        self.setSingleStep(STEP_MS)
        self.setPageStep(PAGE_MS)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._marks: tuple[int, ...] = ()
        self._hovered = -1
        self._dragging = False

    def show_duration(self, duration_ms: int) -> None:
        """How long the lecture is."""
        self.setRange(0, max(0, duration_ms))

    def show_position(self, position_ms: int) -> None:
        """Where it stands; left alone while the learner drags."""
        if not self._dragging:
            self.setValue(position_ms)
            self.setAccessibleDescription(
                tr("{position} of {duration}", position=clock_text(position_ms), duration=clock_text(self.maximum()))
            )

    def show_marks(self, marks: tuple[int, ...]) -> None:
        """Mark the seconds of notes."""
        self._marks = marks
        self.update()

    def is_dragging(self) -> bool:
        """Whether the learner holds it."""
        return self._dragging

    def x_of(self, position_ms: int) -> int:
        """Where a position is, in pixels from the left."""
        share = position_ms / self.maximum() if self.maximum() else 0.0
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            share = 1.0 - share
        return round(self._left() + share * self._length())

    def position_at(self, x: float) -> int:
        """The position at a place, in milliseconds."""
        share = min(1.0, max(0.0, (x - self._left()) / max(1, self._length())))
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            share = 1.0 - share
        return round(share * self.maximum())

    def _left(self) -> int:
        return 8

    def _length(self) -> int:
        return max(1, self.width() - 16)

    def sizeHint(self) -> QSize:
        """Wide, and high enough to hit."""
        return QSize(200, HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump there and hold on."""
        if event.button() == Qt.MouseButton.LeftButton and self.maximum() > 0:
            self._dragging = True
            self._seek_to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say the time below the pointer; follow it while held."""
        self._hovered = round(event.position().x())
        said = clock_text(self.position_at(event.position().x()))
        if self.maximum() > 0:
            QToolTip.showText(event.globalPosition().toPoint(), said, self)
        if self._dragging:
            self._seek_to(event)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton and self._dragging:
            self._dragging = False

    def _seek_to(self, event: QMouseEvent) -> None:
        wanted = self.position_at(event.position().x())
        if wanted != self.value() or event.type() == QEvent.Type.MouseButtonPress:
            self.setValue(wanted)
            self.seek_wanted.emit(wanted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Five seconds, half a minute, the beginning, the end."""
        keys = Qt.Key
        forward = -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
        steps = {
            keys.Key_Left: -STEP_MS * forward,
            keys.Key_Right: STEP_MS * forward,
            keys.Key_Down: -STEP_MS,
            keys.Key_Up: STEP_MS,
            keys.Key_PageDown: -PAGE_MS,
            keys.Key_PageUp: PAGE_MS,
            keys.Key_Home: -self.maximum(),
            keys.Key_End: self.maximum(),
        }
        step = steps.get(keys(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        wanted = min(self.maximum(), max(0, self.value() + step))
        self.setValue(wanted)
        self.seek_wanted.emit(wanted)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling the page is not seeking."""
        event.ignore()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The handle shows."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The handle hides."""
        super().leaveEvent(event)
        self._hovered = -1
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The track, what is behind, the marks of notes, the handle."""
        colours = tokens().colours
        middle = self.height() / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.pressed))
        painter.drawRoundedRect(QRectF(self._left(), middle - TRACK / 2, self._length(), TRACK), TRACK / 2, TRACK / 2)
        here = self.x_of(self.value())
        start = self.x_of(0)
        painter.setBrush(QColor(colours.accent))
        left, width = min(start, here), abs(here - start)
        painter.drawRoundedRect(QRectF(left, middle - TRACK / 2, width, TRACK), TRACK / 2, TRACK / 2)
        for mark in self._marks:
            painter.setPen(QPen(QColor(colours.surface), 1))
            painter.setBrush(QColor(colours.warning))
            painter.drawEllipse(QPointF(self.x_of(mark), middle), 4, 4)
        radius = 8 if self._dragging or self.underMouse() or self.hasFocus() else 6
        painter.setPen(QPen(QColor(colours.surface), 2))
        painter.setBrush(QColor(colours.accent))
        painter.drawEllipse(QPointF(here, middle), radius, radius)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(here, middle), radius + 3, radius + 3)
        painter.end()
