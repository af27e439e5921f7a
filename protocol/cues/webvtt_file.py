"""The blocks of a WebVTT file, by the parsing algorithm of the W3C: https://www.w3.org/TR/webvtt1/#file-parsing

Line by line, in one pass; nothing is ever looked at twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from protocol.cues.track import Placement, Region
from protocol.cues.webvtt_settings import placement, region, timings

_STYLE = re.compile(r"STYLE[ \t\f\r]*")
_REGION = re.compile(r"REGION[ \t\f\r]*")


class Block(NamedTuple):
    """A cue as the file has it: ``payload`` is not read yet, the end may be before the start."""

    id: str
    start_ms: int
    end_ms: int
    placement: Placement
    payload: str


@dataclass(frozen=True, slots=True)
class WebVtt:
    """What is in a file, in its order."""

    blocks: tuple[Block, ...]
    regions: tuple[Region, ...]
    style_sheets: tuple[str, ...]


def is_webvtt(text: str) -> bool:
    """Whether a text begins like a WebVTT file."""
    return text.startswith("WEBVTT") and text[6:7] in ("", " ", "\t", "\n", "\r")


def unified(text: str) -> str:
    """The text with LF as its only line end and without NUL, as the parser wants it."""
    return text.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")


def read_file(text: str) -> WebVtt | None:
    """The blocks of a ``unified`` text; None for one without the signature."""
    if not is_webvtt(text):
        return None
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()  # behind the last line end is no line
    return _Blocks(lines).read()


class _Blocks:
    """The state of one reading."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._blocks: list[Block] = []
        self._regions: list[Region] = []
        self._region_ids: set[str] = set()
        self._style_sheets: list[str] = []
        self._seen_cue = False

    def read(self) -> WebVtt:
        """All blocks."""
        at = self._after_header()
        count = len(self._lines)
        while at < count:
            at = self._block(at) if self._lines[at] else at + 1
        return WebVtt(tuple(self._blocks), tuple(self._regions), tuple(self._style_sheets))

    def _after_header(self) -> int:
        """What stands right below the signature belongs to it, until an empty line or a timing."""
        at = 1
        while at < len(self._lines) and self._lines[at] and "-->" not in self._lines[at]:
            at += 1
        return at

    def _block(self, at: int) -> int:
        """Take up the block that begins at a line that is not empty; the number of the line behind it."""
        lines, count = self._lines, len(self._lines)
        first = at
        timing: tuple[int, int, str] | None = None
        identifier = ""
        if "-->" in lines[at]:
            timing = timings(lines[at])
            at += 1
        elif at + 1 < count and "-->" in lines[at + 1]:
            identifier = lines[at]
            timing = timings(lines[at + 1])
            at += 2
        body = at
        # A line with an arrow begins another block, without an empty line before it.
        while at < count and (line := lines[at]) and "-->" not in line:
            at += 1
        if timing is not None:
            self._seen_cue = True
            start, end, settings = timing
            placed = placement(settings, self._region_ids)
            self._blocks.append(Block(identifier, start, end, placed, "\n".join(lines[body:at])))
        elif body == first and not self._seen_cue and at - first > 1:
            self._described(lines[first], lines[first + 1 : at])
        return at

    def _described(self, kind: str, lines: list[str]) -> None:
        if _STYLE.fullmatch(kind):
            self._style_sheets.append("\n".join(lines))
        elif _REGION.fullmatch(kind):
            found = region("\n".join(lines))
            self._regions.append(found)
            self._region_ids.add(found.id)
