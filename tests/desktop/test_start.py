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
    "nh3",
    "cryptography",
    "keyring",
    "qtawesome",
    "concurrent.futures",
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


def start(home: Path) -> dict[str, object]:
    """Start the real program offline in a process of its own; what the watcher of the benchmark saw of it."""
    words = [str(time.monotonic_ns()), "program", str(COURSES), "--home", str(home), "--offline"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.start_probe", *words],
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
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """A start on the data folder of a learner with fifty courses."""
    home = tmp_path_factory.mktemp("start") / "home"
    home.mkdir()
    fill_home(home, COURSES)
    return start(home)


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
