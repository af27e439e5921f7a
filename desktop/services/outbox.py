"""What waits to be sent."""

from __future__ import annotations

from desktop.models.store import Store
from desktop.models.views import OutboxEntry


class Outbox:
    """See the module."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def entries(self) -> tuple[OutboxEntry, ...]:
        """Newest first."""
        raise NotImplementedError

    def undo(self, action_id: str) -> None:
        """Take back what still waits."""
        raise NotImplementedError

    def retry(self, action_id: str) -> None:
        """Send a refused action again."""
        raise NotImplementedError

    def waiting_count(self) -> int:
        """How many wait."""
        raise NotImplementedError
