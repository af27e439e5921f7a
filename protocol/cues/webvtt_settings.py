"""Timings, cue settings and regions of WebVTT, by the parsing algorithms of the W3C.

https://www.w3.org/TR/webvtt1/#cue-timings-and-settings-parsing and #region-settings-parsing
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator

from protocol.cues.track import DEFAULT_PLACEMENT, LATEST_MS, Placement, Region

_TIME = r"([0-9]+):([0-9]{2})(?::([0-9]{2}))?\.([0-9]{3})"
_TIMESTAMP = re.compile(_TIME)
_TIMINGS = re.compile(rf"[ \t\f\r]*{_TIME}[ \t\f\r]*-->[ \t\f\r]*{_TIME}(?![0-9])")
_PERCENTAGE = re.compile(r"([0-9]+(?:\.[0-9]+)?)%")
_LINES = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_ASCII_BLANKS = re.compile(r"[ \t\n\f\r]+")
_MOST_LINES = 1_000_000


def _milliseconds(first: str, second: str, third: str | None, fraction: str) -> int | None:
    if third is None:
        if len(first) != 2:
            return None  # so many are hours, and hours need all three
        first, second, third = "0", first, second
    if second > "59" or third > "59":
        return None
    if len(first) > 9 and len(first.lstrip("0")) > 9:
        return LATEST_MS
    return ((int(first[-9:]) * 60 + int(second)) * 60 + int(third)) * 1000 + int(fraction)


def timestamp(text: str) -> int | None:
    """The milliseconds of a text that is one timestamp and nothing else; None for any other."""
    match = _TIMESTAMP.fullmatch(text)
    return _milliseconds(match[1], match[2], match[3], match[4]) if match else None


def timings(line: str) -> tuple[int, int, str] | None:
    """Start, end, and the settings behind them as text; None for a line that is no timing."""
    match = _TIMINGS.match(line)
    if match is None:
        return None
    first = match.groups()
    start, end = _milliseconds(*first[:4]), _milliseconds(*first[4:])
    return None if start is None or end is None else (start, end, line[match.end() :])


def _settings(text: str) -> Iterator[tuple[str, str]]:
    for setting in _ASCII_BLANKS.split(text):
        name, colon, value = setting.partition(":")
        if name and colon and value:
            yield name, value


def percentage(text: str) -> float | None:
    """0 to 100, of a text like ``12.5%``; else None."""
    match = _PERCENTAGE.fullmatch(text)
    value = float(match[1]) if match else math.inf
    return value if value <= 100 else None


def _percentages(text: str) -> tuple[float, float] | None:
    across, _, down = text.partition(",")
    x, y = percentage(across), percentage(down)
    return None if x is None or y is None else (x, y)


def _line(placement: Placement, value: str) -> Placement:
    position, comma, align = value.partition(",")
    number = percentage(position)
    if number is None and _LINES.fullmatch(position):
        number = float(position)
    if number is None or math.isinf(number) or (comma and align not in ("start", "center", "end")):
        return placement
    placed = placement._replace(line=number, snap=not position.endswith("%"), region="")
    return placed._replace(line_align=align) if comma else placed


def _position(placement: Placement, value: str) -> Placement:
    position, comma, align = value.partition(",")
    number = percentage(position)
    if number is None or (comma and align not in ("line-left", "center", "line-right")):
        return placement
    placed = placement._replace(position=number)
    return placed._replace(position_align=align) if comma else placed


def placement(text: str, regions: Collection[str]) -> Placement:
    """Where the settings of a cue put it; what is no setting, or of no known region, changes nothing."""
    placed = DEFAULT_PLACEMENT
    if ":" not in text:
        return placed
    for name, value in _settings(text):
        if name == "region":
            placed = placed._replace(region=value if value in regions else "")
        elif name == "vertical":
            if value in ("rl", "lr"):
                placed = placed._replace(vertical=value)
            if placed.vertical:
                placed = placed._replace(region="")
        elif name == "line":
            placed = _line(placed, value)
        elif name == "position":
            placed = _position(placed, value)
        elif name == "size" and (size := percentage(value)) is not None:
            placed = placed._replace(size=size, region="" if size != 100 else placed.region)
        elif name == "align" and value in ("start", "center", "end", "left", "right"):
            placed = placed._replace(align=value)
    return placed if placed != DEFAULT_PLACEMENT else DEFAULT_PLACEMENT


def region(text: str) -> Region:
    """The region that the lines below ``REGION`` describe."""
    found = Region()
    for name, value in _settings(text):
        if name == "id":
            found = found._replace(id=value)
        elif name == "width" and (width := percentage(value)) is not None:
            found = found._replace(width=width)
        elif name == "lines" and value.isascii() and value.isdigit():
            digits = value.lstrip("0")
            found = found._replace(lines=int(digits or "0") if len(digits) < 7 else _MOST_LINES)
        elif name == "regionanchor" and (anchor := _percentages(value)) is not None:
            found = found._replace(anchor=anchor)
        elif name == "viewportanchor" and (anchor := _percentages(value)) is not None:
            found = found._replace(viewport_anchor=anchor)
        elif name == "scroll" and value == "up":
            found = found._replace(scrolls_up=True)
    return found
