"""Parts of a journey that end with the test, whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.parts import Part

StartPart = Callable[[str, Path, Path], Part]


@pytest.fixture
def start_part() -> Iterator[StartPart]:
    """Starts a part: its name (module:function), its data folder, the folder of signals."""
    started: list[Part] = []

    def start(name: str, home: Path, signals: Path) -> Part:
        started.append(Part(name, home, signals))
        return started[-1]

    yield start
    for part in started:
        part.kill()
