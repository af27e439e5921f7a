"""Real lectures' subtitles, against an independent reader: FFmpeg, as PyAV brings it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from protocol.cues.payload import tidied
from protocol.cues.reading import read_track
from protocol.cues.references import without_closed_references
from protocol.cues.subrip import read_subrip
from protocol.cues.track import RawCue, Track
from protocol.cues.webvtt_file import unified
from protocol.cues.writing import subrip, webvtt
from tests.real_material import material

FILES, CUES = 68, 4_883
"""How many there are; of the cues those that say something."""
SUBVIEWER = {"fr/03_what-is-transfer-learning.srt"}
"""Another format under a wrong name, which FFmpeg does not read by that name."""


def files() -> list[Path]:
    found = sorted((material() / "transcripts").rglob("*.srt"))
    assert len(found) == FILES
    return found


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def by_ffmpeg(path: Path, name: str) -> list[tuple[int, int, str]]:
    """Start, end and tidy text of what FFmpeg finds; a cue without a word is none."""
    with av.open(str(path), format="subviewer1" if name in SUBVIEWER else "srt") as container:
        packets = [packet for packet in container.demux() if packet.pts is not None]
    assert all(packet.time_base.denominator == 1000 for packet in packets)
    found = []
    for packet in packets:
        text = tidied(without_closed_references(unified(bytes(packet).decode())))
        found.append((int(packet.pts or 0), int(packet.pts or 0) + int(packet.duration or 0), text))
    return [cue for cue in found if cue[2]]


def raw(path: Path) -> list[RawCue]:
    return [cue for cue in read_subrip(unified(path.read_bytes().decode("utf-8-sig"))) if cue.text]


def test_every_cue_is_what_ffmpeg_reads() -> None:
    cues = 0
    for path in files():
        name = name_of(path)
        mine = [(cue.start_ms, cue.end_ms, cue.text) for cue in raw(path)]
        cues += len(mine)
        if name in SUBVIEWER:
            continue
        theirs = by_ffmpeg(path, name)
        assert sorted(mine) == sorted(theirs), name
    assert cues == CUES


def test_the_one_in_another_format_has_all_its_cues() -> None:
    path = next(path for path in files() if name_of(path) in SUBVIEWER)
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    timings = [line for line in lines if re.fullmatch(r"\d:\d\d:\d\d\.\d{3},\d:\d\d:\d\d\.\d{3}", line)]
    said = " ".join(line for line in lines if line and line not in timings)
    track = read_track(path.read_bytes(), "fr")
    assert len(track) == len(timings) > 40
    assert " ".join(text.replace("\n", " ") for text in track.texts) == " ".join(said.split(" "))
    assert (track.starts_ms[0], track.ends_ms[0]) == (5_440, 9_360)


@pytest.mark.parametrize("write", [webvtt, subrip])
def test_every_track_survives_being_written(write: Callable[[Track], str]) -> None:
    for path in files():
        track = read_track(path.read_bytes(), path.parent.name)
        assert read_track(write(track)) == track, name_of(path)


def test_ends_are_repaired_and_nothing_else_is_changed() -> None:
    changed = []
    for path in files():
        track = read_track(path.read_bytes(), path.parent.name)
        found = {(cue.start_ms, cue.end_ms, cue.text) for cue in raw(path)}
        changed += [cue for cue in track if (cue.start_ms, cue.end_ms, cue.text) not in found]
        assert len(track) == len(raw(path))
    assert [(cue.start_ms, cue.end_ms, cue.text) for cue in changed] == [(108_210, 111_240, ".\n.")]
