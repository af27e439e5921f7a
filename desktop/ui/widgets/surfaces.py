"""What contents stand on: cards, banners, dividers, headers of sections."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import RADIUS_LARGE, SPACE_4, SPACE_8, SPACE_12, SPACE_16
from desktop.ui.widgets.buttons import Button, IconButton
from desktop.ui.widgets.labels import IconLabel, Label

TONE_ICONS = {"accent": "info", "success": "check-circle", "warning": "warning", "danger": "warning-circle"}


def paint_surface(painter: QPainter, rect: QRectF, fill: str, border: str, radius: float = RADIUS_LARGE) -> None:
    """A rounded ground with a hairline around it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(border), 1) if border else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


class Card(QFrame):
    """A sheet of paper with a hairline border. Fill ``body`` (a column). ``fill`` and ``edge`` are colour roles."""

    def __init__(
        self, parent: QWidget | None = None, *, margin: int = SPACE_16, fill: str = "surface", edge: str = "border"
    ) -> None:
        super().__init__(parent)
        self._fill, self._edge = fill, edge
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(SPACE_8)

    def set_ground(self, fill: str, edge: str) -> None:
        """Other colour roles."""
        self._fill, self._edge = fill, edge
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the sheet."""
        colours = tokens().colours
        painter = QPainter(self)
        paint_surface(painter, QRectF(self.rect()), getattr(colours, self._fill), getattr(colours, self._edge))
        painter.end()


class Banner(Card):
    """A message across the page with at most one action. ``tone``: accent, success, warning, danger."""

    dismissed = Signal()

    def __init__(
        self,
        text: str = "",
        tone: str = "accent",
        action_text: str = "",
        action: Callable[[], None] | None = None,
        *,
        title: str = "",
        dismissable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, margin=SPACE_12, fill=f"{tone}_soft", edge=f"{tone}_soft")
        self._icon = IconLabel(TONE_ICONS[tone], role=tone)
        self.title = Label(title, "strong")
        self.text = Label(text)
        self.button = Button(action_text, "secondary")
        if action is not None:
            self.button.clicked.connect(action)
        words = QVBoxLayout()
        words.setSpacing(SPACE_4)
        words.addWidget(self.title)
        words.addWidget(self.text)
        row = QHBoxLayout()
        row.setSpacing(SPACE_12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        if dismissable:
            close = IconButton("x", tr("Dismiss"))
            close.clicked.connect(self.hide)
            close.clicked.connect(self.dismissed)
            row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.title.setVisible(bool(title))
        self.button.setVisible(bool(action_text))

    def show_message(self, text: str, tone: str, title: str = "") -> None:
        """Say something else and become visible."""
        self.set_ground(f"{tone}_soft", f"{tone}_soft")
        self._icon.set_icon(TONE_ICONS[tone], tone)
        self.title.setText(title)
        self.title.setVisible(bool(title))
        self.text.setText(text)
        self.setVisible(True)


class Divider(QFrame):
    """A hairline across."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("variant", "divider")
        self.setFixedHeight(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


class SectionHeader(QWidget):
    """The title of a part of a page; ``trailing`` is a quiet remark at its end, ``row`` takes further widgets."""

    def __init__(self, title: str, trailing: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Label(title, "heading")
        self.trailing = Label(trailing, "small", "muted", wrap=False)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, SPACE_8, 0, 0)
        self.row.setSpacing(SPACE_12)
        self.row.addWidget(self.title, 1)
        self.row.addWidget(self.trailing, 0, Qt.AlignmentFlag.AlignBottom)
