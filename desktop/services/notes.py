"""Notes: made at once, sent later; the last edit counts and a conflicting text is kept by the server."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from desktop.errors import Problem, mark
from desktop.models import state
from desktop.models.learning import notes
from desktop.models.outbox import enqueue, pending, take_back_unsent
from desktop.models.store import Store
from desktop.models.views import NoteView
from desktop.models.work import note_drafts
from desktop.services.course_state import course_of_item, not_found
from protocol.actions import DELETE_NOTE, SAVE_NOTE, DeleteNote, SaveNote
from protocol.ids import CourseId, ItemId, NoteId, new_uuid7
from protocol.learning import Note

NOTE_ACTIONS = (SAVE_NOTE, DELETE_NOTE)
LONGEST = 100_000
"""Characters of a note that a server takes."""


class Notes:
    """The learner's notes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(
        self,
        item_id: str,
        text: str,
        at_ms: int | None = None,
        label: str = "",
        quote: str = "",
        note_id: str | None = None,
    ) -> NoteView:
        """Make a note, or edit the one named ``note_id``. ``label``: '', important, unclear.

        Raises:
            Problem: ``not_found`` (the item), ``note_too_long``.
        """
        if len(text) > LONGEST or len(quote) > LONGEST:
            raise Problem("note_too_long", mark("This note is too long."), mark("Split it into two notes."))
        typed_in, note_id = note_id or "", note_id or new_uuid7()
        with self._store.write({"notes", "outbox"}, durable=True) as connection:
            course_id = self._course_of(connection, item_id, note_id)
            _forget_draft(connection, item_id, typed_in)
            seen = _seen_revision(connection, note_id)
            take_back_unsent(connection, SAVE_NOTE, f"note:{note_id}")
            body = SaveNote(
                note_id=NoteId(note_id),
                course_id=CourseId(course_id),
                item_id=ItemId(item_id),
                at_ms=at_ms,
                text=text,
                label=label,
                quote=quote,
                base_revision=seen,
            )
            enqueue(connection, self._store, SAVE_NOTE, f"note:{note_id}", body, course_id=course_id, item_id=item_id)
            return next(view for view in self._views(connection, item_id=item_id) if view.id == note_id)

    @staticmethod
    def _course_of(connection: Connection, item_id: str, note_id: str) -> str:
        """Also of a note on something that the course does not have any more."""
        known = connection.execute(select(notes.c.course_id).where(notes.c.id == note_id)).scalar()
        return str(known) if known is not None else course_of_item(connection, item_id)

    def delete(self, note_id: str) -> None:
        """Delete a note. One that never left this computer leaves no trace."""
        with self._store.write({"notes", "outbox"}, durable=True) as connection:
            found = state.notes_of(connection, pending(connection, NOTE_ACTIONS)).get(note_id)
            if found is None:
                raise not_found()
            subject = f"note:{note_id}"
            seen = _seen_revision(connection, note_id)
            taken = take_back_unsent(connection, SAVE_NOTE, subject)
            if taken and note_id not in state.notes_of(connection, pending(connection, NOTE_ACTIONS)):
                return
            body = DeleteNote(note_id=NoteId(note_id), base_revision=seen)
            note = found[0]
            enqueue(connection, self._store, DELETE_NOTE, subject, body, course_id=note.course_id, item_id=note.item_id)

    def of_item(self, item_id: str) -> tuple[NoteView, ...]:
        """Notes of an item, by their place in it."""
        with self._store.read() as connection:
            return self._views(connection, item_id=item_id)

    def of_course(self, course_id: str) -> tuple[NoteView, ...]:
        """Notes of a course, newest first."""
        with self._store.read() as connection:
            return _newest_first(self._views(connection, course_id=course_id))

    def all(self, query: str = "") -> tuple[NoteView, ...]:
        """All notes, newest first; with ``query`` those that have each of its words in text, quote or title."""
        words = query.casefold().split()

        def fits(view: NoteView) -> bool:
            told = f"{view.text}\n{view.quote}\n{view.item_title}\n{view.course_title}".casefold()
            return all(word in told for word in words)

        with self._store.read() as connection:
            return _newest_first(self._views(connection, keep=fits))

    def _views(
        self,
        connection: Connection,
        course_id: str = "",
        item_id: str = "",
        keep: Callable[[NoteView], bool] = lambda _: True,
    ) -> tuple[NoteView, ...]:
        actions = pending(connection, NOTE_ACTIONS, course_id=course_id, item_id=item_id)
        found = state.notes_of(connection, actions, course_id, item_id)
        courses = state.course_titles(connection)
        items = state.item_titles(connection, {note.item_id for note, _ in found.values()})
        views = (_view(note, courses, items, waits=waits) for note, waits in found.values())
        return tuple(sorted(filter(keep, views), key=lambda view: (view.at_ms or 0, view.created_at, view.id)))

    def save_draft(
        self,
        item_id: str,
        text: str,
        at_ms: int | None = None,
        label: str = "",
        quote: str = "",
        note_id: str | None = None,
    ) -> None:
        """Keep what is being typed; one draft for each note that is edited, and one for a new one of each item."""
        values = {
            "at_ms": at_ms,
            "text": text,
            "label": label,
            "quote": quote,
            "saved_at": self._store.clock.now(),
        }
        with self._store.write(set(), durable=True) as connection:
            statement = upsert(note_drafts).values(item_id=item_id, note_id=note_id or "", **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["item_id", "note_id"], set_=values))

    def draft(self, item_id: str) -> NoteView | None:
        """What was being typed last for an item; its ``id`` is empty if it was to be a new note."""
        of_item = select(note_drafts).where(note_drafts.c.item_id == item_id)
        with self._store.read() as connection:
            row = connection.execute(of_item.order_by(note_drafts.c.saved_at.desc())).first()
            if row is None:
                return None
            course_id = course_of_item(connection, item_id)
            return NoteView(
                id=row.note_id,
                course_id=course_id,
                course_title=state.course_titles(connection).get(course_id, ""),
                item_id=item_id,
                item_title=state.item_titles(connection, {item_id}).get(item_id, ""),
                at_ms=row.at_ms,
                text=row.text,
                label=row.label,
                quote=row.quote,
                created_at=row.saved_at,
                edited_at=row.saved_at,
                pending=True,
            )

    def discard_draft(self, item_id: str, note_id: str | None = None) -> None:
        """What was typed into this note, or to be a new one, is not wanted."""
        with self._store.write(set(), durable=True) as connection:
            _forget_draft(connection, item_id, note_id or "")


def _forget_draft(connection: Connection, item_id: str, note_id: str) -> None:
    of_note = (note_drafts.c.item_id == item_id, note_drafts.c.note_id == note_id)
    connection.execute(delete(note_drafts).where(*of_note))


def _newest_first(views: tuple[NoteView, ...]) -> tuple[NoteView, ...]:
    """Two of the same moment in the order of their ids: alike on every computer."""
    return tuple(sorted(views, key=lambda view: (view.edited_at, view.id), reverse=True))


def _seen_revision(connection: Connection, note_id: str) -> int:
    """The revision that the learner has on the screen: of the server's row, unless an edit of this computer's lies over
    it. Then it is what that one was made from, whatever came from the server beneath it since."""
    for action in pending(connection, (SAVE_NOTE,)):
        if isinstance(action.body, SaveNote) and action.body.note_id == note_id:
            return action.body.base_revision
    return connection.execute(select(notes.c.revision).where(notes.c.id == note_id)).scalar() or 0


def _view(note: Note, courses: dict[str, str], items: dict[str, str], *, waits: bool) -> NoteView:
    return NoteView(
        id=note.id,
        course_id=note.course_id,
        course_title=courses.get(note.course_id, ""),
        item_id=note.item_id,
        item_title=items.get(note.item_id) or note.item_title,
        at_ms=note.at_ms,
        text=note.text,
        label=note.label,
        quote=note.quote,
        created_at=note.created_at,
        edited_at=note.edited_at,
        pending=waits,
        conflict_of=note.conflict_of or "",
    )
