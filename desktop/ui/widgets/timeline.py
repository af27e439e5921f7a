"""The weeks of a course in a line, from START on: done, under way, to come."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop.i18n import day_text, tr
from desktop.models.views import WeekView
from desktop.ui.theme.icons import paint_icon
from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import SPACE_4, TYPE_BODY, TYPE_SMALL
from desktop.ui.widgets.focus import PaintedButton
from desktop.ui.widgets.layouts import clear

DOT = 34


class WeekDot(PaintedButton):
    """A week on the line. ``last`` ends it."""

    def __init__(self, week: WeekView, *, first: bool, last: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._week, self._first, self._last = week, first, last
        self.setObjectName(f"timeline-week-{week.number}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        states = {"done": tr("done"), "current": tr("under way"), "todo": tr("to come")}
        name = tr("Week {number}", number=week.number)
        self.setText(name)
        self.setAccessibleName(f"{name}: {week.title}, {states.get(week.state, week.state)}")
        self.setToolTip(week.title)

    def sizeHint(self) -> QSize:
        """The dot, and a line of words below it."""
        height = tokens().scaled(DOT) + SPACE_4 + QFontMetrics(font(TYPE_SMALL)).height()
        return QSize(tokens().scaled(84), height + 2)

    def minimumSizeHint(self) -> QSize:
        """Narrow courses of many weeks still fit."""
        return QSize(tokens().scaled(DOT) + 4, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Line, dot, words."""
        colours = tokens().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = tokens().scaled(DOT)
        dot = QRectF((self.width() - side) / 2, 1, side, side)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        done, current = self._week.state == "done", self._week.state == "current"
        before, after = colours.accent if done or current else colours.border_strong, colours.border_strong
        after = colours.accent if done else after
        left, right = (after, before) if mirrored else (before, after)
        ends = (self._last, self._first) if mirrored else (self._first, self._last)
        y = dot.center().y()
        if not ends[0]:
            painter.setPen(QPen(QColor(left), 2))
            painter.drawLine(0, round(y), round(dot.left()), round(y))
        if not ends[1]:
            painter.setPen(QPen(QColor(right), 2))
            painter.drawLine(round(dot.right()), round(y), self.width(), round(y))
        painter.setPen(QPen(QColor(colours.accent if done or current else colours.border_strong), 2))
        painter.setBrush(QColor(colours.accent if done else colours.accent_soft if current else colours.surface))
        painter.drawEllipse(dot.adjusted(1, 1, -1, -1))
        if done:
            inset = side * 0.26
            paint_icon(painter, dot.adjusted(inset, inset, -inset, -inset), "check-bold", colours.on_accent)
        else:
            painter.setFont(font(TYPE_BODY, strong=current))
            painter.setPen(QColor(colours.accent if current else colours.muted))
            painter.drawText(dot, Qt.AlignmentFlag.AlignCenter, str(self._week.number))
        if self.ring():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.text), 2))
            painter.drawEllipse(dot.adjusted(-2, 0, 2, 2).intersected(QRectF(self.rect()).adjusted(1, 1, -1, -1)))
        self._paint_words(painter, QRectF(0, dot.bottom() + SPACE_4, self.width(), self.height() - dot.bottom()))
        painter.end()

    def _paint_words(self, painter: QPainter, rect: QRectF) -> None:
        colours = tokens().colours
        painter.setFont(font(TYPE_SMALL, strong=self._week.state == "current"))
        painter.setPen(QColor(colours.text if self._week.state == "current" else colours.muted))
        words = day_text(self._week.starts_at) if self._week.starts_at is not None else self.text()
        shown = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, int(rect.width()))
        painter.drawText(rect, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, shown)


class Timeline(QWidget):
    """``chosen`` is emitted with a week's number."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._shown: tuple[tuple[int, str, str, object], ...] = ()

    def show_weeks(self, weeks: tuple[WeekView, ...]) -> None:
        """Show them; the same ones again change nothing."""
        shown = tuple((week.number, week.title, week.state, week.starts_at) for week in weeks)
        if shown == self._shown:
            return
        self._shown = shown
        clear(self._row)
        for place, week in enumerate(weeks):
            dot = WeekDot(week, first=place == 0, last=place == len(weeks) - 1)
            dot.clicked.connect(partial(self._choose, week.number))
            self._row.addWidget(dot, 1)

    def _choose(self, number: int, *_: object) -> None:
        self.chosen.emit(number)
