"""A choice with a sentence that says what it means."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui.theme.icons import paint_icon
from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import ICON, SPACE_4, SPACE_12, TYPE_BODY
from desktop.ui.widgets.focus import PaintedButton
from desktop.ui.widgets.lines import reading_side
from desktop.ui.widgets.surfaces import paint_surface


class ChoiceButton(PaintedButton):
    """A sheet to click: a title, a sentence, and a mark when it is the one chosen."""

    def __init__(self, title: str, text: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._sentence = title, text
        self.setText(title)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _words(self, width: int) -> QRectF:
        side = tokens().scaled(ICON)
        return QRectF(SPACE_12, SPACE_12, width - 3 * SPACE_12 - side, 10_000)

    def hasHeightForWidth(self) -> bool:
        """The sentence wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Room for title and sentence."""
        rect = self._words(width).toRect()
        title = QFontMetrics(font(TYPE_BODY, strong=True)).boundingRect(rect, Qt.TextFlag.TextWordWrap, self._title)
        text = QFontMetrics(font(TYPE_BODY)).boundingRect(rect, Qt.TextFlag.TextWordWrap, self._sentence)
        return title.height() + text.height() + SPACE_4 + 2 * SPACE_12

    def sizeHint(self) -> QSize:
        """A comfortable width."""
        width = self.width() if self.width() > 120 else 420
        return QSize(360, self.heightForWidth(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need other lines."""
        super().resizeEvent(event)
        if event.oldSize().width() != self.width():
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        colours = tokens().colours
        painter = QPainter(self)
        chosen, focused = self.isChecked(), self.ring()
        fill = colours.accent_soft if chosen else colours.hover if self.underMouse() else colours.surface
        paint_surface(
            painter, QRectF(self.rect()), fill, colours.accent if chosen or focused else colours.border_strong
        )
        if focused:
            paint_surface(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), fill, colours.accent)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = tokens().scaled(ICON)
        words = self._words(self.width())
        mark = QRectF(self.width() - SPACE_12 - side, (self.height() - side) / 2, side, side)
        if mirrored:
            mark.moveLeft(SPACE_12)
            words.moveRight(self.width() - SPACE_12)
        paint_icon(
            painter,
            mark,
            "check-circle-fill" if chosen else ("caret-left" if mirrored else "caret-right"),
            colours.accent if chosen else colours.muted,
        )
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        flags = Qt.TextFlag.TextWordWrap | reading_side(mirrored=mirrored)
        painter.setFont(font(TYPE_BODY, strong=True))
        painter.setPen(colours.text)
        used = painter.boundingRect(words, flags, self._title)
        painter.drawText(words, flags, self._title)
        painter.setFont(font(TYPE_BODY))
        painter.setPen(colours.muted)
        painter.drawText(words.adjusted(0, used.height() + SPACE_4, 0, 0), flags, self._sentence)
        painter.end()
