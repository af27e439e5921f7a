"""The column at the side of a page, and what stands in it. It scrolls by itself and grows with the text, but less."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.theme.icons import paint_icon
from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import (
    ICON,
    RADIUS_SMALL,
    SPACE_4,
    SPACE_8,
    SPACE_12,
    SPACE_16,
    SPACE_24,
    TYPE_BODY,
    TYPE_SMALL,
)
from desktop.ui.widgets.focus import PaintedButton
from desktop.ui.widgets.indicators import paint_ring
from desktop.ui.widgets.layouts import margins
from desktop.ui.widgets.lines import paint_line

WIDTH = 216


class SideEntry(PaintedButton):
    """One entry: an icon or a ring, a title, perhaps a second line or a number at its end."""

    def __init__(self, title: str, icon_name: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._second, self._percent, self._done = icon_name, "", 0.0, False
        self._count = 0
        self.setText(title)
        self.setAccessibleName(title)
        self.setObjectName(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_progress(self, second: str, percent: float, *, done: bool) -> None:
        """A ring in the icon's place and a second line."""
        self._second, self._percent, self._done = second, percent, done
        self.setToolTip(second)
        self.updateGeometry()
        self.update()

    def show_count(self, count: int) -> None:
        """How many there are; 0 shows nothing."""
        self._count = count
        self.setAccessibleName(f"{self.text()}, {count}" if count else self.text())
        self.update()

    def count(self) -> int:
        """The number that is shown."""
        return self._count

    def sizeHint(self) -> QSize:
        """One line or two."""
        height = QFontMetrics(font(TYPE_BODY)).height() + 2 * SPACE_8
        if self._second:
            height += QFontMetrics(font(TYPE_SMALL)).height()
        return QSize(120, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        colours = tokens().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        fill = colours.accent_soft if self.isChecked() else colours.pressed if self.isDown() else ""
        fill = fill or (colours.sunken if self.underMouse() else "")
        painter.setPen(QPen(QColor(colours.accent), 2) if self.ring() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS_SMALL, RADIUS_SMALL)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = tokens().scaled(ICON)
        mark = QRectF(SPACE_12, (rect.height() - side) / 2, side, side)
        words = QRectF(SPACE_12 + side + SPACE_12, 0, rect.width() - side - 3 * SPACE_12, rect.height())
        if mirrored:
            mark.moveRight(rect.width() - SPACE_12)
            words.moveLeft(SPACE_12)
        if self._icon:
            paint_icon(painter, mark, self._icon, colours.accent if self.isChecked() else colours.muted)
        else:
            paint_ring(painter, mark, self._percent, done=self._done)
        if self._count:
            paint_line(
                painter, words, str(self._count), font(TYPE_SMALL, strong=True), colours.muted, mirrored=not mirrored
            )
        self._paint_words(painter, words, mirrored=mirrored)
        painter.end()

    def _paint_words(self, painter: QPainter, words: QRectF, *, mirrored: bool) -> None:
        colours = tokens().colours
        ink = colours.accent if self.isChecked() else colours.text
        body = font(TYPE_BODY, strong=self.isChecked())
        if not self._second:
            paint_line(painter, words, self.text(), body, ink, mirrored=mirrored)
            return
        height, small = QFontMetrics(body).height(), QFontMetrics(font(TYPE_SMALL)).height()
        top = (words.height() - height - small) / 2
        first = QRectF(words.left(), top, words.width(), height)
        second = QRectF(words.left(), top + height, words.width(), small)
        paint_line(painter, first, self.text(), body, ink, mirrored=mirrored)
        paint_line(painter, second, self._second, font(TYPE_SMALL), colours.muted, mirrored=mirrored)


class SideBar(QScrollArea):
    """Fill ``column``. In a window that is wider than the page, ``stand_beside`` keeps it next to the page's column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sideBar")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget(self)
        inside.setObjectName("scrolled")
        self._beside, self._room, self.indent = 0, 0, 0
        self.column = QVBoxLayout(inside)
        self.column.setSpacing(SPACE_4)
        self.setWidget(inside)
        self._fit()

    def _fit(self) -> None:
        # Half as much as the text: at 200 % the page beside it needs the room more.
        own = (WIDTH + tokens().scaled(WIDTH)) // 2
        taken = own + tokens().scaled(self._beside) + 2 * SPACE_24
        self.indent = max(0, (self._room - taken) // 2)
        self.setFixedWidth(self.indent + own)
        self.column.setContentsMargins(margins(SPACE_12 + self.indent, SPACE_24, 0, SPACE_16))

    def stand_beside(self, column: int, room: int) -> None:
        """Indent so that the bar and a column of at most ``column`` pixels (at 100 % text) are in the middle of
        ``room``. As much as the ``indent`` stays free at the other side."""
        self._beside, self._room = column, room
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """The text's size changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
