"""The edge of the screens: services and a gateway that answer with frozen views and remember what they were asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from desktop.background import TaskRunner
from desktop.errors import Problem
from desktop.services.services import Services
from desktop.sync.gateway import Gateway
from desktop.ui.desk import Desk, Opened, Place

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


class FixedClock:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Always the same moment."""
        return NOW

    def monotonic_ms(self) -> int:
        """Always the same."""
        return 1_000

    def zone(self) -> str:
        """Universal time."""
        return "UTC"


@dataclass
class Subject:
    """``services.<name>``: every method answers what ``answers`` holds for it: a value, a function, or a problem."""

    name: str
    answers: dict[str, object]
    calls: list[tuple[str, tuple[object, ...]]]

    def __getattr__(self, method: str) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            key = f"{self.name}.{method}"
            self.calls.append((key, arguments))
            answer = self.answers.get(key)
            if isinstance(answer, Problem):
                raise answer
            return answer(*arguments) if callable(answer) else answer

        return call


@dataclass
class Edge:
    """Both sides of a desk. ``answers`` keys: ``home.view``, ``catalog.view``, ``gateway.sign_in``, …"""

    answers: dict[str, object] = field(default_factory=dict)
    calls: list[tuple[str, tuple[object, ...]]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Subject:
        return Subject(name, self.answers, self.calls)

    def asked(self, key: str) -> list[tuple[object, ...]]:
        """The arguments of every call of a method."""
        return [arguments for called, arguments in self.calls if called == key]


@dataclass
class Bench:
    """A desk over an ``Edge``, and where pages sent the learner."""

    desk: Desk
    edge: Edge
    runner: TaskRunner
    places: list[Place]


@contextmanager
def bench_over(edge: Edge) -> Iterator[Bench]:
    """A desk whose lanes end with the block."""
    runner = TaskRunner()
    services, gateway = cast(Services, edge), cast(Gateway, Subject("gateway", edge.answers, edge.calls))
    desk = Desk(runner, FixedClock(), Opened(services), lambda: gateway)
    places: list[Place] = []
    desk.place_changed.connect(places.append)
    try:
        yield Bench(desk, edge, runner, places)
    finally:
        runner.shutdown()
        desk.deleteLater()
        runner.deleteLater()
