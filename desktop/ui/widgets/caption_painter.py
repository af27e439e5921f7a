"""Captions drawn on the picture: the same on every platform, where WebVTT's settings want them, above one another."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

from desktop.player.captions import Box, Caption, extent, place
from desktop.ui.widgets.utf16 import Units
from protocol.cues.track import DEFAULT_PLACEMENT, Placement, Region, Span

GROUND = QColor(0, 0, 0, 190)
INK = QColor(255, 255, 255)
SIZES = {"small": 0.038, "normal": 0.05, "large": 0.066}
"""Height of the letters as a share of the picture's."""
WIDEST = 0.84
"""No line of an unplaced caption is longer, as a share of the picture: the eye does not travel so far."""
MARGIN = 0.035
"""Captions keep away from the picture's edges by this share of its height."""
SMALLEST_PX = 13
_MARKS = {"b", "i", "u"}


@dataclass(frozen=True, slots=True)
class SaidNow:
    """A cue that is shown: what a track knows of it."""

    text: str
    spans: tuple[Span, ...] = ()
    placement: Placement = DEFAULT_PLACEMENT
    region: Region | None = None


def begins_rtl(text: str) -> bool:
    """Whether the first letter that has a direction goes from right to left."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


@dataclass(slots=True)
class _Laid:
    """A caption laid out: its lines, the width they are laid in, and the room they take."""

    said: SaidNow
    layouts: list[QTextLayout]
    line_width: float
    width: float
    height: float
    ground: QRectF


class CaptionPainter:
    """Lays captions out once and paints them with every frame."""

    def __init__(self) -> None:
        self.said: tuple[SaidNow, ...] = ()
        self.size = "normal"
        """One of ``SIZES``."""
        self._key: object = None
        self._laid: list[_Laid] = []

    def paint(self, painter: QPainter, area: QRect, base: QFont) -> None:
        """Paint what is said upon a picture that covers ``area``, in ``base``'s family."""
        if not self.said or area.isEmpty():
            return
        font = QFont(base)
        font.setPixelSize(max(SMALLEST_PX, round(area.height() * SIZES[self.size])))
        key = (self.said, area, font.key())
        if key != self._key:
            self._key, self._laid = key, _laid_out_all(self.said, QRectF(area), font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pad, line_height = _pad(font), QFontMetricsF(font).height()
        for laid in self._laid:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(GROUND)
            painter.drawRoundedRect(laid.ground, pad * 0.6, pad * 0.6)
            painter.setPen(INK)
            top = laid.ground.top() + pad / 2
            # The lines are laid in more width than they take; of it only what they take is on the ground.
            spare = {"left": 0.0, "right": 1.0}.get(_side(laid.said), 0.5) * (laid.line_width - laid.width)
            for layout in laid.layouts:
                layout.draw(painter, QPointF(laid.ground.left() + pad - spare, top))
                top += layout.lineCount() * line_height

    def grounds(self) -> list[QRectF]:
        """Where the captions were painted last, each with its ground; for tests."""
        return [laid.ground for laid in self._laid]


def _pad(font: QFont) -> float:
    return font.pixelSize() * 0.45


def _side(said: SaidNow) -> str:
    """Where the lines of a caption are flush: left, right or center."""
    align = said.placement.align
    if align in ("start", "end"):
        return "left" if (align == "start") != begins_rtl(said.text) else "right"
    return align


def _laid_out_all(said: Sequence[SaidNow], area: QRectF, font: QFont) -> list[_Laid]:
    margin = max(8.0, area.height() * MARGIN)
    picture = Box(area.left() + margin, area.top() + margin, area.width() - 2 * margin, area.height() - 2 * margin)
    pad = _pad(font)
    line = QFontMetricsF(font).height() + pad
    laid = []
    for one in said:
        _, share = extent(_horizontal(one), rtl=begins_rtl(one.text))
        widest = min(picture.width * share / 100 - 2 * pad, area.width() * WIDEST)
        laid.append(_laid_out(one, font, max(widest, font.pixelSize() * 1.0)))
    boxes = place(
        [Caption(_horizontal(it.said), it.height + pad, line, begins_rtl(it.said.text)) for it in laid],
        picture,
        regions={one.region.id: one.region for one in said if one.region is not None},
    )
    shown = []
    for lines, box in zip(laid, boxes, strict=True):
        if box is None:
            continue
        width = lines.width + 2 * pad
        centred = box.left + (box.width - width) / 2
        left = {"left": box.left, "right": box.right - width}.get(_side(lines.said), centred)
        lines.ground = QRectF(left, box.top, width, box.height)
        shown.append(lines)
    return shown


def _horizontal(said: SaidNow) -> Placement:
    """Where a caption goes. Text that should run downwards runs across, at the foot: nothing here draws it upright."""
    return DEFAULT_PLACEMENT if said.placement.vertical else said.placement


def _laid_out(said: SaidNow, font: QFont, widest: float) -> _Laid:
    """The lines of a caption in a width, and how much room they really take.

    The author's lines stay where each fits. Where one does not, the words flow anew, into lines of about one length;
    only the lines of two speakers (they begin with a dash) are never joined.
    """
    metrics = QFontMetricsF(font)
    paragraphs = said.text.split("\n")
    fit = all(metrics.horizontalAdvance(line) <= widest for line in paragraphs)
    line_width = widest
    if not fit and not any(line.startswith(("-", "–", "—")) for line in paragraphs[1:]):
        flowing = " ".join(paragraphs)
        paragraphs = [flowing]
        lines = max(1, ceil(metrics.horizontalAdvance(flowing) / widest))
        while len(_lines(said, flowing, 0, font, widest)[0]) > lines:
            lines += 1
        # The narrowest width that needs no more lines: no line of a single word.
        low, high = metrics.horizontalAdvance(flowing) / lines * 0.8, widest
        while high - low > 2:
            middle = (low + high) / 2
            few = len(_lines(said, flowing, 0, font, middle)[0]) <= lines
            low, high = (low, middle) if few else (middle, high)
        line_width = high
    layouts: list[QTextLayout] = []
    width = height = 0.0
    start = 0
    for paragraph in paragraphs:
        widths, layout = _lines(said, paragraph, start, font, line_width)
        layouts.append(layout)
        width = max(width, *widths, 0.0)
        height += layout.lineCount() * metrics.height()
        start += len(paragraph) + 1
    return _Laid(said, layouts, line_width, width, height, QRectF())


def _formats(said: SaidNow, text: str, start: int) -> list[QTextLayout.FormatRange]:
    """What of a line, which begins at ``start`` of the cue's text, is bold, slanted or underlined."""
    found = []
    units = Units(text)
    for span in said.spans:
        first, last = max(0, span.start - start), min(len(text), span.end - start)
        if span.kind not in _MARKS or first >= last:
            continue
        marked = QTextLayout.FormatRange()
        marked.start = units.at(first)
        marked.length = units.at(last) - marked.start
        look = QTextCharFormat()
        if span.kind == "b":
            look.setFontWeight(QFont.Weight.Bold)
        elif span.kind == "i":
            look.setFontItalic(True)
        else:
            look.setFontUnderline(True)
        marked.format = look
        found.append(marked)
    return found


def _lines(said: SaidNow, text: str, start: int, font: QFont, widest: float) -> tuple[list[float], QTextLayout]:
    """A paragraph wrapped at a width, and how wide each of its lines is."""
    flush = {"left": Qt.AlignmentFlag.AlignLeft, "right": Qt.AlignmentFlag.AlignRight}
    option = QTextOption(flush.get(_side(said), Qt.AlignmentFlag.AlignHCenter) | Qt.AlignmentFlag.AlignAbsolute)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    line_height = QFontMetricsF(font).height()
    layout = QTextLayout(text, font)
    layout.setTextOption(option)
    layout.setFormats(_formats(said, text, start))
    layout.beginLayout()
    widths: list[float] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(widest)
        line.setPosition(QPointF(0, len(widths) * line_height))
        widths.append(line.naturalTextWidth())
    layout.endLayout()
    return widths, layout
