"""How the window keeps up while everything happens at once: a lecture plays in it, 10,000 changes come, 300 MB of large
files and hundreds of small ones are downloaded as fast as they come, and things are clicked.

The real program with its window (``tick_probe``) at the real program server, both on this computer. A timer of the UI
thread ticks 60 times a second, first while nothing happens, then meanwhile: the longest pauses between two ticks are
for how long no key would have been answered. What is clicked is written by the store's own code, with the disk's
promise, in the lane of the pages: from the click to that promise.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from benchmarks.accounts import Account, serving, write_program
from benchmarks.courses import short_clip, write_course
from benchmarks.displays import display
from benchmarks.figures import CannotMeasureError, Figure, against_limit, compare
from benchmarks.first_sync import sync_all
from benchmarks.seek_clip import make_clip
from desktop.sync.downloads import DownloadQueue

ROOT = Path(__file__).resolve().parent.parent
COURSES, CHANGES = 10, 10_000
LARGE_FILES, LARGE_BYTES = 10, 30_000_000
P99_MS, WORST_MS, CLICK_MS = 30.0, 100.0, 25.0
"""Budgets: 99 of 100 pauses of the UI; every pause; 99 of 100 clicks."""


class Seen(msgspec.Struct):
    """What the program said of itself. Times in ms."""

    idle: list[float]
    ticks: list[float]
    clicks: list[float]
    changes: int
    changes_ms: float
    downloaded: int
    played_ms: int


def run() -> list[Figure]:
    """Once, on X11 where there is an X server or Xvfb, else offscreen.

    Raises:
        CannotMeasureError: something did not start, or did not happen.
    """
    platform = "xcb" if sys.platform.startswith("linux") and shutil.which("Xvfb") else "offscreen"
    with (
        tempfile.TemporaryDirectory(prefix="haversack-tick-") as folder,
        _ready(Path(folder)) as (home, server_home),
        display(platform) as environment,
    ):
        seen = _watch(home, server_home, environment)
    if seen.changes < CHANGES or seen.downloaded < LARGE_BYTES or seen.played_ms < 2000:
        raise CannotMeasureError(f"{seen.changes} changes, {seen.downloaded} bytes, {seen.played_ms} ms played")
    idle = _part(seen.idle, 0.99)
    what = "60 Hz timer of the window, all at once"
    return [
        against_limit(f"{what}: 99 of 100 within", "ms", [_part(seen.ticks, 0.99)], P99_MS, f"limit ({platform})"),
        compare(f"{what}: 99 of 100 within", "ms", [_part(seen.ticks, 0.99)], "idle", [idle]),
        against_limit(f"{what}: the slowest", "ms", [max(seen.ticks)], WORST_MS),
        compare(f"{what}: the slowest", "ms", [max(seen.ticks)], "idle", [max(seen.idle)]),
        against_limit("click until it is on the disk: 99 of 100 within", "ms", [_part(seen.clicks, 0.99)], CLICK_MS),
    ]


def _part(series: list[float], share: float) -> float:
    return sorted(series)[int(len(series) * share)]


@contextmanager
def _ready(work: Path) -> Iterator[tuple[Path, Path]]:
    """The data folder of a learner who has the texts of ten courses and a lecture of an eleventh, and the server's."""
    names = [f"c{number:02}" for number in range(COURSES)]
    short = short_clip(work / "short.mp4")
    for name in names:
        write_course(work / "program" / "courses", name, short)
    lecture = make_clip(work / "lecture.mp4", 2)
    write_course(work / "program" / "courses", "large", lecture, LARGE_FILES, LARGE_BYTES)
    write_program(work / "program", [*names, "large"])
    with serving(work / "program", work / "server") as (port, link):
        with closing(Account(work / "home", port)) as device:
            device.join(link)
            device.sync()
            device.take_all()
            sync_all(device)
            device.services.downloads.queue_item("large/v1-0")
            queue = DownloadQueue(device.services.store, device.gateway.fetcher)
            while queue.fetch_next(lambda: False):
                pass
        yield work / "home", work / "server"


def _watch(home: Path, server_home: Path, environment: dict[str, str]) -> Seen:
    # Nobody's keyring is asked, and nothing is heard.
    environment = environment | {
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "HAVERSACK_VLC_ARGS": "--aout=dummy",
        "HAVERSACK_SERVER_HOME": str(server_home),
        "DJANGO_SETTINGS_MODULE": "server.settings.embedded",
    }
    with (
        _Talking(
            ["benchmarks.tick_probe", str(CHANGES), "--home", str(home)], environment, home / "errors.log"
        ) as probe,
        _Talking(["benchmarks.change_rows", str(CHANGES), str(COURSES)], environment, home / "changes.log") as device,
    ):
        device.expect("ready")
        probe.expect("playing")
        device.say()
        device.expect("done")
        probe.say()
        return msgspec.convert(json.loads(probe.expect("{")), Seen)


class _Talking:
    """A module in a process of its own, which says a line when it has come somewhere and goes on when it is told."""

    def __init__(self, words: list[str], environment: dict[str, str], errors: Path) -> None:
        self._errors = errors
        self._file = errors.open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._file,
            text=True,
        )

    def __enter__(self) -> _Talking:
        return self

    def __exit__(self, *_: object) -> None:
        with self._file:
            try:
                self._process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.communicate()

    def say(self) -> None:
        """Go on."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def expect(self, beginning: str) -> str:
        """The next line.

        Raises:
            CannotMeasureError: it is another one.
        """
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.startswith(beginning):
            raise CannotMeasureError(f"{line}{self._errors.read_text(encoding='utf-8')[-1500:]}")
        return line
