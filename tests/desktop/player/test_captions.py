"""Where captions go on the picture: the W3C's rules on plain rectangles."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.player.captions import Box, Caption, extent, place, region_box
from protocol.cues.reading import read_track
from protocol.cues.track import Placement, Region

PICTURE = Box(10, 20, 1000, 500)
LINE = 30.0


def placement(settings: str) -> Placement:
    head = "WEBVTT\n\nREGION\nid:r\nwidth:40%\nlines:3\nregionanchor:0%,100%\nviewportanchor:10%,90%\n"
    return read_track(f"{head}\n00:00.000 --> 00:01.000 {settings}\nx\n").placement(0)


def caption(settings: str = "", lines: int = 1, *, rtl: bool = False, track: int = 0) -> Caption:
    return Caption(placement(settings), lines * LINE, LINE, rtl, track)


def placed(*captions: Caption, taken: tuple[Box, ...] = ()) -> list[Box | None]:
    return place(captions, PICTURE, taken)


@pytest.mark.parametrize(
    ("settings", "rtl", "begin", "size"),
    [
        ("", False, 0, 100),
        ("size:40%", False, 30, 40),
        ("align:left size:40%", False, 0, 40),
        ("align:right size:40%", False, 60, 40),
        ("align:start position:0%", False, 0, 100),
        ("align:start position:20%", False, 20, 80),
        ("align:start position:20%", True, 0, 20),
        ("align:end position:20%", False, 0, 20),
        ("align:end position:20%", True, 20, 80),
        ("position:20%", False, 0, 40),
        ("position:80%", False, 60, 40),
        ("position:30%,line-left size:50%", False, 30, 50),
        ("position:30%,line-right size:50%", False, 0, 30),
        ("position:0%", False, 0, 0),
    ],
)
def test_how_long_lines_may_be(settings: str, rtl: bool, begin: float, size: float) -> None:
    assert extent(placement(settings), rtl=rtl) == (begin, size)


@pytest.mark.parametrize(
    ("settings", "lines", "top"),
    [
        ("", 1, 520 - 30),
        ("", 3, 520 - 90),
        ("line:0", 2, 20),
        ("line:2", 1, 80),
        ("line:-1", 2, 460),
        ("line:-2", 1, 460),
        ("line:1.4", 1, 50),
        ("line:1.5", 1, 80),
        ("line:100", 1, 470),
        ("line:-100", 1, 20 + 500 % 30),
        ("line:10000000000000000000000000000000000", 1, 470),
        ("line:0%", 2, 20),
        ("line:50%", 2, 270),
        ("line:50%,center", 2, 240),
        ("line:50%,end", 2, 210),
        ("line:100%", 2, 460),
        ("line:100%,end", 2, 460),
        ("line:0%,end", 2, 20),
    ],
)
def test_how_high_a_caption_is(settings: str, lines: int, top: float) -> None:
    assert placed(caption(settings, lines)) == [Box(10, top, 1000, lines * LINE)]


def test_captions_of_one_moment_do_not_cover_each_other() -> None:
    first, second, third = placed(caption(lines=2), caption(), caption("line:0"))
    assert first == Box(10, 460, 1000, 60)
    assert second == Box(10, 430, 1000, 30)
    assert third == Box(10, 20, 1000, 30)
    assert placed(caption("line:0"), caption("line:0"))[1] == Box(10, 50, 1000, 30)
    # From a line counted from the foot up, from one counted from the head down, while there is room.
    assert placed(caption("line:-3"), caption("line:-3"))[1] == Box(10, 400, 1000, 30)
    assert placed(caption("line:3"), caption("line:3"))[1] == Box(10, 140, 1000, 30)
    assert placed(caption("line:-16"), caption("line:-16"))[1] == Box(10, 70, 1000, 30)
    # Beside each other they need not move.
    left, right = placed(caption("align:left size:40%"), caption("align:right size:40%"))
    assert left == Box(10, 490, 400, 30)
    assert right == Box(610, 490, 400, 30)


def test_a_second_track_goes_above_the_first() -> None:
    assert placed(caption(), caption(track=1)) == [Box(10, 490, 1000, 30), Box(10, 460, 1000, 30)]


def test_controls_are_not_covered() -> None:
    controls = Box(10, 450, 1000, 70)
    assert placed(caption(lines=2), taken=(controls,)) == [Box(10, 370, 1000, 60)]
    assert placed(caption("line:100%", lines=2), taken=(controls,)) == [Box(10, 390, 1000, 60)]
    assert placed(caption("line:95% size:40%"), taken=(Box(10, 20, 580, 500),)) == [Box(590, 490, 400, 30)]


def test_what_has_no_room_is_not_shown_over_others() -> None:
    everything = (PICTURE,)
    assert placed(caption(), taken=everything) == [None]
    assert placed(caption(lines=17)) == [None]
    # A percentage is a place that somebody chose: there it overlaps rather than vanish, as the standard says.
    assert placed(caption("line:10%"), taken=everything) == [Box(10, 70, 1000, 30)]
    assert placed(caption("position:0%")) == [None]
    assert place([Caption(Placement(), 0, 0)], PICTURE) == [None]


def test_vertical_text() -> None:
    # From the right edge to the left, line after line; from the left edge to the right.
    assert placed(caption("vertical:rl line:0", 2)) == [Box(1010 - 60, 20, 60, 500)]
    assert placed(caption("vertical:lr line:0", 2)) == [Box(10, 20, 60, 500)]
    assert placed(caption("vertical:rl", 2)) == [Box(10, 20, 60, 500)]
    assert placed(caption("vertical:lr", 2)) == [Box(1010 - 60, 20, 60, 500)]
    assert placed(caption("vertical:lr line:50% size:40% align:left", 1)) == [Box(510, 20, 30, 200)]


def test_a_region_fills_from_its_bottom() -> None:
    region = Region("r", 40.0, 3, (0.0, 100.0), (10.0, 90.0))
    area = region_box(region, PICTURE)
    assert area == Box(110, 470 - 90, 400, 90)
    captions = [caption("region:r"), caption("region:r align:left"), caption(), caption("region:r size:100%", lines=2)]
    assert place(captions, PICTURE, (), {"r": region}) == [
        None,  # scrolled out
        Box(110, 380, 400, 30),
        Box(10, 490, 1000, 30),
        Box(110, 410, 400, 60),
    ]
    # A region that nobody described is none.
    assert placed(caption("region:r")) == [Box(10, 490, 1000, 30)]


SETTINGS = st.builds(
    Placement,
    line=st.none() | st.floats(-1e9, 1e9) | st.integers(-20, 20).map(float),
    snap=st.just(value=True),
    position=st.none() | st.floats(0, 100),
    size=st.floats(0, 100),
    align=st.sampled_from(["start", "center", "end", "left", "right"]),
    vertical=st.sampled_from(["", "", "rl", "lr"]),
) | st.builds(
    Placement,
    line=st.none() | st.floats(0, 100),
    snap=st.just(value=False),
    line_align=st.sampled_from(["start", "center", "end"]),
    position=st.none() | st.floats(0, 100),
    size=st.floats(0, 100),
)
CAPTIONS = st.builds(
    lambda placement, lines, line, rtl: Caption(placement, lines * line, line, rtl),
    SETTINGS,
    st.integers(1, 4),
    st.floats(0.5, 120),
    st.booleans(),
)


@given(st.lists(CAPTIONS, max_size=6))
def test_captions_are_on_the_picture_and_not_on_each_other(captions: list[Caption]) -> None:
    boxes = place(captions, PICTURE)
    for number, (one, box) in enumerate(zip(captions, boxes, strict=True)):
        if box is None:
            continue
        free = box.is_within(PICTURE) and not any(other is not None and box.overlaps(other) for other in boxes[:number])
        assert free or not one.placement.snap
        assert all(math.isfinite(value) for value in box)


@given(CAPTIONS)
def test_alone_every_caption_that_fits_is_shown(one: Caption) -> None:
    (box,) = place([one], PICTURE)
    across = PICTURE.width if one.placement.vertical else PICTURE.height
    if extent(one.placement, rtl=one.rtl)[1] > 0 and one.thickness + one.line <= across:
        assert box is not None
        assert box.is_within(PICTURE)
