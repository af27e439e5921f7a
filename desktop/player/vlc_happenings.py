"""What libVLC's half of the engine reports to the other."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto


class Happening(Enum):
    """What is reported, and what comes with it."""

    LOADED = auto()  # Library
    OPENED = auto()  # MediaFacts
    PLAYING = auto()
    PAUSED = auto()
    ENDED = auto()
    ERROR = auto()
    POSITION = auto()  # position in ms and its time.monotonic_ns
    FRAME = auto()
    SEEKED = auto()  # the wanted position in ms
    SETTLED = auto()  # the wanted position of a paused seek that needs no looking after any more; None: there is none
    FAILED = auto()  # MediaProblem


Report = Callable[[int, Happening, object], None]
