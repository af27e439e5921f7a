"""The overview of a course: where one stands, what comes next, what the teachers say."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import clock_text, day_text, percent_text, tr
from desktop.models.offline import together
from desktop.models.views import OutlineView
from desktop.ui.theme.icons import kind_icon
from desktop.ui.theme.tokens import SPACE_4, SPACE_12, SPACE_16
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.download_line import DownloadLine
from desktop.ui.widgets.download_menu import COURSE
from desktop.ui.widgets.folding_text import FoldingText
from desktop.ui.widgets.indicators import ProgressLine
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.surfaces import Banner, Card, SectionHeader
from desktop.ui.widgets.timeline import Timeline
from desktop.ui.wording import item_line


class OverviewPane(QWidget):
    """``step_wanted``: the next step's item id. ``reset_wanted``: shift the deadlines. ``week_wanted``: a number."""

    step_wanted = Signal(str)
    reset_wanted = Signal()
    week_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item = ""
        self.partner = Label("", "overline", "muted")
        self.title = Label("", "display")
        self.instructors = Label("", "body", "muted")
        self.missed = Banner("", "warning", tr("Reset my deadlines"), self._reset)
        self.missed.button.setObjectName("resetDeadlines")
        self.missed.hide()
        self.bar = ProgressLine(tr("Progress in this course"))
        self.percent = Label("", "strong", wrap=False)
        self.percent.setObjectName("coursePercent")
        self.start = Label("", "small", "muted", wrap=False)
        self.timeline = Timeline()
        self.timeline.chosen.connect(self.week_wanted)
        self.welcome_header = SectionHeader(tr("Welcome"))
        self.welcome = FoldingText("welcomeMore")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_16)
        heads = QVBoxLayout()
        heads.setSpacing(SPACE_4)
        for label in (self.partner, self.title, self.instructors):
            heads.addWidget(label)
        column.addLayout(heads)
        column.addWidget(self.missed)
        column.addWidget(self._make_next())
        column.addWidget(self._make_timeline())
        self.download = DownloadLine(course=True)
        self.taking = Card(margin=SPACE_16)
        self.taking.body.addWidget(self.download)
        column.addWidget(self.taking)
        column.addWidget(self.welcome_header)
        column.addWidget(self.welcome)

    def _make_next(self) -> Card:
        self.next = Card(margin=SPACE_16, fill="accent_soft", edge="accent_soft")
        self.next_icon = IconLabel("play-circle", 32, "accent")
        self.next_over = Label("", "small", "muted")
        self.next_title = Label("", "heading")
        self.next_button = Button("", "primary", name="nextStep")
        self.next_button.clicked.connect(self._step)
        words = QVBoxLayout()
        words.setSpacing(SPACE_4)
        words.addWidget(self.next_over)
        words.addWidget(self.next_title)
        row = QHBoxLayout()
        row.setSpacing(SPACE_16)
        row.addWidget(self.next_icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self.next_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.next.body.addLayout(row)
        return self.next

    def _make_timeline(self) -> Card:
        card = Card(margin=SPACE_16)
        line = QHBoxLayout()
        line.setSpacing(SPACE_12)
        line.addWidget(self.start, 1)
        line.addWidget(self.percent)
        card.body.setSpacing(SPACE_12)
        card.body.addLayout(line)
        card.body.addWidget(self.bar)
        card.body.addSpacing(SPACE_4)
        card.body.addWidget(self.timeline)
        return card

    def show_outline(self, view: OutlineView) -> None:
        """Show the course as it is now."""
        self.partner.setText(view.partner)
        self.partner.setVisible(bool(view.partner))
        self.title.setText(view.title)
        others = [name for name in view.instructors if name != view.partner]
        self.instructors.setText(", ".join(others))
        self.instructors.setVisible(bool(others))
        if view.overdue:
            text = tr(
                "A deadline has passed. Start the plan anew from today; what you did stays.|"
                "{n} deadlines have passed. Start the plan anew from today; what you did stays.",
                view.overdue,
            )
            self.missed.show_message(text, "warning")
        else:
            self.missed.hide()
        starts = view.weeks[0].starts_at if view.weeks else None
        self.start.setText(tr("Start {day}", day=day_text(starts)) if starts is not None else "")
        self.timeline.show_weeks(view.weeks)
        total = sum(week.bytes_total for week in view.weeks)
        offline = together([week.offline for week in view.weeks if week.bytes_total])
        self.taking.setVisible(bool(total))
        self.download.show_subject(COURSE, offline, total, sum(week.bytes_ready for week in view.weeks))
        self.bar.setValue(view.percent)
        self.percent.setText(percent_text(view.percent))
        self.welcome.set_html(view.welcome_html)
        self.welcome.setVisible(bool(view.welcome_html))
        self.welcome_header.setVisible(bool(view.welcome_html))
        self._show_next(view)

    def _show_next(self, view: OutlineView) -> None:
        step = view.next_step
        self.next_button.setVisible(step is not None)
        if step is None:
            self._item = ""
            self.next_icon.set_icon("check-circle", "accent")
            self.next_over.setText(tr("Nothing left to do"))
            self.next_title.setText(tr("You have completed this course. You can look at everything again."))
            return
        self._item = step.item_id
        self.next_icon.set_icon(kind_icon(step.kind), "accent")
        words = tr("Go on where you stopped") if step.started else tr("Your next step")
        if step.resume_ms:
            words = tr("Go on at {time}", time=clock_text(step.resume_ms))
        self.next_over.setText(words)
        self.next_title.setText(item_line(step.kind, step.title, step.minutes))
        self.next_button.setText(tr("Resume") if step.started else tr("Start"))
        self.next_button.setAccessibleName(f"{self.next_button.text()}: {step.title}")

    @Slot()
    def _step(self) -> None:
        if self._item:
            self.step_wanted.emit(self._item)

    def _reset(self) -> None:
        self.reset_wanted.emit()
