"""Who is signed in."""

from __future__ import annotations

from desktop.models.store import Store
from desktop.models.views import LearnerView


class Learner:
    """See the module."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self) -> LearnerView:
        """The learner and their programs."""
        raise NotImplementedError
