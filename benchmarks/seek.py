"""From a click on a line of the transcript to its picture on the screen, against mpv's exact seek in the same file.

Both play a 720p clip of H.264 with B-frames all the time, each in a process of its own and a window of its own, and
seek in turn to the same places. Ours ends with the paint of a picture that is read: one of that place (at most a fifth
of a second before or after), then that very frame or one after it. mpv's ends when it reports that playback goes on
from there.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.displays import ROOT, display
from benchmarks.figures import CannotMeasureError, Figure, compare
from benchmarks.seek_clip import SECONDS, make_clip
from benchmarks.seek_mpv import Mpv

ROUNDS = 25
BUDGETS = {1: 2.2, 10: 1.5}
"""Seconds between keyframes, and how often mpv's time a seek may take."""


def run() -> list[Figure]:
    """The figures of both kinds of file.

    Raises:
        CannotMeasureError: mpv or Xvfb is not there, or a seek of ours came to the wrong picture.
    """
    for program, package in (("mpv", "mpv"), ("Xvfb", "xvfb")):
        if shutil.which(program) is None:
            raise CannotMeasureError(f"{program} is needed (Debian: apt-get install {package})")
    with tempfile.TemporaryDirectory(prefix="haversack-seek-") as folder, display("xcb") as environment:
        return [
            figure
            for seconds, budget in BUDGETS.items()
            for figure in _compare(Path(folder), seconds, budget, environment)
        ]


def _compare(folder: Path, keyframe_s: int, budget: float, environment: dict[str, str]) -> list[Figure]:
    clip = make_clip(folder / f"keyframes-{keyframe_s}.mp4", keyframe_s)
    choose = random.Random(keyframe_s)
    near: list[float] = []
    exact: list[float] = []
    theirs: list[float] = []
    with Ours(clip, environment) as lecture, Mpv(clip, folder / "mpv.socket", environment) as mpv:
        for number in range(ROUNDS + 2):
            half = (SECONDS - 15) * 500
            at_ms = 2_000 + choose.randrange(half - 5_000) + number % 2 * half  # far from where the last one played on
            found = (*lecture.seek(at_ms), mpv.seek(at_ms))
            if number >= 2:  # the first ones fill caches
                for figures, figure in zip((near, exact, theirs), found, strict=True):
                    figures.append(figure)
    kind = f"a keyframe every {keyframe_s} s"
    return [
        compare(f"seek, {kind}", "ms", near, "mpv, exact seek", theirs, budget),
        compare(f"to the very frame, {kind}", "ms", exact, "mpv, exact seek", theirs, budget),
    ]


class Ours:
    """A lecture that plays in a process of its own (``benchmarks.seek_probe``)."""

    def __init__(self, clip: Path, environment: dict[str, str]) -> None:
        """Begin to play."""
        command = [sys.executable, "-m", "benchmarks.seek_probe", str(clip)]
        self._process = subprocess.Popen(
            command,
            env=environment,
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Ours:
        if self._line() != "ready":
            raise CannotMeasureError("the lecture did not begin to play")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def seek(self, at_ms: int) -> tuple[float, float]:
        """Milliseconds until a picture of that place was painted, and until its very frame or a later one was."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{at_ms}\n")
        self._process.stdin.flush()
        answer = self._line()
        try:
            near, exact = answer.split()
            return float(near), float(exact)
        except ValueError as error:
            raise CannotMeasureError(answer or "the lecture ended") from error
