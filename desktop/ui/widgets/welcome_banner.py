"""The welcome on the program's home, with *How it works*; once dismissed it stays away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.models.home_views import ProgramView
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import ICON_MEDIUM, SPACE_4, SPACE_8, SPACE_12, SPACE_16, SPACE_24
from desktop.ui.widgets.buttons import Button, IconButton
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.layouts import margins
from desktop.ui.widgets.surfaces import Card


class WelcomeBanner(Card):
    """Remembers per program that it was dismissed."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=SPACE_16, fill="accent_soft", edge="accent_soft")
        self.body.setContentsMargins(margins(SPACE_16, SPACE_12, SPACE_8, SPACE_12))
        self._preferences, self._key = preferences, ""
        self.title = Label("", "heading")
        self.text = Label("")
        self.how = Button(tr("How it works"), "quiet", "caret-down", "howItWorks")
        self.how.setProperty("tone", "accent")
        self.how.clicked.connect(self._toggle)
        close = IconButton("x", tr("Dismiss the welcome"), "dismissWelcome", ICON_MEDIUM)
        close.clicked.connect(self._dismiss)
        top = QHBoxLayout()
        top.setSpacing(SPACE_8)
        words = QVBoxLayout()
        words.setContentsMargins(0, SPACE_4, 0, SPACE_4)
        words.setSpacing(SPACE_4)
        words.addWidget(self.title)
        words.addWidget(self.text)
        top.addLayout(words, 1)
        top.addWidget(self.how, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(top)
        self.steps: QWidget | None = None

    def _make_steps(self) -> QWidget:
        steps = QWidget()
        row = QHBoxLayout(steps)
        row.setContentsMargins(margins(0, SPACE_8, SPACE_8, SPACE_8))
        row.setSpacing(SPACE_24)
        for icon_name, title, text in (
            ("compass", tr("Choose"), tr("Pick a course in the catalog. One click and it is yours.")),
            ("download-simple", tr("Pack"), tr("Download a week where the network is good.")),
            ("book-open", tr("Learn anywhere"), tr("Watch, read, take notes and quizzes without a network.")),
            ("cloud-check", tr("It is sent by itself"), tr("What you did goes out when there is a network again.")),
        ):
            column = QVBoxLayout()
            column.setSpacing(SPACE_4)
            column.addWidget(IconLabel(icon_name, 24, "accent"))
            column.addSpacing(SPACE_8)
            column.addWidget(Label(title, "strong"))
            column.addWidget(Label(text, "small"))
            column.addStretch(1)
            row.addLayout(column, 1)
        self.body.addWidget(steps)
        return steps

    def show_program(self, program: ProgramView | None) -> None:
        """Welcome the learner, unless they said once that they have read it."""
        self._key = f"welcome/{program.id}" if program else ""
        self.title.setText(tr("Welcome to {program}", program=program.name) if program else "")
        self.text.setText(program.welcome if program else "")
        self.text.setVisible(bool(program and program.welcome))
        self.setVisible(program is not None and not self._preferences.flag(self._key))

    @Slot()
    def _toggle(self) -> None:
        shown = self.steps is None or self.steps.isHidden()
        self.steps = self.steps or self._make_steps()
        self.steps.setVisible(shown)
        self.how.set_icon("caret-up" if shown else "caret-down")
        self.how.setAccessibleDescription(tr("Shown") if shown else "")

    @Slot()
    def _dismiss(self) -> None:
        self._preferences.keep(self._key, True)  # noqa: FBT003 (the value that is kept)
        self.hide()
