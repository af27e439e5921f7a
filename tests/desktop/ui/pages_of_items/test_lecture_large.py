"""The large picture: theatre and the whole screen keep the keys, and the controls come and go."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui.pages import lecture_large
from tests.desktop.ui.pages_of_items.conftest import Lecture
from tests.desktop.ui.pages_of_items.driving import click, part, press

SPACE = Qt.Key.Key_Space
SOON_MS, LONG_MS = 40, 600_000


@pytest.fixture
def on_whole_screen(
    qtbot: QtBot, opened: Callable[..., Lecture], monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Lecture]:
    """The lecture on the whole screen; the controls wait for no more than a moment."""
    monkeypatch.setattr(lecture_large, "CONTROLS_SHOWN_MS", SOON_MS)

    def enter() -> Lecture:
        lecture = opened()
        press(qtbot, "f")
        window = lecture.pane.stage.window()
        qtbot.waitUntil(window.isActiveWindow)
        QTest.mouseMove(window.windowHandle(), QPoint(20, 20))
        return lecture

    return enter


@pytest.mark.parametrize("holder", ["transcriptList", "transcriptLanguage", "tabNotes", "saveNote"])
def test_theatre_keeps_the_keys_that_were_with_what_it_hides(
    qtbot: QtBot, opened: Callable[..., Lecture], holder: str
) -> None:
    lecture = opened()
    qtbot.waitUntil(lambda: lecture.pane.transcript.lines.cue_count() == 24)
    part(lecture.pane, holder).setFocus()
    press(qtbot, "t")
    assert not part(lecture.pane, holder).isVisible()
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, SPACE)
    assert lecture.plays()
    press(qtbot, "t")
    assert part(lecture.pane, "transcriptList").isVisible()


def test_on_the_whole_screen_the_controls_leave_what_plays(
    qtbot: QtBot, on_whole_screen: Callable[[], Lecture]
) -> None:
    lecture = on_whole_screen()
    stage, bar = lecture.pane.stage, lecture.pane.bar
    picture = stage.surface.size()
    qtbot.keyClick(stage, SPACE)
    assert lecture.plays()
    qtbot.waitUntil(lambda: not bar.isVisible())
    assert stage.cursor().shape() == Qt.CursorShape.BlankCursor
    wait = lecture.pane.large._hide_soon
    wait.setInterval(LONG_MS)  # what came is looked at; a busy computer must not let it go again before
    QTest.mouseMove(stage.window().windowHandle(), QPoint(60, 60))
    assert bar.isVisible()
    assert stage.cursor().shape() != Qt.CursorShape.BlankCursor
    assert bar.geometry().bottom() == stage.rect().bottom()
    wait.setInterval(SOON_MS)
    qtbot.waitUntil(lambda: not bar.isVisible())
    wait.setInterval(LONG_MS)
    QTest.keyClick(stage.window().windowHandle(), Qt.Key.Key_Left)
    assert bar.isVisible()
    assert stage.surface.size() == picture, "the picture moved with the controls"


def test_what_stands_keeps_its_controls(qtbot: QtBot, on_whole_screen: Callable[[], Lecture]) -> None:
    lecture = on_whole_screen()
    stage, bar = lecture.pane.stage, lecture.pane.bar
    qtbot.keyClick(stage, SPACE)
    qtbot.waitUntil(lambda: not bar.isVisible())
    qtbot.keyClick(stage, SPACE)
    assert not lecture.plays()
    assert bar.isVisible()
    assert not lecture.pane.large._hide_soon.isActive()


def test_the_controls_stay_while_a_note_is_written(qtbot: QtBot, on_whole_screen: Callable[[], Lecture]) -> None:
    lecture = on_whole_screen()
    stage, bar = lecture.pane.stage, lecture.pane.bar
    qtbot.keyClick(stage, SPACE)
    qtbot.waitUntil(lambda: not bar.isVisible())
    QTest.keyClick(stage.window().windowHandle(), Qt.Key.Key_N)
    assert part(stage, "noteEditor").isVisible()
    assert bar.isVisible()
    with qtbot.waitSignal(lecture.pane.large._hide_soon.timeout):
        pass
    assert bar.isVisible()


def test_back_in_the_page_the_controls_are_below_the_picture(
    qtbot: QtBot, on_whole_screen: Callable[[], Lecture]
) -> None:
    lecture = on_whole_screen()
    stage, bar = lecture.pane.stage, lecture.pane.bar
    qtbot.keyClick(stage, SPACE)
    qtbot.waitUntil(lambda: not bar.isVisible())
    qtbot.keyClick(stage, Qt.Key.Key_Escape)
    assert stage.window() is lecture.pane
    qtbot.waitUntil(lambda: bar.isVisible() and bar.y() >= stage.surface.mapTo(stage, QPoint()).y() + 40)
    qtbot.waitUntil(lambda: stage.surface.mapTo(stage, stage.surface.rect().bottomLeft()).y() < bar.y())
    assert stage.cursor().shape() != Qt.CursorShape.BlankCursor
    click(qtbot, lecture.pane, "playButton")
    assert not lecture.plays()
