"""Courses and their weeks, to be ticked: a course is ticked, half ticked or not, as its weeks are.

Keys: up and down between rows, left and right fold a course, Space ticks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QScrollArea, QSizePolicy, QTreeWidget, QTreeWidgetItem, QWidget

from desktop.i18n import day_text, size_text, tr
from desktop.models.trip_views import TripCourse, TripWeek, Week
from desktop.ui.delegates.ticks import TickDelegate
from desktop.ui.itemmodels.action_rows import AnyIndex

NAME, DUE, SIZE = range(3)
WEEK_ROLE = Qt.ItemDataRole.UserRole + 1
FEW = 3
"""So many courses are shown with their weeks from the start."""


TICKED = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable


class _Row(NamedTuple):
    """A course in the tree, and its weeks."""

    course_id: str
    course: QTreeWidgetItem
    weeks: list[QTreeWidgetItem]


class TripTree(QTreeWidget):
    """``choice_changed``: the learner ticked something."""

    choice_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tripTree")
        self.setAccessibleName(tr("Courses and weeks to take along"))
        self.setColumnCount(3)
        self.setHeaderLabels([tr("Course and week"), tr("Due"), tr("To fetch")])
        self.setUniformRowHeights(True)
        self.setItemDelegate(TickDelegate(self))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabKeyNavigation(False)
        header = self.header()
        self.headerItem().setTextAlignment(SIZE, Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (DUE, SIZE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self._filling = False
        self._rows: list[_Row] = []
        self.itemChanged.connect(self._on_changed)
        self.expanded.connect(self._on_folded)
        self.collapsed.connect(self._on_folded)

    def show_courses(self, courses: Sequence[TripCourse], chosen: Collection[Week], now: datetime) -> None:
        """Show courses, and which weeks are chosen; what is unfolded and where the keyboard is stays."""
        self._filling = True
        try:
            if [(row.course_id, len(row.weeks)) for row in self._rows] != [
                (c.course_id, len(c.weeks)) for c in courses
            ]:
                self._make(courses)
            for row, course in zip(self._rows, courses, strict=True):
                _fill(row, course, chosen, now)
        finally:
            self._filling = False
        self.updateGeometry()

    def chosen(self) -> frozenset[Week]:
        """The weeks that are ticked."""
        return frozenset(
            item.data(NAME, WEEK_ROLE)
            for row in self._rows
            for item in row.weeks
            if item.checkState(NAME) == Qt.CheckState.Checked
        )

    def item_of(self, course_id: str, number: int = 0) -> QTreeWidgetItem:
        """The row of a course, or of a week of it."""
        row = next(found for found in self._rows if found.course_id == course_id)
        return next((item for item in row.weeks if item.data(NAME, WEEK_ROLE) == (course_id, number)), row.course)

    def _make(self, courses: Sequence[TripCourse]) -> None:
        unfolded = {row.course_id for row in self._rows if row.course.isExpanded()}
        first = not self._rows
        self._rows = []
        self.clear()
        for course in courses:
            top = QTreeWidgetItem(self)
            weeks = [QTreeWidgetItem(top) for _ in course.weeks]
            for item, week in zip(weeks, course.weeks, strict=True):
                item.setData(NAME, WEEK_ROLE, (course.course_id, week.number))
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | TICKED)
            if weeks:
                top.setFlags(Qt.ItemFlag.ItemIsEnabled | TICKED | Qt.ItemFlag.ItemIsAutoTristate)
            else:
                top.setFlags(Qt.ItemFlag.ItemIsSelectable)
                top.setFirstColumnSpanned(True)
            top.setExpanded(course.course_id in unfolded or (first and len(courses) <= FEW))
            for item in (top, *weeks):
                item.setTextAlignment(SIZE, Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
            self._rows.append(_Row(course.course_id, top, weeks))
        if self._rows:
            self.setCurrentItem(self._rows[0].course)

    @Slot(QTreeWidgetItem, int)
    def _on_changed(self, _item: QTreeWidgetItem, column: int) -> None:
        if column == NAME and not self._filling:
            self.choice_changed.emit()

    @Slot(QModelIndex)
    def _on_folded(self, _index: QModelIndex) -> None:
        self.updateGeometry()

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:  # noqa: N802 (Qt's name)
        """The page scrolls, not the tree: it follows the keyboard."""
        super().currentChanged(current, previous)
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        inside = around.widget() if around is not None else None
        if around is not None and inside is not None and self.hasFocus():
            row = self.visualRect(current)
            place = self.viewport().mapTo(inside, row.center())
            around.ensureVisible(place.x(), place.y(), 0, 2 * row.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter ticks too, and unfolds nothing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self.currentItem()
            if item is not None and item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
                ticked = item.checkState(NAME) == Qt.CheckState.Checked
                item.setCheckState(NAME, Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """As high as what is unfolded: the page scrolls."""
        rows = sum(1 + (len(row.weeks) if row.course.isExpanded() else 0) for row in self._rows)
        each = max(0, self.sizeHintForRow(0))
        height = self.header().sizeHint().height() + rows * each + 2 * self.frameWidth() + 2
        return QSize(super().sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        """As ``sizeHint``: never squeezed."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """The text's size changed."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.updateGeometry()


def _fill(row: _Row, course: TripCourse, chosen: Collection[Week], now: datetime) -> None:
    spoken = Qt.ItemDataRole.AccessibleTextRole
    if not course.ready:
        _set(row.course, NAME, tr("{course}: its contents come with the next connection", course=course.title))
        return
    _set(row.course, NAME, course.title)
    missing = sum(week.bytes_missing for week in course.weeks)
    _set(row.course, SIZE, _size_text(missing))
    row.course.setData(NAME, spoken, ", ".join((course.title, _spoken_size(missing))))
    for item, week in zip(row.weeks, course.weeks, strict=True):
        _set(item, NAME, _week_name(week))
        _set(item, DUE, _due_text(week, now))
        _set(item, SIZE, _size_text(week.bytes_missing))
        said = (_week_name(week), _due_text(week, now), _spoken_size(week.bytes_missing))
        item.setData(NAME, spoken, ", ".join(part for part in said if part))
        ticked = (course.course_id, week.number) in chosen
        item.setCheckState(NAME, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)


def _set(item: QTreeWidgetItem, column: int, text: str) -> None:
    if item.text(column) != text:
        item.setText(column, text)


def _size_text(missing: int) -> str:
    return size_text(missing) if missing else tr("Here")


def _spoken_size(missing: int) -> str:
    """One row is heard at a time: it says all of it."""
    return tr("{size} to fetch", size=size_text(missing)) if missing else tr("on this computer")


def _week_name(week: TripWeek) -> str:
    name = tr("Week {number}: {title}", number=week.number, title=week.title)
    if week.state == "current":
        return tr("{week} (you are here)", week=name)
    return tr("{week} (done)", week=name) if week.state == "done" else name


def _due_text(week: TripWeek, now: datetime) -> str:
    if week.due_at is None:
        return ""
    if week.due_at < now:
        return tr("Overdue since {day}", day=day_text(week.due_at))
    return tr("Due {day}", day=day_text(week.due_at))
