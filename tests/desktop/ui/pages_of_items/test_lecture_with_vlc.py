"""The heart of the program with the real engine: a click on a line, and its picture is on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.models.views import TrackView
from desktop.player import problems
from desktop.player.vlc_backend import VlcBackend
from desktop.ui.pages.lecture import LecturePane
from tests.desktop.ui.pages_of_items.conftest import Bench
from tests.desktop.ui.pages_of_items.driving import click, click_in, texts
from tests.desktop.ui.pages_of_items.store import VTT, lecture_view, place
from tests.media import UnreadableTimecodeError, read_timecode, timecoded_clip

FPS = 25


def frame_shown(pane: LecturePane) -> int:
    """The number of the frame on the screen; -1 while there is none."""
    image: QImage = pane.stage.surface.grab().toImage()
    try:
        return read_timecode(image)
    except UnreadableTimecodeError:
        return -1


@pytest.mark.vlc
def test_a_click_on_a_line_shows_its_picture_and_plays_on(qtbot: QtBot, bench: Bench, tmp_path: Path) -> None:
    clip = timecoded_clip(tmp_path / "joins.mp4", seconds=30, fps=FPS, motion=False)
    cues = tmp_path / "en.vtt"
    cues.write_text(VTT, "utf-8")
    bench.store.lectures_by_id["sql/joins"] = lecture_view(
        clip, (TrackView("en", "English", cues),), duration_ms=30_000, resume_ms=12_000
    )
    pane = LecturePane(bench.desk, bench.preferences, None, lambda: VlcBackend(arguments=("--aout=dummy",)))
    pane.resize(1100, 700)
    pane.show()
    pane.show_item(place("joins"), None)
    lines = pane.transcript.lines
    qtbot.waitUntil(lambda: lines.cue_count() == 24)
    pane.stage.resume.hide()
    pane.stage.big_play.hide()
    qtbot.waitUntil(lambda: abs(frame_shown(pane) - 12 * FPS) <= 1, timeout=10_000)
    click_in(qtbot, lines, lines.cue_rect(4))
    qtbot.waitUntil(lambda: abs(frame_shown(pane) - 20 * FPS) <= 1, timeout=10_000)
    click(qtbot, pane, "playButton")
    qtbot.waitUntil(lambda: frame_shown(pane) > 20 * FPS + 10, timeout=10_000)
    pane.leave()
    qtbot.waitUntil(lambda: bool(bench.store.calls_of("watched")))
    assert bench.store.calls_of("set_position")[-1][1] > 20_000
    session = pane.session
    pane.deleteLater()
    qtbot.waitUntil(lambda: session.close())


@pytest.mark.vlc
def test_a_damaged_file_is_said_in_the_page_and_plays_once_it_was_loaded_again(
    qtbot: QtBot, bench: Bench, tmp_path: Path
) -> None:
    clip = tmp_path / "joins.mp4"
    clip.write_bytes(b"<!doctype html><title>Sign in</title>" * 50)
    cues = tmp_path / "en.vtt"
    cues.write_text(VTT, "utf-8")
    bench.store.lectures_by_id["sql/joins"] = lecture_view(clip, (TrackView("en", "English", cues),))
    pane = LecturePane(bench.desk, bench.preferences, None, lambda: VlcBackend(arguments=("--aout=dummy",)))
    pane.resize(1100, 700)
    pane.show()
    pane.show_item(place("joins"), None)
    fault = problems.broken("")
    qtbot.waitUntil(lambda: fault.text in texts(pane), timeout=10_000)
    assert fault.way_out in texts(pane)
    qtbot.waitUntil(lambda: pane.transcript.lines.cue_count() == 24)
    timecoded_clip(clip, seconds=10, fps=FPS)
    click(qtbot, pane, "stateAction")
    qtbot.waitUntil(lambda: frame_shown(pane) >= 0, timeout=10_000)
    assert fault.text not in texts(pane)
    pane.leave()
    session = pane.session
    pane.deleteLater()
    qtbot.waitUntil(lambda: session.close())
