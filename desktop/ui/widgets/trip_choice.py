"""What to take along: for how long, which weeks, what that takes.

Object names: ``tripDays``, ``chooseDue``, ``chooseCurrent``, ``chooseNext``, ``chooseNothing``, ``tripTree``, and in
the foot ``tripPlan``, ``tripVerdict``, ``leaveOut``, ``packTrip``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import day_text, tr
from desktop.models.trip_views import TripCourse, TripPlan, Week, due_by, end_of, weeks_ahead
from desktop.ui.itemmodels.trips import plan_text, verdict_text
from desktop.ui.theme.tokens import SPACE_4, SPACE_8, SPACE_12
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.fields import ChoiceBox
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import FlowLayout
from desktop.ui.widgets.surfaces import Card
from desktop.ui.widgets.trip_tree import TripTree

DAYS = (3, 7, 10, 14, 30)
USUAL_DAYS = 10


class TripChoice(QWidget):
    """``choice_changed``: other weeks are chosen, see ``chosen``; ``days`` is for how long."""

    choice_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._courses: tuple[TripCourse, ...] = ()
        self._now: datetime | None = None
        self._chosen: frozenset[Week] = frozenset()
        self._begun = False
        self._days = ChoiceBox(tr("How long are you away?"), "tripDays")
        for days in DAYS:
            self._days.addItem(tr("1 day|{n} days", days), days)
        self._days.setCurrentIndex(DAYS.index(USUAL_DAYS))
        label = Label(self._days.label, "strong", wrap=False)
        label.setBuddy(self._days)
        self._until = Label("", "body", "muted", wrap=False)
        away = QHBoxLayout()
        away.setSpacing(SPACE_12)
        away.addWidget(label)
        away.addWidget(self._days)
        away.addWidget(self._until)
        away.addStretch(1)
        self._due = Button("", "secondary", "calendar-check", "chooseDue")
        self._current = Button(tr("The weeks I am in"), "secondary", name="chooseCurrent")
        self._next = Button(tr("These and the next"), "secondary", name="chooseNext")
        self._nothing = Button(tr("Nothing"), "quiet", name="chooseNothing")
        quick = FlowLayout(spacing=SPACE_8)
        for button in (self._due, self._current, self._next, self._nothing):
            quick.addWidget(button)
            button.clicked.connect(self._choose_at_once)
        self.tree = TripTree()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_12)
        column.addLayout(away)
        column.addLayout(quick)
        column.addWidget(self.tree)
        self.tree.choice_changed.connect(self._on_tree)
        self._days.currentIndexChanged.connect(self._on_days)

    @property
    def days(self) -> int:
        """For how long."""
        return int(self._days.currentData())

    @property
    def courses(self) -> tuple[TripCourse, ...]:
        """What can be chosen."""
        return self._courses

    def chosen(self) -> frozenset[Week]:
        """The weeks that are chosen."""
        return self._chosen

    def show_courses(self, courses: tuple[TripCourse, ...], now: datetime) -> None:
        """What can be chosen. At first what is due is, or the weeks the learner is in where nothing is due."""
        self._courses, self._now = courses, now
        known = {(course.course_id, week.number) for course in courses for week in course.weeks}
        if not self._begun and known:
            self._begun = True
            self._chosen = due_by(courses, end_of(now, self.days)) or weeks_ahead(courses, 0)
        self._chosen &= known
        self._say_until()
        self.tree.show_courses(courses, self._chosen, now)

    def choose(self, weeks: Collection[Week]) -> None:
        """Choose other weeks."""
        assert self._now is not None
        self._chosen = frozenset(weeks)
        self.tree.show_courses(self._courses, self._chosen, self._now)
        self.choice_changed.emit()

    @Slot()
    def _choose_at_once(self) -> None:
        if self._now is None:
            return
        pressed = self.sender()
        if pressed is self._due:
            self.choose(due_by(self._courses, end_of(self._now, self.days)))
        elif pressed is self._nothing:
            self.choose(())
        else:
            self.choose(weeks_ahead(self._courses, 0 if pressed is self._current else 1))

    @Slot()
    def _on_tree(self) -> None:
        self._chosen = self.tree.chosen()
        self.choice_changed.emit()

    @Slot()
    def _on_days(self) -> None:
        self._say_until()

    def _say_until(self) -> None:
        self._due.setText(tr("Everything due in the next day|Everything due in the next {n} days", self.days))
        if self._now is not None:
            self._until.setText(tr("until {day}", day=day_text(end_of(self._now, self.days))))


class TripFoot(Card):
    """What the choice takes, always in sight. ``pack_wanted``, ``leave_out_wanted``: the two ways on."""

    pack_wanted = Signal()
    leave_out_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=SPACE_12)
        self.plan_line = Label("", "body")
        self.plan_line.setObjectName("tripPlan")
        self.verdict = Label("", "small", "muted")
        self.verdict.setObjectName("tripVerdict")
        self.leave_out = Button(tr("Leave these out"), "secondary", name="leaveOut")
        self.pack = Button(tr("Pack"), "primary", "suitcase", "packTrip")
        words = QVBoxLayout()
        words.setSpacing(SPACE_4)
        words.addWidget(self.plan_line)
        words.addWidget(self.verdict)
        row = QHBoxLayout()
        row.setSpacing(SPACE_12)
        row.addLayout(words, 1)
        for button in (self.leave_out, self.pack):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(row)
        self.pack.clicked.connect(self.pack_wanted)
        self.leave_out.clicked.connect(self.leave_out_wanted)
        self.show_waiting()

    def show_waiting(self) -> None:
        """What the choice takes is being found out."""
        self.pack.setEnabled(False)

    def show_plan(self, plan: TripPlan, courses: tuple[TripCourse, ...], speed: float) -> None:
        """What the choice takes; ``speed`` in bytes a second, 0 when nobody knows."""
        self.plan_line.setText(plan_text(plan))
        verdict = verdict_text(plan, courses, speed)
        self.verdict.setText(verdict)
        self.verdict.setVisible(bool(verdict))
        self.verdict.set_tone("muted" if plan.fits else "danger")
        self.leave_out.setVisible(not plan.fits and 0 < len(plan.leave_out) < len(plan.weeks))
        self.pack.setEnabled(bool(plan.weeks) and plan.fits)
