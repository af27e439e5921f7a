"""When everything happens: from the lengths of the spoken sentences to cues and slides. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from resources.make_sample.script import Lecture

LEAD_MS = 700
SLIDE_PAUSE_MS = 650
TAIL_MS = 1500
LINGER_MS = 250
"""A cue stays this long after its last sound, unless the next one begins."""


@dataclass(frozen=True)
class Spoken:
    """A sentence with its place in time; ``slide`` and ``step`` count from 0, ``step`` within the slide."""

    slide: int
    step: int
    start_ms: int
    end_ms: int
    en: str
    de: str


@dataclass(frozen=True)
class Timeline:
    """``slide_starts_ms`` has one moment for each slide; the first is 0."""

    spoken: tuple[Spoken, ...]
    slide_starts_ms: tuple[int, ...]
    duration_ms: int

    def slide_at(self, at_ms: int) -> int:
        """The index of the slide that is shown."""
        return sum(1 for start in self.slide_starts_ms if start <= at_ms) - 1

    def steps_of(self, slide: int) -> tuple[int, ...]:
        """The moments at which the slide's sentences begin."""
        return tuple(spoken.start_ms for spoken in self.spoken if spoken.slide == slide)


def lay_out(lecture: Lecture, lengths_ms: tuple[int, ...]) -> Timeline:
    """Place the sentences one after the other. ``lengths_ms`` has one entry for each of ``lecture.lines``.

    Raises:
        ValueError: there are more or fewer.
    """
    if len(lengths_ms) != len(lecture.lines):
        raise ValueError(f"{len(lengths_ms)} lengths for {len(lecture.lines)} sentences")
    lengths = iter(lengths_ms)
    spoken: list[Spoken] = []
    slide_starts: list[int] = []
    clock = LEAD_MS
    for slide_index, slide in enumerate(lecture.slides):
        # The slide turns in the pause, a little before its first word.
        slide_starts.append(clock - LEAD_MS if slide_index == 0 else clock - SLIDE_PAUSE_MS)
        for step, line in enumerate(slide.lines):
            end = clock + next(lengths)
            spoken.append(Spoken(slide_index, step, clock, end, line.en, line.de))
            clock = end + line.pause_ms
        clock += SLIDE_PAUSE_MS
    duration = spoken[-1].end_ms + TAIL_MS
    held = [
        Spoken(s.slide, s.step, s.start_ms, min(s.end_ms + LINGER_MS, following), s.en, s.de)
        for s, following in zip(spoken, [*(s.start_ms for s in spoken[1:]), duration], strict=True)
    ]
    return Timeline(tuple(held), tuple(slide_starts), duration)
