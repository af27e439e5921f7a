"""The frame of the pages before a learner is known: one sheet in the middle of the window."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.config import resources
from desktop.i18n import tr
from desktop.models.views import ProgramView
from desktop.ui.desk import HOME, WELCOME, Desk
from desktop.ui.theme.contrast import mix
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import SPACE_8, SPACE_12, SPACE_16, SPACE_32
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.pictures import Pictures, PictureView
from desktop.ui.widgets.scroll import PageScroll
from desktop.ui.widgets.surfaces import Card

SHEET = 520
LOGO = resources() / "icons" / "haversack.svg"


class Contours(PageScroll):
    """The scrolling ground with faint contour lines, as on a map."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(SHEET, parent)
        self.viewport().setAutoFillBackground(False)
        inside = self.widget()
        assert inside is not None
        inside.setObjectName("")
        inside.setAutoFillBackground(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The lines, then what stands on them."""
        colours = tokens().colours
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.viewport().rect(), QColor(colours.canvas))
        width, height = self.viewport().width(), self.viewport().height()
        for across, down, first in ((0.04, 0.92, 60), (0.97, 0.08, 90)):
            for step in range(9):
                share = 0.20 * (1 - step / 10)
                painter.setPen(QPen(QColor(mix(colours.canvas, colours.accent, share)), 1.4))
                radius = first + step * 46
                left, top = round(width * across - radius * 1.25), round(height * down - radius)
                painter.drawEllipse(left, top, round(radius * 2.5), radius * 2)
        painter.end()
        super().paintEvent(event)


class Brow(QWidget):
    """The logo with a name and what it belongs to."""

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = PictureView(pictures, QSize(48, 48))
        self.name = Label("", "title")
        self.belongs = Label("", "body", "muted")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.belongs)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, SPACE_8)
        row.setSpacing(SPACE_16)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.show_names("Haversack", "")

    def show_names(self, name: str, belongs: str, program: ProgramView | None = None) -> None:
        """Say whose door this is."""
        logo = program.logo if program is not None else None
        self.picture.show_picture(LOGO if logo is None else logo, name, "course")
        self.name.setText(name)
        self.belongs.setText(belongs)
        self.belongs.setVisible(bool(belongs))


class BackButton(Button):
    """Away from the pages at the door: to the courses of whoever is signed in, else to the start."""

    def __init__(self, desk: Desk, name: str, parent: QWidget | None = None) -> None:
        super().__init__("", "link", "arrow-left", name, parent)
        self._desk = desk
        self.clicked.connect(self._go)
        self.look()

    def look(self) -> None:
        """Say where it leads now."""
        self.setText(tr("Back to the start") if self._desk.learner is None else tr("Back to my courses"))

    @Slot()
    def _go(self) -> None:
        self._desk.go(WELCOME if self._desk.learner is None else HOME)


def entrance(page: QWidget) -> Card:
    """Put a sheet in the middle of a page; fill its ``body``."""
    ground = Contours()
    sheet = Card(margin=SPACE_32)
    sheet.body.setSpacing(SPACE_12)
    ground.centre()
    ground.body.addWidget(sheet)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(ground)
    return sheet
