"""Lectures."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.models.store import Store
from desktop.models.views import LectureView


class Lectures:
    """See the module."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self, item_id: str) -> LectureView:
        """A video item."""
        raise NotImplementedError

    def opened(self, item_id: str) -> None:
        """The learner opened an item of any kind."""
        raise NotImplementedError

    def watched(self, item_id: str, intervals: Iterable[tuple[int, int]]) -> None:
        """Intervals in milliseconds that were watched."""
        raise NotImplementedError

    def set_position(self, item_id: str, ms: int) -> None:
        """Where the learner is, in milliseconds."""
        raise NotImplementedError

    def complete(self, item_id: str) -> None:
        """An item of any kind is done."""
        raise NotImplementedError
