"""How fast bytes may come: one limit for all download threads together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

BURST_S = 0.25
"""So many seconds' worth of bytes may come at once: little enough to be smooth, enough to be awake rarely."""
NAP_S = 0.1
"""Whoever waits looks this often whether it is still wanted."""


class Throttle:
    """A bucket that fills at the allowed speed. Thread-safe. ``set`` takes effect within a tenth of a second."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._turn = threading.Condition()
        self._speed = 0
        self._level = 0.0
        self._at = monotonic()

    def set(self, speed: int) -> None:
        """Bytes a second; 0 for as fast as it goes."""
        with self._turn:
            if speed != self._speed:
                self._speed, self._level, self._at = speed, 0.0, self._monotonic()
                self._turn.notify_all()

    def piece(self, most: int) -> int:
        """How much to read at a time, at most ``most``: small pieces where the limit is low."""
        with self._turn:
            return most if not self._speed else max(4096, min(most, int(self._speed * BURST_S)))

    def took(self, size: int, wanted: Callable[[], bool]) -> bool:
        """``size`` bytes have come: wait until that is within the limit. False when ``wanted`` said no meanwhile."""
        with self._turn:
            self._refill()
            self._level -= size
        while True:
            with self._turn:
                self._refill()
                if not self._speed or self._level >= 0:
                    return True
                self._turn.wait(min(NAP_S, -self._level / self._speed))
            if not wanted():
                return False

    def _refill(self) -> None:
        now = self._monotonic()
        self._level = min(self._speed * BURST_S, self._level + (now - self._at) * self._speed) if self._speed else 0.0
        self._at = now
