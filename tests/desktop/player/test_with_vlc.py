"""The real engine: pictures that change, the end, once more, other media, speeds, closing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.player.backend import PlayerBackend, PlayerState
from desktop.player.session import PlayerSession
from desktop.player.vlc_backend import VlcBackend
from desktop.player.vlc_happenings import Happening
from desktop.ui.widgets.video import VideoSurface
from tests.desktop.player.conftest import FPS, SILENT_OUTPUT, number_shown
from tests.journeys.frames import Moment, Seen, greys
from tests.media import UnreadableTimecodeError, read_timecode
from tests.real_material import LECTURES, material

pytestmark = pytest.mark.vlc
PATIENCE_MS = 15_000


@pytest.fixture
def clip(clips: Callable[..., Path]) -> Path:
    return clips("playing.webm", codec="vp9", keyframe_every_s=1.0)


def plays(session: PlayerSession) -> bool:
    return session.state is PlayerState.PLAYING


def test_pictures_follow_one_another_and_the_clock_agrees(qtbot: QtBot, real: PlayerSession, clip: Path) -> None:
    seen: list[tuple[int, int]] = []
    real.frame_ready.connect(lambda: seen.append((number_shown(real), real.position_ms)))
    real.load(clip)
    qtbot.waitUntil(lambda: len(seen) >= 3 * FPS, timeout=PATIENCE_MS)
    numbers = [number for number, _ in seen]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) >= 2 * FPS
    assert real.duration_ms == pytest.approx(12_000, abs=100)
    apart = sorted(position_ms - number * 1000 // FPS for number, position_ms in seen[FPS:])
    assert -150 < apart[len(apart) // 2] < 150


def test_the_widget_shows_them(qtbot: QtBot, real: PlayerSession, clip: Path) -> None:
    surface = VideoSurface()
    qtbot.addWidget(surface)
    surface.resize(700, 500)
    surface.set_source(real)
    surface.show()
    real.load(clip, 4_020, paused=True)
    wanted = 4 * FPS

    def read() -> int:
        try:
            return read_timecode(surface.grab().toImage())
        except UnreadableTimecodeError:
            return -1

    qtbot.waitUntil(lambda: read() == wanted, timeout=PATIENCE_MS)
    real.seek_to(8_020)
    qtbot.waitUntil(lambda: read() == 2 * wanted, timeout=PATIENCE_MS)
    surface.set_source(None)


def test_the_end_then_once_more_and_a_seek_from_the_end(qtbot: QtBot, real: PlayerSession, clip: Path) -> None:
    ends: list[None] = []
    real.ended.connect(lambda: ends.append(None))
    real.load(clip, 11_000)
    qtbot.waitUntil(lambda: real.state is PlayerState.ENDED, timeout=PATIENCE_MS)
    assert ends == [None]
    assert real.position_ms == real.duration_ms
    real.play()
    qtbot.waitUntil(lambda: plays(real) and 0 <= number_shown(real) < 2 * FPS, timeout=PATIENCE_MS)
    real.seek_to(11_000)
    qtbot.waitUntil(lambda: real.state is PlayerState.ENDED, timeout=PATIENCE_MS)
    real.seek_to(5_000)
    qtbot.waitUntil(lambda: 5 * FPS <= number_shown(real) < 7 * FPS, timeout=PATIENCE_MS)


def test_a_seek_that_meets_the_end_is_not_lost(
    qtbot: QtBot, sessions: Callable[[PlayerBackend], PlayerSession], clips: Callable[..., Path]
) -> None:
    short = clips("short.webm", codec="vp9", seconds=2.0)
    backend = VlcBackend(arguments=(SILENT_OUTPUT,))
    session, report, has_ended = sessions(backend), backend._engine._report, threading.Event()

    def heard(generation: int, happening: Happening, value: object) -> None:
        report(generation, happening, value)
        if happening is Happening.ENDED:
            has_ended.set()

    backend._engine._report = heard
    ends: list[None] = []
    session.ended.connect(lambda: ends.append(None))
    session.load(short, 1_500)
    qtbot.waitUntil(lambda: plays(session), timeout=PATIENCE_MS)
    assert has_ended.wait(PATIENCE_MS / 1000)
    assert plays(session), "this thread has not heard of the end"
    session.seek_to(300)
    qtbot.waitUntil(lambda: plays(session) and 7 <= number_shown(session) < FPS, timeout=PATIENCE_MS)
    assert ends == []
    qtbot.waitUntil(lambda: session.state is PlayerState.ENDED, timeout=PATIENCE_MS)
    assert ends == [None]


def test_what_an_older_medium_still_says_is_not_heard(
    qtbot: QtBot, real: PlayerSession, clip: Path, clips: Callable[..., Path]
) -> None:
    short = clips("short.webm", codec="vp9", seconds=2.0)
    problems: list[object] = []
    opened: list[object] = []
    real.problem.connect(problems.append)
    real.backend.opened.connect(opened.append)
    for _ in range(4):
        real.load(short, 1_500)  # would end in half a second
        real.load(clip.with_name("absent.webm"))
        real.load(clip, 6_000)
    qtbot.waitUntil(lambda: plays(real) and number_shown(real) > 6 * FPS, timeout=PATIENCE_MS)
    assert len(opened) == 1
    assert problems == []
    assert real.duration_ms == pytest.approx(12_000, abs=100)


def test_twice_as_fast_passes_twice_as_much(qtbot: QtBot, real: PlayerSession, clip: Path) -> None:
    real.set_rate(2.0)
    real.load(clip)
    qtbot.waitUntil(lambda: plays(real) and number_shown(real) >= FPS, timeout=PATIENCE_MS)
    seen: list[tuple[int, int]] = []
    clock = real.backend.position_reported
    clock.connect(lambda position_ms, at_ns: seen.append((position_ms, at_ns)))
    qtbot.waitUntil(lambda: len(seen) >= 6, timeout=PATIENCE_MS)
    (first_ms, first_ns), (last_ms, last_ns) = seen[0], seen[-1]
    assert (last_ms - first_ms) / ((last_ns - first_ns) / 1e6) == pytest.approx(2.0, abs=0.25)


def test_paused_it_stands_and_goes_on_with_the_next_picture(
    qtbot: QtBot, real: PlayerSession, clips: Callable[..., Path]
) -> None:
    clip = clips("b-frames.mp4", codec="h264", keyframe_every_s=1.0)
    real.load(clip, 2_000)
    qtbot.waitUntil(lambda: plays(real) and number_shown(real) >= 2 * FPS, timeout=PATIENCE_MS)
    real.pause()
    qtbot.waitUntil(lambda: real.state is PlayerState.PAUSED)
    real.seek_to(7_730)
    qtbot.waitUntil(lambda: number_shown(real) == 193, timeout=PATIENCE_MS)
    after: list[int] = []
    real.frame_ready.connect(lambda: after.append(number_shown(real)))
    real.play()
    qtbot.waitUntil(lambda: len(after) >= 10, timeout=PATIENCE_MS)
    assert 193 <= after[0] <= 198, "stepping made libVLC skip or go back"
    assert after == sorted(after)


@pytest.mark.parametrize("moment", ["at once", "opening", "playing", "seeking", "paused"])
def test_it_closes_at_any_moment(
    qtbot: QtBot, sessions: Callable[[PlayerBackend], PlayerSession], clip: Path, moment: str
) -> None:
    session = sessions(VlcBackend(arguments=(SILENT_OUTPUT,)))
    session.load(clip, paused=moment == "paused")
    if moment == "opening":
        qtbot.waitUntil(lambda: session.state is PlayerState.OPENING)
    elif moment != "at once":
        wanted = PlayerState.PAUSED if moment == "paused" else PlayerState.PLAYING
        qtbot.waitUntil(lambda: session.state is wanted, timeout=PATIENCE_MS)
    if moment == "seeking":
        session.seek_to(9_000)
    assert session.close(10_000)
    assert not [thread for thread in threading.enumerate() if thread.name == "haversack-player" and thread.is_alive()]
    session.play()
    assert session.close(), "closing once more is harmless"


def test_real_lectures_show_the_picture_that_was_sought(qtbot: QtBot, real: PlayerSession) -> None:
    lectures = {path.name: path for path in material().rglob("*.mp4") if path.name in LECTURES}
    for name in LECTURES:
        real.load(lectures[name], 20_000, paused=True)
        qtbot.waitUntil(lambda: real.state is PlayerState.PAUSED, timeout=PATIENCE_MS)
        for at_ms in (33_333, 60_000, 71_517):
            moment = Moment(lectures[name], at_ms, real.duration_ms)
            real.seek_to(at_ms)
            qtbot.waitUntil(partial(_shows, real, moment), timeout=PATIENCE_MS)


def _shows(session: PlayerSession, moment: Moment) -> bool:
    frame = session.newest()
    assert frame is not None
    picture = greys(frame.image)
    return moment.is_shown(Seen(picture, bytes(len(picture))))
