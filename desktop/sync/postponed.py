"""Files that the server could not give: put off while others are fetched, given up when only they fail."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

FIRST_S, LONGEST_S = 5.0, 600.0
HOPELESS = 4
"""A file is given up after so many tries between each of which another one came well."""
IN_A_ROW = 3
"""After so many failures without a success it is the server, and not the file."""


@dataclass
class _Case:
    fails: int = 0
    tries: int = 0
    until: float = 0.0
    successes: int = -1


class Postponed:
    """Not thread-safe: the queue's lock protects it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._cases: dict[str, _Case] = {}
        self._successes = 0
        self._in_a_row = 0

    @property
    def all_fail(self) -> bool:
        """Nothing comes at the moment."""
        return self._in_a_row >= IN_A_ROW

    def succeeded(self, sha256: str) -> None:
        """A file came."""
        self._successes += 1
        self._in_a_row = 0
        self._cases.pop(sha256, None)

    def failed(self, sha256: str) -> bool:
        """A file did not come. True when there is no hope for it while all others come."""
        self._in_a_row += 1
        case = self._cases.setdefault(sha256, _Case())
        case.fails += 1
        if self._successes != case.successes:
            case.tries += 1
            case.successes = self._successes
        case.until = self._monotonic() + min(FIRST_S * 2 ** min(case.fails - 1, 20), LONGEST_S)
        if case.tries < HOPELESS:
            return False
        del self._cases[sha256]
        return True

    def now(self) -> list[str]:
        """What should not be tried yet."""
        at = self._monotonic()
        return [sha256 for sha256, case in self._cases.items() if case.until > at]

    def next_s(self) -> float | None:
        """Seconds until one of them may be tried again."""
        at = self._monotonic()
        return min((max(0.0, case.until - at) for case in self._cases.values()), default=None)
