"""SIGKILL at any instant while the folder of courses moves: one is in force, it has all files, none is left over.

``HAVERSACK_MOVE_KILLS`` says how often (10 in a normal run).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.content_folder import HERE, MARKER, content_folder
from desktop.models.folder_choice import OURS
from tests.desktop.course import make_course
from tests.desktop.drives import another_drive
from tests.desktop.sync.moving import Kept, left_in, require_files
from tests.desktop.sync.test_downloads_killed import require_ready_is_true

ROUNDS = int(os.environ.get("HAVERSACK_MOVE_KILLS", "10"))
LONGEST_S = 0.12
COURSE = make_course(weeks=4, video_bytes=1_300_000)

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes that are killed are forked")


class Movers:
    """Processes that move, see ``mover``."""

    def __init__(self, home: Path) -> None:
        words = [sys.executable, "-m", "tests.desktop.sync.mover", str(home)]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def live(self, seconds: float, folder: str) -> int:
        """Let one live so long at most; returns how it ended (0 by itself, -9 killed)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{seconds} {folder}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """No more of them."""
        self._process.communicate("")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An installation with a course of four weeks."""
    kept = Kept(tmp_path / "home", COURSE)
    kept.services.close()
    return kept.home


@pytest.fixture
def movers(home: Path) -> Iterator[Movers]:
    """Of that installation."""
    made = Movers(home)
    yield made
    made.close()


def require_one_folder(home: Path) -> tuple[Path, str]:
    """After a kill, as the next start finds it: returns the folder in force, and what is left to do."""
    content = content_folder(home, home / "assets")
    assert content.look() == HERE
    require_files(content.path, set(COURSE.blobs))
    place = content.place
    return content.path, "carry" if place.target is not None else "clear" if place.leaving or place.emptied else ""


def test_at_any_instant(home: Path, movers: Movers, tmp_path: Path) -> None:
    chance = random.Random(int(os.environ.get("HAVERSACK_MOVE_KILLS_SEED", "7")))
    beside = tmp_path / "beside"
    beside.mkdir()
    killed, before, longest_s = Counter[str](), home / "assets", LONGEST_S
    with another_drive(tmp_path) as elsewhere:
        folders = {"usual": before, str(elsewhere): elsewhere / OURS, str(beside): beside / OURS}
        for number in range(ROUNDS):
            wanted = chance.choice([name for name, folder in folders.items() if folder != before])
            last = number == ROUNDS - 1
            if movers.live(60 if last else chance.uniform(0.0, longest_s), wanted) == -signal.SIGKILL:
                killed[require_one_folder(home)[1]] += 1
                longest_s *= 1.1
            else:  # this computer is faster than that
                longest_s *= 0.7
            before, left = require_one_folder(home)
            if not left:  # nothing is anywhere else, and nothing unfinished here
                assert {
                    folder: left_in(folder) for folder in folders.values() if folder != before and left_in(folder)
                } == {}
                assert {name for name in left_in(before) if "." in name} <= {MARKER}
            elif chance.random() < 0.15 and not last:
                cancel(home)
        assert not left
        content_folder(home, home / "assets")
        assert list(home.glob("content.json.*")) == []
        assert require_ready_is_true(home, before) == set(COURSE.blobs)
    print(f"{ROUNDS} rounds, killed while {dict(killed)} was left to do")  # noqa: T201
    assert sum(killed.values()) >= ROUNDS // 4
    assert killed["carry"] or ROUNDS < 50, "the few of a normal run may all come before or after"


def cancel(home: Path) -> None:
    """The learner wants to stay where they are, whatever is under way."""
    kept = Kept(home)
    kept.services.storage.cancel_move()
    kept.services.close()
