"""Captions as they are painted: on the picture, where the file wants them, legible, and none upon another."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.caption_painter import GROUND, SIZES, SaidNow, begins_rtl
from desktop.ui.widgets.video import VideoSurface
from protocol.cues.reading import read_track
from protocol.cues.track import Track

GREEN = QColor(0, 160, 60)
WIDTH, HEIGHT = 800, 450


@pytest.fixture
def surface(qtbot: QtBot) -> VideoSurface:
    made = VideoSurface()
    qtbot.addWidget(made)
    made.resize(WIDTH, HEIGHT)
    poster = QImage(160, 90, QImage.Format.Format_RGB32)
    poster.fill(GREEN)
    made.set_poster(poster)
    return made


def track_of(*cues: str, head: str = "") -> Track:
    return read_track(f"WEBVTT\n\n{head}" + "".join(f"00:00.000 --> 00:01.000 {cue}\n\n" for cue in cues))


def shown(surface: VideoSurface, *cues: str, head: str = "") -> tuple[QImage, list[QRectF]]:
    """The widget painted with these cues (settings, a line end, text), and where their grounds are."""
    track = track_of(*cues, head=head)
    surface.set_captions(
        [
            SaidNow(text, track.spans.get(n, ()), track.placement(n), track.regions.get(track.placement(n).region))
            for n, text in enumerate(track.texts)
        ]
    )
    return surface.grab().toImage(), surface.captions.grounds()


def darkened(image: QImage) -> QRectF:
    """Everything that is not the picture's green."""
    ink = [
        (x, y)
        for y in range(0, image.height(), 2)
        for x in range(0, image.width(), 2)
        if image.pixelColor(x, y).green() < 120 or image.pixelColor(x, y).red() > 60
    ]
    if not ink:
        return QRectF()
    left, right = min(x for x, _ in ink), max(x for x, _ in ink)
    top, bottom = min(y for _, y in ink), max(y for _, y in ink)
    return QRectF(left, top, right - left, bottom - top)


def test_silence_leaves_the_picture_alone(surface: VideoSurface) -> None:
    image, grounds = shown(surface)
    assert grounds == []
    assert darkened(image).isNull()


def test_a_caption_is_painted_at_the_foot_and_nowhere_else(surface: VideoSurface) -> None:
    image, (ground,) = shown(surface, "\nSo when two tables share a key")
    painted = darkened(image)
    assert ground.adjusted(-2, -2, 2, 2).contains(painted)
    assert painted.width() > ground.width() - 8
    assert painted.height() > ground.height() - 8
    assert abs(ground.center().x() - WIDTH / 2) < 1
    assert HEIGHT * 0.85 < ground.bottom() < HEIGHT - 8
    # The letters are white on a dark ground.
    letters = [image.pixelColor(x, int(ground.center().y())) for x in range(int(ground.left()), int(ground.right()))]
    assert max(colour.lightness() for colour in letters) > 200
    assert min(colour.lightness() for colour in letters) < 60
    assert GROUND.alpha() > 150


def test_one_line_and_two_stand_on_the_same_foot(surface: VideoSurface) -> None:
    _, (one,) = shown(surface, "\nshort")
    _, (two,) = shown(surface, "\nshort\nlines")
    assert abs(one.bottom() - two.bottom()) < 0.01
    assert two.height() > one.height() * 1.5


@pytest.mark.parametrize(
    ("settings", "horizontal", "vertical"),
    [
        ("line:0", 0.5, 0.0),
        ("line:0%", 0.5, 0.0),
        ("line:50%,center", 0.5, 0.5),
        ("line:-1", 0.5, 1.0),
        ("align:left", 0.0, 1.0),
        ("align:right line:0", 1.0, 0.0),
        ("align:start position:0%", 0.0, 1.0),
        ("align:end position:100%", 1.0, 1.0),
        ("vertical:rl line:0", 0.5, 1.0),
    ],
)
def test_captions_are_where_the_file_wants_them(
    surface: VideoSurface, settings: str, horizontal: float, vertical: float
) -> None:
    image, (ground,) = shown(surface, f"{settings}\nHello there")
    picture = QRectF(0, 0, WIDTH, HEIGHT).adjusted(15, 15, -15, -15)
    free_x, free_y = picture.width() - ground.width(), picture.height() - ground.height()
    assert abs((ground.left() - picture.left()) / free_x - horizontal) < 0.02
    assert abs((ground.top() - picture.top()) / free_y - vertical) < 0.03
    assert ground.adjusted(-2, -2, 2, 2).contains(darkened(image))


def test_right_to_left_begins_at_the_right(surface: VideoSurface) -> None:
    _, (ground,) = shown(surface, "align:start position:100%\nوقتی دو جدول")
    assert ground.right() > WIDTH * 0.95
    assert begins_rtl("(12) شماره")
    assert not begins_rtl("12 and שלום")
    assert not begins_rtl("...")


def test_what_is_said_at_once_is_shown_at_once(surface: VideoSurface) -> None:
    _, grounds = shown(surface, "\nfirst\nof two", "\nsecond", "line:0\nabove")
    assert len(grounds) == 3
    assert not any(one.intersects(other) for n, one in enumerate(grounds) for other in grounds[:n])
    assert grounds[1].bottom() <= grounds[0].top() + 0.01
    assert grounds[2].top() < HEIGHT * 0.1


def test_a_region_keeps_its_place(surface: VideoSurface) -> None:
    head = "REGION\nid:r\nwidth:50%\nlines:4\nregionanchor:0%,0%\nviewportanchor:0%,0%\n\n"
    _, grounds = shown(surface, "region:r align:left\nfirst", "region:r align:left\nsecond", head=head)
    assert all(ground.left() < 30 and ground.bottom() < HEIGHT * 0.4 for ground in grounds)
    assert grounds[0].bottom() <= grounds[1].top() + 0.01


def test_marks_are_drawn(surface: VideoSurface) -> None:
    def ink(cue: str) -> int:
        image, (ground,) = shown(surface, f"\n{cue}")
        area = ground.toRect()
        return sum(
            image.pixelColor(x, y).lightness() > 150
            for x in range(area.left(), area.right())
            for y in range(area.top(), area.bottom())
        )

    plain = ink("lollipop 😀 lollipop")
    assert ink("<b>lollipop 😀 lollipop</b>") > plain * 1.15
    assert ink("<u>lollipop 😀 lollipop</u>") > plain * 1.05
    # Only the last word: the letters before it, one of which counts twice in a layout, stay as they are.
    assert plain < ink("lollipop 😀 <b>lollipop</b>") < ink("<b>lollipop 😀 lollipop</b>")


def test_long_lines_flow_and_keep_to_their_width(surface: VideoSurface) -> None:
    _, (ground,) = shown(surface, "\n" + "a very long line that no picture has room for " * 4)
    assert ground.width() < WIDTH * 0.9
    _, (narrow,) = shown(surface, "size:30%\nsome words that have to flow in here")
    assert narrow.width() <= WIDTH * 0.3


def test_letters_grow_with_the_picture_and_the_wish(surface: VideoSurface) -> None:
    heights = {}
    for size in SIZES:
        surface.set_caption_size(size)
        _, (ground,) = shown(surface, "\nHello")
        heights[size] = ground.height()
    assert heights["small"] < heights["normal"] < heights["large"]
    surface.set_caption_size("no such size")
    assert shown(surface, "\nHello")[1][0].height() == heights["normal"]
    surface.resize(WIDTH // 2, HEIGHT // 2)
    assert shown(surface, "\nHello")[1][0].height() < heights["normal"]
