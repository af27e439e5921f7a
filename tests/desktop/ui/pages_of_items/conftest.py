"""A desk with a store and a network that tests hold in their hands, and the look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.background import TaskRunner
from desktop.errors import Problem
from desktop.models.views import LectureView, TrackView
from desktop.player import problems
from desktop.player.backend import PlayerState
from desktop.ui.desk import Desk, Notice, Opened, Place
from desktop.ui.pages.lecture import LecturePane
from desktop.ui.preferences import Preferences
from desktop.ui.theme.theme import Theme
from tests.desktop.ui.pages_of_items.still_backend import StillBackend
from tests.desktop.ui.pages_of_items.store import NOW, VTT, FakeStore, lecture_view, place, quiz_view, reading_view

ITEM = "sql/joins"


class StillClock:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW

    def monotonic_ms(self) -> int:
        return 0

    def zone(self) -> str:
        return "UTC"


@dataclass
class FakeGateway:
    """The network: there or not."""

    store: FakeStore
    online: bool = True
    fetched: list[str] = field(default_factory=list)
    streams: dict[str, str] = field(default_factory=dict)
    arriving: dict[str, Any] = field(default_factory=dict)

    def _be_online(self) -> None:
        if not self.online:
            raise Problem("offline", "There is no connection.", "Try again when you are online.")

    def secrets_note(self) -> Problem | None:
        return None

    def fetch_item(self, item_id: str) -> None:
        """Bring what ``arriving`` holds for the item."""
        self._be_online()
        self.fetched.append(item_id)
        arrived = self.arriving.get(item_id)
        if arrived is not None:
            arrived()

    def stream_address(self, item_id: str) -> str:
        self._be_online()
        return self.streams[item_id]


@dataclass
class Bench:
    """What a test works with."""

    desk: Desk
    store: FakeStore
    gateway: FakeGateway
    preferences: Preferences
    gone: list[Place] = field(default_factory=list)
    said: list[Notice] = field(default_factory=list)


@pytest.fixture
def preferences(tmp_path: Path, qapp: QApplication) -> Preferences:
    return Preferences(tmp_path / "preferences.ini")


@pytest.fixture
def bench(qapp: QApplication, preferences: Preferences) -> Iterator[Bench]:
    store = FakeStore()
    store.readings_by_id["sql/why"] = reading_view()
    store.readings_by_id["sql/plan"] = reading_view("plan")
    store.quizzes_by_id["sql/check"] = quiz_view()
    store.quizzes_by_id["sql/test"] = quiz_view("test", attempts_left=3)
    store.lectures_by_id["sql/joins"] = lecture_view(None)
    gateway = FakeGateway(store)
    runner = TaskRunner()
    unhandled: list[Problem] = []
    runner.problem_unhandled.connect(unhandled.append)
    theme = Theme(qapp, preferences, "", qapp)
    desk = Desk(runner, StillClock(), Opened(cast(Any, store)), lambda: cast(Any, gateway))
    bench = Bench(desk, store, gateway, preferences)
    desk.place_changed.connect(bench.gone.append)
    desk.notice_posted.connect(bench.said.append)
    yield bench
    runner.shutdown()
    assert not unhandled, unhandled
    theme.deleteLater()


@dataclass
class Lecture:
    """A lecture page, its engine, and a way to open it again."""

    pane: LecturePane
    engine: StillBackend
    bench: Bench

    def plays(self) -> bool:
        return self.pane.session.state is PlayerState.PLAYING

    @property
    def position_ms(self) -> int:
        return self.pane.session.position_ms


@pytest.fixture
def tracks(tmp_path: Path) -> tuple[TrackView, ...]:
    english, persian = tmp_path / "en.vtt", tmp_path / "fa.vtt"
    english.write_text(VTT, "utf-8")
    persian.write_text("WEBVTT\n\n00:00.000 --> 00:09.000\nوقتی دو جدول\n", "utf-8")
    return (TrackView("en", "English", english), TrackView("fa", "فارسی", persian))


@pytest.fixture
def view(tmp_path: Path, tracks: tuple[TrackView, ...]) -> LectureView:
    return lecture_view(tmp_path / "joins.webm", tracks)


@pytest.fixture
def opened(qtbot: QtBot, bench: Bench, view: LectureView) -> Callable[..., Lecture]:
    """Open the lecture with another view of it, at a second, with a fault."""

    def open_lecture(
        at_ms: int | None = None, fault: problems.MediaProblem | None = None, closes: bool = True, **more: object
    ) -> Lecture:
        bench.store.lectures_by_id[ITEM] = replace(view, **more)
        engine = StillBackend()
        engine.fault = fault
        pane = LecturePane(bench.desk, bench.preferences, None, lambda: engine)
        pane.resize(1100, 700)
        if closes:
            qtbot.addWidget(pane, before_close_func=lambda closing: closing.leave())
        pane.show()
        with qtbot.waitActive(pane):
            pane.activateWindow()
        pane.show_item(place("joins"), at_ms)
        pane.setFocus()
        qtbot.waitUntil(lambda: not bench.desk._runner.busy())
        return Lecture(pane, engine, bench)

    return open_lecture
