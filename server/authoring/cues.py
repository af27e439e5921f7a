"""Whether a file of cues has cues: judged by the reader that learners have, with the lines that an author can mend."""

from __future__ import annotations

from pathlib import Path

from protocol.cues.reading import read_track
from protocol.cues.subrip import timing
from protocol.cues.webvtt_file import is_webvtt
from protocol.cues.webvtt_settings import timings
from server.authoring.mistakes import Report, read_text

_LATE_MS = 10_000


def check_cues(path: Path, duration_ms: int | None, report: Report) -> bool:
    """Whether the file can be used; mistakes and warnings are reported with their lines."""
    strict = path.suffix.lower() == ".vtt"
    if not strict and path.suffix.lower() != ".srt":
        report.mistake(path, 1, "cues must be a .vtt (WebVTT) or .srt (SubRip) file")
        return False
    text = read_text(path, report)
    if text is None:
        return False
    if strict and not is_webvtt(text):
        report.mistake(path, 1, "a WebVTT file must start with the line WEBVTT")
        return False
    strict = strict or is_webvtt(text)  # whatever its name: what begins like WebVTT is read as WebVTT
    fine = True
    for number, line in enumerate(text.split("\n"), 1):
        found = timings(line) if strict else timing(line)
        if found is None:
            if "-->" in line:
                report.mistake(path, number, "this time can't be read; write 00:01:02.500 --> 00:01:05.000")
                fine = False
            continue
        start, end = found[:2]
        if end < start:
            report.warning(path, number, "this cue ends before it starts")
        elif duration_ms is not None and start > duration_ms + _LATE_MS:
            report.warning(path, number, "this cue lies after the end of the medium")
    if fine and not len(read_track(text)):
        report.mistake(path, 1, "there is no cue in this file")
        return False
    return fine
