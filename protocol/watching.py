"""Intervals of a medium that were really watched: half-open, in milliseconds, sorted and disjoint."""

from __future__ import annotations

from collections.abc import Iterable

Interval = tuple[int, int]

COMPLETE_SHARE = 0.9
"""A video counts as done when this share of it was watched: credits and silence at the end are nobody's duty."""


def union(*parts: Iterable[Interval]) -> tuple[Interval, ...]:
    """Sorted, disjoint and merged where they touch; empty and backward intervals are dropped."""
    merged: list[Interval] = []
    for start, end in sorted(interval for part in parts for interval in part if interval[0] < interval[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def watched_ms(intervals: Iterable[Interval]) -> int:
    """The length of the union."""
    return sum(end - start for start, end in union(intervals))


def watched_share(intervals: Iterable[Interval], duration_ms: int) -> float:
    """The share of the medium that was really watched, 0 to 1: twice the same minute is one minute, and what lies
    before its beginning or behind its end is nothing. 0 for a medium without a length."""
    if duration_ms <= 0:
        return 0.0
    return watched_ms((max(0, start), min(end, duration_ms)) for start, end in intervals) / duration_ms


def is_complete(intervals: Iterable[Interval], duration_ms: int) -> bool:
    """Whether enough was watched to call the video done."""
    return watched_share(intervals, duration_ms) >= COMPLETE_SHARE
