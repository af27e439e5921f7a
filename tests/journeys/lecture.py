"""The lecture page under a learner's hands, and its picture under their eyes."""

from __future__ import annotations

from pathlib import Path

import av
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QComboBox, QWidget

from desktop.i18n import clock_text
from desktop.player.backend import PlayerState
from desktop.ui.pages.lecture import LecturePane
from desktop.ui.widgets.action_list import ActionList
from desktop.ui.widgets.transcript_view import TranscriptView
from tests.journeys.driver import PATIENCE_MS, Driver
from tests.journeys.frames import FEW, Moment, Seen, picture_of
from tests.journeys.materials import Line

DIRECTLY = Qt.FindChildOption.FindDirectChildrenOnly
ONE_FRAME_MS = 80
"""As exact as a paused picture has to be: a frame of the slowest lecture, and a little for rounding."""
PAUSED_WITHIN_MS = 350
"""The engine reports four times a second where it is: so much may clock and picture differ when it is halted."""
STREAMED_WITHIN_MS = 350
"""Of a file the very frame is asked for; what comes over a network has no index at hand, so the frame is near."""
FIRST_NOTE_MS, LAST_NOTE_MS = 21_000, 21_999
ATTEMPTS = 5


class Lecture:
    """A lecture that is open. Everything is done by clicks and keys; only its clock is read from within."""

    def __init__(self, driver: Driver, media: Path, *, streamed: bool = False) -> None:
        self._driver = driver
        self._media = media
        self._within_ms = STREAMED_WITHIN_MS if streamed else 0
        with av.open(str(media)) as container:
            stream = container.streams.video[0]
            self._aspect = stream.width / stream.height
            assert container.duration is not None
            self._duration_ms = container.duration // 1000
        driver.find("video", PATIENCE_MS)
        found = driver.window.findChild(LecturePane)
        assert found is not None
        self._pane = found
        driver.wait(lambda: self.state in (PlayerState.PAUSED, PlayerState.PLAYING), "the lecture to be open", 60_000)

    @property
    def state(self) -> PlayerState:
        """What the player does."""
        return self._pane.session.state

    @property
    def position_ms(self) -> int:
        """Where the lecture stands."""
        return self._pane.session.position_ms

    def seen(self) -> Seen:
        """What the picture shows now."""
        surface = self._driver.find("video")
        upon = [part.geometry() for part in surface.findChildren(QWidget, options=DIRECTLY) if part.isVisible()]
        return picture_of(surface.grab().toImage(), self._aspect, upon)

    # --- playing ------------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Click on *Play*."""
        assert self.state is not PlayerState.PLAYING
        self._driver.click("playButton")
        self._driver.wait(lambda: self.state is PlayerState.PLAYING, "the lecture to play")

    def pause(self) -> None:
        """Press Space in the page."""
        assert self.state is PlayerState.PLAYING
        self._driver.key(Qt.Key.Key_Space)
        self._driver.wait(lambda: self.state is PlayerState.PAUSED, "the lecture to stand")

    def watch_it_move(self, line: Line) -> None:
        """Play from a line: the clock runs on, the picture changes by itself. Leaves it standing."""
        self.click_line(line)
        before, began = self.seen(), self.position_ms
        self.play()
        self._driver.wait(lambda: self.seen().differs_from(before) >= FEW, "the picture to change while playing")
        self._driver.wait(lambda: self.position_ms > began + 1_000, "the clock to run")
        self.pause()
        self.shows(self.position_ms, PAUSED_WITHIN_MS)

    def click_line(self, line: Line) -> None:
        """Click a line of the transcript while the lecture stands: its very picture is there, and the line is lit."""
        self._click_words(line)
        self.shows_sought(line.at_ms)
        position = self.position_ms
        assert abs(position - line.at_ms) <= ONE_FRAME_MS, f"at {position} ms instead of {line.at_ms} ms"
        shown = self._driver.text("playerTime")
        assert shown.startswith(f"{clock_text(line.at_ms)} /"), shown

    def click_line_playing(self, line: Line) -> None:
        """Click a line while the lecture plays: it goes on from there."""
        if self.state is not PlayerState.PLAYING:
            self.play()
        self._click_words(line)
        self._driver.wait(lambda: self.position_ms >= line.at_ms + 500, "the lecture to go on from the line")
        assert self.position_ms < line.at_ms + 10_000, f"at {self.position_ms} ms, clicked at {line.at_ms} ms"
        self.pause()
        self.shows(self.position_ms, PAUSED_WITHIN_MS)

    def _click_words(self, line: Line) -> None:
        lines = self._driver.find_a(TranscriptView, "transcriptList")
        self._driver.wait(lambda: _number_of(lines, line.words) >= 0, f"the line “{line.words}”")
        number = _number_of(lines, line.words)
        self._driver.click_within(lines, lambda: _rect_of(lines, number), f"the line “{line.words}”")
        self._driver.wait(lambda: lines.current() == number, f"“{line.words}” to be lit")

    def shows_sought(self, at_ms: int) -> None:
        """The picture is the one of a time that was sought, as exact as can be asked for."""
        self.shows(at_ms, self._within_ms)

    def shows(self, at_ms: int, within_ms: int) -> None:
        """The picture is the one of this time in the file itself, decoded by another library."""
        moment = Moment(self._media, at_ms, self._duration_ms, within_ms)
        try:
            self._driver.wait(lambda: moment.is_shown(self.seen()), f"the picture of {at_ms} ms")
        except AssertionError as error:
            raise AssertionError(f"{error}; it shows {moment.report(self.seen())}") from error

    # --- texts --------------------------------------------------------------------------------------------------

    def find_words(self, text: str, found: Line) -> None:
        """Press ``/``, type: hits are counted, the first is brought into sight. Then a click on its line."""
        self._driver.key(Qt.Key.Key_Slash)
        self._driver.keys(text)
        self._driver.reads("findCount", " of ")
        self._driver.picture("lecture-find")
        self.click_line(found)

    def switch_language(self, name: str, words: str) -> str:
        """Choose a language of the transcript with the keys; returns the one that was shown before."""
        box = self._driver.find_a(QComboBox, "transcriptLanguage")
        before = box.currentText()
        self._choose(box, name)
        lines = self._driver.find_a(TranscriptView, "transcriptList")
        self._driver.wait(lambda: words in lines.toPlainText(), f"a transcript with “{words}”")
        self._driver.picture(f"transcript-{name}")
        self._choose(box, before)
        self._driver.wait(lambda: words not in lines.toPlainText(), "the first transcript again")
        return before

    def _choose(self, box: QComboBox, text: str) -> None:
        number = next(n for n in range(box.count()) if text in box.itemText(n))
        self._driver.click("transcriptLanguage")
        self._driver.wait(lambda: box.view().isVisible(), "the list of languages")
        view = box.view()
        self._driver.click_within(view, lambda: view.visualRect(box.model().index(number, 0)), f"“{text}” in the list")
        self._driver.wait(lambda: box.currentIndex() == number, f"“{text}” to be chosen")

    # --- notes --------------------------------------------------------------------------------------------------

    def note_at_21(self, line: Line, text: str) -> None:
        """Save a note at 0:21: from the line on until the clock says so, then ``N``."""
        self.click_line(line)
        for _ in range(ATTEMPTS):
            self.play()
            self._driver.wait(lambda: self.position_ms >= FIRST_NOTE_MS, "0:21")
            self.pause()
            if self.position_ms <= LAST_NOTE_MS:
                break
            self._click_words(line)  # the computer was too busy to stop in time: once more
        assert self._driver.text("playerTime").startswith("0:21 /"), self._driver.text("playerTime")
        self.write_note(text)

    def write_note(self, text: str) -> None:
        """``N``, the text, Ctrl+Enter; then the note is in the list behind its tab, with its second."""
        at = clock_text(self.position_ms)
        self._driver.key(Qt.Key.Key_N)
        self._driver.reads("noteEditor", f"Note at {at}")
        self._driver.keys(text)
        self._driver.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self.show_notes()
        self._driver.wait(lambda: (at, text) in self.notes(), f"the note at {at}")

    def notes(self) -> list[tuple[str, str]]:
        """The notes that are listed: second and text. Empty while another tab is in front."""
        if not self._driver.sees_a(ActionList, "notesList"):
            return []
        rows = self._driver.find_a(ActionList, "notesList").rows
        return [(rows.row(n).at, rows.row(n).title) for n in range(rows.rowCount())]

    def show_transcript(self) -> None:
        """The tab with the transcript."""
        self._driver.click("tabTranscript")
        self._driver.find_a(TranscriptView, "transcriptList")

    def show_notes(self) -> None:
        """The tab with the notes."""
        self._driver.click("tabNotes")
        self._driver.find_a(ActionList, "notesList")


def _number_of(lines: TranscriptView, words: str) -> int:
    block = lines.document().begin()
    while block.isValid():
        if words in block.text():
            return block.blockNumber()
        block = block.next()
    return -1


def _rect_of(lines: TranscriptView, number: int) -> QRect:
    """Where the first row of a line is in the viewport, without scrolling to it."""
    return lines.cursorRect(QTextCursor(lines.document().findBlockByNumber(number))).adjusted(2, 0, 40, 0)
