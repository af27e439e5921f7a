"""Deleting a note, with a way back."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop.i18n import tr
from desktop.models.views import NoteView
from desktop.ui.desk import Desk, Notice


def remove_note(desk: Desk, owner: QObject, note: NoteView) -> None:
    """Delete ``note`` and offer *Undo*, which writes it again."""

    def put_back() -> None:
        # Asked in the desk's name: the page may be gone by the time of the second thought.
        desk.ask(
            desk,
            lambda services: services.notes.save(
                note.item_id, note.text, at_ms=note.at_ms, label=note.label, quote=note.quote
            ),
        )

    def deleted(_: None) -> None:
        desk.say(Notice("note", tr("Note deleted."), "info", tr("Undo"), put_back))

    desk.ask(owner, lambda services: services.notes.delete(note.id), deleted)
