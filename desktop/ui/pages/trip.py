"""Packing for a trip: what should be on this computer before there is no network."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.i18n import tr
from desktop.ui import desk as places
from desktop.ui.desk import Desk
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.widgets.states import StateView


class TripPage(Page):
    """See the module."""

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        state = StateView()
        state.show_state(
            "backpack",
            tr("Take your courses along"),
            tr("Open a week of a course and choose “Download week” to study it without a connection."),
            tr("My courses"),
            self._go_home,
        )
        row = QHBoxLayout(self)
        row.addWidget(state)

    def heading(self) -> str:
        """The page's title."""
        return tr("Pack for a trip")

    def _go_home(self) -> None:
        self.desk.go(places.HOME)
