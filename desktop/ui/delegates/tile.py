"""Paints a course as a tile: picture, kind, title, partner, rating and level, marks."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.i18n import minutes_text, tr
from desktop.models.views import CourseTile
from desktop.ui.itemmodels.catalog import HEADING_ROLE, TILE_ROLE
from desktop.ui.theme.icons import paint_icon
from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import (
    ICON_SMALL,
    RADIUS_LARGE,
    SPACE_4,
    SPACE_8,
    SPACE_12,
    TYPE_BODY,
    TYPE_HEADING,
    TYPE_SMALL,
)
from desktop.ui.widgets.indicators import chip_size, paint_chip
from desktop.ui.widgets.lines import paint_line
from desktop.ui.widgets.pictures import Pictures, cover_icon, paint_cover
from desktop.ui.widgets.surfaces import paint_surface
from desktop.ui.wording import course_kind_text, level_text

TILE_WIDTH = 248
PICTURE_SHARE = 0.46
"""Height of the picture as a share of the width: flatter than 16:9, so that the words have room."""

Index = QModelIndex | QPersistentModelIndex


def tile_height(width: int) -> int:
    """The height of a tile: its picture, kind, two lines of title, partner, facts."""
    small, body = QFontMetrics(font(TYPE_SMALL)).height(), QFontMetrics(font(TYPE_BODY, strong=True)).height()
    return round(width * PICTURE_SHARE) + 2 * SPACE_12 + 3 * small + 2 * body + 2 * SPACE_4 + SPACE_8


def two_lines(text: str, face: QFont, width: float) -> list[str]:
    """``text`` in at most two lines; the second ends in … where there is more."""
    layout = QTextLayout(text, face)
    layout.setTextOption(QTextOption())
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(width)
    split = line.textLength()
    layout.endLayout()
    if split >= len(text):
        return [text]
    rest = text[split:]
    return [text[:split].rstrip(), QFontMetrics(face).elidedText(rest, Qt.TextElideMode.ElideRight, int(width))]


class TileDelegate(QStyledItemDelegate):
    """See the module. Headings are painted too."""

    def __init__(self, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        rect = QRectF(option.rect)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        state = option.state
        tile = index.data(TILE_ROLE)
        painter.save()
        if isinstance(tile, CourseTile):
            self._paint_tile(painter, rect, tile, state, mirrored=mirrored)
        else:
            heading, face = str(index.data(HEADING_ROLE)), font(TYPE_HEADING, strong=True)
            bottom = Qt.AlignmentFlag.AlignBottom
            paint_line(painter, rect, heading, face, tokens().colours.text, mirrored=mirrored, vertical=bottom)
        painter.restore()

    def _paint_tile(
        self, painter: QPainter, rect: QRectF, tile: CourseTile, state: QStyle.StateFlag, *, mirrored: bool
    ) -> None:
        colours = tokens().colours
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        edge = colours.border_strong if hovered else colours.border
        paint_surface(painter, rect, colours.hover if hovered else colours.surface, edge)
        picture = QRectF(rect.left() + 1, rect.top() + 1, rect.width() - 2, round(rect.width() * PICTURE_SHARE))
        self._paint_picture(painter, picture, tile)
        self._paint_marks(painter, picture, tile, mirrored=mirrored)
        words = QRectF(rect.left() + SPACE_12, picture.bottom() + SPACE_12, rect.width() - 2 * SPACE_12, 0)
        self._paint_words(painter, words, rect.bottom() - SPACE_12, tile, mirrored=mirrored)
        if focused:
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS_LARGE, RADIUS_LARGE)

    def _paint_picture(self, painter: QPainter, rect: QRectF, tile: CourseTile) -> None:
        path = QPainterPath()
        path.addRoundedRect(rect.adjusted(0, 0, 0, RADIUS_LARGE), RADIUS_LARGE - 1, RADIUS_LARGE - 1)
        painter.save()
        painter.setClipRect(rect)
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        size = rect.toRect().size()
        ratio = painter.device().devicePixelRatioF()
        pixmap = self._pictures.pixmap(tile.picture, size, ratio) if tile.picture is not None else None
        if pixmap is None:
            paint_cover(painter, rect, tile.course_id, cover_icon(tile.kind))
        else:
            painter.drawPixmap(rect, pixmap, QRectF(pixmap.rect()))
        painter.restore()

    def _paint_marks(self, painter: QPainter, rect: QRectF, tile: CourseTile, *, mirrored: bool) -> None:
        marks = {
            "enrolled": (tr("Enrolled"), "accent", "check"),
            "completed": (tr("Completed"), "success", "check-circle"),
            "saved": (tr("Saved"), "plain", "bookmark-simple"),
        }
        chips = [marks[tile.mark]] if tile.mark in marks else []
        if tile.is_new:
            chips.append((tr("NEW"), "warning", ""))
        edge = rect.right() - SPACE_8 if mirrored else rect.left() + SPACE_8
        for text, tone, icon_name in chips:
            size = chip_size(text, icon_name)
            left = edge - size.width() if mirrored else edge
            place = QRectF(left, rect.top() + SPACE_8, size.width(), size.height())
            paint_chip(painter, place, text, tone, icon_name, mirrored=mirrored)
            edge += -(size.width() + SPACE_4) if mirrored else size.width() + SPACE_4

    def _paint_words(self, painter: QPainter, area: QRectF, bottom: float, tile: CourseTile, *, mirrored: bool) -> None:
        colours = tokens().colours
        small, strong = font(TYPE_SMALL), font(TYPE_BODY, strong=True)
        small_height, strong_height = QFontMetrics(small).height(), QFontMetrics(strong).height()
        width, top = area.width(), area.top()

        def line(text: str, face: QFont, colour: str, y: float, height: int) -> None:
            paint_line(painter, QRectF(area.left(), y, width, height), text, face, colour, mirrored=mirrored)

        line(course_kind_text(tile.kind), small, colours.muted, top, small_height)
        top += small_height + SPACE_4
        for text in two_lines(tile.title, strong, width):
            line(text, strong, colours.text, top, strong_height)
            top += strong_height
        line(tile.partner, small, colours.muted, top + SPACE_4, small_height)
        facts = [level_text(tile.level)]
        if tile.minutes:
            facts.append(minutes_text(tile.minutes))
        y = bottom - small_height
        if tile.rating_count:
            star = tokens().scaled(ICON_SMALL - 2)
            left = area.right() - star if mirrored else area.left()
            paint_icon(painter, QRectF(left, y + (small_height - star) / 2, star, star), "star-fill", colours.warning)
            facts.insert(0, tr("{rating} ({n})", tile.rating_count, rating=f"{tile.rating:.1f}"))
            shift = star + SPACE_4
            area = area.adjusted(0 if mirrored else shift, 0, -shift if mirrored else 0, 0)
            width = area.width()
        line(" · ".join(facts), small, colours.muted, y, small_height)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """All tiles are alike; the view lays them out."""
        width = tokens().scaled(TILE_WIDTH)
        return QSize(width, tile_height(width))
