"""Captions that roll, told once: each line comes in below the one before, which is repeated above it.

Live captions and those that a machine made for a video are written so: every cue holds the last line again, many hold
nothing else. On a picture that rolls; in a transcript every sentence would stand there twice or three times.
"""

from __future__ import annotations

from protocol.cues.track import RawCue, Span, Track, WordTime, make_track

GAP_MS = 500
"""A cue that begins later than this after the one before repeats it because somebody says it again."""


def _repeated(before: list[str], lines: list[str]) -> int:
    """How many of the first lines are the last lines before."""
    most = min(len(before), len(lines))
    return next((count for count in range(most, 0, -1) if before[-count:] == lines[:count]), 0)


def unrolled(track: Track) -> Track:
    """The same track, if it does not roll; else one in which each line comes once, when it comes in."""
    repeats = [0] * len(track)
    before: list[str] = []
    for number, text in enumerate(track.texts):
        lines = text.split("\n")
        if number and track.starts_ms[number] - track.ends_ms[number - 1] <= GAP_MS:
            repeats[number] = _repeated(before, lines)
        before = lines
    # Nobody who speaks repeats every second line.
    if len(track) < 4 or 2 * sum(count > 0 for count in repeats) < len(track) - 1:
        return track
    kept: list[RawCue] = []
    for number, count in enumerate(repeats):
        lines = track.texts[number].split("\n")
        start, end = track.starts_ms[number], track.ends_ms[number]
        if count == len(lines):
            kept[-1] = kept[-1]._replace(end_ms=max(kept[-1].end_ms, end))
            continue
        cut = sum(len(line) + 1 for line in lines[:count])
        spans = (Span(max(0, span.start - cut), span.end - cut, *span[2:]) for span in track.spans.get(number, ()))
        words = (WordTime(word.offset - cut, word.at_ms) for word in track.words.get(number, ()))
        kept.append(
            RawCue(
                start,
                end,
                "\n".join(lines[count:]),
                tuple(span for span in spans if span.end > span.start),
                tuple(word for word in words if word.offset >= 0),
                track.placement(number),
                track.ids.get(number, ""),
            )
        )
    return make_track(kept, track.regions)
