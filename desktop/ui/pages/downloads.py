"""Downloads: an area with three parts, the queue, packing for a trip, and what is kept on this computer.

Object names: ``downloadsTabs``, ``importCourses``; those of the parts are in their modules.
"""

from __future__ import annotations

import importlib
from typing import Final

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.ui import desk as places
from desktop.ui.desk import Desk, Place
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import PAGE_WIDTH, SPACE_4, SPACE_24
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.surfaces import Divider
from desktop.ui.widgets.tabs import Tabs

QUEUE: Final = "queue"
TRIP: Final = "trip"
STORAGE: Final = "storage"

PARTS: Final = {
    QUEUE: "download_queue:QueuePage",
    TRIP: "trip:TripPage",
    STORAGE: "storage:StoragePage",
}
"""Key of a tab → module and class below ``desktop.ui.pages``; imported when the part is first shown."""


class DownloadsPage(Page):
    """Shows one part for each place: ``tab`` is a key of ``PARTS``, the queue if none is given. Each part is a page
    of its own, made when it is first shown; it keeps what is chosen in it while another is seen."""

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._parts: dict[str, Page] = {}
        self._shown = QUEUE
        self.tabs = Tabs(tr("Parts of the downloads"), "downloadsTabs")
        self.tabs.add_tab(QUEUE, tr("Queue"))
        self.tabs.add_tab(TRIP, tr("Pack for a trip"))
        self.tabs.add_tab(STORAGE, tr("Storage"))
        self._stack = QStackedWidget()
        self._head = QWidget()
        self._head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        head = QVBoxLayout(self._head)
        head.setContentsMargins(0, SPACE_24, 0, 0)
        head.setSpacing(SPACE_4)
        title = QHBoxLayout()
        title.addWidget(Label(tr("Downloads"), "title"), 1)
        self._import = Button(tr("Import courses …"), "secondary", "package", "importCourses")
        title.addWidget(self._import)
        head.addLayout(title)
        head.addWidget(self.tabs)
        row = QHBoxLayout()
        row.setContentsMargins(SPACE_24, 0, SPACE_24, 0)
        row.addStretch(1)
        row.addWidget(self._head, 1000)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(Divider())
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self.tabs)
        self._fit()
        self.tabs.currentChanged.connect(self._on_tab)
        self._import.clicked.connect(self._go_import)

    def heading(self) -> str:
        """The page's title."""
        shown = self.part()
        return shown.heading() if shown is not None else tr("Downloads")

    def part(self) -> Page | None:
        """The part in front."""
        found = self._stack.currentWidget()
        return found if isinstance(found, Page) else None

    def show_place(self, place: Place) -> None:
        """Put the part in front that the place names."""
        self.place = place
        wanted = place.get("tab")
        key = self._shown = wanted if wanted in PARTS else QUEUE
        self.tabs.choose(key)
        part = self._made(key)
        before = self.part()
        if before is not None and before is not part:
            before.leave()
        part.show_place(place)
        self._stack.setCurrentWidget(part)
        self.heading_changed.emit()

    def leave(self) -> None:
        """Another page takes over."""
        shown = self.part()
        if shown is not None:
            shown.leave()

    def take_focus(self) -> None:
        """The keyboard comes to the page: to the names of its parts."""
        self.tabs.setFocus()

    def _made(self, key: str) -> Page:
        if key not in self._parts:
            module, _, kind = PARTS[key].partition(":")
            made = getattr(importlib.import_module(f"desktop.ui.pages.{module}"), kind)(
                self.desk, self.preferences, self._stack
            )
            assert isinstance(made, Page)
            made.heading_changed.connect(self.heading_changed)
            self._parts[key] = made
            made.resize(self._stack.size())
            self._stack.addWidget(made)
        return self._parts[key]

    @Slot(int)
    def _on_tab(self, _number: int) -> None:
        if self.tabs.chosen() != self._shown:  # else it only follows the place
            self.desk.go(places.DOWNLOADS, tab=self.tabs.chosen())

    @Slot()
    def _go_import(self) -> None:
        self.desk.go(places.IMPORTS)

    def _fit(self) -> None:
        self._head.setMaximumWidth(tokens().scaled(PAGE_WIDTH))

    def changeEvent(self, event: QEvent) -> None:
        """The text's size changed, and with it how wide the parts' columns are."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_head"):
            self._fit()
