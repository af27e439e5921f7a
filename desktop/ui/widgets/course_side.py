"""The list at the left of a course: overview, weeks with how far they are, what else there is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.models.views import OutlineView, WeekView
from desktop.ui.theme.icons import paint_icon
from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import ICON, RADIUS_SMALL, SPACE_4, SPACE_8, SPACE_12, TYPE_BODY, TYPE_SMALL
from desktop.ui.widgets.indicators import paint_ring
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import clear
from desktop.ui.widgets.lines import paint_line
from desktop.ui.widgets.side_bar import SideBar

WIDTH = 216


def week_percent(week: WeekView) -> float:
    """Done items of a week in percent."""
    states = [item.state for module in week.modules for lesson in module.lessons for item in lesson.items]
    return 100 * states.count("done") / len(states) if states else 0


class SideEntry(QAbstractButton):
    """One entry: an icon or a ring, a title, perhaps a second line."""

    def __init__(self, title: str, icon_name: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._second, self._percent, self._done = icon_name, "", 0.0, False
        self.setText(title)
        self.setObjectName(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_week(self, week: WeekView) -> None:
        """Be the entry of a week."""
        self._second, self._percent, self._done = week.title, week_percent(week), week.state == "done"
        states = {"done": tr("done"), "current": tr("under way"), "todo": tr("to come")}
        self.setAccessibleName(f"{self.text()}: {week.title}, {states.get(week.state, week.state)}")
        self.setToolTip(week.title)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """One line or two."""
        height = QFontMetrics(font(TYPE_BODY)).height() + 2 * SPACE_8
        if self._second:
            height += QFontMetrics(font(TYPE_SMALL)).height()
        return QSize(120, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        colours = tokens().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        fill = colours.accent_soft if self.isChecked() else colours.hover if self.underMouse() else ""
        painter.setPen(QPen(QColor(colours.accent), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS_SMALL, RADIUS_SMALL)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = tokens().scaled(ICON)
        mark = QRectF(SPACE_12, (rect.height() - side) / 2, side, side)
        words = QRectF(SPACE_12 + side + SPACE_12, 0, rect.width() - side - 3 * SPACE_12, rect.height())
        if mirrored:
            mark.moveRight(rect.width() - SPACE_12)
            words.moveLeft(SPACE_12)
        ink = colours.accent if self.isChecked() else colours.text
        if self._icon:
            paint_icon(painter, mark, self._icon, colours.accent if self.isChecked() else colours.muted)
        else:
            paint_ring(painter, mark, self._percent, done=self._done)
        body = font(TYPE_BODY, strong=self.isChecked())
        if not self._second:
            paint_line(painter, words, self.text(), body, ink, mirrored=mirrored)
        else:
            height, small = QFontMetrics(body).height(), QFontMetrics(font(TYPE_SMALL)).height()
            top = (rect.height() - height - small) / 2
            first = QRectF(words.left(), top, words.width(), height)
            second = QRectF(words.left(), top + height, words.width(), small)
            paint_line(painter, first, self.text(), body, ink, mirrored=mirrored)
            paint_line(painter, second, self._second, font(TYPE_SMALL), colours.muted, mirrored=mirrored)
        painter.end()


class CourseSide(SideBar):
    """``chosen`` is emitted with a section: overview, week-<n>, notes, resources, info."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(WIDTH, parent)
        self.title = Label("", "strong")
        self.title.setContentsMargins(SPACE_12, 0, 0, SPACE_8)
        self._weeks = QVBoxLayout()
        self._weeks.setSpacing(SPACE_4)
        self._entries: dict[str, SideEntry] = {}
        column = self.column
        column.addWidget(self.title)
        column.addWidget(self._entry("overview", tr("Overview"), "squares-four"))
        column.addLayout(self._weeks)
        column.addWidget(self._entry("notes", tr("Notes"), "note-pencil"))
        column.addWidget(self._entry("resources", tr("Resources"), "paperclip"))
        column.addWidget(self._entry("info", tr("Course info"), "info"))
        column.addStretch(1)

    def _entry(self, section: str, title: str, icon_name: str) -> SideEntry:
        entry = SideEntry(title, icon_name, f"courseSide-{section}")
        entry.setAccessibleName(title)
        entry.clicked.connect(partial(self._choose, section))
        self._entries[section] = entry
        return entry

    def _choose(self, section: str, *_: object) -> None:
        self.chosen.emit(section)

    def show_outline(self, view: OutlineView) -> None:
        """The weeks of the course as they are now."""
        self.title.setText(view.title)
        wanted = [f"week-{week.number}" for week in view.weeks]
        if [name for name in self._entries if name.startswith("week-")] != wanted:
            self._entries = {name: entry for name, entry in self._entries.items() if not name.startswith("week-")}
            clear(self._weeks)
            for week in view.weeks:
                section = f"week-{week.number}"
                entry = self._entry(section, tr("Week {number}", number=week.number), "")
                entry.setObjectName(f"weekRow-{week.number}")
                self._weeks.addWidget(entry)
        for week in view.weeks:
            self._entries[f"week-{week.number}"].show_week(week)

    def mark(self, section: str) -> None:
        """The section that is shown."""
        for name, entry in self._entries.items():
            entry.setChecked(name == section)
