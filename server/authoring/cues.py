"""A simple check that a file of cues has cues; clients have their own, more forgiving reader."""

from __future__ import annotations

import re
from pathlib import Path

from server.authoring.mistakes import Report, read_text

_TIMING = re.compile(r"^\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})(?:\s|$)")
_LATE_MS = 10_000


def _milliseconds(text: str) -> int:
    clock, _, fraction = text.replace(",", ".").partition(".")
    seconds = 0
    for part in clock.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds * 1000 + int(fraction.ljust(3, "0"))


def check_cues(path: Path, duration_ms: int | None, report: Report) -> bool:
    """Whether the file can be used; mistakes and warnings are reported with their lines."""
    if path.suffix.lower() not in (".vtt", ".srt"):
        report.mistake(path, 1, "cues must be a .vtt (WebVTT) or .srt (SubRip) file")
        return False
    text = read_text(path, report)
    if text is None:
        return False
    lines = text.split("\n")
    if path.suffix.lower() == ".vtt" and not re.match(r"WEBVTT(\s|$)", lines[0]):
        report.mistake(path, 1, "a WebVTT file must start with the line WEBVTT")
        return False
    fine, cues = True, 0
    for number, line in enumerate(lines, 1):
        if "-->" not in line:
            continue
        timing = _TIMING.match(line)
        if timing is None:
            report.mistake(path, number, "this time can't be read; write 00:01:02.500 --> 00:01:05.000")
            fine = False
            continue
        cues += 1
        start, end = map(_milliseconds, timing.groups())
        if end < start:
            report.warning(path, number, "this cue ends before it starts")
        elif duration_ms is not None and start > duration_ms + _LATE_MS:
            report.warning(path, number, "this cue lies after the end of the medium")
    if fine and not cues:
        report.mistake(path, 1, "there is no cue in this file")
        return False
    return fine
