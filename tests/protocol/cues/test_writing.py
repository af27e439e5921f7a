"""Writing and reading again gives the same track; plain lines are what a learner copies."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.cues.reading import read_track
from protocol.cues.track import LATEST_MS, RawCue, Track, make_track
from protocol.cues.writing import clock, plain_lines, subrip, webvtt

PIECES = st.sampled_from(
    [
        "a",
        "b c",
        " ",
        "\n",
        "&",
        "&amp;",
        "&amp;lt;",
        "<",
        ">",
        "<b>",
        "</b>",
        "<i.x.y>",
        "</i>",
        "<u>",
        "</u>",
        "<v A&gt;B>",
        "</v>",
        "<c.red>",
        "</c>",
        "<lang en>",
        "</lang>",
        "<ruby>",
        "<rt>",
        "</rt>",
        "</ruby>",
        "<00:01.000>",
        "漢",
        "\u00a0",
        "1",
        "00:01,000 -- &gt; 00:02,000",
        "{\\an8}",
        "{b}",
        "&lt;i>",
        "&#13;",
        "NOTE",
        "5\n6",
        "WEBVTT",
        "0:00:01.000,0:00:02.000",
    ]
)
PAYLOADS = st.lists(PIECES, max_size=8).map("".join)
NUMBERS = st.one_of(st.integers(0, 100), st.floats(0, 100).filter(lambda value: value == 0 or value > 1e-9)).map(
    lambda value: f"{value:.12f}"
)
SETTINGS = st.lists(
    st.sampled_from(
        [
            "vertical:rl",
            "vertical:lr",
            "line:0",
            "line:-3",
            "line:2.5,end",
            "line:9999999999999999999999",
            "region:r",
            "align:start",
            "align:left",
            "position:10%,line-left",
        ]
    )
    | NUMBERS.map(lambda number: f"line:{number}%,center")
    | NUMBERS.map(lambda number: f"size:{number}%")
    | NUMBERS.map(lambda number: f"position:{number}%"),
    max_size=4,
).map(" ".join)
IDS = st.sampled_from(["", "", "\n1", "\nNOTE", "\n two words ", "\nSTYLE"])


def stamp(at_ms: int) -> str:
    return f"{at_ms // 3_600_000:02}:{at_ms // 60_000 % 60:02}:{at_ms // 1000 % 60:02}.{at_ms % 1000:03}"


MOMENTS = st.integers(0, 10_000).map(stamp) | st.integers(0, 10**10).map(stamp)
BLOCKS = st.tuples(IDS, MOMENTS, MOMENTS, SETTINGS, PAYLOADS).map(
    lambda parts: f"{parts[0]}\n{parts[1]} --> {parts[2]} {parts[3]}\n{parts[4]}\n"
)
HEADS = st.sampled_from(
    [
        "WEBVTT\n",
        "WEBVTT x\nKind: y\n",
        "WEBVTT\n\nREGION\nid:r width:40.25% lines:5\nregionanchor:1%,2.5%\nviewportanchor:3%,4% scroll:up\n",
    ]
)
FILES = st.tuples(HEADS, st.lists(BLOCKS, max_size=6)).map(lambda parts: parts[0] + "".join(parts[1]))


@given(FILES)
@example("WEBVTT\n\n00:00.000 --> 00:01.000 line:1e3 region:r\n<b><b>x</b></b>")
def test_webvtt_written_and_read_is_the_same(text: str) -> None:
    track = read_track(text)
    assert read_track(webvtt(track).encode()) == track


@given(FILES)
@example("WEBVTT\n\n00:00.000 --> 00:01.000\n{b}x&lt;b&gt; &amp;amp; <i>&lt;</i>")
@example("WEBVTT\n\n00:00.000 --> 00:01.000\n00:01,000 --&gt; 00:02,000")
@example("WEBVTT\n\n00:00.000 --> 00:01.000\n2\n\n00:02.000 --> 00:03.000\n2")
def test_subrip_keeps_moments_texts_and_simple_marks(text: str) -> None:
    track = read_track(text)
    again = read_track(subrip(track).encode())
    assert again.texts == track.texts
    assert again.starts_ms == track.starts_ms
    assert again.ends_ms == track.ends_ms
    simple = {
        number: [(span.kind, span.start, span.end) for span in spans if span.kind in ("b", "i", "u")]
        for number, spans in track.spans.items()
    }
    kept = {number: [(span.kind, span.start, span.end) for span in spans] for number, spans in again.spans.items()}
    assert {number: spans for number, spans in simple.items() if spans} == kept
    assert read_track(subrip(again)) == again


def test_what_is_written_is_plain_for_every_player() -> None:
    track = read_track(
        "WEBVTT\n\nid\n00:01.000 --> 01:00:02.000 line:0\n<v Ann>R&amp;D <i>now</i>\nsecond\n"
        "\n00:03.000 --> 00:04.000\nx"
    )
    assert webvtt(track) == (
        "WEBVTT\n\nid\n00:00:01.000 --> 01:00:02.000 line:0\n<v Ann>R&amp;D <i>now</i>\nsecond</v>\n"
        "\n00:00:03.000 --> 00:00:04.000\nx\n"
    )
    assert subrip(track) == (
        "1\n00:00:01,000 --> 01:00:02,000\n{\\an8}R&D <i>now</i>\nsecond\n\n2\n00:00:03,000 --> 00:00:04,000\nx\n"
    )


def test_regions_and_ruby_and_word_times_are_written() -> None:
    text = (
        "WEBVTT\n\nREGION\nid:r\nwidth:40%\nlines:5\nregionanchor:1%,2%\nscroll:up\n"
        "\n00:00:00.000 --> 00:00:05.000 position:1.5%,line-left region:r\n"
        "<ruby>漢<rt>x</rt></ruby><00:00:02.000>b <c.red><lang en>c</lang></c>\n"
    )
    assert webvtt(read_track(text)) == text


def test_the_latest_moment_can_be_written() -> None:
    track = make_track([RawCue(LATEST_MS, LATEST_MS, "x")])
    assert subrip(track).startswith("1\n2501999792:59:00,992 --> ")
    assert read_track(webvtt(track)).texts == ("x",)


@pytest.mark.parametrize(
    ("at_ms", "text"),
    [(0, "0:00"), (14_999, "0:14"), (600_000, "10:00"), (3_723_000, "1:02:03"), (360_000_000, "100:00:00")],
)
def test_clock(at_ms: int, text: str) -> None:
    assert clock(at_ms) == text


def test_plain_lines() -> None:
    track: Track = make_track([RawCue(14_000, 20_000, "So when\ntwo"), RawCue(21_000, 22_000, "join")])
    assert plain_lines(track, times=True) == "0:14  So when two\n0:21  join\n"
    assert plain_lines(track, times=False) == "So when two\njoin\n"
    assert plain_lines(track, [1], times=True) == "0:21  join\n"
    assert plain_lines(make_track(()), times=True) == ""
