"""The cues of a lecture in the languages it has: read off the UI thread, kept while the lecture is open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, Signal

from desktop.errors import Problem
from desktop.models.views import TrackView
from desktop.player.transcript import Cue, parse
from desktop.ui.desk import Desk


def read_cues(path: Path) -> tuple[Cue, ...]:
    """The cues of a file. Takes milliseconds for a lecture, a good part of a second for a very long one."""
    return tuple(parse(path.read_bytes()))


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
        self._cues: dict[str, tuple[Cue, ...]] = {}
        self._reading: set[Path] = set()

    def show_tracks(self, tracks: Sequence[TrackView]) -> None:
        """The tracks of the lecture that is open; what was read of the same files is kept."""
        before, self._tracks = self._tracks, {track.language: track for track in tracks}
        for language in list(self._cues):
            if self._tracks.get(language) != before.get(language):
                del self._cues[language]

    def forget(self) -> None:
        """Another lecture."""
        self._tracks, self._cues = {}, {}
        self._reading.clear()

    def cues(self, language: str) -> tuple[Cue, ...] | None:
        """The cues of a language; None while they are not read."""
        return self._cues.get(language)

    def want(self, language: str) -> None:
        """Read a language if need be; a signal says when."""
        track = self._tracks.get(language)
        if track is None:
            return
        if language in self._cues:
            self.ready.emit(language)
            return
        path = track.path
        if path is None:
            self.absent.emit(language)
            return
        if path in self._reading:
            return
        self._reading.add(path)

        def arrived(cues: tuple[Cue, ...]) -> None:
            self._reading.discard(path)
            current = self._tracks.get(language)
            if current is not None and current.path == path:
                self._cues[language] = cues
                self.ready.emit(language)

        def failed(problem: Problem) -> None:
            self._reading.discard(path)
            self.unreadable.emit(problem)

        self._desk.decode(self, lambda: read_cues(path), arrived, failed)
