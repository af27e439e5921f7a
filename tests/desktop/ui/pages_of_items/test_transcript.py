"""The transcript: every line leads to its second; the current one is followed until the learner reads elsewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeySequence, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.ui.preferences import Preferences
from desktop.ui.theme.theme import Theme
from desktop.ui.widgets.menu import Menu
from desktop.ui.widgets.transcript_pane import TranscriptPane, is_rtl
from protocol.cues.track import RawCue, make_track
from protocol.cues.transcript import NO_TRANSCRIPT, Transcript, make_transcript
from tests.desktop.ui.pages_of_items.driving import click, click_in, part

SAID = "When two tables share a key, we can join them"


def lines(count: int, text: str = SAID) -> Transcript:
    return said(*(f"{text}, line {n}." for n in range(count)))


def said(*texts: str) -> Transcript:
    return make_transcript(make_track(RawCue(n * 3_000, n * 3_000 + 2_900, text) for n, text in enumerate(texts)))


@pytest.fixture
def pane(qtbot: QtBot, qapp: QApplication, preferences: Preferences) -> Any:
    theme = Theme(qapp, preferences, "", qapp)
    made = TranscriptPane()
    made.resize(340, 600)
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    made.show_transcript(lines(300), "en")
    yield made
    theme.deleteLater()


def is_in_sight(pane: TranscriptPane, number: int) -> bool:
    block = pane.lines.document().findBlockByNumber(number)
    rect = pane.lines.blockBoundingGeometry(block).translated(pane.lines.contentOffset())
    return rect.top() >= 0 and rect.bottom() <= pane.lines.viewport().height()


def scroll_by_hand(pane: TranscriptPane, notches: int) -> None:
    centre = QPointF(pane.lines.viewport().rect().center())
    wheel = QWheelEvent(
        centre,
        pane.lines.viewport().mapToGlobal(centre),
        QPoint(0, 0),
        QPoint(0, -120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 (Qt's own signature)
    )
    QApplication.sendEvent(pane.lines.viewport(), wheel)


@pytest.mark.parametrize("number", [0, 7, 150, 299])
def test_a_click_on_a_line_leads_to_its_second(qtbot: QtBot, pane: TranscriptPane, number: int) -> None:
    rect = pane.lines.cue_rect(number)
    with qtbot.waitSignal(pane.seek_wanted) as wanted:
        click_in(qtbot, pane.lines, rect)
    assert wanted.args == [number * 3_000]


def test_enter_leads_to_the_line_of_the_cursor(qtbot: QtBot, pane: TranscriptPane) -> None:
    pane.lines.setFocus()
    for _ in range(3):
        qtbot.keyClick(pane.lines, Qt.Key.Key_Down)
    with qtbot.waitSignal(pane.seek_wanted) as wanted:
        qtbot.keyClick(pane.lines, Qt.Key.Key_Return)
    assert wanted.args == [9_000]


def test_a_click_on_the_time_counts_too(qtbot: QtBot, pane: TranscriptPane) -> None:
    rect = pane.lines.cue_rect(4)
    with qtbot.waitSignal(pane.seek_wanted) as wanted:
        qtbot.mouseClick(pane.lines._times, Qt.MouseButton.LeftButton, pos=QPoint(10, rect.center().y()))
    assert wanted.args == [12_000]


def test_a_drawn_selection_is_copied_and_does_not_seek(qtbot: QtBot, pane: TranscriptPane) -> None:
    cursor = QTextCursor(pane.lines.document().findBlockByNumber(1))
    cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
    pane.lines.setTextCursor(cursor)
    pane.lines.setFocus()
    qtbot.keySequence(pane.lines, QKeySequence.StandardKey.Copy)
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text().strip() == lines(2).track.texts[1]
    assert not clipboard.mimeData().hasHtml()


def select(pane: TranscriptPane, first: int, last: int) -> None:
    cursor = QTextCursor(pane.lines.document().findBlockByNumber(first))
    end = pane.lines.document().findBlockByNumber(last)
    cursor.setPosition(end.position() + end.length() - 1, QTextCursor.MoveMode.KeepAnchor)
    pane.lines.setTextCursor(cursor)


def test_lines_are_copied_with_their_times(qtbot: QtBot, pane: TranscriptPane) -> None:
    pane.lines.setFocus()
    select(pane, 19, 21)
    qtbot.keyClick(pane.lines, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert (
        QGuiApplication.clipboard().text() == f"0:57  {SAID}, line 19.\n1:00  {SAID}, line 20.\n1:03  {SAID}, line 21."
    )


@pytest.mark.parametrize("reason", [QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard])
def test_the_menu_of_a_line_copies_it(qtbot: QtBot, pane: TranscriptPane, reason: QContextMenuEvent.Reason) -> None:
    pane.lines.setFocus()
    pane.lines.setTextCursor(QTextCursor(pane.lines.document().findBlockByNumber(2)))
    place = pane.lines.cue_rect(2).center()
    event = QContextMenuEvent(reason, place, pane.lines.viewport().mapToGlobal(place))
    QApplication.sendEvent(pane.lines.viewport(), event)
    (menu,) = pane.lines.findChildren(Menu)
    copy, timed, everything = menu.actions()
    assert (copy.isEnabled(), timed.isEnabled(), everything.isEnabled()) == (False, True, True)
    timed.trigger()
    assert QGuiApplication.clipboard().text() == f"0:06  {SAID}, line 2."
    everything.trigger()
    assert pane.lines.textCursor().selectedText().count(SAID) == 300
    menu.close()
    qtbot.waitUntil(lambda: not pane.lines.findChildren(Menu))


COPY_AND_END = """
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QApplication
from desktop.ui.widgets.transcript_view import TranscriptView
from protocol.cues.track import RawCue, make_track
app = QApplication([])
view = TranscriptView()
view.show_track(make_track((RawCue(0, 1000, "first"), RawCue(1000, 2000, "second"))), rtl=False)
view.selectAll()
view.copy()
print(repr(QGuiApplication.clipboard().text()))
"""


def test_what_was_copied_does_not_crash_the_end_of_the_program() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", COPY_AND_END], capture_output=True, text=True, cwd=Path(__file__).resolve().parents[4]
    )
    assert "second" in ended.stdout
    assert ended.returncode == 0, ended.stderr


def test_the_current_line_is_followed(pane: TranscriptPane) -> None:
    for number in (0, 40, 41, 250, 10):
        pane.show_current(number)
        assert is_in_sight(pane, number)


def test_following_yields_to_the_learner_and_returns(qtbot: QtBot, pane: TranscriptPane) -> None:
    pane.show_current(100)
    scroll_by_hand(pane, 20)
    here = pane.lines.verticalScrollBar().value()
    assert part(pane, "backToNow").isVisible()
    pane.show_current(101)
    pane.show_current(102)
    assert pane.lines.verticalScrollBar().value() == here
    click(qtbot, pane, "backToNow")
    assert is_in_sight(pane, 102)
    assert not part(pane, "backToNow").isVisible()
    pane.show_current(200)
    assert is_in_sight(pane, 200)


def test_keys_that_scroll_yield_too(qtbot: QtBot, pane: TranscriptPane) -> None:
    pane.lines.setFocus()
    qtbot.keyClick(pane.lines, Qt.Key.Key_PageDown)
    assert not pane.lines.following()


def test_find_counts_steps_and_lights(qtbot: QtBot, pane: TranscriptPane) -> None:
    field = part(pane, "findField", QLineEdit)
    count = part(pane, "findCount", QLabel)
    qtbot.keyClicks(field, "LINE 29")
    assert count.text() == "1 of 11"
    assert is_in_sight(pane, 29)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert count.text() == "2 of 11"
    assert is_in_sight(pane, 290)
    click(qtbot, pane, "findPrevious")
    click(qtbot, pane, "findPrevious")
    assert count.text() == "11 of 11"
    assert len(pane.lines.extraSelections()) > 0
    assert all(lit.cursor.selectedText().lower() == "line 29" for lit in pane.lines.extraSelections())
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert pane.lines.extraSelections() == []
    qtbot.keyClicks(field, "pigeon")
    assert count.text() == "None"


def test_find_begins_where_the_lecture_is(qtbot: QtBot, pane: TranscriptPane) -> None:
    pane.show_current(150)
    qtbot.keyClicks(part(pane, "findField"), "tables")
    assert part(pane, "findCount", QLabel).text() == "151 of 300"


def lit(pane: TranscriptPane) -> list[str]:
    return [selection.cursor.selectedText() for selection in pane.lines.extraSelections()]


def test_what_is_lit_is_what_was_found_in_every_script(pane: TranscriptPane) -> None:
    # Letters beyond the first plane count twice in a document.
    pane.show_transcript(said("Déjà vu: où sont les CLÉS?", "𝕏 😀 cles", "深度 学习", "für die Stra\u00dfe"), "fr")
    field = part(pane, "findField", QLineEdit)
    for query, expected in (("clés", ["CLÉS", "cles"]), ("度学习", ["度 学习"]), ("strasse", ["Straße"]), ("  ", [])):
        field.setText(query)  # keys of the test library know Latin letters only
        assert lit(pane) == expected


def test_what_goes_on_in_the_next_line_is_lit_in_both(qtbot: QtBot, pane: TranscriptPane) -> None:
    pane.show_transcript(said("so we can", "join them", "later"), "en")
    qtbot.keyClicks(part(pane, "findField"), "can join")
    assert part(pane, "findCount", QLabel).text() == "1 of 1"
    assert lit(pane) == ["can", "join"]


def test_no_letter_of_a_cue_makes_two_lines_of_it(pane: TranscriptPane) -> None:
    pane.show_transcript(said("a\nb", "c\ufdd0d\ufdd1e", "f\u2028g", "h"), "en")
    assert pane.lines.document().blockCount() == 4
    assert pane.lines.document().findBlockByNumber(3).text().endswith("h")


def test_right_to_left_has_its_times_at_the_right(qtbot: QtBot, pane: TranscriptPane) -> None:
    pane.show_transcript(lines(5, "وقتی دو جدول"), "fa")
    assert pane.lines._times.x() > pane.lines.viewport().x()
    assert is_rtl("ar-EG")
    assert is_rtl("fa")
    assert not is_rtl("az-Latn")
    assert not is_rtl("en")


def test_ten_thousand_lines_do_not_stutter(pane: TranscriptPane) -> None:
    pane.show_transcript(lines(10_000), "en")
    assert pane.lines.cue_count() == 10_000
    pane.show_current(9_000)
    assert is_in_sight(pane, 9_000)
    selections = pane.lines.extraSelections()
    pane._on_find("tables")
    assert part(pane, "findCount", QLabel).text() == "9001 of 10000"
    # What is lit is only what can be seen: nothing grows with the length of the lecture.
    assert len(selections) < len(pane.lines.extraSelections()) < 100


def test_no_transcript_is_said(pane: TranscriptPane) -> None:
    pane.show_transcript(NO_TRANSCRIPT, "")
    assert any(label.text() == "No transcript" for label in pane.findChildren(QLabel) if label.isVisible())
    assert not part(pane, "findField").isEnabled()
