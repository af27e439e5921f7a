"""What every page of the window is."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from desktop.ui.desk import Desk, Place
from desktop.ui.preferences import Preferences

REFRESH_AFTER_MS = 40
"""Changes that come in a burst (a sync) are answered by one new look."""


class Page(QWidget):
    """A page is made once, lazily, and shown for many places. ``show_place`` says which; ``refresh`` asks again for it.

    ``kinds`` names the kinds of data (see ``Desk.changed``) after whose change the page is refreshed: soon while it is
    on the screen, else when it is shown again. A refresh must keep scroll position, focus and what is being typed.

    ``heading_changed`` is emitted when ``heading`` answers something else than when the place was shown.
    """

    heading_changed = Signal()

    kinds: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.preferences = preferences
        self.place: Place | None = None
        self._stale = False
        self._arriving = False
        self._soon = QTimer(self, singleShot=True, interval=REFRESH_AFTER_MS)
        self._soon.timeout.connect(self._refresh_now)
        desk.changed.connect(self._on_changed)

    def show_place(self, place: Place) -> None:
        """Show what ``place`` names. Called before the page becomes visible, and again for every other place."""
        self.place = place
        self._stale = False
        self._arriving = True
        self.refresh()

    def focus_on_arrival(self, widget: QWidget) -> None:
        """Give the keyboard to what is done most here: once for each place, and not while somebody types elsewhere."""
        if not self._arriving:
            return
        self._arriving = False
        now = QApplication.focusWidget()
        if not isinstance(now, QLineEdit) or self.isAncestorOf(now):
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Ask for the data of ``self.place`` and show it. Called in the UI thread."""

    def leave(self) -> None:
        """Another page takes over: stop what plays, save what is typed. The page stays in memory."""

    def take_focus(self) -> None:
        """The keyboard comes to the page from the frame: give it what is worked with most."""
        self.setFocus()

    def heading(self) -> str:
        """What the page shows, for the window's title and screen readers."""
        return ""

    @Slot(object)
    def _on_changed(self, kinds: frozenset[str]) -> None:
        if not kinds & self.kinds or self.place is None:
            return
        if self.isVisible():
            self._soon.start()
        else:
            self._stale = True

    @Slot()
    def _refresh_now(self) -> None:
        self._stale = False
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while the page was hidden."""
        super().showEvent(event)
        if self._stale:
            self._soon.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """A refresh that waits is done when the page is seen again."""
        super().hideEvent(event)
        if self._soon.isActive():
            self._soon.stop()
            self._stale = True
