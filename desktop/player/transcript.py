"""Cues of a lecture, read from WebVTT and SRT. Pure: no Qt, no files.

WebVTT follows the parsing algorithm of the W3C (https://www.w3.org/TR/webvtt1/#webvtt-parser), minus what only
matters for placing cues on a picture. SRT has no standard: what players in the wild take, is taken.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ARROW = re.compile(
    r"^\s*(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})\s*-+>\s*(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})(?:\s+(.*))?$"
)
_VTT_TIME = re.compile(
    r"^\s*(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})\s*-->\s*(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t\n]+([^>]*)>")
_TAG = re.compile(r"<[^>]*>?")
_SRT_TAG = re.compile(r"</?(?:b|i|u|s|font|c|ruby|rt)\b[^>]*>|\{\\[^}]*\}", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\u00a0]+")
DEFAULT_CUE_MS = 4_000
"""How long a cue stays whose end is before its start and that nothing follows."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What is said from ``start_ms`` until before ``end_ms``. ``text`` may have several lines."""

    start_ms: int
    end_ms: int
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a query was found: number of the cue, first and last + 1 character of its ``text``."""

    cue: int
    start: int
    end: int


def parse(data: bytes | str) -> list[Cue]:
    """The cues of a WebVTT or SRT file, sorted by their start.

    What makes no sense is left out; a file without a single cue gives an empty list.
    """
    text = (_decoded(data) if isinstance(data, bytes) else data).removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").split("\n")
    found = list(_vtt_cues(lines) if re.match(r"WEBVTT(?:[ \t]|$)", lines[0]) else _srt_cues(lines))
    found.sort(key=lambda cue: cue.start_ms)
    return found


def cue_at(cues: Sequence[Cue], position_ms: int) -> int | None:
    """The number of the cue that is said at ``position_ms``, or was said last; None before the first.

    Whether it is over already, tells its ``end_ms``. Of several that overlap the one that began last.
    """
    number = bisect_right(cues, position_ms, key=lambda cue: cue.start_ms) - 1
    return number if number >= 0 else None


def find(cues: Sequence[Cue], query: str) -> list[Hit]:
    """Every place of ``query``; case, accents and the width of blanks do not matter. An empty query finds nothing."""
    needle = " ".join(_folded(query)[0].split())
    hits: list[Hit] = []
    if not needle:
        return hits
    for number, cue in enumerate(cues):
        line, places = _folded(cue.text)
        at = line.find(needle)
        while at >= 0:
            after = at + len(needle)
            hits.append(Hit(number, places[at], places[after]))
            at = line.find(needle, after)
    return hits


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    # UTF-16 without its mark: every other byte of the digits is zero.
    if len(data) > 3 and data[1] == 0 and data[3] == 0:
        return data.decode("utf-16-le", "replace")
    if len(data) > 3 and data[0] == 0 and data[2] == 0:
        return data.decode("utf-16-be", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _milliseconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0"))


def _vtt_cues(lines: list[str]) -> Iterator[Cue]:
    """Blocks are divided by empty lines; a block is a cue if its first or second line is a timing."""
    at = 1
    # What stands right below the signature belongs to the header.
    while at < len(lines) and lines[at] and "-->" not in lines[at]:
        at += 1
    while at < len(lines):
        if not lines[at]:
            at += 1
            continue
        block_start = at
        timing = None
        if "-->" in lines[at]:
            timing = at
        elif at + 1 < len(lines) and "-->" in lines[at + 1] and not _is_note(lines[at]):
            timing = at + 1
        at = (timing if timing is not None else block_start) + 1
        # A timing ends the block before it even without an empty line between them.
        while at < len(lines) and lines[at] and "-->" not in lines[at]:
            at += 1
        if timing is None:
            continue
        match = _VTT_TIME.match(lines[timing])
        if match is None:
            continue
        start, end = _milliseconds(*match.groups()[:4]), _milliseconds(*match.groups()[4:8])
        last = at
        if at < len(lines) and lines[at] and last - 1 > timing and at - 1 != timing:
            # The line before a timing that is not separated is that cue's identifier only if a number.
            last = at - 1 if lines[at - 1].strip().isdigit() else at
        text, speaker = _vtt_text("\n".join(lines[timing + 1 : last]))
        if text and end > start:
            yield Cue(start, end, text, speaker)


def _is_note(line: str) -> bool:
    return re.match(r"(NOTE|STYLE|REGION)(?:[ \t]|$)", line) is not None


def _vtt_text(raw: str) -> tuple[str, str]:
    """Plain text and the first voice of a cue's payload. Tags go first: an entity may stand for ``<``."""
    voice = _VOICE.search(raw)
    speaker = _tidy(html.unescape(voice.group(1))) if voice else ""
    return _tidy(html.unescape(_TAG.sub("", raw))), speaker


def _tidy(text: str) -> str:
    # Left-to-right marks and the like mean something to the eye; stray blanks do not.
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _srt_cues(lines: list[str]) -> Iterator[Cue]:
    """A cue begins at each line with an arrow; numbers, empty lines and their absence mean nothing."""
    timings = [(at, match) for at, line in enumerate(lines) if (match := _ARROW.match(line))]
    for number, (at, match) in enumerate(timings):
        following = timings[number + 1] if number + 1 < len(timings) else None
        stop = following[0] if following else len(lines)
        body = lines[at + 1 : stop]
        if following:
            while body and not body[-1].strip():
                body.pop()
            # The number of the next cue; a lone number right below the timing is what is said, though.
            if body and body[-1].strip().isdigit() and (len(body) > 1 or lines[at + 1].strip() == ""):
                body.pop()
        text = _tidy(html.unescape(_SRT_TAG.sub("", "\n".join(body))))
        if not text:
            continue
        start, end = _milliseconds(*match.groups()[:4]), _milliseconds(*match.groups()[4:8])
        if end <= start:
            next_start = _milliseconds(*following[1].groups()[:4]) if following else 0
            end = next_start if next_start > start else start + DEFAULT_CUE_MS
        yield Cue(start, end, text)


def _folded(text: str) -> tuple[str, list[int]]:
    """``text`` without case and accents, and for each of its characters where it stands in ``text``."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for part in unicodedata.normalize("NFKD", letter).casefold():
            if not unicodedata.combining(part):
                letters.append(" " if part.isspace() else part)
                places.append(place)
    places.append(len(text))
    return "".join(letters), places
