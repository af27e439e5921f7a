"""A transcript of 10,000 cues (eight hours of speech): reading, finding and following it.

Readers take turns on the same text in one process: ours against webvtt-py and pysubs2, in time and in the memory that
what they return holds. The window's part is measured in a process of its own (``benchmarks.transcript_probe``).
Times of readers are of the processor, which other programs disturb less; all three only compute.
"""

from __future__ import annotations

import gc
import importlib
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from benchmarks.displays import ROOT, display
from benchmarks.figures import CannotMeasureError, Figure, against_limit, compare, interleave
from benchmarks.transcript_texts import CHINESE, ENGLISH, LINES, subrip_text, webvtt_text
from protocol.cues.reading import read_track
from protocol.cues.transcript import read_transcript

ROUNDS = 9
READ, HELD = 0.6, 0.5
"""Budgets, as ratios to the other readers."""
FIND_MS, FIRST_FIND_MS, MOMENT_US = 5.0, 150.0, 50.0
BUILD_MS, LIGHT_MS = 150.0, 2.0
PROBE_LIMIT_S = 120


def run() -> list[Figure]:
    """All figures.

    Raises:
        CannotMeasureError: another reader is not there, or one does not find all cues.
    """
    webvtt, pysubs2 = _other("webvtt", "webvtt-py"), _other("pysubs2", "pysubs2")
    vtt, srt = webvtt_text(ENGLISH), subrip_text(ENGLISH)
    readers: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "WebVTT, webvtt-py": (lambda: read_track(vtt), lambda: webvtt.from_string(vtt)),
        "WebVTT, pysubs2": (lambda: read_track(vtt), lambda: pysubs2.SSAFile.from_string(vtt)),
        "SubRip, pysubs2": (lambda: read_track(srt), lambda: pysubs2.SSAFile.from_string(srt)),
    }
    english = _asking("English", ENGLISH, "join", "a key, we can join")
    chinese = _asking("Chinese", CHINESE, "连接", "两个表连接")
    return [*_reading(readers), *english, *chinese, *_window()]


def _other(name: str, package: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise CannotMeasureError(f"{package} is needed to compare with: pip install {package}") from error


def _processor_ms(work: Callable[[], object]) -> float:
    gc.collect()
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1_000


def _held_mb(work: Callable[[], object]) -> float:
    gc.collect()
    tracemalloc.start()
    try:
        kept = work()
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    if len(kept) != LINES:  # type: ignore[arg-type]  # whatever they return, it is counted by its cues
        raise CannotMeasureError(f"a reader finds {len(kept)} of {LINES} cues")  # type: ignore[arg-type]
    return held / 1_000_000


def _reading(readers: dict[str, tuple[Callable[[], object], Callable[[], object]]]) -> list[Figure]:
    found = []
    for name, (ours, theirs) in readers.items():
        kind, peer = name.split(", ")
        mine, others = interleave(ROUNDS, partial(_processor_ms, ours), partial(_processor_ms, theirs))
        found.append(compare(f"read {kind}", "ms CPU", mine, peer, others, READ))
        found.append(compare(f"hold {kind}", "MB", [_held_mb(ours)], peer, [_held_mb(theirs)], HELD))
    return found


def _asking(language: str, said: str, *words: str) -> list[Figure]:
    data = webvtt_text(said).encode()
    transcript = read_transcript(data)
    opened = [_processor_ms(lambda: read_transcript(data)) for _ in range(ROUNDS)]
    found = [against_limit(f"read and fold, {language}", "ms CPU", opened, FIRST_FIND_MS)]
    for word in words:
        if len(transcript.finder.find(word)) < LINES:
            raise CannotMeasureError(f"{word} is not found in every line")
        times = [_processor_ms(partial(transcript.finder.find, word)) for _ in range(ROUNDS)]
        found.append(against_limit(f"find “{word}” in each of {LINES} lines", "ms CPU", times, FIND_MS))
    places = range(0, LINES * 3_000, 3_000)
    ticks = [
        _processor_ms(lambda: [transcript.moments.current(at) for at in places]) * 1_000 / len(places)
        for _ in range(ROUNDS)
    ]
    found.append(against_limit(f"the line of a moment, {language}", "µs CPU", ticks, MOMENT_US))
    return found


class Seen(msgspec.Struct):
    """What the window says of itself; each a list of milliseconds."""

    build: list[float]
    light: list[float]
    find: list[float]


def _window() -> list[Figure]:
    with display("offscreen") as environment:
        command = [sys.executable, "-m", "benchmarks.transcript_probe"]
        ended = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=PROBE_LIMIT_S, check=False
        )
    try:
        seen = msgspec.json.decode(ended.stdout, type=Seen)
    except msgspec.MsgspecError as error:
        raise CannotMeasureError(f"the window said nothing: {ended.stderr[-300:]}") from error
    return [
        against_limit(f"show {LINES} lines", "ms CPU", seen.build, BUILD_MS),
        against_limit("light the next line and paint it", "ms", seen.light, LIGHT_MS),
        against_limit("a letter into the find field, until it is painted", "ms CPU", seen.find, 33.0, "two frames"),
    ]
