"""The pages, made when they are first shown, and the way back."""

from __future__ import annotations

import importlib
import logging
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.ui import desk as places
from desktop.ui.desk import Desk, Place
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences

log = logging.getLogger(__name__)

INVITATION: Final = "invitation"
SIGN_IN: Final = "sign_in"
HELP: Final = "help"
SIGN_OUT: Final = "sign_out"
DIAGNOSTICS: Final = "diagnostics"
CLOSED_STORE: Final = "closed_store"

PAGES: Final = {
    places.WELCOME: "welcome:WelcomePage",
    INVITATION: "invitation:InvitationPage",
    SIGN_IN: "sign_in:SignInPage",
    places.HOME: "home:HomePage",
    places.CATALOG: "catalog:CatalogPage",
    places.DESCRIPTION: "description:DescriptionPage",
    places.COURSE: "course:CoursePage",
    places.ITEM: "item:ItemPage",
    places.NOTES: "notes:NotesPage",
    places.OUTBOX: "outbox:OutboxPage",
    places.DOWNLOADS: "downloads:DownloadsPage",
    places.IMPORTS: "imports:ImportsPage",
    HELP: "help:HelpPage",
    SIGN_OUT: "sign_out:SignOutPage",
    DIAGNOSTICS: "diagnostics:DiagnosticsPage",
    CLOSED_STORE: "closed_store:ClosedStorePage",
    places.PROXY: "proxy:ProxyPage",
    places.CARRY: "carry:CarryPage",
}
"""Name of a page → module and class below ``desktop.ui.pages``; imported when the page is first shown."""

OUTSIDE: Final = frozenset({places.WELCOME, INVITATION, SIGN_IN, CLOSED_STORE, places.PROXY})
"""Pages without the frame: of those who are not signed in, or whose data cannot be opened."""

HISTORY = 50


class PageStack(QStackedWidget):
    """``moved`` is emitted after a page was put in front; ``heading_changed`` when what it shows has another name."""

    moved = Signal(object)
    heading_changed = Signal()

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._preferences = desk, preferences
        self._pages: dict[str, Page] = {}
        self._history: list[Place] = []
        self.place: Place | None = None

    def page(self, name: str) -> Page:
        """A page, made if need be."""
        if name not in self._pages:
            module, _, kind = PAGES[name].partition(":")
            made = getattr(importlib.import_module(f"desktop.ui.pages.{module}"), kind)(
                self._desk, self._preferences, self
            )
            assert isinstance(made, Page)
            made.setObjectName("page")
            made.heading_changed.connect(self.heading_changed)
            self._pages[name] = made
            made.resize(self.size())
            self.addWidget(made)
        return self._pages[name]

    def current_page(self) -> Page | None:
        """The page in front."""
        found = self.currentWidget()
        return found if isinstance(found, Page) else None

    def go(self, place: Place, *, remember: bool = True) -> None:
        """Show a place. With ``remember`` the one before can be returned to."""
        if place.page not in PAGES:
            log.error("there is no page %s", place.page)
            return
        before = self.place
        if remember and before is not None and before != place:
            self._history = [*self._history[1 - HISTORY :], before]
        page = self.page(place.page)
        current = self.current_page()
        if current is not None and current is not page:
            current.leave()
        self.place = place
        page.show_place(place)
        self.setCurrentWidget(page)
        self.moved.emit(place)

    def back(self) -> None:
        """Show the place before; stay if there is none."""
        if self._history:
            self.go(self._history.pop(), remember=False)

    def place_is_snapshot(self) -> bool:
        """Whether what is shown is only the home as it was last seen."""
        return self.place is not None and bool(self.place.get("snapshot"))

    def can_go_back(self) -> bool:
        """Whether there is a place before."""
        return bool(self._history)

    def forget_history(self) -> None:
        """Nobody should get back across joining or signing out."""
        self._history.clear()

    def drop_pages(self) -> None:
        """Throw all pages away, with what they show of a learner."""
        current = self.current_page()
        if current is not None:
            current.leave()
        for page in self._pages.values():
            self.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self._history.clear()
        self.place = None
