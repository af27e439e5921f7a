"""What a start must not wait for. Nothing here is timed: ``python -m benchmarks startup`` measures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.filled_home import fill_home

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "sqlalchemy",
    "alembic",
    "requests",
    "urllib3",
    "msgspec",
    "vlc",
    "numpy",
    "tomllib",
    "nh3",
    "cryptography",
    "keyring",
    "qtawesome",
    "concurrent.futures",
    "dataclasses",
    "logging.handlers",
    "PySide6.QtNetwork",
    "PySide6.QtSvg",
    "desktop.models.views",
    "desktop.embedded",
    "desktop.services.services",
    "desktop.sync.gateway",
    "desktop.ui.pages.catalog",
    "desktop.ui.pages.course",
    "desktop.ui.pages.lecture",
)
COURSES = 50


def start(module: str, *words: str) -> dict[str, object]:
    """Start the real program in a process of its own, by a module that watches it; what that saw of it."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a learner with fifty courses."""
    found = tmp_path_factory.mktemp("start") / "home"
    found.mkdir()
    fill_home(found, COURSES)
    return found


@pytest.fixture(scope="module")
def seen(home: Path) -> dict[str, object]:
    """What the benchmark saw of a start."""
    words = (str(time.monotonic_ns()), "program", str(COURSES), "--home", str(home), "--offline")
    return start("benchmarks.start_probe", *words)


def test_the_first_paint_waits_for_nothing_heavy(seen: dict[str, object]) -> None:
    imported = seen["imported"]
    assert isinstance(imported, list)
    assert "desktop.ui.pages.home" in imported
    assert [name for name in HEAVY if name in imported] == []
    assert seen["sources"] == [], "compiled files are enough; a look into every source is most of the memory"
    wrapped = seen["wrapped"]
    assert isinstance(wrapped, list)
    assert "QPushButton" in wrapped
    assert "QStyle" not in wrapped, "it comes with hundreds of enumerations"


def test_the_first_paint_shows_the_cards_there_is_room_for_and_no_more_are_made(seen: dict[str, object]) -> None:
    cards = seen["cards"]
    assert seen["filled"]
    assert isinstance(cards, int)
    assert 3 <= cards <= 8


def test_then_the_store_opens_and_every_card_is_there(seen: dict[str, object]) -> None:
    assert seen["ready"], "the home from the store, with all cards, and the sync worker"


def test_a_click_before_anything_is_open_is_answered_when_it_is(home: Path) -> None:
    found = start("tests.desktop.early_click", str(home), "course-010")  # the second card
    assert found == {"store": False, "sync": False, "title": "Asking tables questions, part 2"}


def test_what_carries_requests_comes_with_the_first_one() -> None:
    program = (
        "import sys, desktop.sync.worker; print([name for name in ('requests', 'urllib3') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
