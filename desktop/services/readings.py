"""Readings."""

from __future__ import annotations

from desktop.models.store import Store
from desktop.models.views import ReadingView


class Readings:
    """See the module."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self, item_id: str) -> ReadingView:
        """The text of an item."""
        raise NotImplementedError
