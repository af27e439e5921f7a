"""What is said when."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from protocol.cues.moments import Moments
from protocol.cues.track import RawCue, Track, make_track

TIMES = st.integers(0, 60)
TRACKS = st.lists(st.tuples(TIMES, st.integers(1, 40)), max_size=24).map(
    lambda cues: make_track(RawCue(start, start + length, "x") for start, length in cues)
)


def track(*cues: tuple[int, int]) -> Track:
    return make_track(RawCue(start, end, f"{start}-{end}") for start, end in cues)


@given(TRACKS, st.integers(-1, 110))
def test_every_moment_is_what_counting_says(found: Track, position_ms: int) -> None:
    moments = Moments(found)
    cues = list(found)
    active = tuple(n for n, cue in enumerate(cues) if cue.start_ms <= position_ms < cue.end_ms)
    begun = [n for n, cue in enumerate(cues) if cue.start_ms <= position_ms]
    changes = [at for cue in cues for at in (cue.start_ms, cue.end_ms) if at > position_ms]
    assert moments.active(position_ms) == active
    assert moments.begun(position_ms) == (begun[-1] if begun else None)
    assert moments.current(position_ms) == (active[-1] if active else begun[-1] if begun else None)
    # What ends later but has not begun yet does not change anything before it begins.
    assert moments.next_change(position_ms) == min(changes, default=None)


@given(TRACKS, TIMES, TIMES)
def test_cues_that_begin_within(found: Track, start: int, end: int) -> None:
    begin = [n for n, cue in enumerate(found) if start <= cue.start_ms < end]
    assert list(Moments(found).within(start, end)) == begin


def test_a_remark_does_not_hide_the_line_that_it_interrupts() -> None:
    moments = Moments(track((0, 10_000), (2_000, 3_000)))
    assert [moments.current(at) for at in (1_000, 2_500, 3_000, 9_999, 10_000)] == [0, 1, 0, 0, 1]
    assert moments.active(2_500) == (0, 1)


def test_no_cue_at_all() -> None:
    moments = Moments(make_track(()))
    assert (moments.active(0), moments.begun(0), moments.current(0), moments.next_change(0)) == ((), None, None, None)


def test_one_cue_over_the_whole_lecture_costs_nothing() -> None:
    """Counted, not timed: the nodes that are looked at."""
    many = track((0, 10**9), *((n * 1000, n * 1000 + 900) for n in range(10_000)))
    moments = Moments(many)
    looked_at = 0

    class Counted(list[int]):
        def __getitem__(self, key: Any) -> Any:
            nonlocal looked_at
            looked_at += 1
            return super().__getitem__(key)

    moments._latest = Counted(moments._latest)
    assert moments.active(9_000_500) == (0, 9001)
    assert looked_at < 70
