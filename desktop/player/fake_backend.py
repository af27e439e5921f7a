"""An engine without libVLC and without time of its own: for tests of sessions and pages, and of nothing else."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QImage

from desktop.player.backend import MediaFacts, PlayerBackend, PlayerState
from desktop.player.frames import Frame
from desktop.player.problems import MediaProblem

REPORT_EVERY_MS = 250
FRAME_MS = 40


class FakeFrames:
    """One small picture whose colour is the number of its frame."""

    def __init__(self) -> None:
        self._frame: Frame | None = None
        self._serial = 0

    def newest(self) -> Frame | None:
        """The last one shown."""
        return self._frame

    def show(self, number: int) -> None:
        """Make the picture of frame ``number``."""
        image = QImage(64, 36, QImage.Format.Format_RGB32)
        image.fill(QColor.fromRgb(number & 0xFFFFFF))
        self._serial += 1
        self._frame = Frame(self._serial, image)

    def clear(self) -> None:
        """Nothing to see."""
        self._frame = None


def number_of(image: QImage) -> int:
    """Which frame a picture of ``FakeFrames`` is."""
    return image.pixel(image.width() // 2, image.height() // 2) & 0xFFFFFF


class FakeBackend(PlayerBackend):
    """Time passes by ``advance`` only. Give ``now_ns`` to the session, so that both have the same clock.

    Attributes:
        calls: what was asked for, as text, in order.
        holds_seeks: seeks wait for ``arrive`` instead of arriving at once.
        refuses: the problem that the next ``open`` ends with.
    """

    def __init__(self, parent: QObject | None = None, *, duration_ms: int = 60_000, has_video: bool = True) -> None:
        super().__init__(parent)
        self.calls: list[str] = []
        self.holds_seeks = False
        self.refuses: MediaProblem | None = None
        self._facts = MediaFacts(duration_ms, 64 if has_video else 0, 36 if has_video else 0, has_video, has_audio=True)
        self._frames = FakeFrames()
        self._state = PlayerState.IDLE
        self._position_ms = 0.0
        self._now_ms = 1_000_000
        self._rate = 1.0
        self._seek: int | None = None

    @property
    def frames(self) -> FakeFrames:
        """See the contract."""
        return self._frames

    @property
    def position_ms(self) -> int:
        """Where the medium really is."""
        return round(self._position_ms)

    def now_ns(self) -> int:
        """The clock."""
        return self._now_ms * 1_000_000

    def advance(self, duration_ms: int) -> None:
        """Let time pass, in steps of a report."""
        while duration_ms > 0:
            step = min(duration_ms, REPORT_EVERY_MS)
            duration_ms -= step
            self._now_ms += step
            if self._state is not PlayerState.PLAYING:
                continue
            self._position_ms += step * self._rate
            if self._position_ms >= self._facts.duration_ms:
                self._position_ms = self._facts.duration_ms
                self._set_state(PlayerState.ENDED)
                continue
            self._show()
            self.position_reported.emit(self.position_ms, self.now_ns())

    def arrive(self) -> None:
        """The seek that was held arrives."""
        assert self._seek is not None, "no seek is under way"
        wanted, self._seek = self._seek, None
        self._position_ms = wanted
        self._show()
        self.seeked.emit(wanted)

    def skip(self, distance_ms: int) -> None:
        """The medium goes elsewhere by itself, as a stream with a hole does."""
        self._position_ms += distance_ms
        self.position_reported.emit(self.position_ms, self.now_ns())

    def warm_up(self) -> None:
        """See the contract."""
        self.calls.append("warm_up")

    def open(self, medium: Path | str, start_ms: int = 0, *, paused: bool = False) -> None:
        """See the contract. Opens at once."""
        self.calls.append(f"open {medium} {start_ms}{' paused' if paused else ''}")
        self._frames.clear()
        self._seek = None
        self._set_state(PlayerState.OPENING)
        if self.refuses is not None:
            problem, self.refuses = self.refuses, None
            self._set_state(PlayerState.FAILED)
            self.failed.emit(problem)
            return
        self._position_ms = start_ms
        self._show()
        self.opened.emit(self._facts)
        self._set_state(PlayerState.PAUSED if paused else PlayerState.PLAYING)

    def play(self) -> None:
        """See the contract."""
        self.calls.append("play")
        if self._state is PlayerState.ENDED:
            self._position_ms = 0
        self._set_state(PlayerState.PLAYING)

    def pause(self) -> None:
        """See the contract."""
        self.calls.append("pause")
        if self._state is PlayerState.PLAYING:
            self._set_state(PlayerState.PAUSED)

    def seek(self, position_ms: int) -> None:
        """See the contract."""
        self.calls.append(f"seek {position_ms}")
        self._seek = position_ms
        if not self.holds_seeks:
            self.arrive()

    def set_rate(self, rate: float) -> None:
        """See the contract."""
        self.calls.append(f"rate {rate:g}")
        self._rate = rate

    def set_volume(self, percent: int) -> None:
        """See the contract."""
        self.calls.append(f"volume {percent}")

    def set_muted(self, muted: bool) -> None:
        """See the contract."""
        self.calls.append("mute" if muted else "unmute")

    def stop(self) -> None:
        """See the contract."""
        self.calls.append("stop")
        self._frames.clear()
        self._set_state(PlayerState.IDLE)

    def close(self, deadline_ms: int = 2000) -> bool:
        """See the contract."""
        self.calls.append("close")
        return deadline_ms > 0

    def _show(self) -> None:
        if self._facts.has_video:
            self._frames.show(self.position_ms // FRAME_MS)
            self.frame_ready.emit()

    def _set_state(self, state: PlayerState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)
