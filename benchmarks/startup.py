"""How long until the home of a learner with 50 courses can be seen and used, against an empty PySide6 window.

Every start is a process of its own, from the command to the window, with the files in the disk's cache. The two take
turns. The program runs offline, on a data folder made by its own store; the empty window is a ``QMainWindow`` of the
same size with nothing in it.

Measured without a screen (Qt's *offscreen*) and, where there is a display or Xvfb to make one, in a real X11 window.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from benchmarks.displays import display
from benchmarks.figures import CannotMeasureError, Figure, against_limit, compare
from benchmarks.filled_home import fill_home

COURSES = 50
ROUNDS = 9
FIRST_PAINT, READY, MEMORY = 1.3, 4.0, 2.5
"""Budgets, as ratios to the empty window."""
WORST_GAP_MS = 60.0
START_LIMIT_S = 120
ROOT = Path(__file__).resolve().parent.parent


class Moments(msgspec.Struct):
    """What a start said of itself (``benchmarks.start_probe``). Times in ms since the process was begun; ``cpu``: what
    all of its threads have used of the processors by then, which other programs disturb less."""

    first_paint_ms: float
    first_paint_cpu_ms: float
    ready_ms: float
    ready_cpu_ms: float
    worst_gap_ms: float
    memory_mb: float
    ready: bool
    filled: bool = True


def run() -> list[Figure]:
    """The figures of every platform there is.

    Raises:
        CannotMeasureError: a start failed, or its first paint did not show the home.
    """
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="haversack-startup-") as folder:
        home = Path(folder) / "home"
        home.mkdir()
        fill_home(home, COURSES)
        for platform in _platforms():
            with display(platform) as environment:
                found += _measure(platform, home, environment)
    return found


def _platforms() -> list[str]:
    x11 = sys.platform.startswith("linux") and (os.environ.get("DISPLAY") or shutil.which("Xvfb"))
    return ["offscreen", "xcb"] if x11 else ["offscreen"]


def _start(words: list[str], environment: dict[str, str]) -> Moments:
    command = [sys.executable, "-m", "benchmarks.start_probe", str(time.monotonic_ns()), *words]
    try:
        done = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=START_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise CannotMeasureError(f"a start took longer than {START_LIMIT_S} s: {' '.join(words)}") from error
    line = next((line for line in done.stdout.splitlines() if line.startswith("{")), "")
    if done.returncode or not line:
        raise CannotMeasureError(f"{' '.join(words)} failed with {done.returncode}: {done.stderr[-2000:]}")
    moments = msgspec.convert(json.loads(line), Moments)
    if not moments.ready:
        raise CannotMeasureError("the program did not become ready")
    if not moments.filled:
        raise CannotMeasureError("the first paint did not show the cards that there is room for")
    return moments


def _measure(platform: str, home: Path, environment: dict[str, str]) -> list[Figure]:
    program, empty = ["program", str(COURSES), "--home", str(home), "--offline"], ["empty"]
    for words in (program, empty):
        _start(words, environment)  # fills the disk's cache, compiles
    ours: list[Moments] = []
    theirs: list[Moments] = []
    for _ in range(ROUNDS):
        theirs.append(_start(empty, environment))
        ours.append(_start(program, environment))
    peer = f"empty window ({platform})"
    shown, bare = [one.first_paint_ms for one in ours], [one.first_paint_ms for one in theirs]
    shown_cpu, bare_cpu = [one.first_paint_cpu_ms for one in ours], [one.first_paint_cpu_ms for one in theirs]
    figures = [
        compare(f"home with {COURSES} courses painted", "ms", shown, peer, bare, FIRST_PAINT),
        compare("home painted, processor time", "ms", shown_cpu, peer, bare_cpu),
        compare("all ready", "ms", [one.ready_ms for one in ours], peer, bare, READY),
        compare("all ready, processor time", "ms", [one.ready_cpu_ms for one in ours], peer, bare_cpu),
        against_limit(
            "worst gap of the UI", "ms", [one.worst_gap_ms for one in ours], WORST_GAP_MS, f"limit ({platform})"
        ),
    ]
    memory = [one.memory_mb for one in ours]
    if all(memory):
        figures.append(compare("memory (RSS)", "MB", memory, peer, [one.memory_mb for one in theirs], MEMORY))
    return figures
