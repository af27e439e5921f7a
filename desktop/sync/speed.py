"""Speed and time left that can be read: smoothed, and told again only when they say something new. Pure."""

from __future__ import annotations

import math

OVER_S = 6.0
"""Bytes of the last so many seconds make the speed; older ones fade."""
SETTLED_S = 2.0
"""Before this nothing is foretold: the first second of a connection says little."""
STEADY = 0.25
"""A forecast that is off by less than this part of itself goes on counting down."""
LONGEST_S = 99 * 3600.0


class Meter:
    """Of one download. Moments are seconds of a monotonic clock."""

    def __init__(self, now: float) -> None:
        self._began = now
        self._at = now
        self._faded = 0.0
        self._forecast: tuple[float, float] | None = None

    def add(self, now: float, size: int) -> None:
        """``size`` bytes have come."""
        self._fade(now)
        self._faded += size

    def speed(self, now: float) -> float:
        """Bytes a second; 0 when nothing has come for a while."""
        self._fade(now)
        passed = now - self._began
        # The weights of all the seconds that there were: a meter that just began is not slow for being young.
        weight = OVER_S * (1 - math.exp(-passed / OVER_S))
        found = self._faded / weight if weight > 0.05 else 0.0
        return found if found >= 1 else 0.0

    def seconds_left(self, now: float, missing: int) -> float | None:
        """Until ``missing`` bytes will have come; None while that cannot be said."""
        speed = self.speed(now)
        if speed <= 0 or now - self._began < SETTLED_S:
            self._forecast = None
            return None
        found = min(missing / speed, LONGEST_S)
        if self._forecast is not None:
            said_at, said = self._forecast
            going = max(0.0, said - (now - said_at))
            if abs(found - going) <= max(STEADY * going, 2.0):
                return going
        self._forecast = (now, found)
        return found

    def _fade(self, now: float) -> None:
        self._faded *= math.exp(-max(0.0, now - self._at) / OVER_S)
        self._at = max(self._at, now)
