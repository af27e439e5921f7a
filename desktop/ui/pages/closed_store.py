"""In place of everything else while the learner's data cannot be opened: what happened, and what helps."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from desktop.config import APP_NAME
from desktop.errors import Problem
from desktop.i18n import tr
from desktop.models.views import LearnerView
from desktop.ui.desk import Desk
from desktop.ui.pages.entrance import Brow, entrance
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.pictures import Pictures


class ClosedStorePage(Page):
    """``show_problem`` says why; *Try again* opens the same learner's data once more."""

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._learner: LearnerView | None = None
        sheet = entrance(self)
        self.brow = Brow(Pictures(desk, self))
        self.brow.show_names(APP_NAME, "")
        self.title = Label("", "title")
        self.title.setObjectName("closedStoreTitle")
        self.text = Label("")
        self.text.setObjectName("closedStoreText")
        self.kept = Label("", "body", "muted")
        self.again = Button(tr("Try again"), "primary", name="closedStoreAgain")
        self.again.clicked.connect(self._try_again)
        for widget in (self.brow, IconLabel("warning-circle", 40, "warning"), self.title, self.text, self.kept):
            sheet.body.addWidget(widget)
        sheet.body.addWidget(self.again)

    def heading(self) -> str:
        """For the title of the window."""
        return tr("Your data cannot be opened")

    def show_problem(self, problem: Problem, learner: LearnerView) -> None:
        """Say what keeps the data of this learner closed."""
        self._learner = learner
        self.title.setText(tr(problem.text))
        self.text.setText(tr(problem.way_out))
        self.text.setVisible(bool(problem.way_out))
        self.kept.setText(tr("Your courses, notes and answers are still on this computer. They were not changed."))
        self.again.setText(tr("Try again"))
        self.again.setEnabled(True)
        self.again.setFocus()

    @Slot()
    def _try_again(self) -> None:
        if self._learner is not None:
            self.again.setEnabled(False)
            self.again.setText(tr("One moment …"))
            self.desk.enter(self._learner)
