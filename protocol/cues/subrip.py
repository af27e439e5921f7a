"""SubRip (.srt) and YouTube's SubViewer (.sbv): formats without a standard, so what is found in the wild is taken.

A cue begins at each timing. Numbers, empty lines and their absence are hints at most: ``.`` for ``,``, missing hours
or milliseconds, blanks inside times, short and long arrows, several cues without an empty line between them and
files whose every line end was doubled all read the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from protocol.cues.payload import settled, tidied
from protocol.cues.references import without_closed_references
from protocol.cues.track import DEFAULT_PLACEMENT, Placement, RawCue, Span
from protocol.cues.webvtt_settings import placement

_TIME = (
    r"(-?)[ \t]*(?:([0-9]{1,9})[ \t]*:[ \t]*)?([0-9]{1,4})[ \t]*:[ \t]*([0-9]{1,4})(?:[ \t]*[.,:][ \t]*([0-9]{1,9}))?"
)
_TIMING = re.compile(rf"[ \t]*{_TIME}[ \t]*-{{1,3}}[ \t]?>[ \t]*{_TIME}(?![0-9])(?:[ \t]+(.*)|[ \t]*)")
_SBV_TIMING = re.compile(rf"[ \t]*{_TIME}[ \t]*,[ \t]*{_TIME}[ \t]*")
# Only what subtitles really have: in a lecture on HTML or on language models <p>, <s> and <span> are what is said.
_MARKUP = re.compile(
    r"<(/?)(?:(b|i|u|font|c|v)[ \t]*/?|font[ \t][^<>]*|c\.[^<> \t]*|v(?:\.[^<> \t]*)?[ \t][^<>&|=]*)>"
    r"|(?<=\S)<(br)[ \t]*/?>(?=\S)|\{(\\[^{}]*|/?[bius])\}",
    re.IGNORECASE,
)
_ALIGNED = re.compile(r"\\an([1-9])")
_COLUMNS = (Placement(position=0.0, align="left"), Placement(), Placement(position=100.0, align="right"))
PLACES_BY_KEY = {
    **{key: place for key, place in zip("123", _COLUMNS, strict=True) if key != "2"},  # 2 is where cues are anyway
    **{
        key: place._replace(line=50.0, snap=False, line_align="center")
        for key, place in zip("456", _COLUMNS, strict=True)
    },
    **{key: place._replace(line=0.0) for key, place in zip("789", _COLUMNS, strict=True)},
}
"""Where ``{\\an8}`` and its kin put a cue: the keys of a number pad."""


class _Timing(NamedTuple):
    line: int
    start_ms: int
    end_ms: int
    rest: str


def timing(line: str) -> tuple[int, int] | None:
    """Start and end of the cue that begins with a line of SubRip; None if none does."""
    match = _TIMING.fullmatch(line) if ">" in line else None
    if match is None:
        return None
    parts = match.groups()
    return _milliseconds(*parts[:5]), _milliseconds(*parts[5:10])


def _milliseconds(minus: str, hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    whole = ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000
    return 0 if minus else whole + int((fraction or "0").ljust(3, "0")[:3])


def _found(pattern: re.Pattern[str], mark: str, lines: list[str]) -> list[_Timing]:
    timings = []
    for number, line in enumerate(lines):
        if mark in line and (match := pattern.fullmatch(line)):
            parts = match.groups()
            rest = (parts[10] or "") if len(parts) > 10 else ""
            timings.append(_Timing(number, _milliseconds(*parts[:5]), _milliseconds(*parts[5:10]), rest))
    return timings


def read_subrip(text: str) -> Iterator[RawCue]:
    """The cues of a text with LF as its line end; none for a text without a timing."""
    lines = text.split("\n")
    timings = _found(_TIMING, ">", lines)
    if not timings:
        timings = _found(_SBV_TIMING, ":", lines)
    numbers = [_number_above(lines, timing.line) for timing in timings]
    numbered = 2 * sum(number is not None for number in numbers) >= len(timings)
    for count, timing in enumerate(timings):
        follows = count + 1 < len(timings)
        body = lines[timing.line + 1 : timings[count + 1].line if follows else len(lines)]
        filled = len(body)
        while filled and not body[filled - 1].strip():
            filled -= 1
        if numbered and follows and filled:
            filled -= _ends_with_number(body, filled, numbers[count])
            while filled and not body[filled - 1].strip():
                filled -= 1
        found, spans, aligned = read_payload("\n".join(body[:filled]))
        placed = placement(timing.rest, ()) if ":" in timing.rest else DEFAULT_PLACEMENT
        yield RawCue(timing.start_ms, timing.end_ms, found, spans, placement=aligned or placed)


def _number(line: str) -> int | None:
    """The number that is all that a line has; a year or a thousand is one as well."""
    plain = line.strip()
    return int(plain) if plain.isdigit() and plain.isascii() and len(plain) < 10 else None


def _number_above(lines: list[str], timing_line: int) -> int | None:
    """The number of a cue: alone on the line above its timing; one blank line between them is borne."""
    above = lines[timing_line - 1] if timing_line else ""
    if not above.strip() and timing_line > 1:
        above = lines[timing_line - 2]
    return _number(above)


def _ends_with_number(body: list[str], filled: int, above: int | None) -> bool:
    """Whether the last of a cue's ``filled`` lines is the number of the next cue. ``above`` is that of the cue."""
    number = _number(body[filled - 1])
    if number is None:
        return False
    if above is not None and number == above + 1:
        return True
    # Right above a timing stands its number, unless it is all that this cue says.
    return filled == len(body) and filled > 1


def read_payload(text: str) -> tuple[str, tuple[Span, ...], Placement | None]:
    """Tidy text, its marked stretches, and the place that a ``{\\an8}`` gives; None for the usual one."""
    if "<" not in text and "{" not in text:
        return tidied(without_closed_references(text)), (), None
    parts: list[str] = []
    spans: list[Span | None] = []
    opened: list[tuple[str, int, int]] = []
    length = at = 0
    aligned: Placement | None = None

    def close(depth: int) -> None:
        while len(opened) > depth:
            kind, start, place = opened.pop()
            spans[place] = Span(start, length, kind)

    for match in _MARKUP.finditer(text):
        parts.append(without_closed_references(text[at : match.start()]))
        length += len(parts[-1])
        at = match.end()
        closing, name, line_break, braces = match.groups()
        kind = name.lower() if name and name.lower() in "biu" else ""
        if braces:
            aligned = aligned or _aligned(braces)
        elif line_break:
            parts.append("\n")
            length += 1
        elif kind and not closing and len(opened) < 16:
            opened.append((kind, length, len(spans)))
            spans.append(None)
        elif kind:
            depth = next((depth for depth in range(len(opened) - 1, -1, -1) if opened[depth][0] == kind), None)
            if depth is not None:
                close(depth)
    parts.append(without_closed_references(text[at:]))
    length += len(parts[-1])
    close(0)
    found, settled_spans, _ = settled("".join(parts), [span for span in spans if span is not None], [])
    return found, settled_spans, aligned


def _aligned(override: str) -> Placement | None:
    match = _ALIGNED.search(override)
    return PLACES_BY_KEY.get(match[1]) if match else None
