"""One thread that talks to a blocking library on behalf of the UI thread, in order."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class CommandThread:
    """Runs commands one after the other. Started by the first of them.

    It is not a lane of ``TaskRunner``: libVLC's ``stop`` can take close to a second, and neither the store nor the
    network may wait for it. Its owner closes it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._commands: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False

    def post(self, command: Callable[[], None]) -> None:
        """Run ``command`` after those posted before. Any thread; the first call comes from the UI thread.

        Nothing is taken any more after ``close``.
        """
        if self._closed:
            return
        self._commands.put(command)
        if self._thread is None:
            # A daemon, so that a library that hangs can delay the end of the program by the deadline only.
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def close(self, last: Callable[[], None], deadline_ms: int) -> bool:
        """Run what waits, then ``last``, then end. Waits up to ``deadline_ms``; returns whether it has ended."""
        if not self._closed:
            if self._thread is not None:
                self._commands.put(last)
                self._commands.put(None)
            self._closed = True
        if self._thread is None:
            return True
        self._thread.join(deadline_ms / 1000)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (command := self._commands.get()) is not None:
            try:
                command()
            except Exception:  # the last resort of this thread: a bug is reported, and the next command runs
                log.exception("a player command failed")
