"""WebVTT files: every rule of the W3C's file parsing, and the fast reader against the standard step by step."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.cues.reading import read_track
from protocol.cues.track import Placement, Region
from protocol.cues.webvtt_file import Block, WebVtt, is_webvtt, read_file, unified
from tests.protocol.cues.w3c import FileOracle

TIMING = "00:00:00.000 --> 00:00:01.000"


def read(text: str) -> WebVtt:
    found = read_file(unified(text))
    assert found is not None
    return found


def blocks(text: str) -> tuple[Block, ...]:
    return read(text).blocks


def said(text: str) -> list[str]:
    return [block.payload for block in blocks(text)]


def placed(settings: str, head: str = "") -> Placement:
    (block,) = blocks(f"WEBVTT\n\n{head}{TIMING} {settings}\nx\n")
    return block.placement


@pytest.mark.parametrize(
    "text", ["WEBVTT", "WEBVTT\n", "WEBVTT\r", "WEBVTT ", "WEBVTT\t", "WEBVTT - a title\n", "WEBVTT\t--> x\n\n"]
)
def test_these_are_webvtt(text: str) -> None:
    assert read(text).blocks == ()


@pytest.mark.parametrize(
    "text",
    ["", "WEBVT", "webvtt\n", "WEBVTTX\n", "WEBVTT\f\n", "WEBVTT\v", " WEBVTT\n", "\nWEBVTT\n", "WEBVTT\ufeff\n"],
)
def test_these_are_not(text: str) -> None:
    assert not is_webvtt(text)
    assert read_file(unified(f"{text}\n\n{TIMING}\nx\n")) is None


def test_a_byte_order_mark_is_skipped_once() -> None:
    cue = f"WEBVTT\n\n{TIMING}\nx\n".encode()
    assert [one.text for one in read_track(b"\xef\xbb\xbf" + cue)] == ["x"]
    assert not is_webvtt(("\ufeff" * 2) + "WEBVTT")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_every_line_end_counts_alike(end: str, last: bool) -> None:
    lines = ["WEBVTT", "Kind: captions", "", "one", TIMING, "first", "second", "", TIMING, "third"]
    found = blocks(end.join(lines) + (end if last else ""))
    assert [(block.id, block.payload) for block in found] == [("one", "first\nsecond"), ("", "third")]


def test_line_ends_may_be_mixed() -> None:
    text = f"WEBVTT\n\ncr\r{TIMING}\rtext1\r\n\nlfcr\n{TIMING}\n\rtext2 is no cue"
    assert [(block.id, block.payload) for block in blocks(text)] == [("cr", "text1"), ("lfcr", "")]


def test_what_stands_below_the_signature_belongs_to_the_header() -> None:
    assert said(f"WEBVTT\nSTYLE\nLanguage: en\n\n{TIMING}\nx") == ["x"]
    assert read("WEBVTT\nSTYLE\n::cue{}\n\n").style_sheets == ()
    # A timing ends the header, even right below the signature.
    assert said(f"WEBVTT\n{TIMING}\nx") == ["x"]
    assert said(f"WEBVTT\nid is header\n{TIMING}\nx") == ["x"]
    assert blocks(f"WEBVTT\nid is header\n{TIMING}\nx")[0].id == ""


def test_identifiers_are_the_line_above_a_timing_as_it_stands() -> None:
    for identifier in (" leading", "trailing ", "-- >", "->", " ", "NOTE", "STYLE", "REGION", "NOTE a remark", "12"):
        assert blocks(f"WEBVTT\n\n{identifier}\n{TIMING}\nx")[0].id == identifier
    # Two lines above are no identifier but a block that is none.
    assert blocks(f"WEBVTT\n\ntwo\nlines\n{TIMING}\nx")[0].id == ""


def test_notes_and_unknown_blocks_are_skipped() -> None:
    text = f"WEBVTT\n\nNOTE\none\ntwo\n\nNOTE x\n\nsomething\nelse\n\n{TIMING}\nx\n\nNOTE end"
    assert said(text) == ["x"]


def test_an_arrow_ends_the_block_before() -> None:
    text = f"WEBVTT\n\n-->\n{TIMING}\na\nfoo-->\n{TIMING}\nb\n--->\n{TIMING}\nc\n{TIMING}\nd\n\n00:00:00.000 -a -->\n"
    assert said(text) == ["a", "b", "c", "d"]
    # The line right above an arrow is the identifier only at the beginning of a block.
    assert [(one.id, one.payload) for one in blocks(f"WEBVTT\n\n{TIMING}\na\n2\n{TIMING}\nb")] == [
        ("", "a\n2"),
        ("", "b"),
    ]


@pytest.mark.parametrize(
    ("line", "start_ms", "end_ms"),
    [
        (TIMING, 0, 1000),
        ("00:00.000-->00:01.000", 0, 1000),
        ("  \t\f00:00.000 \t --> \f 00:00:01.000\t", 0, 1000),
        ("0:00:00.000 --> 0:00:01.000", 0, 1000),
        ("59:59.999 --> 60:00:00.000", 3_599_999, 216_000_000),
        ("100:00:00.000 --> 4000:59:59.999", 360_000_000, 14_403_599_999),
        ("00:00:01.000 --> 00:00:00.999", 1000, 999),
        ("00:00.000 --> 00:01.000\0align:end", 0, 1000),
        ("00:00.000 --> 00:01.000align:end", 0, 1000),
        ("0000000000000000001:00:00.000 --> 00000000000000000002:00:00.000", 3_600_000, 7_200_000),
        (f"00:00.000 --> {'9' * 6000}:00:00.000", 0, 2**53),
    ],
)
def test_these_are_timings(line: str, start_ms: int, end_ms: int) -> None:
    (block,) = blocks(f"WEBVTT\n\n{line}\nx")
    assert (block.start_ms, block.end_ms) == (start_ms, end_ms)


BAD_TIMES = (
    "0000:00.000 00:0:00.000 00:0000.000 00:00:0.000 00:00:00000 00:00:00.00 00:00:00.0 00:00:00. 00:00:00 00:00:0 "
    "00:00: 00:00 00:0 00: 00 0 0:00.000 60:00.000 00:60.000 00:60:00.000 00:00:60.000 00:00:00.0000 00:00:00,000 "
    ":00.000 00:000.000 000:00:000.000 .000 -00:00.000 +00:00.000 00:00:00:00.000 0x:00.000 ０0:00.000 ٠٠:00.000 "
    "00:00.00٠ 00:\x0000.000 00:00\x00.000 "
)


@pytest.mark.parametrize("time", BAD_TIMES.split())
def test_these_are_no_times(time: str) -> None:
    assert blocks(f"WEBVTT\n\n{time} --> 01:00:00.000\nx") == ()
    if time not in ("00:00:00.0000", "00:00:00:00.000"):  # what follows an end is taken for settings
        assert blocks(f"WEBVTT\n\n00:00.000 --> {time}\nx") == ()


@pytest.mark.parametrize(
    "line",
    ["00:00.000 -> 00:01.000", "00:00.000 -- > 00:01.000", "00:00.000 --x> 00:01.000 -->", "00:00.000\v-->00:01.000"],
)
def test_these_are_no_arrows(line: str) -> None:
    assert blocks(f"WEBVTT\n\n{line}\nx") == ()


def test_a_nul_is_the_replacement_character() -> None:
    (block,) = blocks(f"WEBVTT\0\n\n\0id\n{TIMING}\na\0b".replace("WEBVTT\0", "WEBVTT \0"))
    assert (block.id, block.payload) == ("\ufffdid", "a\ufffdb")


@pytest.mark.parametrize(
    ("settings", "changed"),
    [
        ("vertical:rl", {"vertical": "rl"}),
        ("vertical:lr", {"vertical": "lr"}),
        ("vertical:rl vertical:x", {"vertical": "rl"}),
        ("line:0", {"line": 0.0}),
        ("line:-1", {"line": -1.0}),
        ("line:-0", {"line": 0.0}),
        ("line:1.5", {"line": 1.5}),
        ("line:65536", {"line": 65536.0}),
        ("line:10000000000000000000000000000000000", {"line": 1e34}),
        ("line:0%", {"line": 0.0, "snap": False}),
        ("line:00.50%,end", {"line": 0.5, "snap": False, "line_align": "end"}),
        ("line:3,center", {"line": 3.0, "line_align": "center"}),
        ("line:1% line:2", {"line": 2.0}),
        ("position:1%", {"position": 1.0}),
        ("position:100%,line-left", {"position": 100.0, "position_align": "line-left"}),
        ("position:1.5%,center", {"position": 1.5, "position_align": "center"}),
        ("position:1%,line-right", {"position": 1.0, "position_align": "line-right"}),
        ("position:1% ,center", {"position": 1.0}),
        ("size:0%", {"size": 0.0}),
        ("size:99.9%", {"size": 99.9}),
        ("align:start", {"align": "start"}),
        ("align:end align:middle", {"align": "end"}),
        ("align:left", {"align": "left"}),
        ("align:right", {"align": "right"}),
        (
            "align:start line:1% vertical:lr size:50% position:25%",
            {"align": "start", "line": 1.0, "snap": False, "vertical": "lr", "size": 50.0, "position": 25.0},
        ),
        ("\t align:end \f size:50%", {"align": "end", "size": 50.0}),
    ],
)
def test_these_settings_count(settings: str, changed: dict[str, Any]) -> None:
    assert placed(settings) == Placement()._replace(**changed)


BAD_SETTINGS = (
    "vertical: vertical:RL vertical:vertical :rl align:middle align:END align :end align: align:end\0 align\0:end "
    "line: line:auto line:1- line:--1 line:1.2.3 line:.5 line:5. line:- line:% line:1%% line:%1 line:0%0 line:101% "
    "line:-0% line:1x line:1,middle line:50%,left line:,start line:1,start,end line:1e3 line:٣ line:+1 position: "
    "position:1 position:-1% position:1x position:101% position:1%x position:1%,middle position:1%,start "
    "position:1%,line-left,center position:% size: size:1 size:101% size:-1% size:1.% size:.5% size:1.2.3% "
    "size:65536% region: region:nobody REGION:a align "
)


@pytest.mark.parametrize("settings", BAD_SETTINGS.split())
def test_these_settings_change_nothing(settings: str) -> None:
    assert placed(settings) == Placement()


def test_a_line_of_very_many_digits_is_no_line() -> None:
    assert placed(f"line:{'9' * 400}") == Placement()


def test_regions() -> None:
    text = """WEBVTT

REGION
id:a width:40.5% lines:2
regionanchor:0%,10% viewportanchor:5%,95%
scroll:up

REGION \t
id:b lines:x lines: width:101% regionanchor:1,2 regionanchor:1%2% viewportanchor:101%,1% scroll:down :x id:

REGION x
id:no
"""
    assert read(text).regions == (
        Region("a", 40.5, 2, (0.0, 10.0), (5.0, 95.0), scrolls_up=True),
        Region("b"),
    )


def test_a_cue_is_in_a_region_until_it_is_placed_otherwise() -> None:
    head = "REGION\nid:a\n\nREGION\nid:b\n\n"
    assert placed("region:a", head).region == "a"
    assert placed("region:a region:b", head).region == "b"
    assert placed("region:a region:nobody", head).region == ""
    assert placed("region:a line:auto vertical:x size:100% position:1% align:end", head).region == "a"
    for setting in ("line:0", "line:0%", "size:99%", "vertical:rl"):
        assert placed(f"region:a {setting}", head).region == ""
        assert placed(f"{setting} region:a", head).region == "a"  # by the order of the steps


def test_regions_and_style_sheets_come_before_the_first_cue() -> None:
    text = (
        f"WEBVTT\n\nSTYLE\n::cue {{ color: red }}\n/* */\n\nSTYLE \n--\n\n{TIMING}\nx\n\nSTYLE\nno\n\nREGION\nid:late\n"
    )
    found = read(text)
    assert found.style_sheets == ("::cue { color: red }\n/* */", "--")
    assert found.regions == ()
    assert len(found.blocks) == 1
    assert read("WEBVTT\n\nREGION:id=old\n\nREGION: id:x\n\nSTYLE:\nx\n\nSTYLE\n").regions == ()
    assert read("WEBVTT\n\nSTYLE\na -->\nb\n").style_sheets == ()


PIECES = st.sampled_from(
    [
        "WEBVTT",
        "WEBVTT x",
        "",
        "",
        "",
        TIMING,
        "00:01.000 --> 00:02.000 line:1",
        "-->",
        "a --> b",
        "NOTE",
        "NOTE x",
        "STYLE",
        "STYLE ",
        "REGION",
        "id:a",
        "id:a id:b",
        "00:00.000 --> 1:00:00.000 region:a",
        "id",
        "text",
        " ",
        "\0",
        "60:00.000 --> x",
    ]
)


@given(st.lists(st.tuples(PIECES, st.sampled_from(["\n", "\n", "\r\n", "\r", ""])), max_size=14), st.booleans())
def test_the_reader_does_what_the_standard_says(pieces: list[tuple[str, str]], signed: bool) -> None:
    text = ("WEBVTT\n" if signed else "") + "".join(piece + end for piece, end in pieces)
    oracle = FileOracle(text)
    found = read_file(unified(text))
    assert (found is not None) == oracle.ok
    if found is not None:
        mine = [(one.id, one.start_ms, one.end_ms, one.placement, one.payload) for one in found.blocks]
        assert mine == [(one.id, one.start_ms, one.end_ms, one.placement, one.text) for one in oracle.cues]
        assert list(found.style_sheets) == oracle.style_sheets
        assert [region.id for region in found.regions] == oracle.region_ids


@given(st.text(alphabet="0159:.- >\t\fx", max_size=40))
def test_a_timing_is_what_the_standard_says(line: str) -> None:
    text = f"WEBVTT\n\n{line}\nx"
    mine = [(one.start_ms, one.end_ms) for one in blocks(text)]
    assert mine == [(one.start_ms, one.end_ms) for one in FileOracle(text).cues]


TIMES = st.tuples(
    *(st.sampled_from(["0", "00", "59", "60", "100", "5"]) for _ in range(3)), st.sampled_from(["000", "5", "0000"])
)
TIMES_TEXT = TIMES.map(lambda parts: f"{parts[0]}:{parts[1]}:{parts[2]}.{parts[3]}") | TIMES.map(
    lambda parts: f"{parts[1]}:{parts[2]}.{parts[3]}"
)


@given(TIMES_TEXT, TIMES_TEXT, st.sampled_from(["-->", " --> ", "\t-->", "-- >"]))
def test_a_likely_timing_is_what_the_standard_says(start: str, end: str, arrow: str) -> None:
    text = f"WEBVTT\n\n{start}{arrow}{end}\nx"
    mine = [(one.start_ms, one.end_ms, one.placement) for one in blocks(text)]
    assert mine == [(one.start_ms, one.end_ms, one.placement) for one in FileOracle(text).cues]
