"""A clock that goes when it is told to."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.desktop.course import START


class HandClock:
    """As ``desktop.clock.Clock``; ``wall`` and ``ticks`` (milliseconds) are set by the test."""

    def __init__(self, wall: datetime = START, zone: str = "Europe/Rome") -> None:
        self.wall = wall
        self.ticks = 1_000_000
        self._zone = zone

    def now(self) -> datetime:
        """The wall clock."""
        return self.wall

    def monotonic_ms(self) -> int:
        """The monotonic clock."""
        return self.ticks

    def zone(self) -> str:
        """An IANA name."""
        return self._zone

    def go(self, **time: float) -> None:
        """Let time pass, as ``timedelta`` takes it, on both clocks."""
        step = timedelta(**time)
        self.wall += step
        self.ticks += step // timedelta(milliseconds=1)
