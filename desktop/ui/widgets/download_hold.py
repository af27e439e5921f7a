"""Why downloads wait, and the one thing that helps.

Object names: ``holdCard``, ``holdAction``.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.i18n import tr
from desktop.models.content_folder import ABSENT, GONE, HERE, MOVING, OTHER, READ_ONLY, SILENT, problem_of
from desktop.models.home_views import SyncStatus
from desktop.models.storage_views import FolderView
from desktop.models.views import DownloadRules
from desktop.ui.theme.tokens import SPACE_12
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.fields import minute_text
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.surfaces import Card

PAUSED, METERED, HOURS, NETWORK = "paused", "metered", "hours", "network"
FOLDER = frozenset({ABSENT, OTHER, GONE, SILENT, READ_ONLY, MOVING})
"""What is the matter with the folder of courses."""


def hold_of(hold: str, status: SyncStatus, folder: FolderView | None) -> str:
    """The reason that counts. Without a place for the files nothing else matters, without a network no rule; what the
    learner paused is paused all the same."""
    if hold in FOLDER or (found := folder_hold(folder)):
        return hold if hold in FOLDER else found
    return NETWORK if hold != PAUSED and status.state == "offline" else hold


def folder_hold(folder: FolderView | None) -> str:
    """Why nothing can be downloaded into the folder of courses now; empty when it can."""
    if folder is None:
        return ""
    if folder.state != HERE:
        return folder.state
    return MOVING if folder.move is not None and folder.move.state == "copying" else ""


def hold_words(reason: str, rules: DownloadRules) -> tuple[str, str, str]:
    """What to say, what the button says, and the icon."""
    if reason == MOVING:
        return (
            tr("Your courses are being moved to another folder. Downloads rest meanwhile."),
            tr("Storage"),
            "hard-drives",
        )
    if reason in FOLDER and (problem := problem_of(reason)) is not None:
        return (
            f"{tr(problem.text)} {tr('Downloads wait for it and go on by themselves.')}",
            tr("Storage"),
            "hard-drives",
        )
    if reason == PAUSED:
        return tr("All downloads are paused."), tr("Resume all"), "pause"
    if reason == METERED:
        return (
            tr("This network counts what is used, so downloads wait for another one."),
            tr("Download anyway"),
            "gauge",
        )
    if reason == HOURS:
        first, last = minute_text(rules.from_minute), minute_text(rules.until_minute)
        return tr("Downloads run from {first} until {last}.", first=first, last=last), tr("Download now"), "clock"
    return tr("Waiting for a network. Downloads go on by themselves where they stopped."), tr("Try now"), "wifi-slash"


class HoldCard(Card):
    """``released``: the learner pressed what helps, for this reason."""

    released = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=SPACE_12, fill="warning_soft", edge="warning_soft")
        self.setObjectName("holdCard")
        self.reason = ""
        self._icon = IconLabel("pause", role="warning")
        self.text = Label("")
        self.action = Button("", "secondary", name="holdAction")
        self.action.clicked.connect(self._release)
        row = QHBoxLayout()
        row.setSpacing(SPACE_12)
        row.addWidget(self._icon)
        row.addWidget(self.text, 1)
        row.addWidget(self.action)
        self.body.addLayout(row)
        self.hide()

    def show_hold(self, reason: str, rules: DownloadRules) -> None:
        """Say why nothing comes; an empty reason hides the card."""
        self.reason = reason
        if reason:
            text, action, icon_name = hold_words(reason, rules)
            self.text.setText(text)
            self.action.setText(action)
            self._icon.set_icon(icon_name, "warning")
        self.setVisible(bool(reason))

    def _release(self) -> None:
        self.released.emit(self.reason)
