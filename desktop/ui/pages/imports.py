"""Import courses: files that the learner chose or dropped, each with what it is, how far it is, how it ended.

Object names: ``importChoose``, ``importAll``, ``importSummary``, and those of ``ImportCard``.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import tr
from desktop.models.pack_views import CHECKED, REFUSED, ImportView
from desktop.ui import desk as places
from desktop.ui.desk import Desk, Notice
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import SPACE_8, SPACE_12
from desktop.ui.widgets import import_card
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.import_card import ImportCard
from desktop.ui.widgets.import_words import fits
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.scroll import PageScroll
from desktop.ui.widgets.states import Stateful

SUFFIX = ".haversack"


class ImportsPage(Page):
    """See the module. What it shows comes by ``desk.packs.changed``."""

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._cards: dict[str, ImportCard] = {}
        self._made = 0
        self._summary = Label(
            tr("A course pack is a file that brings a course without the internet, on a stick for example."),
            "body",
            "muted",
        )
        self._summary.setObjectName("importSummary")
        self.choose = Button(tr("Choose files …"), "secondary", "folder-open", "importChoose")
        self.all = Button(tr("Import all"), "primary", "download-simple", "importAll")
        top = QHBoxLayout()
        top.setSpacing(SPACE_8)
        top.addWidget(Label(tr("Import courses"), "title"), 1)
        top.addWidget(self.choose)
        top.addWidget(self.all)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE_12)
        scroll = PageScroll()
        scroll.body.setSpacing(SPACE_12)
        scroll.body.addLayout(top)
        scroll.body.addWidget(self._summary)
        scroll.body.addLayout(self._rows)
        self._body = Stateful(scroll)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._body)
        self.choose.clicked.connect(self.ask_for_files)
        self.all.clicked.connect(self._begin_all)
        desk.packs.changed.connect(self._show)

    def heading(self) -> str:
        """The page's title."""
        return tr("Import courses")

    def refresh(self) -> None:
        """What the desk knows."""
        self._show(self.desk.packs.views)

    def take_focus(self) -> None:
        """The first thing that can be done."""
        shown = [self.all, self.choose, self._body.state.button if not self._cards else self.choose]
        next((button for button in shown if button.isVisible()), self.choose).setFocus()

    @Slot()
    def ask_for_files(self) -> None:
        """Open the system's own way of choosing files."""
        dialog = QFileDialog(self, tr("Choose course packs"))
        dialog.setObjectName("importFiles")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([tr("Course packs") + f" (*{SUFFIX})", tr("All files") + " (*)"])
        dialog.filesSelected.connect(self.look_at)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(list)
    def look_at(self, files: list[str]) -> None:
        """Find out what these files are."""
        self.desk.packs.look_at([Path(file) for file in files])

    @Slot(object)
    def _show(self, views: tuple[ImportView, ...]) -> None:
        present = {view.id for view in views}
        for gone in [key for key in self._cards if key not in present]:
            card = self._cards.pop(gone)
            self._rows.removeWidget(card)
            card.hide()
            card.deleteLater()
        for view in views:
            if view.id not in self._cards:
                self._cards[view.id] = card = ImportCard(self._made)
                self._made += 1
                card.wanted.connect(self._on_wanted)
                self._rows.addWidget(card)
            self._cards[view.id].show_view(view)
        self.all.setVisible(len(self._importable(views)) > 1)
        if views:
            self._body.show_content()
        else:
            self._body.show_state(
                "package",
                tr("No course packs chosen"),
                tr(
                    "A course pack is a file that brings a course without the internet. Plug in the stick and choose "
                    "the files, or drop them onto this window."
                ),
                tr("Choose files …"),
                self.ask_for_files,
            )

    @staticmethod
    def _importable(views: tuple[ImportView, ...]) -> list[str]:
        return [view.id for view in views if view.state == CHECKED and view.facts is not None and fits(view.facts)]

    @Slot()
    def _begin_all(self) -> None:
        for import_id in self._importable(self.desk.packs.views):
            self.desk.packs.begin_wanted.emit(import_id)

    @Slot(str, str)
    def _on_wanted(self, import_id: str, key: str) -> None:
        view = next((view for view in self.desk.packs.views if view.id == import_id), None)
        if view is None:
            return
        packs = self.desk.packs
        if key == import_card.BEGIN:
            packs.begin_wanted.emit(import_id)
        elif key == import_card.STOP:
            packs.cancel_wanted.emit(import_id)
        elif key == import_card.FORGET:
            packs.forget_wanted.emit(import_id)
        elif key == import_card.ROOM:
            self.desk.go(places.DOWNLOADS)
        elif key == import_card.AGAIN and view.state in {CHECKED, REFUSED}:
            packs.look_at([Path(view.folder) / view.name])
        elif key == import_card.AGAIN:
            packs.begin_wanted.emit(import_id)
        elif view.facts is not None:
            self._to_course(view.facts.program_id, view.facts.course_id, enroll=key == import_card.ENROLL)

    def _to_course(self, program_id: str, course_id: str, *, enroll: bool) -> None:
        if not enroll:
            self.desk.go(places.COURSE, course_id=course_id)
            return

        def enrolled(_: None) -> None:
            self.desk.packs.enrolled.emit(course_id)

        def failed(problem: Problem) -> None:
            text = " ".join(tr(part) for part in (problem.text, problem.way_out) if part)
            self.desk.say(Notice("imports", text, "error"))

        self.desk.ask(self, lambda services: services.enrollment.enroll(program_id, course_id), enrolled, failed)
