"""What a lecture is made of, before it is spoken and drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resources.make_sample.page import Page


@dataclass(frozen=True)
class Line:
    """One sentence: what is said and its translation. ``say`` replaces ``en`` for the voice where spelling misleads it;
    ``pause_ms`` is the silence after it."""

    en: str
    de: str
    say: str = ""
    pause_ms: int = 420


@dataclass(frozen=True)
class Slide:
    """A picture that builds up: ``draw`` is called for each frame and asks the page how far the sentence is."""

    draw: Callable[[Page], None]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Lecture:
    """``course`` and ``name`` give the place: ``courses/<course>/media/<name>.webm``."""

    course: str
    name: str
    title: str
    slides: tuple[Slide, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All sentences in order."""
        return tuple(line for slide in self.slides for line in slide.lines)
