"""The window that is shown in the program's place when it cannot start."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from desktop.branding import load_brand
from desktop.config import Config, resources
from desktop.errors import Problem
from desktop.i18n import tr
from desktop.ui.preferences import Preferences
from desktop.ui.theme.theme import Theme
from desktop.ui.theme.tokens import SPACE_8, SPACE_12, SPACE_16, SPACE_24
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.labels import IconLabel, Label

WIDTH = 480


class TroubleWindow(QWidget):
    """What happened, what helps, which folder it is about. ``retry_wanted``: the learner has mended it."""

    retry_wanted = Signal()

    def __init__(self, config: Config) -> None:
        super().__init__()
        brand, _ = load_brand(config)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._theme = Theme(app, Preferences(config.home / "preferences.ini", self), brand.accent, self)
        self.setObjectName("page")
        self.setWindowTitle(brand.name)
        self.setWindowIcon(QIcon(str(resources() / "icons" / "haversack.svg")))
        self.title = Label("", "heading")
        self.title.setObjectName("troubleTitle")
        self.text = Label("")
        self.text.setObjectName("troubleText")
        self.folder = Label(tr("Data folder: {folder}", folder=config.home), "small", "muted")
        self.folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.again = Button(tr("Try again"), "primary", name="troubleAgain")
        self.quit = Button(tr("Close"), "secondary", name="troubleClose")
        self.again.clicked.connect(self.retry_wanted)
        self.quit.clicked.connect(self.close)
        words = QVBoxLayout()
        words.setSpacing(SPACE_8)
        for label in (self.title, self.text, self.folder):
            words.addWidget(label)
        top = QHBoxLayout()
        top.setSpacing(SPACE_16)
        top.addWidget(IconLabel("warning-circle", 40, "warning"), 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_12)
        foot.addStretch(1)
        foot.addWidget(self.quit)
        foot.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_24, SPACE_24, SPACE_24, SPACE_24)
        column.setSpacing(SPACE_24)
        column.addLayout(top)
        column.addStretch(1)
        column.addLayout(foot)
        self.setFixedWidth(WIDTH)

    def show_problem(self, problem: Problem) -> None:
        """Say it; also when trying again did not help."""
        self.title.setText(tr(problem.text))
        self.text.setText(tr(problem.way_out))
        self.again.setFocus()
        self.adjustSize()
