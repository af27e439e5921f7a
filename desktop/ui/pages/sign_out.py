"""Before signing out while something waits to be sent: what that is, where it stays, and the choice.

Object names: ``signOutTitle``, ``signOutText``, ``signOutSend``, ``signOutKeep``, ``signOutStay``,
``signOutOutbox``.
"""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import tr
from desktop.models.home_views import SyncStatus
from desktop.ui.desk import OUTBOX, SIGNED_OUT, Desk
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import SPACE_16, SPACE_24
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import FlowLayout
from desktop.ui.widgets.scroll import PageScroll
from desktop.ui.widgets.surfaces import Card

WIDTH = 640


class SignOutPage(Page):
    """See the module."""

    kinds: ClassVar[frozenset[str]] = frozenset({"outbox"})

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._waiting = 1
        sheet = PageScroll(WIDTH)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(sheet)
        self.title = Label(tr("Sign out"), "title")
        self.title.setObjectName("signOutTitle")
        self.text = Label("")
        self.text.setObjectName("signOutText")
        self.kept = Label("", "body", "muted")
        self.send = Button(tr("Send now"), "primary", "arrows-clockwise", name="signOutSend")
        self.keep = Button(tr("Sign out and keep it all here"), "secondary", "sign-out", name="signOutKeep")
        self.stay = Button(tr("Stay signed in"), "quiet", name="signOutStay")
        self.list = Button(tr("Show the Outbox"), "link", name="signOutOutbox")
        self.send.clicked.connect(self._on_send)
        self.keep.clicked.connect(self._on_keep)
        self.stay.clicked.connect(self._on_stay)
        self.list.clicked.connect(self._on_list)
        card = Card(margin=SPACE_24)
        card.body.setSpacing(SPACE_16)
        card.body.addWidget(self.title)
        card.body.addWidget(self.text)
        card.body.addWidget(self.kept)
        buttons = FlowLayout()
        for button in (self.send, self.keep, self.stay, self.list):
            buttons.addWidget(button)
        card.body.addLayout(buttons)
        sheet.body.addWidget(card)
        sheet.body.addStretch(1)
        desk.status_changed.connect(self._on_status)

    def heading(self) -> str:
        """For the title of the window."""
        return tr("Sign out")

    def refresh(self) -> None:
        """Ask what waits."""
        self.desk.ask(self, lambda services: services.outbox.waiting_count(), self._show, self._show_problem)

    def _show(self, waiting: int) -> None:
        self._waiting = waiting
        if waiting:
            self.text.setText(
                tr(
                    "{n} entry has not reached your program yet.|{n} entries have not reached your program yet.",
                    waiting,
                )
            )
            self.kept.setText(
                tr(
                    "If you sign out now, your work stays in your own folder on this computer and is sent when you "
                    "sign in here again. Nobody who signs in after you sees or sends it."
                )
            )
        else:
            self.text.setText(tr("Everything has been sent."))
            self.kept.setText(tr("What you downloaded stays on this computer until you sign in again."))
        self.keep.setText(tr("Sign out and keep it all here") if waiting else tr("Sign out"))
        self._show_send()
        self.focus_on_arrival(self.keep if self.send.isHidden() or not self.send.isEnabled() else self.send)

    def _show_send(self) -> None:
        status = self.desk.status
        self.send.setVisible(bool(self._waiting) and status.code not in SIGNED_OUT)
        self.send.setEnabled(status.state != "syncing" and not status.trying)
        self.list.setVisible(bool(self._waiting))

    def _show_problem(self, problem: Problem) -> None:
        self.text.setText(tr(problem.text))
        self.kept.setText(tr(problem.way_out))

    @Slot(object)
    def _on_status(self, _status: SyncStatus) -> None:
        self._show_send()

    @Slot()
    def _on_send(self) -> None:
        self.desk.wake_sync()

    @Slot()
    def _on_keep(self) -> None:
        self.desk.sign_out()

    @Slot()
    def _on_stay(self) -> None:
        self.desk.back()

    @Slot()
    def _on_list(self) -> None:
        self.desk.go(OUTBOX)
