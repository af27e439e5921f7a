"""A transcript for reading: lines of cues joined to paragraphs, which begin where a thought does.

A paragraph ends where somebody else speaks, at a long pause and where a section begins; else at the end of the first
sentence after enough text. What has no punctuation at all (speech that was recognized by a machine) is divided at
shorter pauses, and at the latest after so many letters.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from protocol.cues.sentences import joint, sentence_ends
from protocol.cues.track import Track

LONG_PAUSE_MS = 3_000
"""A pause that always ends a paragraph."""
SHORT_PAUSE_MS = 900
"""A pause that ends a paragraph which has enough text."""
FEW, ENOUGH, MANY = 160, 420, 1_200
"""Letters of a paragraph: too few for a pause to matter, enough for one, more than fit."""
_OTHER_SPEAKER = re.compile(r"(?:>>+|[-–—])\s*(?=\S)")


class Piece(NamedTuple):
    """Characters ``start`` to before ``end`` of a paragraph's text are what the cue ``cue`` says."""

    cue: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``text`` is one line; a click into it leads to the cue of its piece."""

    start_ms: int
    text: str
    pieces: tuple[Piece, ...]
    speaker: str = ""

    def cue_at(self, place: int) -> int:
        """The cue that says the character at ``place``."""
        number = bisect_left(self.pieces, place + 1, key=lambda piece: piece.start) - 1
        return self.pieces[max(0, number)].cue


class _Line(NamedTuple):
    cue: int
    text: str
    speaker: str
    pause_ms: int
    """How long nobody spoke before it."""
    is_break: bool
    """Whether a paragraph has to begin with it."""


def _lines(track: Track, breaks: Sequence[int]) -> Iterator[_Line]:
    spoken_until = speaker_before = None
    coming = 0
    for cue, text in enumerate(track.texts):
        start = track.starts_ms[cue]
        speaker = track.speaker(cue)
        pause = 0 if spoken_until is None else max(0, start - spoken_until)
        spoken_until = max(spoken_until or 0, track.ends_ms[cue])
        section = coming < len(breaks) and start >= breaks[coming]
        while coming < len(breaks) and start >= breaks[coming]:
            coming += 1
        for number, line in enumerate(text.split("\n")):
            first = number == 0
            other = _OTHER_SPEAKER.match(line) is not None or (first and bool(speaker) and speaker != speaker_before)
            is_break = other or (first and (section or pause >= LONG_PAUSE_MS))
            yield _Line(cue, line, speaker, pause if first else 0, is_break)
        speaker_before = speaker or speaker_before


class _Builder:
    """Collects what belongs together."""

    def __init__(self, track: Track) -> None:
        self._track = track
        self._parts: list[str] = []
        self._pieces: list[Piece] = []
        self.length = 0
        self._speaker = ""

    def add(self, line: _Line, text: str) -> None:
        """Put a line, or a part of it, behind what is there."""
        between = joint(self._parts[-1], text) if self._parts else ""
        start = self.length + len(between)
        self._parts.append(between + text)
        self.length = start + len(text)
        if self._pieces and self._pieces[-1].cue == line.cue:
            self._pieces[-1] = self._pieces[-1]._replace(end=self.length)
        else:
            self._pieces.append(Piece(line.cue, start, self.length))
        self._speaker = self._speaker or line.speaker

    def finish(self) -> Iterator[Paragraph]:
        """The paragraph, if there is any, and begin another."""
        if self._parts:
            start_ms = self._track.starts_ms[self._pieces[0].cue]
            yield Paragraph(start_ms, "".join(self._parts), tuple(self._pieces), self._speaker)
        self._parts, self._pieces, self.length, self._speaker = [], [], 0, ""


def paragraphs(track: Track, breaks: Iterable[int] = ()) -> list[Paragraph]:
    """The paragraphs of a track. ``breaks`` are moments (ms) at which one has to begin: those of sections."""
    lines = list(_lines(track, sorted(breaks)))
    building = _Builder(track)
    found: list[Paragraph] = []
    ends_sentence = True
    for number, line in enumerate(lines):
        pause = line.pause_ms >= SHORT_PAUSE_MS and building.length >= FEW
        # A pause in the middle of a sentence is a breath; without any punctuation it is all there is.
        if line.is_break or (pause and (ends_sentence or building.length >= ENOUGH)) or building.length >= MANY:
            found += building.finish()
        after = lines[number + 1].text if number + 1 < len(lines) else ""
        at = 0
        for end in sentence_ends(f"{line.text} {after[:2]}"):
            if end > len(line.text):
                break
            if building.length + end - at >= ENOUGH:
                building.add(line, line.text[at:end].strip())
                found += building.finish()
                at = end
        rest = line.text[at:].strip()
        if rest:
            building.add(line, rest)
        ends_sentence = not rest or rest[-1] in '.!?…。！？؟۔।"”»'
    found += building.finish()
    return found
