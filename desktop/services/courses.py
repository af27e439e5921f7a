"""Courses."""

from __future__ import annotations

from desktop.models.store import Store
from desktop.models.views import ItemPlace, OutlineView


class Courses:
    """See the module."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def outline(self, course_id: str) -> OutlineView:
        """A course the learner is enrolled in."""
        raise NotImplementedError

    def place(self, item_id: str) -> ItemPlace:
        """Where an item stands."""
        raise NotImplementedError
