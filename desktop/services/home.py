"""The program home."""

from __future__ import annotations

from desktop.models.store import Store
from desktop.models.views import HomeView


class Home:
    """See the module."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self, program_id: str | None = None) -> HomeView:
        """The cards of a program, of the first one without ``program_id``."""
        raise NotImplementedError
