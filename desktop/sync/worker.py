"""Sync in the background: push, pull and downloads, and a status for the screen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop.clock import Clock
from desktop.models.store import Store
from desktop.sync.gateway import Gateway


class SyncWorker(QObject):
    """Lives in the UI thread; works in threads of its own.

    Signals:
        status_changed: a ``SyncStatus``.
        downloads_changed: a ``tuple[DownloadView, ...]`` of what is under way, at most ten times a second.
    """

    status_changed = Signal(object)
    downloads_changed = Signal(object)

    def __init__(self, store: Store, gateway: Gateway, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._gateway = gateway
        self._clock = clock

    def start(self) -> None:
        """Begin. Whatever was under way when the program last ended is put back first."""
        raise NotImplementedError

    def wake(self) -> None:
        """Sync now rather than at the next scheduled moment. From any thread."""
        raise NotImplementedError

    def stop(self, deadline_ms: int = 5000) -> bool:
        """End the threads; returns False if one did not end in time."""
        raise NotImplementedError
