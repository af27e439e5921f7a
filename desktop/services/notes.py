"""Notes."""

from __future__ import annotations

from desktop.models.store import Store
from desktop.models.views import NoteView


class Notes:
    """See the module."""

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
        """Make or edit a note."""
        raise NotImplementedError

    def delete(self, note_id: str) -> None:
        """Delete a note."""
        raise NotImplementedError

    def of_item(self, item_id: str) -> tuple[NoteView, ...]:
        """Notes of an item."""
        raise NotImplementedError

    def of_course(self, course_id: str) -> tuple[NoteView, ...]:
        """Notes of a course."""
        raise NotImplementedError

    def all(self, query: str = "") -> tuple[NoteView, ...]:
        """All notes that contain ``query``."""
        raise NotImplementedError
