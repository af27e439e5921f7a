"""Small signs: chips, bars, rings. Each says in words what it shows in colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from desktop.i18n import percent_text
from desktop.ui.theme.icons import paint_icon
from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import ICON, ICON_SMALL, SPACE_4, SPACE_8, TYPE_SMALL


class Chip(QWidget):
    """A word or two on a tinted ground. ``tone``: plain, accent, success, warning, danger."""

    def __init__(self, text: str = "", tone: str = "plain", icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = self._tone = self._icon = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_chip(text, tone, icon_name)

    def set_chip(self, text: str, tone: str = "plain", icon_name: str = "") -> None:
        """Say something else."""
        self._text, self._tone, self._icon = text, tone, icon_name
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """What it says."""
        return self._text

    def sizeHint(self) -> QSize:
        """Room for icon and words."""
        self.ensurePolished()
        return chip_size(self._text, self._icon)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        paint_chip(painter, QRectF(self.rect()), self._text, self._tone, self._icon, mirrored=mirrored)
        painter.end()


def chip_size(text: str, icon_name: str = "") -> QSize:
    """The size of a chip, for delegates that paint one."""
    from PySide6.QtGui import QFontMetrics  # beside its use: chips are the only ones that measure without a widget

    metrics = QFontMetrics(font(TYPE_SMALL, strong=True))
    width = metrics.horizontalAdvance(text) + 2 * SPACE_8
    if icon_name:
        width += tokens().scaled(ICON_SMALL) + SPACE_4
    return QSize(width, metrics.height() + SPACE_4 + 2)


def paint_chip(
    painter: QPainter, rect: QRectF, text: str, tone: str = "plain", icon_name: str = "", *, mirrored: bool = False
) -> None:
    """Paint a chip into ``rect``."""
    colours = tokens().colours
    ground = colours.sunken if tone == "plain" else getattr(colours, f"{tone}_soft")
    ink = colours.muted if tone == "plain" else getattr(colours, tone)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    inner = rect.adjusted(SPACE_8, 0, -SPACE_8, 0)
    if icon_name:
        side = tokens().scaled(ICON_SMALL)
        left = inner.right() - side if mirrored else inner.left()
        paint_icon(painter, QRectF(left, rect.center().y() - side / 2, side, side), icon_name, ink)
        inner.adjust(0 if mirrored else side + SPACE_4, 0, -(side + SPACE_4) if mirrored else 0, 0)
    painter.setFont(font(TYPE_SMALL, strong=True))
    painter.setPen(QColor(ink))
    painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def paint_bar(painter: QPainter, rect: QRectF, percent: float, *, mirrored: bool = False, role: str = "accent") -> None:
    """Paint a progress bar into ``rect``."""
    colours = tokens().colours
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = rect.height() / 2
    painter.setBrush(QColor(colours.pressed))
    painter.drawRoundedRect(rect, radius, radius)
    if percent > 0:
        filled = QRectF(rect)
        filled.setWidth(max(rect.height(), rect.width() * min(100.0, percent) / 100))
        if mirrored:
            filled.moveRight(rect.right())
        painter.setBrush(QColor(getattr(colours, role)))
        painter.drawRoundedRect(filled, radius, radius)
    painter.restore()


class ProgressLine(QProgressBar):
    """A thin bar, 0 to 100. ``label`` says what progresses."""

    def __init__(self, label: str, percent: int = 0, parent: QWidget | None = None, *, thickness: int = 6) -> None:
        super().__init__(parent)
        self.setAccessibleName(label)
        self.setRange(0, 100)
        self.setTextVisible(False)
        self._thickness = thickness
        self._role = "accent"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setValue(percent)

    def setValue(self, value: int) -> None:  # noqa: N802 (Qt's name)
        """Show a percentage; also said in the tooltip."""
        super().setValue(value)
        self.setToolTip(percent_text(value))

    def set_role(self, role: str) -> None:
        """Another colour role."""
        self._role = role
        self.update()

    def sizeHint(self) -> QSize:
        """As thick as asked."""
        return QSize(120, self._thickness)

    def minimumSizeHint(self) -> QSize:
        """Short is fine."""
        return QSize(40, self._thickness)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        middle = (self.height() - self._thickness) / 2
        rect = QRectF(0, middle, self.width(), self._thickness)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        paint_bar(painter, rect, self.value(), mirrored=mirrored, role=self._role)
        painter.end()


def paint_ring(painter: QPainter, rect: QRectF, percent: float, *, done: bool) -> None:
    """A tick when done; else a ring that is filled as far as ``percent``."""
    colours = tokens().colours
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if done:
        paint_icon(painter, rect, "check-circle-fill", colours.accent)
    else:
        width = max(2.0, rect.width() / 9)
        inner = rect.adjusted(width, width, -width, -width)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.border_strong), width * 0.75))
        painter.drawEllipse(inner)
        if percent > 0:
            pen = QPen(QColor(colours.accent), width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawArc(inner, 90 * 16, -round(max(6.0, percent) * 57.6))
    painter.restore()


class Ring(QWidget):
    """How far something is, as a ring or a tick. It accompanies a text that says the same."""

    def __init__(self, percent: float = 0, parent: QWidget | None = None, *, done: bool = False) -> None:
        super().__init__(parent)
        self._percent, self._done = percent, done
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_progress(self, percent: float, *, done: bool) -> None:
        """Show another figure."""
        self._percent, self._done = percent, done
        self.update()

    def sizeHint(self) -> QSize:
        """As large as an icon."""
        side = tokens().scaled(ICON)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        paint_ring(painter, QRectF(self.rect()), self._percent, done=self._done)
        painter.end()


class BusyRing(QWidget):
    """Something is under way. It turns while it is seen; with reduced motion it stands still."""

    def __init__(self, size: int = ICON, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size, self._angle = size, 0
        self._timer = QTimer(self, interval=40)
        self._timer.timeout.connect(self._turn)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _turn(self) -> None:
        self._angle = (self._angle - 12) % 360
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        """Turn while seen."""
        super().showEvent(event)
        if not tokens().reduced_motion:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._timer.stop()

    def sizeHint(self) -> QSize:
        """A square."""
        side = tokens().scaled(self._size)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """An arc on a ring."""
        colours = tokens().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = max(2.0, self.width() / 12)
        inner = QRectF(self.rect()).adjusted(width, width, -width, -width)
        painter.setPen(QPen(QColor(colours.border), width))
        painter.drawEllipse(inner)
        pen = QPen(QColor(colours.accent), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(inner, self._angle * 16, 90 * 16)
        painter.end()
