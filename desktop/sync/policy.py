"""When to try again, and what to fetch first. Pure."""

from __future__ import annotations

from collections.abc import Callable

from desktop.errors import Problem
from desktop.sync.problems import (
    BLOCKED,
    CAPTIVE,
    OFFLINE,
    PROXY,
    PROXY_PASSWORD,
    PROXY_SCRIPT,
    PROXY_SOCKS,
    TIMEOUT,
    TRUNCATED,
    Busy,
    Refusal,
)
from protocol import errors

FIRST_S, GROWTH = 1.5, 1.5
NEAR_CAP_S, NEAR_FOR_S = 8.0, 900.0
"""In the first quarter of an hour without a network the longest pause: whoever comes back is served within seconds."""
FAR_CAP_S = 60.0
FAULT_CAP_S = 300.0
SIGNED_OUT_S = 600.0
SPREAD = 0.2
LONGEST_WAIT_S = 3600.0
AWAY = frozenset({OFFLINE, TIMEOUT, PROXY, PROXY_PASSWORD, PROXY_SCRIPT, PROXY_SOCKS, CAPTIVE, BLOCKED, TRUNCATED})
"""Failures of the way to the server: trying costs the server nothing."""


def retry_delay(problem: Problem, failures: int, away_s: float, chance: Callable[[], float]) -> float:
    """Seconds until the next try after ``failures`` in a row (1 is the first) over ``away_s`` seconds.

    ``chance`` gives numbers in [0, 1): laptops that wake together must not come together.
    """
    asked = problem.retry_after_s if isinstance(problem, Busy | Refusal) else None
    if problem.code in (errors.SESSION_ENDED, errors.NOT_SIGNED_IN, PROXY_PASSWORD):
        return spread(SIGNED_OUT_S, chance)
    grown = FIRST_S * GROWTH ** min(failures - 1, 40)
    cap = (NEAR_CAP_S if away_s < NEAR_FOR_S else FAR_CAP_S) if problem.code in AWAY else FAULT_CAP_S
    wanted = spread(min(grown, cap), chance)
    # What the server asked for is the least; spread upwards only.
    return max(wanted, min(asked, LONGEST_WAIT_S) * (1 + SPREAD * chance())) if asked else wanted


def poll_delay(poll_after_s: int, chance: Callable[[], float]) -> float:
    """Seconds until the next look when nothing happened; the server says about how long."""
    return spread(min(max(poll_after_s, 5), LONGEST_WAIT_S), chance)


def spread(seconds: float, chance: Callable[[], float]) -> float:
    """``seconds`` ± 20 %."""
    return seconds * (1 - SPREAD + 2 * SPREAD * chance())


def halved(size: int) -> int:
    """How many actions to send after so many were refused as a whole; never none."""
    return max(1, size // 2)
