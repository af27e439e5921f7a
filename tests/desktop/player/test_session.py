"""A session with an engine whose time the test holds in its hands."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.player.backend import PlayerState
from desktop.player.fake_backend import number_of
from desktop.player.problems import broken
from desktop.player.session import END_MARGIN_MS, FRAME_MS
from tests.desktop.player.conftest import Fake

LECTURE = Path("lecture.webm")


def test_it_opens_at_a_second_and_the_clock_follows(fake: Fake) -> None:
    fake.session.load(LECTURE, 12_000, duration_ms=50_000)
    assert fake.engine.calls == ["open lecture.webm 12000"]
    assert fake.session.state is PlayerState.PLAYING
    assert fake.session.duration_ms == 60_000, "the medium's own length replaces the course's"
    fake.engine.advance(1_600)
    assert fake.session.position_ms == 13_600
    frame = fake.session.newest()
    assert frame is not None
    assert number_of(frame.image) == 13_600 // FRAME_MS


def test_pause_stands_and_says_where_to_go_on_and_what_was_watched(fake: Fake) -> None:
    fake.session.load(LECTURE, 5_000)
    fake.engine.advance(3_000)
    fake.session.pause()
    assert fake.session.state is PlayerState.PAUSED
    assert fake.watched == [(5_000, 8_000)]
    assert fake.resume[-1] == 8_000
    fake.engine.advance(10_000)
    assert fake.session.position_ms == 8_000
    fake.session.toggle()
    fake.engine.advance(1_000)
    assert fake.session.position_ms == 9_000


def test_a_pause_says_where_it_stands(fake: Fake) -> None:
    """The last tick may lie before it, in another second: the time that is shown would be wrong until it plays on."""
    told: list[int] = []
    fake.session.load(LECTURE, 20_000)
    fake.session.position_changed.connect(told.append)
    fake.engine.advance(1_010)
    fake.session.pause()
    assert told[-1] == fake.session.position_ms == 21_010


def test_opened_paused_it_waits_on_its_picture(fake: Fake) -> None:
    fake.session.load(LECTURE, 7_000, paused=True)
    fake.engine.advance(5_000)
    assert fake.session.state is PlayerState.PAUSED
    assert fake.session.position_ms == 7_000
    assert fake.session.newest() is not None
    assert not fake.watched


def test_while_scrubbing_one_seek_is_under_way_and_only_the_last_follows(fake: Fake) -> None:
    fake.session.load(LECTURE, paused=True)
    fake.engine.holds_seeks = True
    for position_ms in range(1_000, 20_000, 500):
        fake.session.seek_to(position_ms)
        assert fake.session.position_ms == position_ms, "the wanted place is shown at once"
    assert fake.seeks() == [1_000]
    fake.engine.arrive()
    assert fake.seeks() == [1_000, 19_500]
    fake.engine.arrive()
    assert fake.seeks() == [1_000, 19_500]
    assert fake.session.position_ms == 19_500


def test_reports_of_the_place_it_leaves_do_not_move_it(fake: Fake) -> None:
    fake.session.load(LECTURE)
    fake.engine.holds_seeks = True
    fake.engine.advance(2_000)
    fake.session.seek_to(30_000)
    fake.engine.advance(1_000)
    assert fake.session.position_ms == 30_000
    fake.engine.arrive()
    fake.engine.advance(1_000)
    assert fake.session.position_ms == 31_000
    fake.session.pause()
    assert fake.watched == [(0, 2_000), (30_000, 31_000)], "the seek itself was not watched"


def test_a_seek_that_shows_nothing_is_given_up(fake: Fake, qtbot: object) -> None:
    fake.session.load(LECTURE, paused=True)
    fake.engine.holds_seeks = True
    fake.session.seek_to(10_000)
    fake.session.seek_to(20_000)
    qtbot.waitUntil(lambda: fake.seeks() == [10_000, 20_000], timeout=5_000)  # type: ignore[attr-defined]


def test_a_seek_stays_within_the_medium(fake: Fake) -> None:
    fake.session.load(LECTURE, paused=True)
    fake.session.seek_to(-5)
    fake.session.seek_to(1_000_000)
    assert fake.seeks() == [0, 60_000 - END_MARGIN_MS]
    fake.session.jump(-10_000)
    assert fake.seeks()[-1] == 60_000 - END_MARGIN_MS - 10_000


def test_the_end_and_once_more(fake: Fake) -> None:
    ends: list[int] = []
    fake.session.ended.connect(lambda: ends.append(fake.session.position_ms))
    fake.session.load(LECTURE, 58_000)
    fake.engine.advance(5_000)
    assert fake.session.state is PlayerState.ENDED
    assert ends == [60_000]
    assert fake.watched == [(58_000, 60_000)]
    assert fake.resume[-1] == 60_000
    fake.session.play()
    assert fake.session.position_ms == 0
    fake.engine.advance(1_000)
    assert fake.session.position_ms == 1_000


@pytest.mark.parametrize(("wanted", "given"), [(2.0, 2.0), (0.1, 0.5), (9.0, 3.0)])
def test_the_rate_is_bounded_and_moves_the_clock(fake: Fake, wanted: float, given: float) -> None:
    rates: list[float] = []
    fake.session.rate_changed.connect(rates.append)
    fake.session.load(LECTURE)
    fake.engine.advance(1_000)
    fake.session.set_rate(wanted)
    fake.session.set_rate(wanted)
    assert rates == [given]
    fake.engine.advance(1_000)
    assert fake.session.position_ms == 1_000 + round(1_000 * given)


def test_what_is_skipped_by_the_medium_itself_was_not_watched(fake: Fake) -> None:
    fake.session.load(LECTURE)
    fake.engine.advance(2_000)
    fake.engine.skip(20_000)
    fake.engine.advance(1_000)
    fake.session.pause()
    assert fake.watched == [(0, 2_000), (22_000, 23_000)]


def test_a_step_pauses_and_moves_by_a_frame(fake: Fake) -> None:
    fake.session.load(LECTURE, 10_000)
    fake.session.step()
    fake.session.step(-1)
    assert fake.session.state is PlayerState.PAUSED
    assert fake.seeks() == [10_000 + FRAME_MS, 10_000]


def test_a_problem_is_handed_on_and_the_next_medium_plays(fake: Fake) -> None:
    problems: list[object] = []
    fake.session.problem.connect(problems.append)
    fault = broken("lecture.webm")
    fake.engine.refuses = fault
    fake.session.load(LECTURE)
    assert problems == [fault]
    states = [fake.session.state]
    fake.session.load(Path("next.webm"))
    assert [*states, fake.session.state] == [PlayerState.FAILED, PlayerState.PLAYING]


def test_another_medium_settles_the_one_before(fake: Fake) -> None:
    fake.session.load(LECTURE)
    fake.engine.holds_seeks = True
    fake.engine.advance(4_000)
    fake.session.seek_to(20_000)
    fake.session.seek_to(25_000)
    fake.engine.holds_seeks = False
    fake.session.load(Path("next.webm"), 3_000)
    assert fake.watched == [(0, 4_000)]
    assert fake.session.position_ms == 3_000
    fake.session.seek_to(9_000)
    assert fake.seeks() == [20_000, 9_000], "what waited behind the old medium's seek is forgotten"


def test_without_a_medium_commands_do_nothing(fake: Fake) -> None:
    fake.session.play()
    fake.session.pause()
    fake.session.seek_to(1_000)
    assert fake.engine.calls == []
    fake.session.load(LECTURE)
    fake.session.stop()
    assert fake.session.state is PlayerState.IDLE
    fake.session.play()
    assert fake.engine.calls[-1] == "stop"
