"""A seek ends on the frame of that very millisecond: the last one that begins at or before it."""

from __future__ import annotations

import contextlib
import random
from bisect import bisect_right
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.player.backend import PlayerState
from desktop.player.session import PlayerSession
from tests.desktop.player.conftest import number_shown
from tests.desktop.player.test_frame_times import frames_in

pytestmark = pytest.mark.vlc
PATIENCE_MS = 15_000
SETTLED_MS = 5_000
"""By then a paused seek was sent again as often as it ever is."""
MEDIA = {
    "webm-1": ("one.webm", {"codec": "vp9", "keyframe_every_s": 1.0}),
    "webm-10": ("ten.webm", {"codec": "vp9", "keyframe_every_s": 10.0}),
    "webm-silent": ("silent.webm", {"codec": "vp9", "sound": False}),
    "mp4-1": ("b-frames.mp4", {"codec": "h264", "keyframe_every_s": 1.0}),
    "mp4-10": ("b-frames-10.mp4", {"codec": "h264", "keyframe_every_s": 10.0}),
    "mp4-30-fps": ("thirty.mp4", {"codec": "h264", "fps": 30, "sound": False}),
    "mp4-no-b-frames": ("plain.mp4", {"codec": "h264-plain", "keyframe_every_s": 10.0}),
}


@pytest.fixture(params=MEDIA)
def medium(request: pytest.FixtureRequest, clips: Callable[..., Path]) -> Path:
    name, how = MEDIA[request.param]
    return clips(name, **how)


def targets(shown: list[float], many: int) -> list[int]:
    """Anywhere; on the first and the last millisecond of a frame; and on the last frames before each keyframe."""
    chance = random.Random(len(shown))
    found = [chance.randrange(0, 10_400) for _ in range(many)]
    for number in chance.sample(range(1, len(shown) - 50), many // 4):
        found += [-int(-shown[number] // 1), -int(-shown[number] // 1) - 1]
    found += [second * 1000 - before for second in range(1, 10) for before in (5, 45, 85, 125)]
    chance.shuffle(found)
    return found


def shows(session: PlayerSession, wanted: int, early: int = 0, late: int = 0) -> bool:
    """Whether the frame of this number is shown, or one that is up to so many earlier or later."""
    return -early <= number_shown(session) - wanted <= late


def longer(found: list[int], before: int) -> bool:
    """Whether something was added."""
    return len(found) > before


def test_paused_it_is_exact(qtbot: QtBot, real: PlayerSession, medium: Path) -> None:
    shown = sorted(float(at) for at, _, _ in frames_in(medium))
    real.load(medium, 3_210, paused=True)
    first = bisect_right(shown, 3_210) - 1
    qtbot.waitUntil(lambda: real.state is PlayerState.PAUSED and number_shown(real) == first, timeout=PATIENCE_MS)
    at_first: list[tuple[int, int]] = []
    in_the_end: list[tuple[int, int]] = []
    sought = targets(shown, 24)
    for at_ms in sought:
        wanted = bisect_right(shown, at_ms) - 1
        with qtbot.waitSignal(real.backend.seeked, timeout=PATIENCE_MS):
            real.seek_to(at_ms)
        if number_shown(real) != wanted:
            # The decoder may have been caught on the wrong foot; then the seek is repeated by itself.
            at_first.append((at_ms, number_shown(real) - wanted))
            with contextlib.suppress(qtbot.TimeoutError):
                qtbot.waitUntil(partial(shows, real, wanted), timeout=SETTLED_MS)
            if number_shown(real) != wanted:
                in_the_end.append((at_ms, number_shown(real) - wanted))
        assert real.position_ms == min(at_ms, real.duration_ms - 60)
    assert len(at_first) <= len(sought) // 20, f"the picture that came first was another one: {at_first}"
    assert len(in_the_end) <= 1, f"it stayed another one: {in_the_end}"


def test_playing_the_first_new_picture_is_the_one_sought(qtbot: QtBot, real: PlayerSession, medium: Path) -> None:
    shown = sorted(float(at) for at, _, _ in frames_in(medium))
    real.load(medium)
    qtbot.waitUntil(lambda: real.state is PlayerState.PLAYING and number_shown(real) >= 0, timeout=PATIENCE_MS)
    chance = random.Random(3)
    errors: list[int] = []
    seen: list[int] = []
    real.backend.seeked.connect(lambda _: seen.append(number_shown(real)))
    for _ in range(12):
        at_ms = chance.randrange(0, 10_000)
        before = len(seen)
        real.seek_to(at_ms)
        qtbot.waitUntil(partial(longer, seen, before), timeout=PATIENCE_MS)
        errors.append(seen[-1] - (bisect_right(shown, at_ms) - 1))
    errors.sort()
    assert errors[1] >= -1, f"pictures of the place that was left: {errors}"
    assert errors[len(errors) // 2] <= 4, f"frames late: {errors}"


def test_close_to_the_end_it_is_near_at_least(qtbot: QtBot, real: PlayerSession, medium: Path) -> None:
    shown = sorted(float(at) for at, _, _ in frames_in(medium))
    real.load(medium, paused=True)
    qtbot.waitUntil(lambda: real.state is PlayerState.PAUSED and number_shown(real) >= 0, timeout=PATIENCE_MS)
    chance = random.Random(7)
    for _ in range(8):
        at_ms = chance.randrange(10_600, 11_850)
        wanted = bisect_right(shown, at_ms) - 1
        real.seek_to(at_ms)
        qtbot.waitUntil(partial(shows, real, wanted, early=3, late=2), timeout=PATIENCE_MS)
