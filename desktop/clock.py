"""The time, as an argument: nothing else in the desktop asks the computer what time it is."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """What a clock can be asked."""

    def now(self) -> datetime:
        """The wall clock, aware, in UTC."""

    def monotonic_ms(self) -> int:
        """Milliseconds since some fixed moment; never goes back while the computer runs."""

    def zone(self) -> str:
        """The learner's zone as an IANA name, ``UTC`` if it cannot be told."""


class SystemClock:
    """The computer's clocks."""

    def now(self) -> datetime:
        """The wall clock, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic_ms(self) -> int:
        """Milliseconds of the monotonic clock."""
        return time.monotonic_ns() // 1_000_000

    def zone(self) -> str:
        """From ``/etc/localtime`` where there is one; other systems give their name through Qt at start (see app)."""
        try:
            parts = Path("/etc/localtime").resolve().parts
        except OSError:
            return "UTC"
        if "zoneinfo" not in parts:
            return "UTC"
        return "/".join(parts[parts.index("zoneinfo") + 1 :]) or "UTC"
