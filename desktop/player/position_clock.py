"""Where playback stands between two reports of the engine. Pure; times come in as ``time.monotonic_ns``."""

from __future__ import annotations

SMALL_STEP_BACK_MS = 150
"""A report this much behind is jitter of the engine: the shown position waits instead of going back."""


class PositionClock:
    """Interpolates a position in milliseconds. Held (paused, seeking) it stands still at the wanted place."""

    def __init__(self) -> None:
        self._anchor_ms = 0.0
        self._anchor_ns = 0
        self._rate = 1.0
        self._running = False
        self._shown_ms = 0

    @property
    def running(self) -> bool:
        """Whether time passes."""
        return self._running

    def hold(self, position_ms: int) -> None:
        """Stand at ``position_ms`` until told otherwise."""
        self._anchor_ms = self._shown_ms = position_ms
        self._running = False

    def run(self, position_ms: int, now_ns: int) -> None:
        """Go on from ``position_ms``."""
        self._anchor_ms = self._shown_ms = position_ms
        self._anchor_ns = now_ns
        self._running = True

    def set_rate(self, rate: float, now_ns: int) -> None:
        """Another speed from now on."""
        if self._running:
            self._anchor_ms = self._at(now_ns)
            self._anchor_ns = now_ns
        self._rate = rate

    def report(self, position_ms: int, at_ns: int) -> int:
        """The engine says where it was at ``at_ns``. Returns by how much that differs from what was thought, in ms."""
        if not self._running:
            return 0
        difference = round(position_ms - self._at(at_ns))
        self._anchor_ms = position_ms
        self._anchor_ns = at_ns
        return difference

    def position_ms(self, now_ns: int) -> int:
        """Where playback stands."""
        if self._running:
            now_ms = int(self._at(now_ns))
            # Backwards only when the engine really is elsewhere.
            if now_ms > self._shown_ms or self._shown_ms - now_ms > SMALL_STEP_BACK_MS:
                self._shown_ms = max(0, now_ms)
        return self._shown_ms

    def _at(self, now_ns: int) -> float:
        return self._anchor_ms + (now_ns - self._anchor_ns) / 1e6 * self._rate
