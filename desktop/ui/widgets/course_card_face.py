"""What a course's card says, where it stands on the card, and how it is painted.

The words are painted by the card itself: twenty labels a card would cost a start, and every resize, ten times as much.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QPainter

from desktop.i18n import day_text, percent_text, tr
from desktop.models.home_views import CourseCard
from desktop.ui.theme.icons import kind_icon, paint_icon
from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import (
    ICON,
    SPACE_4,
    SPACE_8,
    SPACE_12,
    SPACE_16,
    TYPE_BODY,
    TYPE_HEADING,
    TYPE_SMALL,
)
from desktop.ui.widgets.indicators import chip_size, paint_bar, paint_chip
from desktop.ui.widgets.lines import paint_line, reading_side
from desktop.ui.wording import course_kind_text, item_line, offline_icon, offline_text

STEP_WIDTH = 260
"""Room that the next step should keep beside the buttons."""
BAR_HEIGHT = 6
SLACK = 2
"""A text takes up to this more than the whole pixels of its advance; with less its end would become …"""
ENDLESS = 100_000


class ChipWords(NamedTuple):
    """A word or two on a tinted ground, as ``indicators.paint_chip`` takes them."""

    text: str = ""
    tone: str = "plain"
    icon: str = ""


class CardWords(NamedTuple):
    """Everything that is painted. Empty texts take no room; ``percent`` is None where there is no progress to show."""

    overline: str
    title: str
    chip: ChipWords
    percent: int | None
    due: str
    refusal: str
    step_icon: str
    step: str
    offline: ChipWords

    def spoken(self) -> str:
        """All but the title, for screen readers."""
        percent = "" if self.percent is None else percent_text(self.percent)
        parts = (self.chip.text, percent, self.due, self.refusal, self.step, self.offline.text)
        return ". ".join(part for part in parts if part)


def opens_later(card: CourseCard, now: datetime) -> bool:
    """Whether the course has not begun yet."""
    return card.opens_at is not None and card.opens_at > now


def is_running(card: CourseCard, now: datetime) -> bool:
    """Whether the learner can go on with it."""
    return card.state == "active" and not card.pending and not card.refused and not opens_later(card, now)


def card_words(card: CourseCard, now: datetime) -> CardWords:
    """What to say of a course."""
    kind = course_kind_text(card.kind)
    progresses = card.state in {"active", "completed"} and not (card.pending or card.refused or opens_later(card, now))
    step = card.next_step if is_running(card, now) else None
    due = tr("1 assignment this week|{n} assignments this week", card.due_this_week) if card.due_this_week else ""
    offline = ChipWords()
    if card.offline in {"ready", "part"}:
        tone = "success" if card.offline == "ready" else "plain"
        offline = ChipWords(offline_text(card.offline), tone, offline_icon(card.offline))
    return CardWords(
        overline=f"{kind} · {card.partner}" if card.partner else kind,
        title=card.title,
        chip=_chip(card, now),
        percent=card.percent if progresses else None,
        due=due if progresses else "",
        refusal=card.refused,
        step_icon=kind_icon(step.kind) if step else "",
        step=tr("Next: {item}", item=item_line(step.kind, step.title, step.minutes)) if step else _remark(card, now),
        offline=offline,
    )


def _chip(card: CourseCard, now: datetime) -> ChipWords:
    if card.refused:
        return ChipWords(tr("Refused"), "danger", "warning-circle")
    if card.pending:
        return ChipWords(tr("Waiting for the server"), "warning", "hourglass")
    if card.state == "completed":
        return ChipWords(tr("Completed"), "success", "check-circle")
    if card.state == "saved":
        return ChipWords(tr("Saved for later"), "plain", "bookmark-simple")
    if card.state == "inactive":
        return ChipWords(tr("Inactive"))
    if card.opens_at is not None and card.opens_at > now:
        return ChipWords(tr("Opens {day}", day=day_text(card.opens_at)), "plain", "calendar-blank")
    if card.overdue:
        return ChipWords(tr("Overdue"), "danger", "clock")
    return ChipWords(tr("On track"), "success", "check")


def _remark(card: CourseCard, now: datetime) -> str:
    if card.refused:
        return tr("Nothing was changed.")
    if card.pending:
        return tr("It opens as soon as the server has confirmed it.")
    if card.opens_at is not None and card.opens_at > now:
        return tr("You are enrolled. It opens on {day}.", day=day_text(card.opens_at))
    if card.state == "active" and not card.ready:
        return tr("Its contents are on their way.")
    return ""


# --- where it stands --------------------------------------------------------------------------------------------------


class Type(NamedTuple):
    """A font and its measures."""

    font: QFont
    metrics: QFontMetrics


class Types(NamedTuple):
    """The type on a card."""

    overline: Type
    title: Type
    strong: Type
    small: Type
    body: Type


def types() -> Types:
    """The type of the look of this moment."""
    return _types(QGuiApplication.font().family(), tokens().text_percent)


@functools.lru_cache(maxsize=4)
def _types(_family: str, _percent: int) -> Types:
    def made(size: int, *, strong: bool = False) -> Type:
        face = font(size, strong=strong)
        return Type(face, QFontMetrics(face))

    return Types(
        overline=made(TYPE_SMALL, strong=True),
        title=made(TYPE_HEADING, strong=True),
        strong=made(TYPE_BODY, strong=True),
        small=made(TYPE_SMALL),
        body=made(TYPE_BODY),
    )


class Plan(NamedTuple):
    """Where everything stands on a card of some width. A null rectangle is not there."""

    height: int
    overline: QRect
    chip: QRect
    more: QRect
    title: QRect
    bar: QRect
    percent: QRect
    due: QRect
    refusal: QRect
    step_icon: QRect
    step: QRect
    offline: QRect
    buttons: tuple[QRect, ...]

    def mirrored(self, width: int) -> Plan:
        """The same for those who read from right to left."""
        edges = width

        def turned(rect: QRect) -> QRect:
            return (
                rect if rect.isNull() else QRect(edges - rect.x() - rect.width(), rect.y(), rect.width(), rect.height())
            )

        return Plan(
            self.height,
            turned(self.overline),
            turned(self.chip),
            turned(self.more),
            turned(self.title),
            turned(self.bar),
            turned(self.percent),
            turned(self.due),
            turned(self.refusal),
            turned(self.step_icon),
            turned(self.step),
            turned(self.offline),
            tuple(turned(rect) for rect in self.buttons),
        )


def _in_row(x: int, top: int, row: int, size: QSize) -> QRect:
    """A rectangle in the middle of a row's height."""
    return QRect(x, top + (row - size.height()) // 2, size.width(), size.height())


def plan_card(words: CardWords, width: int, more: QSize, buttons: Sequence[QSize]) -> Plan:
    """Where everything stands. ``more`` and ``buttons`` are the sizes of the widgets on the card."""
    left, right, kinds = SPACE_16, width - SPACE_16, types()
    top = SPACE_8
    chip = chip_size(words.chip.text, words.chip.icon)
    row = max(more.height(), chip.height(), kinds.overline.metrics.height())
    # The button of the menu has air of its own: its dots end where the lines below end.
    more_at = _in_row(right + SPACE_8 - more.width(), top, row, more)
    chip_at = _in_row(more_at.x() - SPACE_8 - chip.width(), top, row, chip)
    overline_at = QRect(left, top, max(0, chip_at.x() - SPACE_8 - left), row)
    top += row + SPACE_8
    title_at = _paragraph(kinds.title.metrics, words.title, left, top, right - left)
    top += title_at.height() + SPACE_8
    bar_at, percent_at, due_at = QRect(), QRect(), QRect()
    if words.percent is not None:
        row = max(kinds.strong.metrics.height(), BAR_HEIGHT)
        end = right
        if words.due:
            wide = kinds.small.metrics.horizontalAdvance(words.due)
            due_at = QRect(end - wide, top, wide + SLACK, row)
            end = due_at.x() - SPACE_12
        wide = kinds.strong.metrics.horizontalAdvance(percent_text(words.percent))
        percent_at = QRect(end - wide, top, wide + SLACK, row)
        bar_at = _in_row(left, top, row, QSize(max(0, percent_at.x() - SPACE_12 - left), BAR_HEIGHT))
        top += row + SPACE_8
    refusal_at = QRect()
    if words.refusal:
        refusal_at = _paragraph(kinds.body.metrics, words.refusal, left, top, right - left)
        top += refusal_at.height() + SPACE_8
    top += SPACE_4
    height, step_icon_at, step_at, offline_at, buttons_at = _plan_bottom(words, width, top, buttons)
    return Plan(
        height + SPACE_16,
        overline_at,
        chip_at,
        more_at,
        title_at,
        bar_at,
        percent_at,
        due_at,
        refusal_at,
        step_icon_at,
        step_at,
        offline_at,
        buttons_at,
    )


def _paragraph(metrics: QFontMetrics, text: str, left: int, top: int, width: int) -> QRect:
    flags = int(Qt.TextFlag.TextWordWrap)
    return QRect(left, top, width, metrics.boundingRect(0, 0, max(1, width), ENDLESS, flags, text).height())


def _plan_bottom(
    words: CardWords, width: int, top: int, buttons: Sequence[QSize]
) -> tuple[int, QRect, QRect, QRect, tuple[QRect, ...]]:
    """The next step, and beside it the buttons; where there is little room they stand below, in lines like words."""
    left, right, side = SPACE_16, width - SPACE_16, tokens().scaled(ICON)
    offline = chip_size(words.offline.text, words.offline.icon) if words.offline.text else QSize(0, 0)
    taken = sum(size.width() for size in buttons) + SPACE_8 * max(0, len(buttons) - 1)
    beside = taken + offline.width() + tokens().scaled(STEP_WIDTH) <= width
    row = max(types().body.metrics.height(), offline.height(), side if words.step_icon else 0)
    if beside:
        row = max([row, *(size.height() for size in buttons)])
    end = right - taken - SPACE_12 if beside and buttons else right
    offline_at = QRect()
    if words.offline.text:
        offline_at = _in_row(end - offline.width(), top, row, offline)
        end = offline_at.x() - SPACE_8
    icon_at, begin = QRect(), left
    if words.step_icon:
        icon_at = _in_row(left, top, row, QSize(side, side))
        begin += side + SPACE_8
    step_at = QRect(begin, top, max(0, end - begin), row)
    places: list[QRect] = []
    x, y, line, height = (right - taken if beside else left), top, 0, top + row
    if not beside:
        y = height + SPACE_12
    for size in buttons:
        if not beside and x > left and x + size.width() > right:
            x, y, line = left, y + line + SPACE_8, 0
        drop = (row - size.height()) // 2 if beside else 0
        places.append(QRect(x, y + drop, min(size.width(), right - left), size.height()))
        x, line = x + size.width() + SPACE_8, max(line, size.height())
        height = max(height, y + line)
    return height, icon_at, step_at, offline_at, tuple(places)


# --- how it is painted ------------------------------------------------------------------------------------------------


def paint_words(painter: QPainter, words: CardWords, plan: Plan, *, mirrored: bool) -> None:
    """Paint all words and signs; the card's ground is there already."""
    colours, kinds = tokens().colours, types()

    def line(rect: QRect, text: str, kind: Type, colour: str) -> None:
        if text:
            paint_line(painter, QRectF(rect), text, kind.font, colour, mirrored=mirrored)

    def paragraph(rect: QRect, text: str, kind: Type, colour: str) -> None:
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.setFont(kind.font)
        painter.setPen(colour)
        side = reading_side(mirrored=mirrored) | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect, int(side) | int(Qt.TextFlag.TextWordWrap), text)

    def chip(rect: QRect, said: ChipWords) -> None:
        if said.text:
            paint_chip(painter, QRectF(rect), said.text, said.tone, said.icon, mirrored=mirrored)

    line(plan.overline, words.overline, kinds.overline, colours.muted)
    chip(plan.chip, words.chip)
    paragraph(plan.title, words.title, kinds.title, colours.text)
    if words.percent is not None:
        paint_bar(painter, QRectF(plan.bar), words.percent, mirrored=mirrored)
        line(plan.percent, percent_text(words.percent), kinds.strong, colours.text)
        line(plan.due, words.due, kinds.small, colours.muted)
    if words.refusal:
        paragraph(plan.refusal, words.refusal, kinds.body, colours.danger)
    if words.step_icon:
        paint_icon(painter, plan.step_icon, words.step_icon, colours.muted)
    line(plan.step, words.step, kinds.body, colours.text)
    chip(plan.offline, words.offline)
