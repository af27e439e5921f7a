"""Chapters of a lecture: from a track of chapters if the course has one, else from the pauses of who speaks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median

from protocol.cues.sentences import sentence_ends
from protocol.cues.track import Track

SHORTEST_MS = 60_000
"""No chapter is shorter; a lecture that is shorter than three has none."""
USUAL_MS = 180_000
"""There are at most so many chapters that they are this long on the average."""
SHORTEST_PAUSE_MS = 1_200
OUTSTANDING = 1.5
"""A pause between chapters is so much longer than the usual one."""
TITLE_LETTERS = 48
_NOT_SAID = re.compile(r"\A(?:[-–—>\s]+|\([^)]*\)|\[[^]]*\]|（[^）]*）|【[^】]*】|♪[^♪]*♪)+")
"""Dashes of speakers, noises in brackets, music."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Lasts until the next one begins. ``title`` is never empty."""

    start_ms: int
    title: str


def chapters_of_track(track: Track) -> list[Chapter]:
    """The chapters that a track of chapters names; of several that begin together the outermost."""
    found: list[Chapter] = []
    for cue in track:
        if not found or cue.start_ms > found[-1].start_ms:
            found.append(Chapter(cue.start_ms, cue.text.replace("\n", " ")))
    return found


def chapters_by_pauses(track: Track, duration_ms: int) -> list[Chapter]:
    """Chapters that begin after outstanding pauses at the end of a sentence, titled by their first words.

    None for a lecture that is too short, or that has no such pauses: marks that mean nothing are worse than none.
    """
    if not len(track) or duration_ms < 3 * SHORTEST_MS:
        return []
    pauses: list[tuple[int, int]] = []
    spoken_until = track.ends_ms[0]
    for number in range(1, len(track)):
        pauses.append((max(0, track.starts_ms[number] - spoken_until), number))
        spoken_until = max(spoken_until, track.ends_ms[number])
    if not pauses:
        return []
    least = max(SHORTEST_PAUSE_MS, OUTSTANDING * median(pause for pause, _ in pauses))
    begins = {0: track.starts_ms[0]}
    for pause, number in sorted(pauses, key=lambda found: (-found[0], found[1])):
        start = track.starts_ms[number]
        if pause < least or len(begins) >= max(2, duration_ms // USUAL_MS):
            break
        apart = all(abs(start - other) >= SHORTEST_MS for other in begins.values())
        if apart and duration_ms - start >= SHORTEST_MS and _finished(track.texts[number - 1]):
            begins[number] = start
    if len(begins) < 2:
        return []
    return [Chapter(start, _title(track, number)) for number, start in sorted(begins.items())]


def _finished(text: str) -> bool:
    ends = sentence_ends(text)
    return bool(ends) and ends[-1] == len(text)


def _title(track: Track, number: int) -> str:
    """The first words of a cue and what follows, until the sentence ends or the line is full."""
    text = " ".join(track.texts[number : number + 3]).replace("\n", " ")
    text = _NOT_SAID.sub("", text) or text
    ends = sentence_ends(text)
    sentence = (text[: ends[0]] if ends else text).rstrip(".。 ")
    if len(sentence) <= TITLE_LETTERS:
        return sentence or track.texts[number].replace("\n", " ")
    cut = sentence[: TITLE_LETTERS + 1]
    # At a blank if there is one in the second half; scripts without blanks are cut anywhere.
    at = cut.rfind(" ", TITLE_LETTERS // 2)
    return cut[: at if at > 0 else TITLE_LETTERS].rstrip(" ,;:、，") + "…"
