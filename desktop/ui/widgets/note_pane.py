"""The notes of a lecture, by their second. Object names: ``notesList``, ``addNote``."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.models.views import NoteView
from desktop.ui.desk import Desk
from desktop.ui.itemmodels.notes import DELETE, EDIT, note_row
from desktop.ui.theme.tokens import SPACE_8
from desktop.ui.widgets.action_list import ActionList
from desktop.ui.widgets.note_removal import remove_note
from desktop.ui.widgets.states import Stateful


class NotePane(QWidget):
    """Signals: ``seek_wanted`` (ms), ``edit_wanted`` (a ``NoteView``), ``note_wanted`` (a new one)."""

    seek_wanted = Signal(int)
    edit_wanted = Signal(object)
    note_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._notes: dict[str, NoteView] = {}
        self.list = ActionList()
        self.list.setObjectName("notesList")
        self.list.setAccessibleName(tr("Notes of this lecture"))
        self._body = Stateful(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_8, SPACE_8, SPACE_8, 0)
        column.addWidget(self._body)
        self.list.row_activated.connect(self._on_row)
        self.list.action_wanted.connect(self._on_action)

    def show_notes(self, notes: tuple[NoteView, ...]) -> None:
        """Show them; they come sorted by second."""
        self._notes = {note.id: note for note in notes}
        self.list.show_rows([note_row(note, with_item=False) for note in notes])
        if notes:
            self._body.show_content()
        else:
            self._body.show_state(
                "note-pencil",
                tr("No notes yet"),
                tr("Press N: the note keeps this second of the lecture, and the lecture goes on."),
                tr("Write a note"),
                self.note_wanted.emit,
            )

    @Slot(str)
    def _on_row(self, note_id: str) -> None:
        note = self._notes.get(note_id)
        if note is not None and note.at_ms is not None:
            self.seek_wanted.emit(note.at_ms)

    @Slot(str, str)
    def _on_action(self, note_id: str, key: str) -> None:
        note = self._notes.get(note_id)
        if note is None:
            return
        if key == EDIT:
            self.edit_wanted.emit(note)
        elif key == DELETE:
            remove_note(self._desk, self, note)
