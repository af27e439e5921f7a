"""What each course takes on this computer.

Object names: ``storageList``, ``storageSummary``, ``removeCard``, ``confirmRemove``, ``cancelRemove``.
"""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import size_text, tr
from desktop.models.views import DownloadsView
from desktop.ui import desk as places
from desktop.ui.desk import Desk, Notice
from desktop.ui.itemmodels import downloads
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import SPACE_8, SPACE_12
from desktop.ui.widgets.action_list import ActionList
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.scroll import PageScroll
from desktop.ui.widgets.states import Stateful
from desktop.ui.widgets.surfaces import Card


class RemoveCard(Card):
    """Asks before a course's files are removed, in place."""

    def __init__(self) -> None:
        super().__init__(margin=SPACE_12, fill="warning_soft", edge="warning_soft")
        self.setObjectName("removeCard")
        self.course_id = ""
        self.text = Label("")
        self.remove = Button(tr("Remove"), "secondary", name="confirmRemove")
        self.keep = Button(tr("Keep"), "quiet", name="cancelRemove")
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(IconLabel("warning", role="warning"))
        row.addWidget(self.text, 1)
        row.addWidget(self.remove)
        row.addWidget(self.keep)
        self.body.addLayout(row)
        self.keep.clicked.connect(self.hide)
        self.hide()

    def ask(self, course_id: str, title: str, size: int) -> None:
        """Ask about a course."""
        self.course_id = course_id
        self.text.setText(
            tr(
                "Remove {size} of “{title}” from this computer? Your progress, notes and answers stay.",
                size=size_text(size),
                title=title,
            )
        )
        self.show()
        self.keep.setFocus()


class StoragePage(Page):
    """See the module."""

    kinds: ClassVar[frozenset[str]] = frozenset({"downloads", "assets", "courses"})

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._view: DownloadsView | None = None
        self._summary = Label("", "body", "muted")
        self._summary.setObjectName("storageSummary")
        self._remove = RemoveCard()
        self.storage = ActionList()
        self.storage.setObjectName("storageList")
        self.storage.setAccessibleName(tr("Courses on this computer"))
        scroll = PageScroll()
        scroll.body.setSpacing(SPACE_12)
        for widget in (self._summary, self._remove, self.storage):
            scroll.body.addWidget(widget)
        self._body = Stateful(scroll)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._body)
        self.storage.fit_height()
        self.storage.action_wanted.connect(self._on_action)
        self.storage.row_activated.connect(self._open_course)
        self._remove.remove.clicked.connect(self._remove_course)

    def heading(self) -> str:
        """The page's title."""
        return tr("Storage")

    def refresh(self) -> None:
        """Ask for what is here."""
        if self._view is None:
            self._body.show_loading()
        self.desk.ask(self, lambda services: services.downloads.view(), self._show, self._show_problem)

    def _show(self, view: DownloadsView) -> None:
        self._view = view
        self.storage.show_rows([downloads.storage_row(*course) for course in view.courses])
        used, free = size_text(view.bytes_used), size_text(view.bytes_free)
        self._summary.setText(tr("{used} used, {free} free on this disk.", used=used, free=free))
        if view.courses:
            self._body.show_content()
        else:
            self._body.show_state(
                "hard-drives",
                tr("Nothing is on this computer yet"),
                tr("Open a week of a course and choose “Download week” to study it without a connection."),
                tr("My courses"),
                self._go_home,
            )

    def _show_problem(self, problem: Problem) -> None:
        if self._view is None:
            self._body.show_problem(problem, self.refresh)

    @Slot(str, str)
    def _on_action(self, row_id: str, key: str) -> None:
        if key == downloads.OPEN:
            self._open_course(row_id)
        elif key == downloads.REMOVE and self._view is not None:
            for course_id, title, size in self._view.courses:
                if course_id == row_id:
                    self._remove.ask(course_id, title, size)

    @Slot()
    def _remove_course(self) -> None:
        course_id = self._remove.course_id
        self._remove.hide()
        self.desk.ask(self, lambda services: services.downloads.remove_course(course_id), None, self._say_problem)

    def _say_problem(self, problem: Problem) -> None:
        text = " ".join(tr(part) for part in (problem.text, problem.way_out) if part)
        self.desk.say(Notice("downloads", text, "error"))
        self.refresh()

    @Slot(str)
    def _open_course(self, course_id: str) -> None:
        self.desk.go(places.COURSE, course_id=course_id)

    def _go_home(self) -> None:
        self.desk.go(places.HOME)
