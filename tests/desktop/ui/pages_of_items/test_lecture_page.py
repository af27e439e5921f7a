"""The lecture page: keys, transcript, notes, resuming, what cannot be played."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QPlainTextEdit
from pytestqt.qtbot import QtBot

from desktop.models.views import LectureView, TrackView
from desktop.player import problems
from desktop.player.vlc_library import install_line, library_missing
from desktop.ui.widgets.action_list import ActionList
from desktop.ui.widgets.player_keys import Command, command_of
from desktop.ui.widgets.player_scrub_bar import ScrubBar
from tests.desktop.ui.pages_of_items.conftest import ITEM, Bench, Lecture
from tests.desktop.ui.pages_of_items.driving import choose, click, click_in, part, press, texts
from tests.desktop.ui.pages_of_items.store import note, place


def test_it_opens_on_its_picture_and_plays_with_space(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened()
    assert lecture.engine.opened_media == [(lecture.bench.store.lectures_by_id[ITEM].media, 0, True)]
    assert part(lecture.pane, "bigPlay").isVisible()
    qtbot.keyClick(lecture.pane, Qt.Key.Key_Space)
    assert lecture.plays()
    assert part(lecture.pane, "playButton").accessibleName() == "Pause (Space)"
    click(qtbot, lecture.pane, "video")
    assert not lecture.plays()


def test_a_line_of_the_transcript_leads_to_its_second(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened()
    lines = lecture.pane.transcript.lines
    qtbot.waitUntil(lambda: lines.cue_count() == 24 and lines.isVisible())
    click_in(qtbot, lines, lines.cue_rect(7))
    assert lecture.engine.seeks == [35_000]
    assert lecture.position_ms == 35_000
    assert lines.current() == 7


def test_keys_work_wherever_the_focus_is(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened(at_ms=60_000)
    pane = lecture.pane
    for holder in (pane, pane.transcript.lines, part(pane, "saveNote")):
        holder.setFocus()
        qtbot.keyClicks(holder, "5")
        assert lecture.position_ms == 60_000
        qtbot.keyClicks(holder, "l")
        assert lecture.position_ms == 70_000
        qtbot.keyClicks(holder, "j")
        qtbot.keyClick(holder, Qt.Key.Key_Right)
        assert lecture.position_ms == 65_000
        qtbot.keyClick(holder, Qt.Key.Key_Left)
        qtbot.keyClicks(holder, ".")
        assert lecture.position_ms == 60_040
    pane.setFocus()
    qtbot.keyClicks(pane, ">>")
    assert lecture.engine.rate == 1.5
    qtbot.keyClicks(pane, "m")
    assert lecture.engine.muted
    with qtbot.waitSignal(pane.next_wanted):
        qtbot.keyClick(pane, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)


def test_speed_and_sound_are_remembered(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    first = opened()
    first.pane.bar.rate_wanted.emit(1.75)
    part(first.pane, "volumeSlider").setFocus()
    qtbot.keyClick(part(first.pane, "volumeSlider"), Qt.Key.Key_Left)
    again = opened()
    assert again.engine.rate == 1.75
    assert again.engine.volume == 99


def test_a_note_has_the_second_of_the_key_and_playing_goes_on(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened(at_ms=21_000)
    pane, store = lecture.pane, lecture.bench.store
    qtbot.waitUntil(lambda: pane.transcript.lines.cue_count() == 24)
    pane.session.play()
    qtbot.keyClicks(pane, "n")
    assert lecture.plays()
    text = part(pane, "noteText", QPlainTextEdit)
    assert text.hasFocus()
    qtbot.keyClicks(text, "no space, 5 keys: jkl")
    pane.media.seek(80_000)
    qtbot.keyClick(text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(store.calls_of("save_note")))
    saved = store.calls_of("save_note")[0]
    assert saved[1] == "no space, 5 keys: jkl"
    assert 21_000 <= saved[2] < 25_000
    assert part(pane, "transcriptList").isVisible()  # what is being followed stays in front
    qtbot.waitUntil(lambda: part(pane, "saveNote", QAbstractButton).text() == "Note saved")
    qtbot.waitUntil(lambda: part(pane, "tabNotes", QAbstractButton).text() == "Notes (1)")
    click(qtbot, pane, "tabNotes")
    rows = part(pane, "notesList", ActionList)
    qtbot.waitUntil(lambda: rows.rows.rowCount() == 1 and rows.isVisible())
    click_in(qtbot, rows, rows.row_rect(rows.rows.row(0).id))
    assert lecture.engine.seeks[-1] == saved[2]


def test_a_new_version_that_comes_while_it_plays_changes_nothing_until_it_is_opened_again(
    qtbot: QtBot, opened: Callable[..., Lecture], tmp_path: Path
) -> None:
    lecture = opened(at_ms=21_000, variants=("0" * 64,), replaced=True)
    pane, store = lecture.pane, lecture.bench.store
    (said,) = [notice.text for notice in lecture.bench.said if notice.topic == "replaced"]
    assert said == "A newer version of this video is to come. Here is the one you have."
    qtbot.waitUntil(lambda: pane.transcript.lines.cue_count() == 24)
    pane.session.play()
    track = tmp_path / "newer.vtt"
    track.write_text("WEBVTT\n\n00:00.000 --> 00:02.000\nnewer\n")
    newer = tmp_path / "newer.webm"
    newer.touch()
    store.lectures_by_id[ITEM] = replace(
        store.lectures_by_id[ITEM],
        media=newer,
        media_asset="1" * 64,
        variants=("1" * 64,),
        tracks=(TrackView("en", "", track),),
        replaced=False,
        media_size=9_000_000,
    )
    pane.refresh(place("joins"))
    qtbot.waitUntil(lambda: not lecture.bench.desk._runner.busy())
    assert len(store.calls_of("lecture")) == 2
    assert lecture.plays()
    assert pane.transcript.lines.cue_count() == 24
    pane.leave()
    pane.show_item(place("joins"), None)
    qtbot.waitUntil(lambda: pane.transcript.lines.cue_count() == 1)
    assert lecture.engine.opened_media[-1][0] == newer


def test_a_note_that_was_being_typed_comes_back(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened(at_ms=9_000)
    qtbot.keyClicks(lecture.pane, "n")
    qtbot.keyClicks(part(lecture.pane, "noteText"), "half")
    lecture.pane.leave()
    qtbot.waitUntil(lambda: ITEM in lecture.bench.store.drafts)
    again = opened()
    assert part(again.pane, "noteText", QPlainTextEdit).toPlainText() == "half"
    assert part(again.pane, "noteText").isVisible()


def test_it_resumes_and_offers_to_start_over(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened(resume_ms=42_000)
    assert lecture.engine.opened_media[0][1:] == (42_000, True)
    assert "Continues at 0:42" in texts(lecture.pane)
    click(qtbot, lecture.pane, "startOver")
    assert lecture.position_ms < 1_000
    assert lecture.plays()


def test_a_second_that_was_asked_for_beats_the_saved_one(opened: Callable[..., Lecture]) -> None:
    lecture = opened(at_ms=77_000, resume_ms=42_000)
    assert lecture.position_ms == 77_000
    assert not part(lecture.pane, "resumeNote").isVisible()


def test_the_position_is_kept_at_seek_pause_and_leave(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened()
    calls = lecture.bench.store.calls_of
    lecture.pane.media.seek(50_000)
    qtbot.waitUntil(lambda: calls("set_position") == [(ITEM, 50_000)])
    lecture.pane.session.play()
    qtbot.waitUntil(lambda: lecture.position_ms > 50_100)
    lecture.pane.session.pause()
    qtbot.waitUntil(lambda: len(calls("set_position")) == 2)
    assert calls("set_position")[1][1] > 50_000
    qtbot.waitUntil(lambda: bool(calls("watched")))
    (start, end) = calls("watched")[0][1][0]
    assert start == 50_000
    assert end > start


def test_the_end_shows_what_comes_next(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened()
    lecture.pane.session.play()
    lecture.engine.end()
    assert part(lecture.pane, "nextCard").isVisible()
    with qtbot.waitSignal(lecture.pane.next_wanted):
        click(qtbot, lecture.pane, "nextItem")


def test_offline_the_rest_of_the_page_works(qtbot: QtBot, bench: Bench, opened: Callable[..., Lecture]) -> None:
    bench.gateway.online = False
    bench.store.notes_by_id["n"] = note("n", 3_000, "kept")
    lecture = opened(media=None)
    assert "This video is not on this computer" in texts(lecture.pane)
    assert not part(lecture.pane, "playButton").isEnabled()
    qtbot.waitUntil(lambda: lecture.pane.transcript.lines.isVisible())
    qtbot.keyClicks(lecture.pane, "n")
    assert part(lecture.pane, "noteText").hasFocus()
    bench.gateway.online, bench.gateway.streams = True, {ITEM: "http://localhost/joins"}
    click(qtbot, lecture.pane, "stateAction")
    qtbot.waitUntil(lambda: bool(lecture.engine.opened_media))
    assert lecture.engine.opened_media[0][0] == "http://localhost/joins"


@pytest.mark.parametrize("fault", [problems.broken("x"), problems.missing("x")])
def test_a_medium_that_fails_is_said_in_the_page(
    qtbot: QtBot, opened: Callable[..., Lecture], fault: problems.MediaProblem
) -> None:
    lecture = opened(fault=fault)
    assert fault.text in texts(lecture.pane)
    qtbot.waitUntil(lambda: lecture.pane.transcript.lines.isVisible())
    lecture.engine.fault = None
    click(qtbot, lecture.pane, "stateAction")
    qtbot.waitUntil(lambda: part(lecture.pane, "video").isVisible())


def test_without_the_player_the_page_says_what_to_install(opened: Callable[..., Lecture]) -> None:
    lecture = opened(fault=library_missing())
    assert library_missing().text in texts(lecture.pane)
    assert install_line() in " ".join(texts(lecture.pane))


def test_missing_tracks_are_fetched(
    qtbot: QtBot, bench: Bench, view: LectureView, opened: Callable[..., Lecture]
) -> None:
    bench.gateway.arriving[ITEM] = lambda: bench.store.lectures_by_id.update({ITEM: view})
    lecture = opened(tracks=tuple(replace(track, path=None) for track in view.tracks))
    qtbot.waitUntil(lambda: lecture.pane.transcript.lines.cue_count() == 24)
    assert bench.gateway.fetched == [ITEM]


def test_captions_follow_the_choice(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened(at_ms=6_000)
    qtbot.waitUntil(lambda: lecture.pane.transcript.lines.cue_count() == 24)

    def said() -> list[str]:
        return [cue.text for cue in lecture.pane.stage.surface.captions.said]

    assert said() == []
    qtbot.keyClicks(lecture.pane, "c")
    assert [text[:21] for text in said()] == ["Today two tables meet"]
    choose(qtbot, part(lecture.pane, "transcriptLanguage", QComboBox), "فارسی")
    qtbot.waitUntil(lambda: said() == ["وقتی دو جدول"])
    press(qtbot, "c")
    assert said() == []


def test_a_change_leaves_playing_and_typing_alone(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened()
    lecture.pane.session.play()
    qtbot.keyClicks(lecture.pane, "n")
    qtbot.keyClicks(part(lecture.pane, "noteText"), "typing")
    done = replace(place("joins"), item=replace(place("joins").item, state="done"))
    lecture.bench.store.lectures_by_id[ITEM] = replace(lecture.bench.store.lectures_by_id[ITEM], place=done)
    lecture.pane.refresh(done)
    qtbot.waitUntil(lambda: not lecture.bench.desk._runner.busy())
    assert len(lecture.engine.opened_media) == 1
    assert lecture.plays()
    assert part(lecture.pane, "noteText").hasFocus()
    assert not part(lecture.pane, "markComplete").isEnabled()


def test_download_and_completion_by_hand(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened()
    click(qtbot, lecture.pane, "downloadItem")
    click(qtbot, lecture.pane, "markComplete")
    qtbot.waitUntil(lambda: lecture.bench.store.calls_of("complete") == [(ITEM,)])
    assert lecture.bench.store.calls_of("fetch") == [("sql", f"item:{ITEM}")]


def test_the_cheat_sheet_and_full_screen_open_and_close(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened()
    pane = lecture.pane
    qtbot.keyClicks(pane, "?")
    sheet = part(pane, "cheatSheet")
    click(qtbot, sheet, "closeCheatSheet")
    pane.large.toggle_full_screen()
    assert pane.stage.window() is not pane
    assert pane.stage.window().isFullScreen()
    qtbot.keyClick(pane.stage, Qt.Key.Key_Escape)
    assert pane.stage.window() is pane
    assert pane.stage.isVisible()


def test_the_engine_is_closed_with_the_page(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened(closes=False)
    engine = lecture.engine
    lecture.pane.leave()
    lecture.pane.deleteLater()
    qtbot.waitUntil(lambda: engine.closed == 1)


def test_the_scrub_bar_jumps_drags_and_has_keys(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened()
    bar = part(lecture.pane, "scrubBar", ScrubBar)
    middle = bar.height() // 2
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.x_of(60_000), middle))
    assert abs(lecture.position_ms - 60_000) < 1_000
    qtbot.mouseMove(bar, QPoint(bar.x_of(90_000), middle))
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.x_of(90_000), middle))
    bar.setFocus()
    qtbot.keyClick(bar, Qt.Key.Key_Home)
    assert lecture.position_ms == 0
    qtbot.keyClick(bar, Qt.Key.Key_PageUp)
    assert lecture.position_ms == 30_000


@pytest.mark.parametrize(
    ("key", "text", "shift", "wanted"),
    [
        (Qt.Key.Key_Space, " ", False, (Command.TOGGLE, 0)),
        (Qt.Key.Key_N, "N", True, (Command.NEXT, 0)),
        (Qt.Key.Key_N, "n", False, (Command.NOTE, 0)),
        (Qt.Key.Key_7, "7", False, (Command.TENTH, 7)),
        (Qt.Key.Key_Question, "?", True, (Command.CHEAT_SHEET, 0)),
        (Qt.Key.Key_Left, "", False, (Command.BACK_5, 0)),
        (Qt.Key.Key_X, "x", False, None),
    ],
)
def test_keys_are_told_by_what_they_write(
    key: Qt.Key, text: str, shift: bool, wanted: tuple[Command, int] | None
) -> None:
    assert command_of(key.value, text, shift=shift) == wanted
