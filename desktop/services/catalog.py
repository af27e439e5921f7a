"""The catalog."""

from __future__ import annotations

from desktop.models.store import Store
from desktop.models.views import CatalogView, DescriptionView


class Catalog:
    """See the module."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self, program_id: str) -> CatalogView:
        """Everything a program offers."""
        raise NotImplementedError

    def description(self, course_id: str) -> DescriptionView:
        """The page on which a learner decides."""
        raise NotImplementedError
