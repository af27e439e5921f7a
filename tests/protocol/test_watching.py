"""Watched intervals against plain counting of every millisecond."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from protocol.watching import COMPLETE_SHARE, Interval, is_complete, union, watched_ms, watched_share

INTERVALS = st.lists(st.tuples(st.integers(-20, 60), st.integers(-20, 60)), max_size=10)


def counted(intervals: list[Interval]) -> set[int]:
    return {at for start, end in intervals for at in range(start, end)}


@given(INTERVALS, INTERVALS)
def test_a_union_is_every_millisecond_of_its_parts(first: list[Interval], second: list[Interval]) -> None:
    merged = union(first, second)
    assert counted(list(merged)) == counted(first) | counted(second)
    assert watched_ms([*first, *second]) == len(counted([*first, *second]))
    # Sorted, none empty, none touching another: the same union has the same intervals on every device.
    assert all(start < end for start, end in merged)
    assert all(before[1] < after[0] for before, after in pairwise(merged))
    assert union(merged) == union(second, first) == merged


@given(INTERVALS, st.integers(0, 50))
def test_the_share_is_what_was_really_watched(intervals: list[Interval], duration_ms: int) -> None:
    share = watched_share(intervals, duration_ms)
    within = counted(intervals) & set(range(duration_ms))
    assert share == (len(within) / duration_ms if duration_ms else 0)
    assert is_complete(intervals, duration_ms) == (duration_ms > 0 and len(within) * 10 >= duration_ms * 9)


@given(st.integers(1, 10**9))
def test_exactly_enough_is_enough(tenths: int) -> None:
    assert COMPLETE_SHARE == 0.9
    assert is_complete([(0, 9 * tenths)], 10 * tenths)
    assert not is_complete([(0, 9 * tenths - 1)], 10 * tenths)


def test_watching_one_part_again_and_again_completes_nothing() -> None:
    assert watched_share([(0, 30_000)] * 50, 100_000) == 0.3
    assert not is_complete([(0, 30_000)] * 50, 100_000)
    # Nor does skipping through to the end.
    assert not is_complete([(at, at + 500) for at in range(0, 100_000, 5_000)], 100_000)
    assert watched_share([(90_000, 200_000)], 100_000) == 0.1
