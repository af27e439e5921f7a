"""Where the files of courses lie: the folder, its drive, and how far it is on its way to another place.

Object names: ``folderCard``, ``folderPath``, ``folderChange``, ``folderOpen``, ``folderUsual``, ``folderLook``,
``movePause``, ``moveGoOn``, ``moveCancel``, ``planCard``, ``planConfirm``, ``planCancel``.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import size_text, tr
from desktop.models.content_folder import HERE, problem_of
from desktop.models.storage_views import FolderView, MovePlan, MoveView
from desktop.ui.itemmodels.downloads import time_left_text
from desktop.ui.theme.tokens import SPACE_4, SPACE_8, SPACE_12
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.indicators import ProgressLine
from desktop.ui.widgets.labels import ElidedLabel, IconLabel, Label
from desktop.ui.widgets.layouts import button_row
from desktop.ui.widgets.question import Question
from desktop.ui.widgets.surfaces import Card

COPYING, WAITING, PAUSED, FAILED = "copying", "waiting", "paused", "failed"


class FolderCard(Card):
    """Signals: ``change_wanted`` (choose another folder), ``usual_wanted`` (go back to the usual one), ``open_wanted``
    (show it in the file manager), ``look_wanted`` (is the drive there now?), ``pause_wanted``, ``resume_wanted`` and
    ``cancel_wanted`` of a move."""

    change_wanted = Signal()
    usual_wanted = Signal()
    open_wanted = Signal()
    look_wanted = Signal()
    pause_wanted = Signal()
    resume_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("folderCard")
        self._icon = IconLabel("hard-drives")
        self.title = Label("", "strong")
        self.path = ElidedLabel("", "small", "muted")
        self.path.setObjectName("folderPath")
        self.text = Label("")
        self.bar = ProgressLine(tr("Moving the folder of courses"))
        self.facts = Label("", "small", "muted")
        self.change = Button(tr("Change folder …"), "secondary", "folder-open", "folderChange")
        self.open = Button(tr("Open in file manager"), "quiet", name="folderOpen")
        self.usual = Button(tr("Use the usual folder"), "quiet", name="folderUsual")
        self.look = Button(tr("Look again"), "primary", name="folderLook")
        self.pause = Button(tr("Pause"), "secondary", "pause", "movePause")
        self.resume = Button(tr("Go on"), "primary", "play", "moveGoOn")
        self.cancel = Button(tr("Stay in this folder"), "quiet", name="moveCancel")
        words = QVBoxLayout()
        words.setSpacing(SPACE_4)
        for widget in (self.title, self.path, self.text, self.bar, self.facts):
            words.addWidget(widget)
        words.addSpacing(SPACE_8)
        words.addWidget(button_row(self.look, self.resume, self.pause, self.cancel, self.change, self.usual, self.open))
        row = QHBoxLayout()
        row.setSpacing(SPACE_12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.body.addLayout(row)
        for button, signal in (
            (self.change, self.change_wanted),
            (self.open, self.open_wanted),
            (self.usual, self.usual_wanted),
            (self.look, self.look_wanted),
            (self.pause, self.pause_wanted),
            (self.resume, self.resume_wanted),
            (self.cancel, self.cancel_wanted),
        ):
            button.clicked.connect(signal)
        self.hide()

    def show_folder(self, folder: FolderView) -> None:
        """How it stands now."""
        problem, move = problem_of(folder.state), folder.move
        away = problem is not None
        tone = "danger" if move is not None and move.state == FAILED else "warning" if away else ""
        self.set_ground(f"{tone}_soft" if tone else "surface", f"{tone}_soft" if tone else "border")
        self._icon.set_icon(
            {"": "hard-drives", "warning": "warning", "danger": "warning-circle"}[tone], tone or "muted"
        )
        self.path.set_text(folder.path)
        self.bar.setVisible(move is not None)
        self.facts.setVisible(move is not None)
        if move is not None:
            self._show_move(move)
        elif problem is not None:
            self.title.setText(tr(problem.text))
            self.text.setText(tr(problem.way_out))
        else:
            self.title.setText(
                tr("Your courses are in the usual folder") if folder.usual else tr("Your courses are in")
            )
            self.text.setText("")
        self.text.setVisible(bool(self.text.text()))
        resting = move is not None and move.state in (PAUSED, FAILED)
        for button, shown in (
            (self.look, away and move is None),
            (self.resume, resting),
            (self.pause, move is not None and not resting),
            (self.cancel, move is not None),
            (self.change, move is None),
            (self.usual, move is None and not folder.usual),
            (self.open, folder.state == HERE and move is None),
        ):
            button.setVisible(shown)
        self.resume.setText(tr("Try again") if move is not None and move.state == FAILED else tr("Go on"))
        self.show()

    def _show_move(self, move: MoveView) -> None:
        self.title.setText(
            {
                COPYING: tr("Your courses are being moved"),
                WAITING: tr("The move waits"),
                PAUSED: tr("The move is paused"),
                FAILED: tr("Your courses could not be moved"),
            }[move.state]
        )
        said = " ".join(tr(part) for part in (move.text, move.way_out) if part)
        if move.state == COPYING:
            said = tr("You can go on learning. Downloads rest meanwhile; pause the move to let them go on.")
        elif move.state == PAUSED:
            said = tr("Everything is still where it was, and downloads go on.")
        self.text.setText(said)
        share = move.bytes_done / move.bytes_total if move.bytes_total else 0.0
        self.bar.setValue(int(100 * share))
        self.bar.set_role("danger" if move.state == FAILED else "accent")
        facts = [tr("To {folder}", folder=move.to)]
        if move.bytes_total:
            facts.append(tr("{done} of {total}", done=size_text(move.bytes_done), total=size_text(move.bytes_total)))
        if move.speed > 0:
            facts.append(tr("{size} a second", size=size_text(int(move.speed))))
        if move.seconds_left is not None:
            facts.append(time_left_text(move.seconds_left))
        if move.damaged:
            facts.append(tr("1 damaged file comes again later|{n} damaged files come again later", move.damaged))
        self.facts.setText(" · ".join(facts))


class PlanCard(Question):
    """Says what choosing a folder would do, and asks. ``confirmed``: the ``MovePlan`` that the learner wants."""

    def __init__(self) -> None:
        self.title = Label("", "strong")
        self.path = ElidedLabel("", "small", "muted")
        self.text = Label("")
        yes = Button("", "primary", name="planConfirm")
        no = Button(tr("Not now"), "quiet", name="planCancel")
        super().__init__((self.title, self.path, self.text), yes, no, icon="folder-open", role="accent")
        self.setObjectName("planCard")

    def ask(self, plan: MovePlan) -> None:
        """Ask about a plan."""
        size, free = size_text(plan.bytes_total), size_text(plan.bytes_free)
        parts = []
        if plan.carries:
            self.title.setText(tr("Move your courses to this folder?"))
            parts.append(tr("{size} are moved; {free} are free there.", size=size, free=free))
            if plan.adopts:
                parts.append(tr("The files of courses that are in it already are taken over."))
                parts.append(tr("If another computer uses them, it will ask which folder to use."))
            parts.append(
                tr("You can go on learning. Nothing is removed here until all of it is there and was checked.")
            )
        else:
            self.title.setText(tr("Use this folder from now on?"))
            if plan.adopts:
                parts.append(tr("What is in it is used as it is."))
            parts.append(tr("Nothing can be brought from the folder that is not there; its files stay on it."))
            parts.append(tr("What is missing is downloaded again when you want it."))
            parts.append(tr("Your progress, notes and answers stay."))
        self.path.set_text(plan.folder or tr("The usual folder"))
        self.text.setText(" ".join(parts))
        self.yes.setText(tr("Move") if plan.carries else tr("Use this folder"))
        self.put(plan, leans_to=self.yes)
