"""An engine without pictures and sound: does at once what it is told. For pages; the player has tests of its own."""

from __future__ import annotations

from pathlib import Path

from desktop.player.backend import MediaFacts, PlayerBackend, PlayerState
from desktop.player.frames import FrameBuffers
from desktop.player.problems import MediaProblem


class StillBackend(PlayerBackend):
    """``fault`` is what the next medium fails with."""

    def __init__(self) -> None:
        super().__init__()
        self._frames = FrameBuffers()
        self.opened_media: list[tuple[Path | str, int, bool]] = []
        self.seeks: list[int] = []
        self.rate = 1.0
        self.volume = 100
        self.muted = False
        self.closed = 0
        self.fault: MediaProblem | None = None

    @property
    def frames(self) -> FrameBuffers:
        return self._frames

    def warm_up(self) -> None:
        pass

    def open(self, medium: Path | str, start_ms: int = 0, *, paused: bool = False) -> None:
        self.opened_media.append((medium, start_ms, paused))
        self.state_changed.emit(PlayerState.OPENING)
        if self.fault is not None:
            self.state_changed.emit(PlayerState.FAILED)
            self.failed.emit(self.fault)
            return
        self.opened.emit(MediaFacts(120_000, 320, 180, has_video=True, has_audio=False))
        self.state_changed.emit(PlayerState.PAUSED if paused else PlayerState.PLAYING)

    def play(self) -> None:
        self.state_changed.emit(PlayerState.PLAYING)

    def pause(self) -> None:
        self.state_changed.emit(PlayerState.PAUSED)

    def seek(self, position_ms: int, *, exact: bool = True) -> None:
        self.seeks.append(position_ms)
        self.seeked.emit(position_ms)

    def step(self) -> None:
        pass

    def set_rate(self, rate: float) -> None:
        self.rate = rate

    def set_volume(self, percent: int) -> None:
        self.volume = percent

    def set_muted(self, muted: bool) -> None:
        self.muted = muted

    def stop(self) -> None:
        self.state_changed.emit(PlayerState.IDLE)

    def end(self) -> None:
        """The medium is over."""
        self.state_changed.emit(PlayerState.ENDED)

    def close(self, deadline_ms: int = 2000) -> bool:
        self.closed += 1
        return True
