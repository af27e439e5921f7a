"""The lecture page beside the picture: languages, following, find, theatre, and what the end offers."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.models.views import LectureView, TrackView
from desktop.ui.pages.lecture import LecturePane
from desktop.ui.widgets.player_bar import track_text
from desktop.ui.widgets.player_cheat_sheet import keys_of_the_page
from desktop.ui.widgets.player_keys import Command, command_of
from tests.desktop.ui.pages_of_items.conftest import ITEM, Bench, Lecture
from tests.desktop.ui.pages_of_items.driving import choose, click, click_in, part, press
from tests.desktop.ui.pages_of_items.still_backend import StillBackend
from tests.desktop.ui.pages_of_items.store import place


def test_the_transcript_changes_its_language_and_keeps_it(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened(at_ms=6_000)
    lines = lecture.pane.transcript.lines
    qtbot.waitUntil(lambda: lines.cue_count() == 24 and lines.current() == 1)
    choose(qtbot, part(lecture.pane, "transcriptLanguage", QComboBox), "فارسی")
    qtbot.waitUntil(lambda: lines.cue_count() == 1)
    assert lines.toPlainText().endswith("وقتی دو جدول")
    assert lines.document().defaultTextOption().textDirection() == Qt.LayoutDirection.RightToLeft
    assert lines.current() == 0  # the line of this second in the new language
    click_in(qtbot, lines, lines.cue_rect(0))
    assert lecture.engine.seeks[-1] == 0
    again = opened()
    qtbot.waitUntil(lambda: again.pane.transcript.lines.cue_count() == 1)
    choose(qtbot, part(again.pane, "transcriptLanguage", QComboBox), "English")
    qtbot.waitUntil(lambda: again.pane.transcript.lines.cue_count() == 24)


def test_a_language_without_a_label_has_its_own_name(tracks: tuple[TrackView, ...]) -> None:
    assert [track_text(replace(track, label="")) for track in tracks] == ["English", "فارسی"]


def test_back_to_now_follows_again_and_hides_no_line(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened(at_ms=21_000)
    pill, lines = part(lecture.pane, "backToNow"), lecture.pane.transcript.lines
    qtbot.waitUntil(lambda: lines.cue_count() == 24)
    assert not pill.isVisible()
    lines.setFocus()
    qtbot.keyClick(lines, Qt.Key.Key_End)
    assert pill.isVisible()
    assert not lines.isAncestorOf(pill)
    click(qtbot, lecture.pane, "backToNow")
    assert lines.following()
    assert not pill.isVisible()


def test_find_counts_steps_and_gives_the_keys_back(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened(at_ms=6_000)
    qtbot.waitUntil(lambda: lecture.pane.transcript.lines.cue_count() == 24)
    qtbot.keyClicks(lecture.pane, "/")
    field = part(lecture.pane, "findField")
    assert field.hasFocus()
    qtbot.keyClicks(field, "tables share")
    count = part(lecture.pane, "findCount", QLabel)
    assert count.text() == "1 of 6"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert count.text() == "2 of 6"
    click(qtbot, lecture.pane, "findPrevious")
    assert count.text() == "1 of 6"
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert lecture.pane.hasFocus()
    assert lecture.pane.transcript.lines.following()
    qtbot.keyClick(lecture.pane, Qt.Key.Key_Space)
    assert lecture.plays()


def test_find_leaves_the_large_picture_where_there_is_no_transcript(
    qtbot: QtBot, opened: Callable[..., Lecture]
) -> None:
    lecture = opened()
    qtbot.waitUntil(lambda: lecture.pane.transcript.lines.cue_count() == 24)
    click(qtbot, lecture.pane, "theatreButton")
    assert not part(lecture.pane, "transcriptList").isVisible()
    press(qtbot, "/")
    assert part(lecture.pane, "findField").hasFocus()
    assert part(lecture.pane, "transcriptList").isVisible()


def test_at_the_end_it_offers_to_play_again(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened()
    lecture.pane.session.play()
    lecture.engine.end()
    assert part(lecture.pane, "playButton").accessibleName() == "Play again (Space)"
    click(qtbot, lecture.pane, "playButton")
    assert lecture.plays()
    assert lecture.position_ms < 1_000
    assert not part(lecture.pane, "nextCard").isVisible()


def test_the_sheet_lists_every_key_that_exists_and_no_other(qapp: QApplication) -> None:
    lines = [line for _, group in keys_of_the_page() for line in group]
    listed = [command for line in lines for command in line.commands]
    assert sorted(command.name for command in listed) == sorted(command.name for command in Command)
    for line in lines:
        for key in line.keys:
            if len(key) == 1 and key not in "←→↑↓…":
                found = command_of(0, key.lower(), shift=False)
                assert found is not None, key
                assert found[0] in line.commands, key


def test_the_page_is_made_without_windows_of_its_parts(qtbot: QtBot, bench: Bench, view: LectureView) -> None:
    """A part that is shown before it has its place is a window for a moment, and takes the keys with it."""
    bench.store.lectures_by_id[ITEM] = view
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    pane = LecturePane(bench.desk, bench.preferences, window, StillBackend)
    pane.show_item(place("joins"), None)
    qtbot.waitUntil(lambda: not bench.desk._runner.busy())
    assert QApplication.activeWindow() is window
    pane.leave()


def test_letters_keep_their_size_in_another_look_and_language(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened(at_ms=21_000)
    lines = lecture.pane.transcript.lines
    qtbot.waitUntil(lambda: lines.cue_count() == 24 and lines.current() == 4)

    def letters() -> int:
        cursor = QTextCursor(lines.document().findBlockByNumber(0))
        cursor.setPosition(3)
        return cursor.charFormat().font().pixelSize() or lines.document().defaultFont().pixelSize()

    wanted = lines.document().defaultFont().pixelSize()
    lines.setFocus(Qt.FocusReason.TabFocusReason)  # the cursor is at the beginning of a line now
    changed = QEvent(QEvent.Type.PaletteChange)
    QApplication.sendEvent(lines, changed)
    assert letters() in (wanted, -1)
    choose(qtbot, part(lecture.pane, "transcriptLanguage", QComboBox), "فارسی")
    qtbot.waitUntil(lambda: lines.cue_count() == 1)
    assert letters() in (wanted, -1)
