"""What a lecture page talks to: one medium at a time, with a position to the millisecond."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.player.backend import MediaFacts, PlayerBackend, PlayerState
from desktop.player.frames import Frame
from desktop.player.position_clock import PositionClock
from desktop.player.problems import MediaProblem

Interval = tuple[int, int]

TICK_MS = 33
FLUSH_MS = 10_000
SEEK_PATIENCE_MS = 1_500
"""A seek that shows nothing within this time is taken for done: the end of a medium has no new picture."""
JUMP_MS = 1_500
"""A report this far from what was thought means that something was skipped: it was not watched."""
END_MARGIN_MS = 60
"""Seeks stop this much before the end, so that there is a picture to show."""
FRAME_MS = 40
LOWEST_RATE, HIGHEST_RATE = 0.5, 3.0


class PlayerSession(QObject):
    """Plays lectures with a backend, which it owns. Lives in the UI thread. Close it when it is no longer needed.

    It is a source of frames for ``VideoSurface`` as well.
    """

    position_changed = Signal(int)
    """In ms, about 30 times a second while playing, and at every seek, pause and end."""
    state_changed = Signal(object)
    """``PlayerState``."""
    duration_changed = Signal(int)
    rate_changed = Signal(float)
    watched = Signal(object)
    """What was really watched since the last report: half-open intervals in ms, a tuple of pairs. Seeks and pauses
    are not in it."""
    resume_changed = Signal(int)
    """Where to go on next time, in ms; at every pause, seek, end and stop, and every ten seconds."""
    ended = Signal()
    problem = Signal(object)
    """``MediaProblem``."""
    frame_ready = Signal()

    def __init__(
        self,
        backend: PlayerBackend,
        parent: QObject | None = None,
        *,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        super().__init__(parent)
        self._backend = backend
        backend.setParent(self)
        self._now_ns = now_ns
        self._clock = PositionClock()
        self._state = PlayerState.IDLE
        self._duration_ms = 0
        self._rate = 1.0
        self._loaded = False
        self._opened = False
        self._in_flight: int | None = None
        self._wanted: int | None = None
        self._watching_from: int | None = None
        self._intervals: list[Interval] = []
        self._tick = QTimer(self, interval=TICK_MS)
        self._flush = QTimer(self, interval=FLUSH_MS)
        self._seek_patience = QTimer(self, interval=SEEK_PATIENCE_MS, singleShot=True)
        self._tick.timeout.connect(self._on_tick)
        self._flush.timeout.connect(self._on_flush)
        self._seek_patience.timeout.connect(self._on_seek_overdue)
        backend.opened.connect(self._on_opened)
        backend.state_changed.connect(self._on_state)
        backend.position_reported.connect(self._on_report)
        backend.seeked.connect(self._on_seeked)
        backend.failed.connect(self._on_failed)
        backend.frame_ready.connect(self.frame_ready)

    # --- what it is doing ---------------------------------------------------------------------------------------

    @property
    def state(self) -> PlayerState:
        """What the engine does."""
        return self._state

    @property
    def position_ms(self) -> int:
        """Where playback stands; the wanted place while a seek is under way."""
        position = self._clock.position_ms(self._now_ns())
        return min(position, self._duration_ms) if self._duration_ms else position

    @property
    def duration_ms(self) -> int:
        """How long the medium is; 0 while unknown."""
        return self._duration_ms

    @property
    def rate(self) -> float:
        """Speed; 1.0 is normal."""
        return self._rate

    @property
    def backend(self) -> PlayerBackend:
        """The engine, for reports about it."""
        return self._backend

    def newest(self) -> Frame | None:
        """The newest picture."""
        return self._backend.frames.newest()

    # --- what it is told ----------------------------------------------------------------------------------------

    def warm_up(self) -> None:
        """Load the engine in the background, so that the first lecture opens at once."""
        self._backend.warm_up()

    def load(self, medium: Path | str, start_ms: int = 0, *, duration_ms: int = 0, paused: bool = False) -> None:
        """Open a file or an address at ``start_ms``, playing or paused on its picture.

        ``duration_ms`` is what the course says; the medium's own replaces it.
        """
        self._settle()
        self._forget_seeks()
        self._loaded = True
        self._opened = False
        self._set_duration(duration_ms)
        self._clock.hold(max(0, start_ms))
        self._backend.open(medium, max(0, start_ms), paused=paused)
        self.position_changed.emit(self.position_ms)

    def play(self) -> None:
        """Go on; from the beginning when it has ended."""
        if not self._loaded:
            return
        if self._state in {PlayerState.ENDED, PlayerState.FAILED}:
            self._clock.hold(0)
        self._backend.play()

    def pause(self) -> None:
        """Hold the picture."""
        if self._loaded:
            self._backend.pause()

    def toggle(self) -> None:
        """Play or pause, whichever it is not doing."""
        if self._state is PlayerState.PLAYING:
            self.pause()
        else:
            self.play()

    def seek_to(self, position_ms: int) -> None:
        """Go to a position; paused, to the very frame. Of many in a row only the last one counts."""
        if not self._loaded:
            return
        wanted = max(0, position_ms)
        if self._duration_ms:
            wanted = min(wanted, max(0, self._duration_ms - END_MARGIN_MS))
        self._settle()
        self._clock.hold(wanted)
        if self._in_flight is None:
            self._send_seek(wanted)
        else:
            self._wanted = wanted
        self.position_changed.emit(wanted)
        self.resume_changed.emit(wanted)

    def jump(self, distance_ms: int) -> None:
        """Forward, or back when negative, from where it stands or is about to stand."""
        self.seek_to(self.position_ms + distance_ms)

    def step(self, frames: int = 1) -> None:
        """Pause, and show a frame further on (or back).

        By a seek: libVLC's own stepping makes it skip the time it was paused when it goes on.
        """
        self.pause()
        self.jump(frames * FRAME_MS)

    def set_rate(self, rate: float) -> None:
        """Speed between 0.5 and 3; the pitch is kept."""
        wanted = min(max(rate, LOWEST_RATE), HIGHEST_RATE)
        self._clock.set_rate(wanted, self._now_ns())
        self._backend.set_rate(wanted)
        if wanted != self._rate:
            self._rate = wanted
            self.rate_changed.emit(wanted)

    def set_volume(self, percent: int) -> None:
        """Loudness 0-100."""
        self._backend.set_volume(min(max(percent, 0), 100))

    def set_muted(self, muted: bool) -> None:
        """Silence, or not."""
        self._backend.set_muted(muted)

    def stop(self) -> None:
        """Let go of the medium; what was watched is reported first."""
        self._settle()
        self._forget_seeks()
        self._loaded = self._opened = False
        self._backend.stop()

    def close(self, deadline_ms: int = 2000) -> bool:
        """Stop and release the engine, waiting at most ``deadline_ms``. Returns whether it was done in time."""
        self._settle()
        self._forget_seeks()
        self._loaded = self._opened = False
        self._tick.stop()
        self._flush.stop()
        return self._backend.close(deadline_ms)

    # --- watching -----------------------------------------------------------------------------------------------

    def _begin_watching(self) -> None:
        self._watching_from = self.position_ms
        self._tick.start()
        self._flush.start()

    def _cut(self) -> None:
        """The stretch that is being watched ends here."""
        if self._watching_from is None:
            return
        start, end = self._watching_from, self.position_ms
        self._watching_from = None
        if end > start:
            self._intervals.append((start, end))

    def _settle(self) -> None:
        """Continuous playback ends: say what was watched and where to go on."""
        self._tick.stop()
        self._flush.stop()
        was_watching = self._watching_from is not None
        self._cut()
        self._tell_watched()
        if was_watching:
            self.resume_changed.emit(self.position_ms)

    def _tell_watched(self) -> None:
        if self._intervals:
            told, self._intervals = tuple(self._intervals), []
            self.watched.emit(told)

    @Slot()
    def _on_flush(self) -> None:
        here = self.position_ms
        self._cut()
        self._watching_from = here
        self._tell_watched()
        self.resume_changed.emit(here)

    @Slot()
    def _on_tick(self) -> None:
        self.position_changed.emit(self.position_ms)

    # --- seeking ------------------------------------------------------------------------------------------------

    def _send_seek(self, position_ms: int) -> None:
        self._in_flight = position_ms
        self._wanted = None
        self._seek_patience.start()
        self._backend.seek(position_ms)

    def _forget_seeks(self) -> None:
        self._in_flight = self._wanted = None
        self._seek_patience.stop()

    @Slot(int)
    def _on_seeked(self, _position_ms: int) -> None:
        if self._in_flight is None:
            return
        if self._wanted is not None and self._wanted != self._in_flight:
            self._send_seek(self._wanted)
            return
        arrived = self._in_flight
        self._forget_seeks()
        if self._state is PlayerState.PLAYING:
            self._clock.run(arrived, self._now_ns())
            self._begin_watching()

    @Slot()
    def _on_seek_overdue(self) -> None:
        self._on_seeked(0)

    # --- what the engine says -----------------------------------------------------------------------------------

    @Slot(object)
    def _on_opened(self, facts: MediaFacts) -> None:
        self._opened = True
        if facts.duration_ms:
            self._set_duration(facts.duration_ms)

    @Slot(object)
    def _on_state(self, state: PlayerState) -> None:
        if state is self._state:
            return
        if state is not PlayerState.PLAYING:
            position = self.position_ms
            self._settle()
            self._clock.hold(self._duration_ms or position if state is PlayerState.ENDED else position)
        self._state = state
        if state is PlayerState.PLAYING and self._in_flight is None:
            self._clock.run(self.position_ms, self._now_ns())
            self._begin_watching()
        if state in {PlayerState.ENDED, PlayerState.FAILED, PlayerState.IDLE}:
            self._forget_seeks()
        self.state_changed.emit(state)
        if state in {PlayerState.PAUSED, PlayerState.ENDED}:
            self.position_changed.emit(self.position_ms)  # where it stands, which is later than the last tick
        if state is PlayerState.ENDED:
            self.resume_changed.emit(self.position_ms)
            self.ended.emit()

    @Slot(int, object)
    def _on_report(self, position_ms: int, at_ns: int) -> None:
        # Until a seek has arrived the engine may still speak of the place it leaves.
        if self._in_flight is not None or self._state is not PlayerState.PLAYING:
            return
        before = self.position_ms
        if abs(self._clock.report(position_ms, at_ns)) > JUMP_MS and self._watching_from is not None:
            if before > self._watching_from:
                self._intervals.append((self._watching_from, before))
            self._watching_from = self.position_ms

    @Slot(object)
    def _on_failed(self, problem: MediaProblem) -> None:
        self.problem.emit(problem)

    def _set_duration(self, duration_ms: int) -> None:
        if duration_ms != self._duration_ms:
            self._duration_ms = duration_ms
            self.duration_changed.emit(duration_ms)


def make_session(parent: QObject | None = None) -> PlayerSession:
    """A session with the engine of this installation. Nothing heavy is loaded before ``warm_up`` or ``load``."""
    from desktop.player.vlc_backend import VlcBackend  # here, so that sessions can be had without libVLC

    return PlayerSession(VlcBackend(), parent)
