"""The medium of a lecture: where it comes from, where it stands, what of it was watched. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from desktop.errors import Problem
from desktop.player.backend import PlayerBackend, PlayerState
from desktop.player.session import PlayerSession
from desktop.ui.desk import Desk

KEEP_EVERY_MS = 5_000


def make_backend() -> PlayerBackend:
    """The engine that plays: libVLC."""
    from desktop.player.vlc_backend import VlcBackend  # brings libVLC: only when a lecture is opened

    return VlcBackend()


class LectureMedia(QObject):
    """Ties a ``PlayerSession`` to the store: keeps the position every five seconds and at every pause, seek and end,
    and hands on what was watched.

    Signals: ``problem`` (a ``Problem``), ``streaming`` (the address is being asked for).
    """

    problem = Signal(object)
    streaming = Signal()

    def __init__(self, desk: Desk, make: Callable[[], PlayerBackend], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.session = PlayerSession(make())
        self._item_id = ""
        self._source: Path | str = ""
        self._kept_ms = -1
        self._keep = QTimer(self, interval=KEEP_EVERY_MS)
        self._keep.timeout.connect(self.keep_position)
        self.session.state_changed.connect(self._on_state)
        self.session.watched.connect(self._on_watched)
        self.session.problem.connect(self.problem)
        # The session outlives the page by the moment it takes to let go of the engine; it must be closed whichever
        # way the page goes: thrown away, or with the program.
        session = self.session
        self.destroyed.connect(lambda: session.close())
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(session.close)

    @property
    def item_id(self) -> str:
        """The lecture that is loaded; empty for none."""
        return self._item_id if self._source else ""

    def has_source(self) -> bool:
        """Whether there is a medium."""
        return bool(self._source)

    def load(self, item_id: str, source: Path | str, start_ms: int, duration_ms: int) -> None:
        """Open a medium and show its picture at ``start_ms``, paused."""
        self._item_id, self._source = item_id, source
        self._kept_ms = start_ms
        self.session.load(source, start_ms, duration_ms=duration_ms, paused=True)

    def stream(self, item_id: str, start_ms: int, duration_ms: int, failed: Callable[[Problem], None]) -> None:
        """Ask for the address of the video, and open it."""
        self.streaming.emit()
        self._item_id = item_id

        def arrived(address: str) -> None:
            if item_id == self._item_id and not self._source:
                self.load(item_id, address, start_ms, duration_ms)

        def refused(problem: Problem) -> None:
            if item_id == self._item_id and not self._source:
                failed(problem)

        self._desk.fetch(self, lambda gateway: gateway.stream_address(item_id), arrived, refused)

    def leave(self) -> None:
        """Stop, and keep where it stood."""
        if self._source:
            self.session.pause()
            self.keep_position()
            self.session.stop()
        self._keep.stop()
        self._source = self._item_id = ""

    def seek(self, position_ms: int) -> None:
        """Go there, within the lecture."""
        if self._source:
            self.session.seek_to(max(0, position_ms))
            self._keep_at(max(0, position_ms))

    @Slot()
    def keep_position(self) -> None:
        """Keep where it stands now, if it moved."""
        if self._source:
            self._keep_at(self.session.position_ms)

    def _keep_at(self, position_ms: int) -> None:
        if position_ms == self._kept_ms or not self._item_id:
            return
        self._kept_ms = position_ms
        item_id = self._item_id
        self._desk.ask(self._desk, lambda services: services.lectures.set_position(item_id, position_ms))

    @Slot(object)
    def _on_state(self, state: PlayerState) -> None:
        if state is PlayerState.PLAYING:
            self._keep.start()
        else:
            self._keep.stop()
            if state in (PlayerState.PAUSED, PlayerState.ENDED):
                self.keep_position()

    @Slot(object)
    def _on_watched(self, intervals: tuple[tuple[int, int], ...]) -> None:
        item_id = self._item_id
        if item_id and intervals:
            self._desk.ask(self._desk, lambda services: services.lectures.watched(item_id, intervals))
