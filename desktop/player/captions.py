"""Where captions go on the picture, as WebVTT's cue settings want it. Pure geometry, in pixels; whoever paints lays the
text out and says how thick its lines are.

The rules are the W3C's (https://www.w3.org/TR/webvtt1/#processing-cue-settings), for a cue box as a whole. *Along* is
the direction in which a line is read, *across* the one in which lines follow one another; for vertical text they trade
places. A line number out of all measure, which a file may have, is brought to the edge first: the standard's steps from
there would never end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from protocol.cues.track import Placement, Region

REGION_LINE = 0.06
"""The height of a line in a region, as a share of the picture's."""
_NEAR = 1e-6
"""Sums of floating-point numbers that should be equal may differ by so much."""


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The edge that is the first one outside."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The edge that is the first one outside."""
        return self.top + self.height

    def overlaps(self, other: Box) -> bool:
        """Whether they have a part of the picture in common; to touch is not to overlap."""
        return (
            self.left < other.right - _NEAR
            and other.left < self.right - _NEAR
            and self.top < other.bottom - _NEAR
            and other.top < self.bottom - _NEAR
        )

    def is_within(self, other: Box) -> bool:
        """Whether no part of it is outside."""
        return (
            self.left >= other.left - _NEAR
            and self.top >= other.top - _NEAR
            and self.right <= other.right + _NEAR
            and self.bottom <= other.bottom + _NEAR
        )

    def turned(self) -> Box:
        """With its axes exchanged."""
        return Box(self.top, self.left, self.height, self.width)


@dataclass(frozen=True, slots=True)
class Caption:
    """What is to be placed: ``thickness`` of all its lines together and of the first ``line``, both across.

    ``rtl`` is the direction in which its text begins; ``track`` counts the tracks that are shown at once: those of the
    second go above the first.
    """

    placement: Placement
    thickness: float
    line: float
    rtl: bool = False
    track: int = 0


def _position_align(placement: Placement, *, rtl: bool) -> str:
    if placement.position_align != "auto":
        return placement.position_align
    begin, end = ("line-right", "line-left") if rtl else ("line-left", "line-right")
    return {"left": "line-left", "right": "line-right", "start": begin, "end": end}.get(placement.align, "center")


def extent(placement: Placement, *, rtl: bool = False) -> tuple[float, float]:
    """Where a cue box begins along, and how long it is; both as a percentage of the picture.

    To lay text out before it is placed: in horizontal text so wide may its lines be.
    """
    position = placement.position
    if position is None:
        position = {"left": 0.0, "right": 100.0}.get(placement.align, 50.0)
    align = _position_align(placement, rtl=rtl)
    if align == "line-left":
        size = min(placement.size, 100 - position)
        return position, size
    if align == "line-right":
        size = min(placement.size, position)
        return position - size, size
    size = min(placement.size, 2 * min(position, 100 - position))
    return position - size / 2, size


def place(
    captions: Sequence[Caption],
    picture: Box,
    taken: Iterable[Box] = (),
    regions: Mapping[str, Region] | None = None,
) -> list[Box | None]:
    """The box of each caption, in their order; None for one that has no room.

    ``taken`` are parts of the picture that captions must not cover, such as the controls.
    """
    output = list(taken)
    found: list[Box | None] = []
    for caption in captions:
        if caption.placement.region in (regions or {}):
            found.append(None)  # below, together with the others of the region
            continue
        box = _placed(caption, picture, output)
        found.append(box)
        if box is not None:
            output.append(box)
    for name, region in (regions or {}).items():
        _fill_region(name, region, captions, picture, found)
    return found


def _placed(caption: Caption, picture: Box, output: list[Box]) -> Box | None:
    placement = caption.placement
    start, size = extent(placement, rtl=caption.rtl)
    if caption.thickness <= 0 or caption.line <= 0 or size <= 0:
        return None
    if placement.vertical:
        turned = _across(caption, picture.turned(), [box.turned() for box in output], start, size)
        return turned.turned() if turned is not None else None
    return _across(caption, picture, output, start, size)


def _across(caption: Caption, picture: Box, output: list[Box], start: float, size: float) -> Box | None:
    """As if the text were horizontal; vertical text comes with its axes exchanged."""
    box = Box(picture.left + picture.width * start / 100, picture.top, picture.width * size / 100, caption.thickness)
    if caption.placement.snap:
        return _at_a_line(caption, box, picture, output)
    line = caption.placement.line
    top = picture.top + picture.height * (100.0 if line is None else line) / 100
    share = {"center": 0.5, "end": 1.0}.get(caption.placement.line_align, 0.0)
    return _nearest_free(box._replace(top=top - share * caption.thickness), picture, output)


def _at_a_line(caption: Caption, box: Box, picture: Box, output: list[Box]) -> Box | None:
    wanted = caption.placement.line
    step = max(1.0, caption.line)
    most = math.ceil(picture.height / step) + 1
    line = -1 - caption.track if wanted is None else math.floor(max(-most, min(most, wanted)) + 0.5)
    growing_left = caption.placement.vertical == "rl"
    if growing_left:
        line = -(line + 1)
    top = picture.top + step * line
    if growing_left:
        top += step - caption.thickness
    if line < 0:
        top += picture.height
        step = -step
        if wanted is None and not caption.placement.vertical:
            # The standard steps up from a single line until all fit; grounds make lines of several less thick than
            # as many single ones, and their foot should stay where it is.
            top = picture.bottom - caption.thickness + (line + 1) * abs(step)
    for direction in (step, -step):
        moved = box._replace(top=top)
        while True:
            if moved.is_within(picture) and not any(moved.overlaps(other) for other in output):
                return moved
            first_bottom = moved.top + abs(step)
            beyond = moved.top < picture.top - _NEAR if direction < 0 else first_bottom > picture.bottom + _NEAR
            if beyond:
                break
            moved = moved._replace(top=moved.top + direction)
    return None


def _nearest_free(box: Box, picture: Box, output: list[Box]) -> Box:
    """The free place that is nearest; of several the highest, then the leftmost. Where it wants to be if none is free.

    The nearest place is one that the box has already along an axis, or where it touches an edge.
    """
    lefts = {box.left, picture.left, picture.right - box.width}
    tops = {box.top, picture.top, picture.bottom - box.height}
    for other in output:
        lefts |= {other.left - box.width, other.right}
        tops |= {other.top - box.height, other.bottom}
    places = [box._replace(left=left, top=top) for left in lefts for top in tops]
    free = [one for one in places if one.is_within(picture) and not any(one.overlaps(other) for other in output)]
    if not free:
        return box
    return min(free, key=lambda one: (math.hypot(one.left - box.left, one.top - box.top), one.top, one.left))


def region_box(region: Region, picture: Box) -> Box:
    """Where a region is: its anchor lies upon its place in the picture."""
    width = picture.width * region.width / 100
    height = picture.height * REGION_LINE * region.lines
    return Box(
        picture.left + picture.width * region.viewport_anchor[0] / 100 - width * region.anchor[0] / 100,
        picture.top + picture.height * region.viewport_anchor[1] / 100 - height * region.anchor[1] / 100,
        width,
        height,
    )


def _fill_region(name: str, region: Region, captions: Sequence[Caption], picture: Box, found: list[Box | None]) -> None:
    """The last caption stands at the bottom of its region, the earlier ones above it as far as they fit."""
    area = region_box(region, picture)
    bottom = area.bottom
    members = [number for number, caption in enumerate(captions) if caption.placement.region == name]
    for number in reversed(members):
        caption = captions[number]
        top = bottom - caption.thickness
        if caption.thickness <= 0 or top < area.top - _NEAR:
            return
        start, size = extent(caption.placement, rtl=caption.rtl)
        found[number] = Box(area.left + area.width * start / 100, top, area.width * size / 100, caption.thickness)
        bottom = top
