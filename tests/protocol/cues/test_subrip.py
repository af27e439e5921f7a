"""SubRip and SubViewer as they are found: what players take is taken."""

from __future__ import annotations

import pytest

from protocol.cues.reading import read_track
from protocol.cues.track import DEFAULT_CUE_MS, Placement, Span

Line = tuple[int, int, str]


def read(text: str) -> list[Line]:
    return [(cue.start_ms, cue.end_ms, cue.text) for cue in read_track(text)]


USUAL = "1\n00:00:01,000 --> 00:00:02,500\nOne\ntwo\n\n2\n00:00:03,000 --> 00:00:04,000\nthree\n"
READ = [(1000, 2500, "One\ntwo"), (3000, 4000, "three")]


@pytest.mark.parametrize(
    "text",
    [
        USUAL,
        USUAL.rstrip(),
        "\ufeff" + USUAL,
        "\n\n" + USUAL,
        USUAL.replace("\n", "\r\n"),
        USUAL.replace("\n", "\r"),
        USUAL.replace("\n", "\r\r\n"),
        USUAL.replace(",", "."),
        USUAL.replace(",", ":"),
        USUAL.replace("00:00:0", "0:0:"),
        USUAL.replace("00:00:", "00:"),
        USUAL.replace(",000", "").replace(",500", ",5"),
        USUAL.replace(",000", ",0").replace(",500", ",500000"),
        USUAL.replace(",", " , "),
        USUAL.replace(":0", " : 0"),
        USUAL.replace(" --> ", "-->"),
        USUAL.replace("-->", "->"),
        USUAL.replace("-->", "--->"),
        USUAL.replace("-->", "-- >"),
        USUAL.replace("500\n", "500  X1:1 X2:2 Y1:3 Y2:4\n"),
        USUAL.replace("\n\n", "\n"),
        USUAL.replace("\n\n", "\n\n\n\n"),
        USUAL.replace("1\n00", "\n00").replace("2\n00", "00"),
        USUAL.replace("1\n00", "00"),
        USUAL.replace("2\n00", "00"),
        USUAL.replace("2\n00", "7\n00"),
        USUAL.replace("2\n00", "2\n\n00"),
        USUAL.replace("One\n", " One \t\n"),
        USUAL.replace("One\n", "One\n\n"),
        USUAL.replace("One", "<font color='red'>One</font>"),
        USUAL.replace("One", "{\\an2}{\\i1}One{\\i0}"),
        "some heading\nby somebody\n\n" + USUAL,
        USUAL + "\n3\n00:00:05,000 --> 00:00:06,000\n\n",
        USUAL + "\n3\n",
    ],
    ids=lambda text: text[:46],
)
def test_all_of_these_say_the_same(text: str) -> None:
    found = read(text)
    if text.endswith("\n3\n"):
        assert found == [READ[0], (3000, 4000, "three\n3")]  # who knows: it may be what is said
    else:
        assert found == READ


def test_numbers_that_are_said_stay() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\n42\n\n2\n00:00:02,000 --> 00:00:03,000\nIn the year\n1984\n\n"
        "3\n00:00:03,000 --> 00:00:04,000\n4\n\n4\n00:00:05,000 --> 00:00:06,000\n5\n\n"
    )
    assert [said for _, _, said in read(text)] == ["42", "In the year\n1984", "4", "5"]
    unnumbered = (
        "00:01,000 --> 00:02,000\n42\n\n00:02,000 --> 00:03,000\nIn the year\n1984\n\n00:03,000 --> 00:04,000\nx"
    )
    assert [said for _, _, said in read(unnumbered)] == ["42", "In the year\n1984", "x"]
    crowded = "00:01,000 --> 00:02,000\nIn the year\n1984\n00:02,000 --> 00:03,000\nx\n00:03,000 --> 00:04,000\ny"
    assert [said for _, _, said in read(crowded)] == ["In the year\n1984", "x", "y"]


@pytest.mark.parametrize(
    ("timing", "start_ms", "end_ms"),
    [
        ("00:00:05,000 --> 00:00:04,000", 5000, 7000),
        ("00:00:05,000 --> 00:00:05,000", 5000, 7000),
        ("-00:00:05,000 --> 00:00:04,000", 0, 4000),
        ("00:99:05,000 --> 00:99:99,000", 5_945_000, 6_039_000),
        ("999:59:59,999 --> 1000:00:00,000", 3_599_999_999, 3_600_000_000),
    ],
)
def test_moments(timing: str, start_ms: int, end_ms: int) -> None:
    assert read(f"1\n{timing}\nx\n\n2\n00:00:07,000 --> 00:00:08,000\ny\n").count((start_ms, end_ms, "x")) == 1


def test_an_end_before_its_start_lasts_until_the_next_cue_but_not_for_ever() -> None:
    timings = [
        "00:01,000 --> 00:00,000",
        "00:01,000 --> 00:01,000",
        "00:02,000 --> 00:00,000",
        "01:00,000 --> 00:00,000",
    ]
    found = read("\n\n".join(f"{timing}\nx{number}" for number, timing in enumerate(timings)))
    assert found == [
        (1000, 2000, "x0"),
        (1000, 2000, "x1"),
        (2000, 2000 + DEFAULT_CUE_MS, "x2"),
        (60_000, 60_000 + DEFAULT_CUE_MS, "x3"),
    ]


def test_cues_are_sorted_and_may_overlap() -> None:
    timings = ("00:05,000 --> 00:09,000\nc", "00:01,000 --> 00:02,000\nb", "00:01,000 --> 00:08,000\na")
    text = "".join(f"{number}\n{timing}\n\n" for number, timing in enumerate(timings, 1))
    assert read(text) == [(1000, 8000, "a"), (1000, 2000, "b"), (5000, 9000, "c")]


def test_what_is_no_markup_stays() -> None:
    for said in (
        "List<String> x",
        "a < b > c",
        "<bold>",
        "<s> and </s>",
        "the <br> and <p> tags",
        "<span>",
        "{x}",
        "if (a <b && c> d)",
        "R&D &amp rest",
        "<i",
        "</>",
        "{\\x",
    ):
        assert read(f"1\n00:01,000 --> 00:02,000\n{said}\n") == [(1000, 2000, said)]


def test_marks_become_spans() -> None:
    track = read_track("1\n00:01,000 --> 00:02,000\n<i>a <B>b</i> c</b> {b}d{/b} <u>&lt;e&gt;</u>&nbsp;&#39;f<i>\n")
    assert track.texts == ("a b c d <e>\u00a0'f",)
    assert track.spans[0] == (Span(0, 3, "i"), Span(2, 3, "b"), Span(8, 11, "u"))


@pytest.mark.parametrize(
    ("mark", "placement"),
    [
        ("{\\an8}", Placement(line=0.0)),
        ("{\\an7\\i1}", Placement(line=0.0, position=0.0, align="left")),
        ("{\\i1}{\\an9}", Placement(line=0.0, position=100.0, align="right")),
        ("{\\an5}", Placement(line=50.0, snap=False, line_align="center")),
        ("{\\an1}", Placement(position=0.0, align="left")),
        ("{\\an2}", Placement()),
        ("{\\an0}", Placement()),
        ("{\\pos(1,2)}", Placement()),
    ],
)
def test_places(mark: str, placement: Placement) -> None:
    track = read_track(f"1\n00:01,000 --> 00:02,000\n{mark}x\n")
    assert track.texts == ("x",)
    assert track.placement(0) == placement


def test_settings_that_a_converter_left_count() -> None:
    track = read_track("1\n00:01,000 --> 00:02,000 align:start line:10%\nx\n")
    assert track.placement(0) == Placement(align="start", line=10.0, snap=False)


def test_subviewer_under_a_wrong_name() -> None:
    text = "0:00:01.000,0:00:02.500\nOne\ntwo\n\n0:00:03.000,0:00:04.000\n1984\n"
    assert read(text) == [(1000, 2500, "One\ntwo"), (3000, 4000, "1984")]
    assert read(text.replace("\n", "\r\n")) == read(text)


@pytest.mark.parametrize(
    "text", ["", "\n", "nothing here", "<html><p>12:00 --> noon</p>", "1,2\n3:4\n", "a,b\n00:01,00:02,x\n"]
)
def test_what_is_none_of_them_has_no_cue(text: str) -> None:
    assert read(text) == []


def test_marks_that_a_converter_left_go() -> None:
    text = "1\n00:01,000 --> 00:02,000\n<v Ann>a</v> <c.red>b</c> c<br>d<BR />e <font size=2>f</font>\n"
    assert read(text) == [(1000, 2000, "a b c\nd\ne f")]
