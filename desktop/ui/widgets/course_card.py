"""A course on the program's home: how far it is, what comes next, and the buttons for both."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from desktop.i18n import day_text, percent_text, tr
from desktop.models.home_views import CourseCard
from desktop.ui.theme.icons import kind_icon
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import ICON, SPACE_4, SPACE_8, SPACE_12, SPACE_16
from desktop.ui.widgets.buttons import Button, IconButton
from desktop.ui.widgets.indicators import Chip, ProgressLine
from desktop.ui.widgets.labels import ElidedLabel, IconLabel, Label
from desktop.ui.widgets.layouts import FlowLayout
from desktop.ui.widgets.surfaces import Card
from desktop.ui.wording import course_kind_text, item_line, offline_icon, offline_text

STEP_WIDTH = 260
"""Room that the next step should keep beside the buttons."""


class CourseCardWidget(Card):
    """``asked`` is emitted with what the learner wants (open, step, reset, download, unenroll, forget, describe)."""

    asked = Signal(str, object)

    def __init__(self, card: CourseCard, now: datetime, admin: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=SPACE_16)
        self.card = card
        self._now, self._admin = now, admin
        self.setObjectName(f"card-{card.course_id}")
        self.overline = ElidedLabel("", "overline", "muted")
        self.chip = Chip()
        self.more = IconButton("dots-three", tr("More"), f"more-{card.course_id}")
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.more.setMenu(self.menu)
        self.title = Label("", "heading")
        self.bar = ProgressLine(tr("Progress"))
        self.percent = Label("", "strong", wrap=False)
        self.percent.setObjectName(f"percent-{card.course_id}")
        self.due = Label("", "small", "muted", wrap=False)
        self.step_icon = IconLabel("circle", ICON)
        self.step = ElidedLabel()
        self.offline = Chip()
        self.reset = Button(tr("Reset my deadlines"), "secondary", "arrow-counter-clockwise")
        self.reset.setObjectName(f"resetDeadlines-{card.course_id}")
        self.second = Button(tr("Go to course"), "secondary", name=f"goToCourse-{card.course_id}")
        self.first = Button("", "primary", name=f"resume-{card.course_id}")
        self.refusal = Label("", "body", "danger")
        self._lay_out()
        self.reset.clicked.connect(self._ask_reset)
        self.first.clicked.connect(self._ask_first)
        self.second.clicked.connect(self._ask_open)
        self.show_card(card, now)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACE_8)
        top.addWidget(self.overline, 1)
        top.addWidget(self.chip)
        top.addWidget(self.more)
        self._progress = QWidget()
        line = QHBoxLayout(self._progress)
        line.setContentsMargins(0, 0, SPACE_8, 0)
        line.setSpacing(SPACE_12)
        line.addWidget(self.bar, 1)
        line.addWidget(self.percent)
        line.addWidget(self.due)
        step = QHBoxLayout()
        step.setSpacing(SPACE_8)
        step.addWidget(self.step_icon)
        step.addWidget(self.step, 1)
        step.addWidget(self.offline)
        self._buttons = QWidget()
        buttons = FlowLayout(self._buttons, SPACE_8)
        for button in (self.reset, self.second, self.first):
            buttons.addWidget(button)
        self._bottom = bottom = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        bottom.setContentsMargins(0, 0, SPACE_8, 0)
        bottom.setSpacing(SPACE_12)
        bottom.addLayout(step, 1)
        bottom.addWidget(self._buttons)
        column = QVBoxLayout()
        column.setSpacing(SPACE_8)
        column.addLayout(top)
        column.addWidget(self.title)
        column.addWidget(self._progress)
        column.addWidget(self.refusal)
        column.addSpacing(SPACE_4)
        column.addLayout(bottom)
        self.body.addLayout(column)
        # The button of the menu has air of its own: its dots end where the lines below end.
        self.body.setContentsMargins(SPACE_16, SPACE_8, SPACE_8, SPACE_16)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the buttons go below the next step."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        chip = self.offline.sizeHint().width() if not self.offline.isHidden() else 0
        needed = self._buttons.sizeHint().width() + chip + tokens().scaled(STEP_WIDTH)
        directions = QBoxLayout.Direction
        self._bottom.setDirection(directions.LeftToRight if needed <= self.width() else directions.TopToBottom)

    def show_card(self, card: CourseCard, now: datetime) -> None:
        """Show the course as it is now; focus stays where it is."""
        self.card, self._now = card, now
        kind = course_kind_text(card.kind)
        self.overline.set_text(f"{kind} · {card.partner}" if card.partner else kind)
        self.title.setText(card.title)
        self.setAccessibleName(f"{kind}: {card.title}")
        self.more.set_label(tr("More about {title}", title=card.title))
        self._show_chip(card)
        opens_later = card.opens_at is not None and card.opens_at > now
        shown = card.state in {"active", "completed"} and not (card.pending or card.refused or opens_later)
        self._progress.setVisible(shown)
        self.bar.setValue(card.percent)
        self.bar.setAccessibleName(tr("Progress in {title}", title=card.title))
        self.percent.setText(percent_text(card.percent))
        due = tr("1 assignment this week|{n} assignments this week", card.due_this_week) if card.due_this_week else ""
        self.due.setText(due)
        self.due.setVisible(bool(due))
        self.refusal.setText(card.refused)
        self.refusal.setVisible(bool(card.refused))
        self.offline.setVisible(card.offline in {"ready", "part"})
        tone = "success" if card.offline == "ready" else "plain"
        self.offline.set_chip(offline_text(card.offline), tone, offline_icon(card.offline))
        self._show_buttons(card)
        self._fit()

    def _show_chip(self, card: CourseCard) -> None:
        if card.refused:
            self.chip.set_chip(tr("Refused"), "danger", "warning-circle")
        elif card.pending:
            self.chip.set_chip(tr("Waiting for the server"), "warning", "hourglass")
        elif card.state == "completed":
            self.chip.set_chip(tr("Completed"), "success", "check-circle")
        elif card.state == "saved":
            self.chip.set_chip(tr("Saved for later"), "plain", "bookmark-simple")
        elif card.state == "inactive":
            self.chip.set_chip(tr("Inactive"), "plain")
        elif card.opens_at is not None and card.opens_at > self._now:
            self.chip.set_chip(tr("Opens {day}", day=day_text(card.opens_at)), "plain", "calendar-blank")
        elif card.overdue:
            self.chip.set_chip(tr("Overdue"), "danger", "clock")
        else:
            self.chip.set_chip(tr("On track"), "success", "check")

    def _show_buttons(self, card: CourseCard) -> None:
        step = card.next_step
        opens_later = card.opens_at is not None and card.opens_at > self._now
        running = card.state == "active" and not card.pending and not card.refused and not opens_later
        if running and step is not None:
            self.step_icon.set_icon(kind_icon(step.kind))
            self.step.set_text(tr("Next: {item}", item=item_line(step.kind, step.title, step.minutes)))
            self.first.setText(tr("Resume") if step.started else tr("Start"))
            self.first.setAccessibleName(f"{self.first.text()}: {step.title}")
        else:
            self.step.set_text(self._remark(card))
            if card.state == "saved" or card.refused or card.pending:
                self.first.setText(tr("See the course"))
            else:
                self.first.setText(tr("Go to course"))
            self.first.setAccessibleName(f"{self.first.text()}: {card.title}")
        self.step_icon.setVisible(running and step is not None)
        self.first.set_variant("primary" if running else "secondary")
        self.second.setVisible(running and step is not None)
        self.second.setAccessibleName(tr("Go to course: {title}", title=card.title))
        self.reset.setVisible(card.overdue and running)
        self.reset.setAccessibleName(tr("Reset my deadlines in {title}", title=card.title))

    def _remark(self, card: CourseCard) -> str:
        if card.refused:
            return tr("Nothing was changed.")
        if card.pending:
            return tr("It opens as soon as the server has confirmed it.")
        if card.opens_at is not None and card.opens_at > self._now:
            return tr("You are enrolled. It opens on {day}.", day=day_text(card.opens_at))
        if card.state == "active" and not card.ready:
            return tr("Its contents are on their way.")
        return ""

    @Slot()
    def _fill_menu(self) -> None:
        card, menu = self.card, self.menu
        menu.clear()
        if card.state == "saved":
            menu.addAction(tr("See the course")).triggered.connect(self._ask_describe)
            menu.addAction(tr("Remove from saved")).triggered.connect(self._ask_forget)
            return
        menu.addAction(tr("Course description")).triggered.connect(self._ask_describe)
        if card.state not in {"active", "completed"} or card.pending or card.refused:
            return
        reset = menu.addAction(tr("Reset deadlines"))
        reset.setEnabled(card.state == "active")
        reset.triggered.connect(self._ask_reset)
        download = menu.addAction(tr("Download for offline"))
        download.setEnabled(card.ready and card.offline != "ready")
        download.triggered.connect(self._ask_download)
        menu.addSeparator()
        until = card.unenroll_until
        leave = menu.addAction(tr("Unenroll"))
        leave.setObjectName("menuUnenroll")
        if until is not None and until > self._now:
            leave.setText(tr("Unenroll (possible until {day})", day=day_text(until)))
            leave.triggered.connect(self._ask_unenroll)
        else:
            leave.setEnabled(False)
            leave.setText(self._too_late(until))

    def _too_late(self, until: datetime | None) -> str:
        if until is None:
            return tr("Unenroll (not possible in this course)")
        if self._admin:
            return tr("Unenroll (was possible until {day}; ask {who})", day=day_text(until), who=self._admin)
        return tr("Unenroll (was possible until {day})", day=day_text(until))

    def _ask(self, what: str) -> None:
        self.asked.emit(what, self.card)

    @Slot()
    def _ask_first(self) -> None:
        if self.card.state == "saved" or self.card.refused or self.card.pending:
            self._ask("describe")
        else:
            self._ask("step" if not self.second.isHidden() else "open")

    @Slot()
    def _ask_open(self) -> None:
        self._ask("open")

    @Slot()
    def _ask_reset(self) -> None:
        self._ask("reset")

    @Slot()
    def _ask_download(self) -> None:
        self._ask("download")

    @Slot()
    def _ask_unenroll(self) -> None:
        self._ask("unenroll")

    @Slot()
    def _ask_forget(self) -> None:
        self._ask("forget")

    @Slot()
    def _ask_describe(self) -> None:
        self._ask("describe")
