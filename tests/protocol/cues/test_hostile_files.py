"""Whatever the bytes: no error, and time and memory that grow with the file and no faster."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.cues.moments import Moments
from protocol.cues.reading import read_track
from protocol.cues.track import LATEST_MS
from protocol.cues.writing import plain_lines, subrip, webvtt

VTT = "WEBVTT\n\n00:00.000 --> 59:59.000\n"
SRT = "1\n00:00:00,000 --> 00:59:59,000\n"
BITS = st.sampled_from(
    [
        b"WEBVTT",
        b"\n",
        b"\n\n",
        b"\r",
        b"00:00:01,000 --> 00:00:02,000",
        b"00:01.000 --> 00:02.000",
        b"-->",
        b"<",
        b"<v ",
        b"&#",
        b"&amp",
        b"{\\an8}",
        b"{",
        b'{"start":[1],"end":[2],"text":["x"]}',
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\0",
        b"\xc3",
        b"1",
        b"<ruby><rt>",
        b"REGION\nid:",
        b"0:00:01.000,0:00:02.000",
        b"\xe2\x80\xa8",
        b" ",
        b"<00:01.000>",
    ]
)


@given(
    st.binary(max_size=200) | st.lists(BITS | st.binary(max_size=4), max_size=24).map(b"".join),
    st.sampled_from(["", "ru", "zh"]),
)
def test_any_bytes_give_a_sound_track(data: bytes, language: str) -> None:
    track = read_track(data, language)
    before = 0
    for number, cue in enumerate(track):
        assert before <= cue.start_ms < cue.end_ms <= LATEST_MS + 4_000
        before = cue.start_ms
        assert cue.text
        assert all(line == line.strip() != "" for line in cue.text.split("\n"))
        for span in track.spans.get(number, ()):
            assert 0 <= span.start < span.end <= len(cue.text)
        offsets = [word.offset for word in track.words.get(number, ())]
        assert offsets == sorted(offsets)
        assert all(0 <= offset < len(cue.text) for offset in offsets)
    assert read_track(webvtt(track).encode()) == track
    assert read_track(subrip(track).encode()).texts == track.texts
    plain_lines(track, times=True).encode()
    Moments(track).active(1_500)


GROWING: dict[str, Callable[[int], str]] = {
    "tags without end": lambda n: VTT + "<" * n,
    "tags in tags": lambda n: VTT + "<b>" * n + "x",
    "voices": lambda n: VTT + "<v a>x" * n,
    "ruby": lambda n: VTT + "<ruby>a<rt>b" * n,
    "ruby pairs": lambda n: VTT + "<ruby>" + "a<rt>b</rt>" * n,
    "ends": lambda n: VTT + "</b>" * n,
    "classes": lambda n: VTT + "<c" + ".x" * n + ">a",
    "annotation": lambda n: VTT + "<v " + " a" * n + ">a",
    "word times": lambda n: VTT + "x" + "<00:01.000>\u00a0" * n + "x",
    "marked blanks": lambda n: VTT + "x" + "<b>\u00a0" * n + "x",
    "references": lambda n: VTT + "&" * n,
    "named references": lambda n: VTT + "&am" * n,
    "a long reference": lambda n: VTT + "&" + "a" * n,
    "a long number": lambda n: VTT + "&#" + "1" * n + ";",
    "blanks": lambda n: VTT + " " * n + "x",
    "marked and untidy": lambda n: VTT + "<b>" + "x  " * n,
    "empty lines": lambda n: "WEBVTT" + "\n" * n,
    "arrows": lambda n: "WEBVTT\n\n" + "-->\n" * n,
    "header": lambda n: "WEBVTT\n" + "x\n" * n,
    "regions": lambda n: "WEBVTT\n\n" + "REGION\nid:a\n\n" * n,
    "settings": lambda n: "WEBVTT\n\n00:00.000 --> 00:01.000" + " line:1" * n + "\nx",
    "digits": lambda n: "WEBVTT\n\n" + "1" * n + ":00:00.000 --> 00:01.000\nx",
    "cues of one moment": lambda n: "WEBVTT\n\n" + "00:00.000 --> 00:00.000\nx\n\n" * n,
    "backward cues": lambda n: "WEBVTT\n\n" + "".join(f"{n - at:06}:00:00.000 --> 00:00.000\nx\n\n" for at in range(n)),
    "lines": lambda n: SRT + "x\n" * n,
    "numbers": lambda n: SRT + "1\n" * n + SRT,
    "blank lines": lambda n: SRT + "x\n" + "\n" * n + SRT,
    "braces": lambda n: SRT + "{\\" * n,
    "italics": lambda n: SRT + "<i>" * n + "x",
    "fonts": lambda n: SRT + "<font " * n,
    "line breaks": lambda n: SRT + "x<br" * n,
    "blanks in a timing": lambda n: "00:00:01" + " " * n + "x --> 00:00:02,000\nx",
    "timing after timing": lambda n: "00:00:01,000 -->" * n,
    "colons": lambda n: "1:" * n + ">",
    "commas": lambda n: "0:00:01.000," * n,
    "a line of one": lambda n: "1" * n + ">",
    "carriage returns": lambda n: "\r" * n + SRT,
    "open edx": lambda n: '{"start":[' + "0," * n + '1],"end":[],"text":[]}',
    "brackets": lambda n: '{"start":' + "[" * n,
}


def seconds(text: str) -> float:
    data = text.encode()
    found = []
    for _ in range(3):
        started = time.process_time()
        read_track(data)
        found.append(time.process_time() - started)
    return min(found)


@pytest.mark.parametrize("kind", GROWING)
def test_four_times_the_file_takes_no_more_than_four_times_the_work(kind: str) -> None:
    make = GROWING[kind]
    small = seconds(make(3_000))
    # Twice the share is left for what a busy computer adds; what grows with the square takes sixteen times as long.
    assert seconds(make(12_000)) <= 8 * small + 0.01


@pytest.mark.parametrize("kind", GROWING)
def test_memory_is_a_small_multiple_of_the_file(kind: str) -> None:
    data = GROWING[kind](3_000).encode()
    tracemalloc.start()
    try:
        track = read_track(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak <= 100 * len(data) + 300_000, len(track)
