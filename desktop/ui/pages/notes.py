"""All notes, or those of one course; a click opens the lecture at the note's second.

Object names: ``notesBack`` (to the course whose notes were asked for), ``notesSearch``, ``notesCourse``, ``notesList``;
the editor's are in ``widgets.note_editor``.
"""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QWidget

from desktop.errors import Problem
from desktop.i18n import tr
from desktop.models.views import NoteView
from desktop.ui import desk as places
from desktop.ui.desk import Desk, Place
from desktop.ui.itemmodels.notes import DELETE, EDIT, note_row
from desktop.ui.pages.outbox import framed
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.widgets.action_list import ActionList
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.fields import ChoiceBox
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.note_editor import NoteEditor
from desktop.ui.widgets.note_removal import remove_note
from desktop.ui.widgets.search_field import SearchField
from desktop.ui.widgets.states import Stateful

SEARCH_AFTER_MS = 120


class NotesPage(Page):
    """See the module."""

    kinds: ClassVar[frozenset[str]] = frozenset({"notes", "courses"})

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._notes: dict[str, NoteView] = {}
        self._asked = ""
        self._wanted_course = ""
        self._count = Label("", "body", "muted")
        self._search = SearchField(tr("Search your notes"), name="notesSearch")
        self._course = ChoiceBox(tr("Notes of which course"), "notesCourse")
        self._editor = NoteEditor(desk)
        self._editor.hide()
        self.list = ActionList()
        self.list.setObjectName("notesList")
        self.list.setAccessibleName(tr("Notes"))
        self._body = Stateful(self.list)
        self._back = Button("", "link", "arrow-left", "notesBack")
        self._back.clicked.connect(self._go_back)
        column = framed(self, tr("Notes"), self._count, self._course, self._search)
        column.insertWidget(0, self._back, 0, Qt.AlignmentFlag.AlignLeading)
        self._search.setMinimumWidth(240)
        column.addWidget(self._editor)
        column.addWidget(self._body, 1)
        self._search_soon = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._search_soon.timeout.connect(self.refresh)
        self._search.textChanged.connect(self._on_search)
        self._course.activated.connect(self._on_course)
        self.list.row_activated.connect(self._open)
        self.list.action_wanted.connect(self._on_action)

    def heading(self) -> str:
        """The page's title."""
        return tr("Notes")

    def show_place(self, place: Place) -> None:
        """All notes; with ``course_id`` those of a course."""
        self._wanted_course = course_id = place.get("course_id")
        self._back.setVisible(bool(course_id))
        self._back.setText(tr("Back to the course"))
        if course_id:
            self.desk.ask(
                self,
                lambda services: services.courses.outline(course_id).title,
                lambda title: self._name_course(course_id, title),
                lambda _: None,  # the notes are there all the same
            )
        super().show_place(place)

    def _name_course(self, course_id: str, title: str) -> None:
        if self.place is not None and self.place.get("course_id") == course_id:
            self._back.setText(title)

    @Slot()
    def _go_back(self) -> None:
        if self.place is not None:
            self.desk.go(places.COURSE, course_id=self.place.get("course_id"))

    def leave(self) -> None:
        """What is being typed is kept as a draft."""
        self._editor.keep()

    def refresh(self) -> None:
        """Ask for the notes."""
        query = self._asked = self._search.text().strip()
        self.desk.ask(
            self, lambda services: services.notes.all(query), lambda notes: self._show(query, notes), self._show_problem
        )

    def _show(self, query: str, notes: tuple[NoteView, ...]) -> None:
        if query != self._asked:
            return
        if not query:
            self._show_courses(notes)
        chosen = self._wanted_course
        notes = tuple(note for note in notes if not chosen or note.course_id == chosen)
        # By course, so that each course has one heading; within it the newest first.
        order = {course_id: n for n, course_id in enumerate(dict.fromkeys(note.course_id for note in notes))}
        notes = tuple(sorted(notes, key=lambda note: order[note.course_id]))
        self._notes = {note.id: note for note in notes}
        self.list.show_rows([note_row(note, with_item=True) for note in notes])
        self._count.setText(tr("{n} note|{n} notes", n=len(notes)) if notes else "")
        if notes:
            self._body.show_content()
        elif chosen and not query:
            self._body.show_state(
                "note-pencil",
                tr("No notes in this course yet"),
                tr("Press N while a lecture plays: the note keeps the second and opens the lecture there again."),
                tr("All notes"),
                self._show_all,
            )
        elif query:
            self._body.show_state("magnifying-glass", tr("No note matches"), tr("Try another word or another course."))
        else:
            self._body.show_state(
                "note-pencil",
                tr("No notes yet"),
                tr("Press N while a lecture plays: the note keeps the second and opens the lecture there again."),
            )

    def _show_courses(self, notes: tuple[NoteView, ...]) -> None:
        known = {note.course_id: note.course_title for note in notes}
        entries = [("", tr("All courses")), *sorted(known.items(), key=lambda entry: entry[1].casefold())]
        shown = [(self._course.itemData(n), self._course.itemText(n)) for n in range(self._course.count())]
        if entries != shown:
            self._course.clear()
            for course_id, title in entries:
                self._course.addItem(title, course_id)
        self._course.setCurrentIndex(max(0, self._course.findData(self._wanted_course)))
        self._course.setVisible(len(known) > 1)

    def _show_all(self) -> None:
        self._wanted_course = ""
        self.refresh()

    def _show_problem(self, problem: Problem) -> None:
        self._body.show_problem(problem, self.refresh)

    @Slot(str)
    def _on_search(self, _text: str) -> None:
        self._search_soon.start()

    @Slot(int)
    def _on_course(self, _index: int) -> None:
        self._wanted_course = self._course.currentData() or ""
        self.refresh()

    @Slot(str)
    def _open(self, note_id: str) -> None:
        note = self._notes.get(note_id)
        if note is None:
            return
        at = {"at_ms": str(note.at_ms)} if note.at_ms is not None else {}
        self.desk.go(places.ITEM, item_id=note.item_id, **at)

    @Slot(str, str)
    def _on_action(self, note_id: str, key: str) -> None:
        note = self._notes.get(note_id)
        if note is None:
            return
        if key == EDIT:
            self._editor.edit(note)
        elif key == DELETE:
            remove_note(self.desk, self, note)
