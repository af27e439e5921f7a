"""Captions that roll are told once; speech that repeats itself stays."""

from __future__ import annotations

from protocol.cues.reading import read_track
from protocol.cues.rolling import unrolled
from protocol.cues.track import RawCue, Span, Track, WordTime, make_track
from protocol.cues.transcript import read_transcript

RECOGNIZED = """WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.310 align:start position:0%
\x20
so<00:00:00.480><c> when</c><00:00:00.960><c> two</c>

00:00:02.310 --> 00:00:02.320 align:start position:0%
so when two
\x20

00:00:02.320 --> 00:00:04.390 align:start position:0%
so when two
tables<00:00:02.800><c> share</c><00:00:03.280><c> a</c>

00:00:04.390 --> 00:00:04.400 align:start position:0%
tables share a
\x20

00:00:04.400 --> 00:00:06.000 align:start position:0%
tables share a
key

00:00:09.000 --> 00:00:10.000 align:start position:0%
key
"""


def lines(track: Track) -> list[tuple[int, int, str]]:
    return [(cue.start_ms, cue.end_ms, cue.text) for cue in track]


def test_what_a_machine_made_is_told_once() -> None:
    found = unrolled(read_track(RECOGNIZED))
    assert lines(found) == [
        (160, 2320, "so when two"),
        (2320, 4400, "tables share a"),
        (4400, 6000, "key"),
        (9000, 10_000, "key"),  # said again, after a pause
    ]
    assert found.words[1] == (WordTime(7, 2800), WordTime(13, 3280))
    assert found.placement(1).align == "start"
    assert read_transcript(RECOGNIZED.encode()).track == found


def rolling(count: int, height: int) -> Track:
    """Lines that come in at the foot of so many."""
    return make_track(
        RawCue(n * 1000, n * 1000 + 1000, "\n".join(f"line {k}" for k in range(max(0, n - height + 1), n + 1)))
        for n in range(count)
    )


def test_live_captions_of_three_lines() -> None:
    assert lines(unrolled(rolling(9, 3))) == [(n * 1000, n * 1000 + 1000, f"line {n}") for n in range(9)]


def test_marks_move_with_their_letters() -> None:
    spans = (Span(0, 13, "c", "", ("all",)), Span(0, 6, "i"), Span(7, 13, "b"))
    found = unrolled(make_track(RawCue(n * 1000, n * 1000 + 1000, f"line {n}\nline {n + 1}", spans) for n in range(5)))
    assert found.texts[1] == "line 2"
    assert found.spans[1] == (Span(0, 6, "c", "", ("all",)), Span(0, 6, "b"))


def test_what_does_not_roll_stays_as_it_is() -> None:
    song = make_track(RawCue(n * 1000, n * 1000 + 900, "la la la" if n % 3 == 0 else f"verse {n}") for n in range(30))
    assert unrolled(song) is song
    refrain = make_track(RawCue(n * 2000, n * 2000 + 1000, "again and again") for n in range(10))
    assert unrolled(refrain) is refrain
    short = rolling(3, 2)
    assert unrolled(short) is short
    nothing = make_track(())
    assert unrolled(nothing) is nothing
