"""A desk with a store and a network that tests hold in their hands, and the look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QApplication

from desktop.background import TaskRunner
from desktop.errors import Problem
from desktop.ui.desk import Desk, Notice, Opened, Place
from desktop.ui.preferences import Preferences
from desktop.ui.theme.theme import Theme
from tests.desktop.ui.pages_of_items.store import NOW, FakeStore, lecture_view, quiz_view, reading_view


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
    problems: list[Problem] = []
    runner.problem_unhandled.connect(problems.append)
    theme = Theme(qapp, preferences, "", qapp)
    desk = Desk(runner, StillClock(), Opened(cast(Any, store)), lambda: cast(Any, gateway))
    bench = Bench(desk, store, gateway, preferences)
    desk.place_changed.connect(bench.gone.append)
    desk.notice_posted.connect(bench.said.append)
    yield bench
    runner.shutdown()
    assert not problems, problems
    theme.deleteLater()
