"""The learner's database as the rest of the desktop sees it: reads, writes, and who is told of what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from desktop.clock import Clock

Kinds = frozenset[str]
Listener = Callable[[Kinds], None]


class Store:
    """One learner's database. Every method may be called from any thread."""

    def __init__(self, folder: Path, clock: Clock, assets: Path) -> None:
        self.folder = folder
        self.clock = clock
        self.assets = assets

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent snapshot."""
        yield self._connect()

    def _connect(self) -> Connection:
        raise NotImplementedError

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have ``listener`` called after each commit. Returns what ends it."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the file."""
