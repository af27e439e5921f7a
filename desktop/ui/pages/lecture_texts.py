"""What is said in a lecture: the transcript beside the picture, and captions on it, each in a language of its own."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from desktop.models.views import LectureView
from desktop.ui.desk import Desk
from desktop.ui.pages.lecture_tracks import LectureTracks, best_language
from desktop.ui.preferences import Preferences
from desktop.ui.widgets.caption_painter import SaidNow
from desktop.ui.widgets.player_bar import PlayerBar
from desktop.ui.widgets.transcript_pane import TranscriptPane
from desktop.ui.widgets.video import VideoSurface
from protocol.cues.track import Track
from protocol.cues.transcript import NO_TRANSCRIPT

LANGUAGE, CAPTIONS = "player/language", "player/captions"
CAPTIONS_OFF = "off"


def _said(track: Track, number: int) -> SaidNow:
    placement = track.placement(number)
    region = track.regions.get(placement.region)
    return SaidNow(track.texts[number], track.spans.get(number, ()), placement, region)


class LectureTexts(QObject):
    """Follows the player: ``show_position`` lights the line that is spoken and puts it on the picture.

    Signals: ``absent`` (the transcript's file is not on this computer).
    """

    absent = Signal()

    def __init__(
        self,
        desk: Desk,
        preferences: Preferences,
        transcript: TranscriptPane,
        bar: PlayerBar,
        surface: VideoSurface,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._transcript, self._bar, self._surface = transcript, bar, surface
        self._view: LectureView | None = None
        self._language = self._captions = ""
        self._current = -1
        self._position_ms = 0
        self._tracks = LectureTracks(desk, self)
        self._tracks.ready.connect(self._on_cues)
        self._tracks.absent.connect(self._on_absent)
        self._tracks.unreadable.connect(transcript.show_missing)
        transcript.language_wanted.connect(self.choose_language)
        bar.captions_wanted.connect(self.choose_captions)

    def forget(self) -> None:
        """Another lecture."""
        self._view = None
        self._current, self._position_ms = -1, 0
        self._tracks.forget()
        self._transcript.show_loading()
        self._surface.set_captions(())

    def show_lecture(self, view: LectureView) -> None:
        """The lecture with the languages it has; the first time the learner's are chosen among them."""
        if self._view is None:
            self._language = best_language(view.tracks, self._preferences.text(LANGUAGE))
            captions = self._preferences.text(CAPTIONS, CAPTIONS_OFF)
            self._captions = "" if captions == CAPTIONS_OFF else best_language(view.tracks, captions)
        self._view = view
        self._tracks.show_tracks(view.tracks)
        self._transcript.show_tracks(view.tracks, self._language)
        self._bar.show_tracks(view.tracks, self._captions)
        if view.tracks:
            for language in dict.fromkeys(filter(None, (self._language, self._captions))):
                self._tracks.want(language)
        else:
            self._transcript.show_transcript(NO_TRANSCRIPT, "")

    def show_position(self, position_ms: int) -> None:
        """The player is there."""
        self._position_ms = position_ms
        transcript = self._tracks.transcript(self._language)
        if transcript is not None:
            current = transcript.moments.current(position_ms)
            number = -1 if current is None else current
            if number != self._current:
                self._current = number
                self._transcript.show_current(number)
        captions = self._tracks.transcript(self._captions) or NO_TRANSCRIPT
        track = captions.track
        self._surface.set_captions([_said(track, number) for number in captions.moments.active(position_ms)])

    def line_at(self, position_ms: int) -> str:
        """The line of the transcript that is spoken there, or was said last; '' for none."""
        transcript = self._tracks.transcript(self._language) or NO_TRANSCRIPT
        number = transcript.moments.current(position_ms)
        return transcript.track.texts[number].replace("\n", " ") if number is not None else ""

    # --- wishes -------------------------------------------------------------------------------------------------

    @Slot(str)
    def choose_language(self, language: str) -> None:
        """Another language of the transcript, remembered; captions that are on follow it."""
        self._language = language
        self._preferences.keep(LANGUAGE, language)
        if self._view is not None:
            self._transcript.show_tracks(self._view.tracks, language)
        if self._captions:
            self.choose_captions(language)
        self._tracks.want(language)

    @Slot(str)
    def choose_captions(self, language: str) -> None:
        """Captions in a language, remembered; '' for none."""
        self._captions = language
        self._preferences.keep(CAPTIONS, language or CAPTIONS_OFF)
        if self._view is not None:
            self._bar.show_tracks(self._view.tracks, language)
        if language:
            self._tracks.want(language)
        self.show_position(self._position_ms)

    @Slot()
    def toggle_captions(self) -> None:
        """On, in the transcript's language, or off."""
        self.choose_captions("" if self._captions else self._language)

    # --- what comes ---------------------------------------------------------------------------------------------

    @Slot(str)
    def _on_cues(self, language: str) -> None:
        if language == self._language:
            self._current = -1
            self._transcript.show_transcript(self._tracks.transcript(language) or NO_TRANSCRIPT, language)
        self.show_position(self._position_ms)

    @Slot(str)
    def _on_absent(self, language: str) -> None:
        if language == self._language:
            self.absent.emit()
