"""Looks after the folder of courses, in a thread of its own: whether its drive is there, and moving it to another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from desktop.errors import Problem
from desktop.models.content_folder import HERE, SILENT_S
from desktop.models.queue import forget_lost
from desktop.models.rules import read_rules
from desktop.models.storage_views import FolderView
from desktop.models.store import Store
from desktop.sync.file_check import adopt_rows
from desktop.sync.folder_move import WAITING, FolderMove

log = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
"""A drive that is pulled or comes back is noticed within this time; looking costs one small read."""
LEFT_EVERY_S = 60.0
"""So often a folder that was left is tried again, whose files could not be removed."""


class FolderKeeper:
    """``loop`` runs until ``stopping`` is set; ``wake`` makes it look at once."""

    def __init__(
        self,
        store: Store,
        stopping: threading.Event,
        changed: Callable[[bool], None],
        tell: Callable[[FolderView], None],
    ) -> None:
        """``changed``: files may be written into the folder now or may not any more, or it is another one; True when
        all of it must be looked at. ``tell`` hears how it stands whenever that is new. Both in the keeper's thread."""
        self._store = store
        self._content = store.content
        self._stopping = stopping
        self._changed = changed
        self._tell = tell
        self._woken = threading.Event()
        self._move = FolderMove(self._content, self._floor, self._moved, self._say)
        self._hold = self._content.hold()
        self._adopting = self._content.path
        self._said: FolderView | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    def wake(self) -> None:
        """Look now. From any thread."""
        self._woken.set()

    def loop(self, guarded: Callable[[Callable[[], None]], object]) -> None:
        """See the class. ``guarded`` reports what goes wrong."""
        self._unsubscribe = self._content.subscribe(self.wake)
        try:
            while not self._stopping.is_set():
                self._woken.clear()
                guarded(self._look)
                guarded(lambda: self._move.step(self._stopping.is_set))
                guarded(self._look)
                self._woken.wait(self._pause_s())
        finally:
            self._unsubscribe()

    def _pause_s(self) -> float | None:
        place, move = self._content.place, self._move.view()
        if place.now is not None or (move is not None and move.state == WAITING):
            return LOOK_EVERY_S
        return LEFT_EVERY_S if place.leaving or place.emptied else None

    def _look(self) -> None:
        self._content.look_briefly(SILENT_S + 1)
        hold, path = self._content.hold(), self._content.path
        if path != self._adopting:  # chosen while the one before was not there: what is in it counts
            self._adopting = path
            adopt_rows(self._store)
            self._hold = "another"
        if hold != self._hold:
            back, self._hold = hold == "", hold
            self._changed(back)
            if back:
                with self._store.write({"assets", "courses"}):
                    pass  # pages show what they could not show
        self._say()

    def _floor(self) -> int:
        with self._store.read() as connection:
            return read_rules(connection).floor

    def _moved(self, damaged: set[str], adopted: bool) -> None:
        self._adopting = self._content.path
        if adopted:
            adopt_rows(self._store)
        lost = sorted(damaged)
        try:
            with self._store.write({"assets", "courses", "downloads"}) as connection:  # pages read the new paths
                for begin in range(0, len(lost), 500):
                    forget_lost(connection, lost[begin : begin + 500])
        except Problem as problem:  # the next look at all files says the same
            log.warning("it could not be noted which files were damaged: %s", problem)
        self._hold = "another"

    def _say(self) -> None:
        content = self._content
        state = content.state
        view = FolderView(str(content.path), content.place.now is None, state, self._move.view())
        if view != self._said:
            if state != (self._said.state if self._said else HERE):
                log.info("the folder of courses: %s", state)
            self._said = view
            self._tell(view)
