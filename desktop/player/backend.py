"""The contract of a playing engine. Sessions and pages know nothing else of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.player.frames import FrameSource


class PlayerState(Enum):
    """What the engine is doing with its medium."""

    IDLE = "idle"
    OPENING = "opening"
    PLAYING = "playing"
    PAUSED = "paused"
    ENDED = "ended"
    FAILED = "failed"


@dataclass(frozen=True)
class MediaFacts:
    """What is known of a medium once it is open. ``duration_ms`` 0: unknown; sizes 0 without video."""

    duration_ms: int
    width: int
    height: int
    has_video: bool
    has_audio: bool


class PlayerBackend(QObject):
    """An engine that plays one medium at a time. It lives in the UI thread, is called from there, and never blocks it.

    All signals are emitted in the UI thread and concern the medium opened last; what an older one still had to say
    is dropped.
    """

    opened = Signal(object)
    """``MediaFacts``, once for each ``open`` that worked."""
    state_changed = Signal(object)
    """``PlayerState``."""
    position_reported = Signal(int, object)
    """Position in ms and the ``time.monotonic_ns`` at which it was true (an int too large for Qt's)."""
    seeked = Signal(int)
    """A seek has arrived: the wanted position in ms. Emitted once the first new frame is there."""
    frame_ready = Signal()
    """``frames.newest()`` has something new."""
    failed = Signal(object)
    """``MediaProblem``; the state is FAILED then."""

    @property
    def frames(self) -> FrameSource:
        """Where the pictures are."""
        raise NotImplementedError

    def warm_up(self) -> None:
        """Load what takes time, in the background. Optional: ``open`` does it as well."""
        raise NotImplementedError

    def open(self, medium: Path | str, start_ms: int = 0, *, paused: bool = False) -> None:
        """Open a file (``Path``) or an address and play from ``start_ms``, or show the frame there and wait."""
        raise NotImplementedError

    def play(self) -> None:
        """Go on; after the end from the beginning."""
        raise NotImplementedError

    def pause(self) -> None:
        """Hold the picture."""
        raise NotImplementedError

    def seek(self, position_ms: int) -> None:
        """Go to a position; the first frame shown is the one of that very millisecond. After the end it starts anew
        there."""
        raise NotImplementedError

    def set_rate(self, rate: float) -> None:
        """Speed, 1.0 is normal; the pitch is kept. Holds for the next media as well."""
        raise NotImplementedError

    def set_volume(self, percent: int) -> None:
        """Loudness 0-100. Holds for the next media as well."""
        raise NotImplementedError

    def set_muted(self, muted: bool) -> None:
        """Silence, without forgetting the volume."""
        raise NotImplementedError

    def stop(self) -> None:
        """Let go of the medium; the state is IDLE."""
        raise NotImplementedError

    def close(self, deadline_ms: int = 2000) -> bool:
        """Release everything, waiting at most ``deadline_ms``. Returns whether it was done in time."""
        raise NotImplementedError
