"""A seek that comes while a medium that was opened paused is still on its way to its start."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop.player.step_reports import StepReports
from desktop.player.vlc_happenings import Happening
from desktop.player.vlc_seeker import Seeker

START, NEW = 1, 2


class Engine:
    """A player that only remembers, and the command thread as a list."""

    def __init__(self) -> None:
        self.sent: list[int] = []
        self.told: list[tuple[Happening, object]] = []
        self.later: list[Callable[[], None]] = []
        self.seeker = Seeker(
            lambda happening, value: self.told.append((happening, value)), self.later.append, self.shown
        )
        self.seeker.attach(self, StepReports.__new__(StepReports))
        self.seeker.begin("http://127.0.0.1/lecture.webm")

    def shown(self) -> None:
        """Pictures that come after steps; there are none here."""

    def set_time(self, position_ms: int) -> None:
        self.sent.append(position_ms)

    def get_length(self) -> int:
        return 60_000

    def get_fps(self) -> float:
        return 25.0

    def work(self) -> None:
        """What was put off for the command thread."""
        while self.later:
            self.later.pop(0)()

    def show(self, look: int, times: int = 2) -> None:
        """libVLC has buffered and shows a picture."""
        self.seeker.on_buffering(0.0)
        self.seeker.on_buffering(100.0)
        for _ in range(times):
            if self.seeker.on_paused_picture(look):
                self.seeker.arrive()

    def seeked(self) -> list[object]:
        """The seeks that were reported as arrived."""
        return [value for happening, value in self.told if happening is Happening.SEEKED]


@pytest.fixture
def engine() -> Engine:
    made = Engine()
    made.seeker.open_at(0)
    return made


def test_it_waits_for_the_start_and_is_not_answered_by_its_picture(engine: Engine) -> None:
    engine.seeker.go_to(8_169, paused=True)
    assert engine.sent == [0]
    engine.show(START)
    assert engine.seeked() == [], "that was the picture of the start"
    engine.work()
    assert len(engine.sent) == 2
    engine.show(NEW)
    assert engine.seeked() == [8_169]


def test_of_several_the_last_one_counts(engine: Engine) -> None:
    engine.seeker.go_to(5_000, paused=True)
    engine.seeker.go_to(8_169, paused=True)
    engine.show(START)
    engine.work()
    engine.show(NEW)
    assert engine.seeked() == [8_169]


def test_without_another_the_start_is_reported(engine: Engine) -> None:
    engine.show(START)
    engine.work()
    assert engine.sent == [0]
    assert engine.seeked() == [0]


def test_playing_goes_on_from_where_it_was_to_go(engine: Engine) -> None:
    engine.seeker.go_to(8_169, paused=True)
    assert engine.seeker.go_on() == 8_169
    engine.show(START)
    engine.work()
    assert engine.sent == [0], "the waiting one is dropped: whoever plays sends it"


def test_another_medium_forgets_it(engine: Engine) -> None:
    engine.seeker.go_to(8_169, paused=True)
    engine.seeker.begin("http://127.0.0.1/next.webm")
    engine.work()
    assert engine.sent == [0]
