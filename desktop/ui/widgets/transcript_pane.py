"""The transcript with find, language and the way back to now.

Object names: ``transcriptList``, ``findField`` and its neighbours, ``transcriptLanguage``, ``backToNow``.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import tr
from desktop.models.views import TrackView
from desktop.ui.theme.tokens import SPACE_8, SPACE_12
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.fields import ChoiceBox
from desktop.ui.widgets.player_bar import track_text
from desktop.ui.widgets.rich_text_find import FindBar
from desktop.ui.widgets.states import Stateful
from desktop.ui.widgets.transcript_view import TranscriptView
from protocol.cues.finding import Hits
from protocol.cues.transcript import NO_TRANSCRIPT, Transcript

RTL_LANGUAGES = frozenset({"ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"})


def is_rtl(language: str) -> bool:
    """Whether a language (BCP 47) is written from right to left."""
    subtags = language.replace("_", "-").lower().split("-")
    return subtags[0] in RTL_LANGUAGES and "latn" not in subtags


class TranscriptPane(QWidget):
    """Signals: ``seek_wanted`` (ms), ``language_wanted``, ``retry_wanted``, ``left`` (the find was ended)."""

    seek_wanted = Signal(int)
    left = Signal()
    language_wanted = Signal(str)
    retry_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._transcript = NO_TRANSCRIPT
        self._hits: Hits = NO_TRANSCRIPT.finder.find("")
        self._hit = -1
        """The number of the hit that is shown; -1 for none."""
        self.finder = FindBar(tr("Find in the transcript"))
        self.lines = TranscriptView()
        self.lines.setAccessibleName(tr("Transcript"))
        self._language = ChoiceBox(tr("Language of the transcript"), "transcriptLanguage")
        self._language.setToolTip(self._language.label)
        self._now = Button(tr("Back to now"), "primary", "arrow-down", name="backToNow")
        # Beside the lines, not on them: it hides none, least of all the one that was searched for.
        room = self._now.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self._now.setSizePolicy(room)
        self._now.hide()
        self._body = Stateful(self.lines)
        top = QHBoxLayout()
        top.setContentsMargins(SPACE_12, SPACE_8, SPACE_12, SPACE_8)
        top.setSpacing(SPACE_8)
        top.addWidget(self.finder, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._body, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(SPACE_12, SPACE_8, SPACE_12, SPACE_8)
        foot.addWidget(self._language)
        foot.addStretch(1)
        foot.addWidget(self._now)
        column.addLayout(foot)
        self.lines.cue_chosen.connect(self._on_cue)
        self.lines.following_changed.connect(self._on_following)
        self._now.clicked.connect(self._follow)
        self.finder.wanted.connect(self._on_find)
        self.finder.stepped.connect(self._on_step)
        self.finder.left.connect(self._on_find_left)
        self._language.activated.connect(self._on_language)

    def show_tracks(self, tracks: Sequence[TrackView], chosen: str) -> None:
        """Which languages there are."""
        shown = [(self._language.itemData(n), self._language.itemText(n)) for n in range(self._language.count())]
        wanted = [(track.language, track_text(track)) for track in tracks]
        if shown != wanted:
            self._language.clear()
            for language, text in wanted:
                self._language.addItem(text, language)
        self._language.setCurrentIndex(self._language.findData(chosen))
        self._language.setVisible(len(tracks) > 1)

    def show_transcript(self, transcript: Transcript, language: str) -> None:
        """Show the lines of a language."""
        if transcript is not self._transcript or not self._body.shows_content():
            self._transcript = transcript
            self.lines.show_track(transcript.track, rtl=is_rtl(language))
            self._on_find(self.finder.field.text())
        if len(transcript.track):
            self._body.show_content()
        else:
            self._body.show_state("subtitles", tr("No transcript"), tr("This lecture comes without one."))
        self.finder.setEnabled(len(transcript.track) > 0)

    def show_loading(self) -> None:
        """The lines are on their way."""
        self._transcript = NO_TRANSCRIPT
        self._body.show_loading(tr("Getting the transcript …"))

    def show_missing(self, problem: Problem) -> None:
        """The lines are not here."""
        if problem.code == "offline":
            title = tr("The transcript is not on this computer")
            hint = tr("It comes as soon as there is a connection.")
            self._body.show_state("wifi-slash", title, hint, tr("Try again"), self.retry_wanted.emit)
        else:
            self._body.show_problem(problem, self.retry_wanted.emit)

    def show_current(self, number: int) -> None:
        """Light the line that is spoken; -1 for none."""
        self.lines.set_current(number)

    @Slot(int)
    def _on_cue(self, number: int) -> None:
        self.seek_wanted.emit(self._transcript.track.starts_ms[number])

    @Slot(bool)
    def _on_following(self, following: bool) -> None:
        self._now.setVisible(not following)

    @Slot()
    def _follow(self) -> None:
        self.lines.set_following(following=True)
        self.lines.setFocus()

    @Slot(str)
    def _on_find(self, text: str) -> None:
        self._hits = self._transcript.finder.find(text)
        self._show_hit(self._hits.first_from(max(0, self.lines.current())))

    @Slot()
    def _on_find_left(self) -> None:
        self.lines.set_following(following=True)
        self.left.emit()

    @Slot(int)
    def _on_step(self, step: int) -> None:
        """The next hit (1) or the one before (-1), round and round."""
        if self._hits:
            self._show_hit((self._hit + step) % len(self._hits))

    def _show_hit(self, number: int) -> None:
        self._hit = number
        self.lines.show_hits(self._hits, number)
        self.finder.show_hits(number + 1, len(self._hits))

    @Slot(int)
    def _on_language(self, _index: int) -> None:
        self.language_wanted.emit(str(self._language.currentData()))
