"""The cues of a lecture in the languages it has: read off the UI thread, kept while the lecture is open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, Signal

from desktop.errors import Problem
from desktop.models.views import TrackView
from desktop.ui.desk import Desk
from protocol.cues.transcript import Transcript, read_transcript


def read_file(path: Path, language: str) -> Transcript:
    """The transcript in a file. Takes milliseconds for a lecture, a tenth of a second for a very long one.

    Raises:
        OSError: there is no such file, or it can't be read.
    """
    return read_transcript(path.read_bytes(), language)


def best_language(tracks: Sequence[TrackView], wanted: str) -> str:
    """The language the learner chose last, or that of the system, or the first there is; '' without tracks."""
    languages = [track.language for track in tracks]
    if wanted in languages:
        return wanted
    for preferred in QLocale().uiLanguages():
        for language in languages:
            if language.split("-")[0].casefold() == preferred.split("-")[0].casefold():
                return language
    return languages[0] if languages else ""


class LectureTracks(QObject):
    """Signals: ``ready`` (language), ``absent`` (a language whose file is not here), ``unreadable`` (a ``Problem``)."""

    ready = Signal(str)
    absent = Signal(str)
    unreadable = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._tracks: dict[str, TrackView] = {}
        self._read: dict[str, Transcript] = {}
        self._reading: set[Path] = set()

    def show_tracks(self, tracks: Sequence[TrackView]) -> None:
        """The tracks of the lecture that is open; what was read of the same files is kept."""
        before, self._tracks = self._tracks, {track.language: track for track in tracks}
        for language in list(self._read):
            if self._tracks.get(language) != before.get(language):
                del self._read[language]

    def forget(self) -> None:
        """Another lecture."""
        self._tracks, self._read = {}, {}
        self._reading.clear()

    def transcript(self, language: str) -> Transcript | None:
        """What is said in a language; None while it is not read."""
        return self._read.get(language)

    def want(self, language: str) -> None:
        """Read a language if need be; a signal says when."""
        track = self._tracks.get(language)
        if track is None:
            return
        if language in self._read:
            self.ready.emit(language)
            return
        path = track.path
        if path is None:
            self.absent.emit(language)
            return
        if path in self._reading:
            return
        self._reading.add(path)

        def arrived(transcript: Transcript) -> None:
            self._reading.discard(path)
            current = self._tracks.get(language)
            if current is not None and current.path == path:
                self._read[language] = transcript
                self.ready.emit(language)

        def failed(problem: Problem) -> None:
            self._reading.discard(path)
            self.unreadable.emit(problem)

        self._desk.decode(self, lambda: read_file(path, language), arrived, failed)
