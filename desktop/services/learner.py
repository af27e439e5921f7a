"""Who is signed in."""

from __future__ import annotations

from desktop.models.memberships import read_learner
from desktop.models.store import Store
from desktop.models.views import LearnerView


class Learner:
    """The learner whose store this is."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self) -> LearnerView:
        """The learner and their programs."""
        with self._store.read() as connection:
            return read_learner(connection, self._store.assets)
