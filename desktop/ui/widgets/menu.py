"""Menus in the look of the rest: round corners and our own tick."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPainterPath, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from desktop.ui.theme.icons import paint_icon
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import ICON_SMALL, RADIUS_SMALL, SPACE_12


def become_round(popup: QWidget) -> None:
    """Have nothing painted outside of the round corners of a window that pops up. Before it is shown first."""
    # The system's shadow would be that of a rectangle.
    popup.setWindowFlags(popup.windowFlags() | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint)
    popup.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)


def cut_corners(popup: QWidget) -> None:
    """X11 may not blend windows: then what is outside of the corners would be black. It is cut off."""
    if QGuiApplication.platformName() != "xcb":
        return
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(popup.rect()), RADIUS_SMALL, RADIUS_SMALL)
    popup.setMask(QRegion(outline.toFillPolygon().toPolygon()))


class Menu(QMenu):
    """A menu, or one within another: hand it to ``addMenu``, which makes a plain one of a text."""

    def __init__(self, parent: QWidget | None = None, title: str = "") -> None:
        super().__init__(title, parent)
        become_round(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size has its corners elsewhere."""
        super().resizeEvent(event)
        cut_corners(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The entries, and a tick beside those that are chosen. (A style sheet takes a tick from a file only.)"""
        super().paintEvent(event)
        painter = QPainter(self)
        for action in self.actions():
            if action.isCheckable() and action.isChecked():
                paint_icon(painter, self._tick(self.actionGeometry(action)), "check-bold", tokens().colours.accent)
        painter.end()

    def _tick(self, row: QRect) -> QRect:
        side = tokens().scaled(ICON_SMALL)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = row.right() + 1 - SPACE_12 - side if mirrored else row.left() + SPACE_12
        return QRect(left, row.center().y() - side // 2, side, side)
