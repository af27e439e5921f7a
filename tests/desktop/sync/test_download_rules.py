"""What is pure about downloads: hours, speed, the limit, files that are put off."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from desktop.models.views import DownloadRules
from desktop.sync.download_rules import hold, seconds_to_change
from desktop.sync.postponed import HOPELESS, Postponed
from desktop.sync.speed import Meter
from desktop.sync.throttle import Throttle

NIGHT = DownloadRules(from_minute=22 * 60, until_minute=6 * 60)
DAY = DownloadRules(from_minute=9 * 60, until_minute=17 * 60)

ODD = DownloadRules(from_minute=22 * 60 + 15, until_minute=5 * 60 + 45)


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A time of day."""
    return datetime(2026, 3, 2, hour, minute, second)


@pytest.mark.parametrize(
    ("rules", "now", "metered", "reason"),
    [
        (DownloadRules(), at(3), False, ""),
        (DownloadRules(), at(3), True, "metered"),
        (DownloadRules(on_metered=True), at(3), True, ""),
        (DownloadRules(paused=True, on_metered=True), at(3), True, "paused"),
        (NIGHT, at(22), False, ""),
        (NIGHT, at(5, 59, 59), False, ""),
        (NIGHT, at(6), False, "hours"),
        (NIGHT, at(21, 59, 59), False, "hours"),
        (NIGHT, at(0), True, "metered"),
        (DAY, at(9), False, ""),
        (DAY, at(17), False, "hours"),
        (DAY, at(8, 59), False, "hours"),
        (DownloadRules(from_minute=600, until_minute=600), at(3), False, ""),
        (ODD, at(22, 14, 59), False, "hours"),
        (ODD, at(22, 15), False, ""),
        (ODD, at(5, 44, 59), False, ""),
        (ODD, at(5, 45), False, "hours"),
    ],
)
def test_why_the_queue_rests(rules: DownloadRules, now: datetime, metered: bool, reason: str) -> None:
    assert hold(rules, now, metered=metered) == reason


@pytest.mark.parametrize(
    ("rules", "now", "seconds"),
    [
        (DownloadRules(), at(3), None),
        (NIGHT, at(21, 59, 30), 30),
        (NIGHT, at(22), 8 * 3600),
        (NIGHT, at(7), 15 * 3600),
        (DAY, at(12), 5 * 3600),
    ],
)
def test_when_that_changes(rules: DownloadRules, now: datetime, seconds: float | None) -> None:
    assert seconds_to_change(rules, now) == seconds


@pytest.mark.parametrize(
    ("day", "first", "last", "begins", "minutes"),
    [
        (date(2026, 3, 29), 150, 240, "03:00", 60),  # half past two does not exist in that night
        (date(2026, 3, 29), 60, 240, "01:00", 120),
        (date(2026, 10, 25), 120, 180, "02:00", 120),  # that hour comes twice
        (date(2026, 10, 24), 120, 180, "02:00", 60),
    ],
)
def test_in_the_nights_in_which_the_clocks_change(day: date, first: int, last: int, begins: str, minutes: int) -> None:
    rules = DownloadRules(from_minute=first, until_minute=last)
    began = datetime.combine(day, time(0), ZoneInfo("Europe/Berlin")).astimezone(UTC)
    moments = [began + timedelta(minutes=minute) for minute in range(23 * 60)]
    within = [
        local
        for local in (moment.astimezone(ZoneInfo("Europe/Berlin")) for moment in moments)
        if hold(rules, local, metered=False) == ""
    ]
    assert len(within) == minutes
    assert within[0].strftime("%H:%M") == begins


def test_the_speed_of_a_steady_link_is_its_speed_from_the_beginning() -> None:
    meter = Meter(100.0)
    for tick in range(1, 300):
        now = 100.0 + tick / 10
        meter.add(now, 100_000)
        if tick > 5:
            assert meter.speed(now) == pytest.approx(1_000_000, rel=0.1)


def test_time_left_does_not_jump_on_a_link_that_does() -> None:
    """Bursts of two to one, and pauses of a second: what is told changes by seconds, not by minutes."""
    chance = random.Random(3)
    meter, now, missing, told = Meter(0.0), 0.0, 60_000_000, []
    while missing > 0:
        now += 0.2 if chance.random() > 0.02 else 1.0
        size = chance.randint(130_000, 270_000)
        meter.add(now, size)
        missing -= size
        told.append((now, meter.seconds_left(now, max(0, missing))))
    known = [(moment, left) for moment, left in told if left is not None]
    assert len(known) > 250
    jumps = [
        abs(later - (earlier - (after - before))) for (before, earlier), (after, later) in itertools.pairwise(known)
    ]
    assert sum(jump > 1.0 for jump in jumps) <= 8
    end = known[-1][0]
    assert all(abs(left - (end - moment)) < 0.35 * (end - moment) + 4 for moment, left in known)


def test_nothing_is_foretold_of_a_link_that_brings_nothing() -> None:
    meter = Meter(0.0)
    assert meter.seconds_left(1.0, 1000) is None
    for tick in range(50):
        meter.add(tick / 10, 10_000)
    assert meter.seconds_left(5.0, 1_000_000) == pytest.approx(10, rel=0.2)
    assert meter.speed(200.0) == 0
    assert meter.seconds_left(200.0, 1_000_000) is None


def test_the_limit_is_kept_and_can_be_changed_under_way() -> None:
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    throttle.set(100_000)
    assert throttle.piece(256 * 1024) == 25_000
    taken = 0

    def wanted() -> bool:
        now[0] += 0.05  # time passes while it waits
        return True

    while now[0] < 20:
        assert throttle.took(25_000, wanted)
        taken += 25_000
    assert taken == pytest.approx(20 * 100_000, rel=0.03)
    assert not throttle.took(1_000_000, lambda: False)
    throttle.set(0)
    assert throttle.took(10**9, lambda: False)
    assert throttle.piece(256 * 1024) == 256 * 1024


def test_a_file_is_given_up_only_while_others_come() -> None:
    now = [0.0]
    postponed = Postponed(lambda: now[0])
    for _ in range(20):  # the server is out of order
        assert not postponed.failed("a")
    assert postponed.all_fail
    assert postponed.next_s() == 600
    postponed.succeeded("a")
    assert postponed.now() == []
    ended = []
    for number in range(HOPELESS):
        ended.append(postponed.failed("a"))
        assert ended[-1] or postponed.now() == ["a"]
        assert not postponed.all_fail
        postponed.succeeded(f"other {number}")
    assert ended == [False] * (HOPELESS - 1) + [True]
    assert postponed.now() == []
