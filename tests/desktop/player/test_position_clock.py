"""The clock between two reports of the engine."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.player.position_clock import SMALL_STEP_BACK_MS, PositionClock

MS = 1_000_000


def test_held_it_stands_and_running_it_follows_the_rate() -> None:
    clock = PositionClock()
    clock.hold(5_000)
    assert clock.position_ms(99_000 * MS) == 5_000
    clock.run(5_000, 100_000 * MS)
    assert clock.position_ms(101_000 * MS) == 6_000
    clock.set_rate(2.0, 101_000 * MS)
    assert clock.position_ms(101_500 * MS) == 7_000
    clock.set_rate(0.5, 101_500 * MS)
    assert clock.position_ms(102_500 * MS) == 7_500
    clock.hold(1_000)
    assert clock.position_ms(200_000 * MS) == 1_000


def test_a_report_a_little_behind_does_not_turn_it_back() -> None:
    clock = PositionClock()
    clock.run(0, 0)
    assert clock.position_ms(1_000 * MS) == 1_000
    assert clock.report(900, 1_000 * MS) == -100
    assert clock.position_ms(1_050 * MS) == 1_000
    assert clock.position_ms(1_200 * MS) == 1_100


def test_a_report_far_away_is_believed() -> None:
    clock = PositionClock()
    clock.run(10_000, 0)
    assert clock.position_ms(1_000 * MS) == 11_000
    assert clock.report(3_000, 1_000 * MS) == -8_000
    assert clock.position_ms(1_000 * MS) == 3_000


def test_held_it_takes_no_report() -> None:
    clock = PositionClock()
    clock.hold(4_000)
    assert clock.report(9_000, 5 * MS) == 0
    assert clock.position_ms(6 * MS) == 4_000


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(-SMALL_STEP_BACK_MS, 60)), min_size=1))
def test_small_errors_of_the_engine_never_turn_it_back(reports: list[tuple[int, int]]) -> None:
    clock = PositionClock()
    clock.run(0, 0)
    now_ms, shown = 0, 0
    for passed_ms, error_ms in reports:
        now_ms += passed_ms
        clock.report(now_ms + error_ms, now_ms * MS)
        position = clock.position_ms(now_ms * MS)
        assert position >= shown
        assert abs(position - now_ms) <= max(SMALL_STEP_BACK_MS, 60) * 2
        shown = position
