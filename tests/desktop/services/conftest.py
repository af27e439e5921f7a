"""A learner enrolled in one course, with the clock in the test's hands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.services.services import Services
from tests.desktop.course import Course, make_course
from tests.desktop.filled import enroll, open_learner
from tests.desktop.hand_clock import HandClock


@pytest.fixture
def clock() -> HandClock:
    """Monday morning."""
    return HandClock()


@pytest.fixture
def told() -> list[frozenset[str]]:
    """What the screen was told to have changed."""
    return []


@pytest.fixture
def course() -> Course:
    """Two weeks."""
    return make_course()


@pytest.fixture
def services(tmp_path: Path, clock: HandClock, told: list[frozenset[str]], course: Course) -> Iterator[Services]:
    """Enrolled in ``course``; nothing downloaded."""
    services = open_learner(tmp_path, clock, told)
    enroll(services, course)
    told.clear()
    yield services
    services.close()
