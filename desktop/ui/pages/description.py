"""A course's description: the page on which a learner decides."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import day_text, minutes_text, tr
from desktop.models.views import CourseTile, DescriptionView
from desktop.ui import desk as places
from desktop.ui.desk import Desk, Notice, Place
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import SPACE_4, SPACE_8, SPACE_12, SPACE_16, SPACE_32
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.fact_list import FactList
from desktop.ui.widgets.folding_text import FoldingText
from desktop.ui.widgets.indicators import Chip
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.layouts import FlowLayout, clear
from desktop.ui.widgets.pictures import Pictures, PictureView
from desktop.ui.widgets.scroll import PageScroll
from desktop.ui.widgets.states import OFFLINE_CODES, Stateful
from desktop.ui.widgets.surfaces import Banner, Card, SectionHeader
from desktop.ui.widgets.syllabus import SyllabusRow
from desktop.ui.wording import course_kind_text, language_text, level_text


class DescriptionPage(Page):
    """Place arguments: ``course_id``."""

    kinds: ClassVar[frozenset[str]] = frozenset({"catalog", "descriptions", "enrollments", "courses", "assets"})

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._view: DescriptionView | None = None
        self._fetched = ""
        self.sheet = PageScroll(1040)
        self.area = Stateful(self.sheet)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.area)
        self.back = Button(tr("Catalog"), "link", "arrow-left", "backToCatalog")
        self.back.clicked.connect(self._back)
        desk.status_changed.connect(self._on_status)
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addStretch(1)
        self.sheet.body.addLayout(row)
        self.note = Banner("", "accent")
        self.note.hide()
        left = QVBoxLayout()
        left.setSpacing(SPACE_16)
        left.addWidget(self._make_top())
        left.addWidget(self.note)
        left.addWidget(self._make_text())
        left.addStretch(1)
        self.picture = PictureView(Pictures(desk, self))
        right = QVBoxLayout()
        right.setSpacing(SPACE_16)
        right.addWidget(self.picture)
        right.addWidget(self._make_facts())
        right.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(SPACE_32)
        columns.addLayout(left, 5)
        columns.addLayout(right, 3)
        self.sheet.body.addLayout(columns)
        self.sheet.body.addStretch(1)
        self.area.show_loading()

    # --- parts --------------------------------------------------------------------------------------------------

    def _make_top(self) -> QWidget:
        self.kind = Label("", "overline", "muted")
        self.title = Label("", "display")
        self.summary = Label("", "body", "muted")
        self.enroll = Button(tr("Enroll"), "primary", name="enrollButton")
        self.go = Button(tr("Go to course"), "primary", name="goToCourse")
        self.save = Button("", "secondary", "bookmark-simple", "saveForLater")
        self.state = Chip()
        self.enroll.clicked.connect(self._enroll)
        self.go.clicked.connect(self._go)
        self.save.clicked.connect(self._save)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_8)
        for widget in (self.enroll, self.go, self.save, self.state):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        self.terms = Label("", "small", "muted")
        top = QWidget()
        words = QVBoxLayout(top)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(SPACE_8)
        for label in (self.kind, self.title, self.summary):
            words.addWidget(label)
        words.addSpacing(SPACE_8)
        words.addLayout(buttons)
        words.addWidget(self.terms)
        return top

    def _make_text(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_12)
        self.about_header = SectionHeader(tr("About this course"))
        self.about = FoldingText("aboutMore")
        self.syllabus_header = SectionHeader(tr("Syllabus"))
        self.syllabus = QVBoxLayout()
        self.syllabus.setSpacing(SPACE_8)
        self.missing = Label("", "body", "muted")
        self.instructors_header = SectionHeader(tr("Instructors"))
        self.instructors = QVBoxLayout()
        self.instructors.setSpacing(SPACE_8)
        for widget in (self.about_header, self.about, self.missing, self.syllabus_header):
            column.addWidget(widget)
        column.addLayout(self.syllabus)
        column.addWidget(self.instructors_header)
        column.addLayout(self.instructors)
        return holder

    def _make_facts(self) -> QWidget:
        card = Card(margin=SPACE_16)
        card.body.setSpacing(SPACE_12)
        self.facts = FactList()
        card.body.addWidget(self.facts)
        self.skills_title = Label(tr("Skills you gain"), "strong")
        skills = QWidget()
        self.skills = FlowLayout(skills, SPACE_4 + 2)
        card.body.addWidget(self.skills_title)
        card.body.addWidget(skills)
        return card

    # --- data ---------------------------------------------------------------------------------------------------

    def heading(self) -> str:
        """For the title of the window."""
        return self._view.tile.title if self._view else tr("Course")

    def show_place(self, place: Place) -> None:
        """Another course begins at the top."""
        if self.place is None or self.place.get("course_id") != place.get("course_id"):
            self._view, self._fetched = None, ""
            self.area.show_loading()
            self.sheet.to_top()
            self.about.fold()
        super().show_place(place)

    def refresh(self) -> None:
        """Ask the store; what it lacks is fetched."""
        assert self.place is not None
        course_id = self.place.get("course_id")
        self.desk.ask(self, lambda services: services.catalog.description(course_id), self.show_view, self._failed)

    def _failed(self, problem: Problem) -> None:
        if self._view is None:
            self.area.show_problem(problem, self.refresh)

    def show_view(self, view: DescriptionView) -> None:
        """Show it; fetch the rest once if only the tile is known."""
        if self.place is None or view.tile.course_id != self.place.get("course_id"):
            return
        first, self._view = self._view is None, view
        if first:
            self.heading_changed.emit()
        self._show_top(view)
        self._show_note(view)
        self._show_text(view)
        self._show_facts(view)
        self.area.show_content()
        if not view.complete and self._fetched != view.tile.course_id:
            self._fetched = view.tile.course_id
            self.missing.setText(tr("Fetching the rest of the description …"))
            course_id = view.tile.course_id
            self.desk.fetch(
                self, lambda gateway: gateway.fetch_description(course_id), lambda _: self.refresh(), self._not_fetched
            )

    def _not_fetched(self, problem: Problem) -> None:
        if problem.code in OFFLINE_CODES:
            self.missing.setText(tr("The rest of the description is fetched once there is a network."))
        else:
            self.missing.setText(" ".join(tr(part) for part in (problem.text, problem.way_out) if part))

    def _show_top(self, view: DescriptionView) -> None:
        tile = view.tile
        kind = course_kind_text(tile.kind)
        self.kind.setText(f"{kind} · {tile.partner}" if tile.partner else kind)
        self.title.setText(tile.title)
        self.summary.setText(tile.summary)
        self.summary.setVisible(bool(tile.summary))
        self.picture.show_picture(tile.picture, tile.course_id, tile.kind)
        enrolled = bool(view.enrollment_id) and not view.pending and not view.refused
        opens_later = tile.starts_at is not None and tile.starts_at > self.desk.clock.now()
        self.go.setVisible(enrolled)
        self.enroll.setVisible(not enrolled)
        self.enroll.setEnabled(not view.pending)
        self.enroll.setText(tr("Enrolling …") if view.pending else tr("Enroll"))
        self.save.setVisible(not enrolled and not view.pending)
        saved = tile.mark == "saved"
        self.save.setText(tr("Saved for later") if saved else tr("Save for later"))
        self.save.set_icon("bookmark-simple-fill" if saved else "bookmark-simple")
        self.save.setAccessibleDescription(tr("Press to remove it from your list") if saved else "")
        self.state.setVisible(enrolled or view.pending)
        if view.pending:
            self.state.set_chip(tr("Waiting for the server"), "warning", "hourglass")
        elif opens_later and tile.starts_at is not None:
            self.state.set_chip(tr("Opens {day}", day=day_text(tile.starts_at)), "plain", "calendar-blank")
        else:
            self.state.set_chip(tr("Enrolled"), "success", "check")
        terms = tr(
            "Paid for by your organization. You can leave within {n} day.|Paid for by your organization. "
            "You can leave within {n} days.",
            view.unenroll_days,
        )
        self.terms.setText(terms)
        self.terms.setVisible(not enrolled)

    def _show_note(self, view: DescriptionView) -> None:
        if view.refused:
            self.note.show_message(view.refused, "danger", tr("You could not be enrolled"))
        elif view.pending:
            text = tr("Your wish is kept. The course can be opened as soon as the server has confirmed it.")
            if self.desk.status.is_away:
                text = tr("Your wish is kept and sent once there is a network. The course can be opened after that.")
            self.note.show_message(text, "accent")
        else:
            self.note.hide()

    @Slot(object)
    def _on_status(self, _status: object) -> None:
        # A wish that waits is told of differently once it is known that nobody can be reached.
        if self._view is not None and self._view.pending:
            self._show_note(self._view)

    def _show_text(self, view: DescriptionView) -> None:
        self.about.set_html(view.about_html)
        self.about.setVisible(bool(view.about_html))
        self.about_header.setVisible(bool(view.about_html) or not view.complete)
        self.missing.setVisible(not view.complete)
        self.syllabus_header.setVisible(bool(view.syllabus))
        total = sum(week.minutes for week in view.syllabus)
        self.syllabus_header.trailing.setText(minutes_text(total) if total else "")
        clear(self.syllabus)
        for week in view.syllabus:
            self.syllabus.addWidget(SyllabusRow(week))
        self.instructors_header.setVisible(bool(view.instructors))
        clear(self.instructors)
        for name, title in view.instructors:
            row = QHBoxLayout()
            row.setSpacing(SPACE_12)
            row.addWidget(IconLabel("user-circle", 32))
            row.addWidget(Label(f"{name} · {title}" if title else name), 1)
            self.instructors.addLayout(row)

    def _show_facts(self, view: DescriptionView) -> None:
        tile = view.tile
        facts = [("buildings", tr("Offered by"), tile.partner), ("chart-bar", tr("Level"), level_text(tile.level))]
        if tile.rating_count:
            rating = tr(
                "{rating} of 5 from 1 learner|{rating} of 5 from {n} learners",
                tile.rating_count,
                rating=f"{tile.rating:.1f}",
            )
            if view.review_count:
                rating = f"{rating} · {tr('1 review|{n} reviews', view.review_count)}"
            facts.append(("star", tr("Rating"), rating))
        facts.append(("clock", tr("Workload"), _workload(tile)))
        facts.append(("globe", tr("Language"), language_text(tile.language)))
        others = [language_text(tag) for tag in tile.subtitle_languages]
        facts.append(("closed-captioning", tr("Subtitles"), ", ".join(others)))
        facts.append(("calendar-check", tr("Deadlines"), tr("Flexible: you can reset them")))
        starts = tr("On demand") if tile.starts_at is None else day_text(tile.starts_at)
        facts.append(("calendar-blank", tr("Start"), starts))
        self.facts.show_facts([fact for fact in facts if fact[2]])
        clear(self.skills)
        for skill in tile.skills:
            self.skills.addWidget(Chip(skill))
        self.skills_title.setVisible(bool(tile.skills))

    # --- what the learner wants ---------------------------------------------------------------------------------

    @Slot()
    def _enroll(self) -> None:
        if self._view is None:
            return
        program_id, course_id = self._view.program_id, self._view.tile.course_id
        self.enroll.setEnabled(False)
        self.desk.ask(
            self, lambda services: services.enrollment.enroll(program_id, course_id), self._asked, self._not_asked
        )

    def _asked(self, _: object) -> None:
        self.desk.wake_sync()
        self.refresh()

    def _not_asked(self, problem: Problem) -> None:
        self.enroll.setEnabled(True)
        text = " ".join(tr(part) for part in (problem.text, problem.way_out) if part)
        self.desk.say(Notice("enroll", text, "error"))

    @Slot()
    def _go(self) -> None:
        if self._view is not None:
            self.desk.go(places.COURSE, course_id=self._view.tile.course_id)

    @Slot()
    def _save(self) -> None:
        if self._view is None:
            return
        course_id, saved = self._view.tile.course_id, self._view.tile.mark != "saved"
        self.desk.ask(self, lambda services: services.enrollment.save_for_later(course_id, saved), self._asked)

    @Slot()
    def _back(self) -> None:
        self.desk.go(places.CATALOG)


def _workload(tile: CourseTile) -> str:
    weeks = tr("1 week|{n} weeks", tile.weeks) if tile.weeks else ""
    total = minutes_text(tile.minutes) if tile.minutes else ""
    return ", ".join(part for part in (weeks, total) if part)
