"""libVLC behind the contract. Runs in the UI thread; everything that can block is posted to the command thread."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop.player import problems
from desktop.player.backend import MediaFacts, PlayerBackend, PlayerState
from desktop.player.command_thread import CommandThread
from desktop.player.frames import FrameBuffers
from desktop.player.problems import MediaProblem
from desktop.player.vlc_engine import VlcEngine
from desktop.player.vlc_happenings import Happening
from desktop.player.vlc_library import Library

log = logging.getLogger(__name__)

START_PATIENCE_MS = 10_000
"""A file that has shown nothing after this long is given up."""
STREAM_PATIENCE_MS = 30_000
"""And an address: slow networks are what this program is for."""
LOOK_AFTER_MS = 100
"""How often a paused seek is looked after until it has settled."""
END_TOLERANCE_MS = 2_000
"""A medium that ends this much before its announced end is incomplete. Sound and picture seldom end together."""


class VlcBackend(PlayerBackend):
    """Plays with libVLC.

    ``arguments`` go to libVLC besides the usual ones. The command thread starts with the first command and ends in
    ``close``; whoever makes a backend closes it.
    """

    _reported = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None, arguments: Sequence[str] = ()) -> None:
        super().__init__(parent)
        self._buffers = FrameBuffers()
        self._commands = CommandThread("haversack-player")
        self._engine = VlcEngine(self._buffers, self._report, self._commands, arguments)
        self._generation = 0
        self._state = PlayerState.IDLE
        self._medium: Path | str = ""
        self._facts: MediaFacts | None = None
        self._last_position: tuple[int, int] | None = None
        self._pending_seek: int | None = None
        self._seek_by_opening: int | None = None
        self._sought_ms: int | None = None
        self._unanswered_ms: int | None = None
        self._frame_waits = False
        self._wants_pause = False
        self._rate = 1.0
        self._volume = 100
        self._muted = False
        self.library: Library | None = None
        self._patience = QTimer(self, singleShot=True)
        self._patience.timeout.connect(self._on_patience_lost)
        self._look_after = QTimer(self, interval=LOOK_AFTER_MS)
        self._look_after.timeout.connect(self._on_look_after)
        self._reported.connect(self._on_report, Qt.ConnectionType.QueuedConnection)

    @property
    def frames(self) -> FrameBuffers:
        """The buffers libVLC writes into."""
        return self._buffers

    def warm_up(self) -> None:
        """Load libVLC in the command thread. A failure is told when something is opened."""
        self._commands.post(self._warm_up)

    def _warm_up(self) -> None:
        try:
            self._engine.load()
        except MediaProblem as problem:
            log.info("no libVLC: %s", problem)

    def open(self, medium: Path | str, start_ms: int = 0, *, paused: bool = False) -> None:
        """See the contract."""
        self._generation += 1
        generation = self._generation
        self._medium = medium
        self._facts = None
        self._last_position = self._pending_seek = self._seek_by_opening = None
        self._sought_ms = self._unanswered_ms = None
        self._wants_pause = paused
        self._buffers.clear()
        self._set_state(PlayerState.OPENING)
        self._patience.start(START_PATIENCE_MS if isinstance(medium, Path) else STREAM_PATIENCE_MS)
        self._post_sound_and_rate()
        self._commands.post(lambda: self._engine.open(generation, medium, start_ms, paused=paused))

    def play(self) -> None:
        """See the contract."""
        self._wants_pause = False
        self._look_after.stop()
        if self._state in {PlayerState.ENDED, PlayerState.FAILED}:
            # After its end libVLC takes no command but a new start.
            self.open(self._medium)
        else:
            self._post(self._engine.play)

    def pause(self) -> None:
        """See the contract."""
        self._wants_pause = True
        self._post(self._engine.pause)

    def seek(self, position_ms: int) -> None:
        """See the contract."""
        if self._state is PlayerState.ENDED:
            self._open_at(position_ms)
        elif self._facts is None:
            self._pending_seek = position_ms
        else:
            self._sought_ms = self._unanswered_ms = position_ms
            self._post(lambda generation: self._engine.seek(generation, position_ms))
            if self._wants_pause:
                self._look_after.start()

    def _open_at(self, position_ms: int) -> None:
        """After its end libVLC cannot be sent anywhere: the medium begins anew where it was to go."""
        self.open(self._medium, position_ms, paused=self._wants_pause)
        self._seek_by_opening = position_ms

    def set_rate(self, rate: float) -> None:
        """See the contract."""
        self._rate = rate
        self._post_sound_and_rate()

    def set_volume(self, percent: int) -> None:
        """See the contract."""
        self._volume = percent
        self._post_sound_and_rate()

    def set_muted(self, muted: bool) -> None:
        """See the contract."""
        self._muted = muted
        self._post_sound_and_rate()

    def stop(self) -> None:
        """See the contract."""
        self._let_go()
        self._set_state(PlayerState.IDLE)

    def close(self, deadline_ms: int = 2000) -> bool:
        """See the contract."""
        self._generation += 1
        self._patience.stop()
        self._look_after.stop()
        in_time = self._commands.close(self._engine.release, deadline_ms)
        if not in_time:
            log.warning("libVLC did not end within %d ms", deadline_ms)
        return in_time

    # --- what the engine reports --------------------------------------------------------------------------------

    def _report(self, generation: int, happening: Happening, value: object) -> None:
        """Called in any thread."""
        if happening is Happening.FRAME:
            # One waiting report is enough: the widget takes the newest picture anyway.
            if self._frame_waits:
                return
            self._frame_waits = True
        try:
            self._reported.emit(generation, happening, value)
        except RuntimeError:
            log.debug("a report came after the end")

    @Slot(int, object, object)
    def _on_report(self, generation: int, happening: Happening, value: object) -> None:
        if happening is Happening.FRAME:
            self._frame_waits = False
        if happening is Happening.LOADED and isinstance(value, Library):
            self.library = value
            self._post_sound_and_rate()
        elif generation == self._generation:
            self._handle(happening, value)

    def _handle(self, happening: Happening, value: object) -> None:
        if happening is Happening.FRAME:
            self._on_frame()
        elif happening is Happening.POSITION and isinstance(value, tuple):
            self._on_position(*value)
        elif happening is Happening.OPENED and isinstance(value, MediaFacts):
            self._on_opened(value)
        elif happening is Happening.SEEKED and isinstance(value, int):
            self._last_position = (value, time.monotonic_ns())
            self._unanswered_ms = None
            self.seeked.emit(value)
        elif happening is Happening.SETTLED and self._sought_ms in {None, value}:
            # That of an earlier seek may come when another was sent.
            self._look_after.stop()
        elif happening in {Happening.PLAYING, Happening.PAUSED}:
            self._on_running(paused=happening is Happening.PAUSED)
        elif happening is Happening.ENDED:
            self._on_ended()
        elif happening is Happening.ERROR:
            self._fail(self._unplayable())
        elif happening is Happening.FAILED and isinstance(value, MediaProblem):
            self._fail(value)

    def _on_frame(self) -> None:
        if self._facts is None:
            self._post(self._engine.describe)
        self.frame_ready.emit()

    def _on_position(self, position_ms: int, at_ns: int) -> None:
        if self._facts is None:
            self._post(self._engine.describe)
        self._last_position = (position_ms, at_ns)
        self.position_reported.emit(position_ms, at_ns)

    def _on_opened(self, facts: MediaFacts) -> None:
        self._patience.stop()
        self._facts = facts
        self._post_sound_and_rate()
        self.opened.emit(facts)
        if self._wants_pause:
            self._look_after.start()
        self._set_state(PlayerState.PAUSED if self._wants_pause else PlayerState.PLAYING)
        if self._seek_by_opening is not None:
            arrived, self._seek_by_opening = self._seek_by_opening, None
            self.seeked.emit(arrived)
        if self._pending_seek is not None:
            wanted, self._pending_seek = self._pending_seek, None
            self.seek(wanted)

    def _on_running(self, *, paused: bool) -> None:
        if self._facts is not None:
            self._set_state(PlayerState.PAUSED if paused else PlayerState.PLAYING)

    def _on_ended(self) -> None:
        if self._facts is None:
            self._fail(self._unplayable())
            return
        reached = self._reached_ms()
        if self._facts.duration_ms and reached < self._facts.duration_ms - END_TOLERANCE_MS:
            self._fail(problems.cut_short(self._name(), reached, self._facts.duration_ms))
            return
        if self._unanswered_ms is not None:
            # The end came first, and libVLC dropped the seek.
            self._open_at(self._unanswered_ms)
            return
        self._let_go()
        self._set_state(PlayerState.ENDED)

    def _name(self) -> str:
        return self._medium.name if isinstance(self._medium, Path) else self._medium.partition("?")[0]

    def _unplayable(self) -> MediaProblem:
        if isinstance(self._medium, Path):
            return problems.broken(self._medium.name)
        return problems.unreachable(self._medium)

    def _reached_ms(self) -> int:
        if self._last_position is None:
            return 0
        position_ms, at_ns = self._last_position
        return position_ms + round((time.monotonic_ns() - at_ns) / 1e6 * self._rate)

    @Slot()
    def _on_look_after(self) -> None:
        self._post(self._engine.look_after_seek)

    @Slot()
    def _on_patience_lost(self) -> None:
        if isinstance(self._medium, Path):
            self._fail(problems.stalled(self._medium.name))
        else:
            self._fail(problems.unreachable(self._medium))

    def _fail(self, problem: MediaProblem) -> None:
        log.info("%s", problem)
        self._let_go()
        self._set_state(PlayerState.FAILED)
        self.failed.emit(problem)

    def _let_go(self) -> None:
        """Stop in the command thread; whatever the medium still says is late."""
        self._patience.stop()
        self._look_after.stop()
        self._generation += 1
        self._commands.post(self._engine.stop)

    def _set_state(self, state: PlayerState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)

    def _post(self, command: Callable[[int], None]) -> None:
        generation = self._generation
        self._commands.post(lambda: command(generation))

    def _post_sound_and_rate(self) -> None:
        percent, muted, rate = self._volume, self._muted, self._rate
        self._commands.post(lambda: self._engine.set_sound(percent, muted=muted))
        self._commands.post(lambda: self._engine.set_rate(rate))
