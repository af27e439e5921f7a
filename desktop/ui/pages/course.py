"""A course one is enrolled in: sections at the left, one of them in front."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import size_text, tr
from desktop.models.views import DownloadPlan, OutlineView, WeekView
from desktop.ui import desk as places
from desktop.ui.course_downloads import CourseDownloads
from desktop.ui.desk import Desk, Notice, Place
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import SPACE_12, SPACE_16
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.course_overview import OverviewPane
from desktop.ui.widgets.course_resources import ResourcesPane
from desktop.ui.widgets.course_side import CourseSide
from desktop.ui.widgets.download_menu import COURSE, FETCH, DownloadMenu, choices, item_scope, week_scope
from desktop.ui.widgets.fact_list import FactList
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.scroll import PageScroll
from desktop.ui.widgets.states import Stateful
from desktop.ui.widgets.surfaces import Card
from desktop.ui.widgets.week_pane import WeekPane
from protocol.manifest import VIDEO

OVERVIEW, NOTES, RESOURCES, INFO = "overview", "notes", "resources", "info"
COLUMN = 880


class CoursePage(Page):
    """Place arguments: ``course_id``, ``section`` (overview, week-<n>, resources, info; overview without)."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"courses", "enrollments", "progress", "positions", "attempts", "grades", "deadlines", "assets", "downloads"}
    )

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._view: OutlineView | None = None
        self._section = OVERVIEW
        self.side = CourseSide()
        self.side.chosen.connect(self._choose)
        self.overview = OverviewPane()
        self.overview.step_wanted.connect(self._open_item)
        self.overview.reset_wanted.connect(self._reset)
        self.overview.week_wanted.connect(self._open_week)
        self.week = WeekPane()
        self.week.opened.connect(self._open_item)
        self.week.menu_wanted.connect(self._show_item_menu)
        self.week.download.plan_wanted.connect(self._plan_week)
        self.week.download.chosen.connect(self._do_with_week)
        self.overview.download.plan_wanted.connect(self._plan_course)
        self.overview.download.chosen.connect(self._do_with_course)
        self.resources = ResourcesPane()
        self.resources.download_wanted.connect(partial(self._do_with_course, FETCH))
        self.info = self._make_info()
        self.sheet = PageScroll(COLUMN, leading=True)
        self._panes = {"overview": self.overview, "week": self.week, "resources": self.resources, "info": self.info}
        for pane in self._panes.values():
            self.sheet.body.addWidget(pane)
        self.sheet.body.addStretch(1)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addWidget(self.sheet, 1)
        both = QWidget()
        both.setLayout(row)
        self.area = Stateful(both)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.area)
        self.area.show_loading()
        self.downloads = CourseDownloads(desk, self)
        self.downloads.changed.connect(self._show_downloads)

    def _make_info(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_12)
        column.addWidget(Label(tr("Course info"), "title"))
        card = Card(margin=SPACE_16)
        self.facts = FactList()
        card.body.addWidget(self.facts)
        column.addWidget(card)
        describe = Button(tr("Course description"), "secondary", "book-open", "courseDescription")
        describe.clicked.connect(self._describe)
        line = QHBoxLayout()
        line.addWidget(describe)
        line.addStretch(1)
        column.addLayout(line)
        return holder

    # --- data ---------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a wide window the list stays beside the page."""
        super().resizeEvent(event)
        self.side.stand_beside(COLUMN, self.width())

    def heading(self) -> str:
        """For the title of the window."""
        return self._view.title if self._view else tr("Course")

    def show_place(self, place: Place) -> None:
        """Another course or section begins at the top."""
        other = self.place is None or self.place.get("course_id") != place.get("course_id")
        section = place.get("section") or OVERVIEW
        if other:
            self._view = None
            self.area.show_loading(tr("Opening the course …"))
        if other or section != self._section:
            self.sheet.to_top()
        self._section = section
        if not other:
            self._show_section()
        super().show_place(place)

    def refresh(self) -> None:
        """Ask for the outline."""
        assert self.place is not None
        course_id = self.place.get("course_id")
        self.desk.ask(self, lambda services: services.courses.outline(course_id), self.show_view, self._failed)
        self.downloads.look_at(course_id)

    def _failed(self, problem: Problem) -> None:
        if self._view is None:
            if problem.code == "not_enrolled":
                self.area.show_state(
                    "books",
                    tr("You do not take this course"),
                    tr("Its description says how to enroll."),
                    tr("See the course"),
                    self._describe,
                )
            else:
                self.area.show_problem(problem, self.refresh)

    def show_view(self, view: OutlineView) -> None:
        """Show the outline as it is now; scroll position and focus stay."""
        if self.place is None or view.course_id != self.place.get("course_id"):
            return
        first, self._view = self._view is None, view
        if first:
            self.heading_changed.emit()
        if not view.ready:
            if self.desk.status.is_away:
                self.area.show_state(
                    "wifi-slash",
                    tr("The course is not here yet"),
                    tr("You are enrolled. Its contents are fetched once there is a network."),
                    tr("My courses"),
                    partial(self.desk.go, places.HOME),
                )
            else:
                self.area.show_loading(tr("Fetching the course …"))
            return
        self.side.show_outline(view)
        self.overview.show_outline(view)
        self.resources.show_resources(view.resources)
        self._show_info(view)
        self._show_section()
        self.area.show_content()

    def current_week(self) -> WeekView | None:
        """The week in front, if one is."""
        if self._view is None or not self._section.startswith("week-"):
            return None
        number = self._section.removeprefix("week-")
        return next((week for week in self._view.weeks if str(week.number) == number), None)

    def _show_section(self) -> None:
        week = self.current_week()
        if week is not None:
            self.week.show_week(week)
        self._show_downloads()
        name = "week" if week is not None else self._section
        if name not in self._panes:
            name = OVERVIEW
        for pane_name, pane in self._panes.items():
            pane.setVisible(pane_name == name)
        self.side.mark(self._section if week is not None or self._section in self._panes else OVERVIEW)

    def _show_info(self, view: OutlineView) -> None:
        lessons = [lesson for week in view.weeks for module in week.modules for lesson in module.lessons]
        items = [item for lesson in lessons for item in lesson.items]
        graded = [item for item in items if item.weight]
        policy = tr("1 graded item|{n} graded items", len(graded)) if graded else tr("Nothing is graded")
        if graded:
            policy = f"{policy} · {tr('the best attempt counts')}"
        size = sum(week.bytes_total for week in view.weeks)
        done = sum(item.state == "done" for item in items)
        self.facts.show_facts(
            [
                ("buildings", tr("Offered by"), view.partner or "–"),
                ("users", tr("Instructors"), ", ".join(view.instructors) or "–"),
                ("check-circle", tr("Done"), tr("{done} of {n} item|{done} of {n} items", len(items), done=done)),
                ("circle-wavy-check", tr("Grading"), policy),
                ("hard-drives", tr("Size of all weeks"), size_text(size)),
                ("fingerprint", tr("Version of the contents"), view.version[:12] or "–"),
            ]
        )

    @Slot()
    def _show_downloads(self) -> None:
        """How the downloads stand, in what is in front."""
        week = self.current_week()
        self.overview.download.show_entry(self.downloads.entry(COURSE))
        if week is not None:
            number = week.number
            mine = self.downloads.entry(week_scope(number))
            whole = self.downloads.entry(COURSE)
            covered = mine is None and whole is not None and whole.state != "ready"
            self.week.download.show_entry(whole if covered else mine)
            self.week.show_downloads(lambda item_id: self.downloads.bringing(item_id, number))

    # --- what the learner wants ---------------------------------------------------------------------------------

    @Slot(str)
    def _choose(self, section: str) -> None:
        if self.place is None:
            return
        course_id = self.place.get("course_id")
        if section == NOTES:
            self.side.mark(self._section)
            self.desk.go(places.NOTES, course_id=course_id)
        else:
            self.desk.go(places.COURSE, course_id=course_id, section=section)

    @Slot(int)
    def _open_week(self, number: int) -> None:
        self._choose(f"week-{number}")

    @Slot(str)
    def _open_item(self, item_id: str) -> None:
        self.desk.go(places.ITEM, item_id=item_id)

    @Slot()
    def _describe(self) -> None:
        if self.place is not None:
            self.desk.go(places.DESCRIPTION, course_id=self.place.get("course_id"))

    @Slot()
    def _reset(self) -> None:
        if self._view is None:
            return
        enrollment_id = self._view.enrollment_id

        def done(_: object) -> None:
            self.desk.wake_sync()
            self.desk.say(Notice("deadlines", tr("New deadlines are on their way."), "success"))
            self.refresh()

        self.desk.ask(self, lambda services: services.enrollment.reset_deadlines(enrollment_id), done)

    # --- taking it along ----------------------------------------------------------------------------------------

    @Slot()
    def _plan_week(self) -> None:
        week, view = self.current_week(), self._view
        if week is None or view is None:
            return
        course_id, number = view.course_id, week.number

        def say(plan: DownloadPlan) -> None:
            shown = self.current_week()
            if shown is not None and shown.number == number:
                self.week.download.show_plan(plan)

        self.desk.ask(self, lambda services: services.downloads.plan_week(course_id, number), say)

    @Slot()
    def _plan_course(self) -> None:
        if self._view is not None:
            course_id = self._view.course_id
            plan = self.overview.download.show_plan
            self.desk.ask(self, lambda services: services.downloads.plan_course(course_id), plan)

    @Slot(str)
    def _do_with_week(self, key: str) -> None:
        week = self.current_week()
        if week is not None:
            self.downloads.do(key, week_scope(week.number), week.title, self.week.download.entry)

    @Slot(str)
    def _do_with_course(self, key: str) -> None:
        if self._view is not None:
            self.downloads.do(key, COURSE, self._view.title, self.downloads.entry(COURSE))

    @Slot(str, QPoint)
    def _show_item_menu(self, item_id: str, at: QPoint) -> None:
        week = self.current_week()
        items = [item for module in week.modules for les in module.lessons for item in les.items] if week else []
        item = next((item for item in items if item.item_id == item_id), None)
        if week is None or item is None or item.kind != VIDEO:  # everything else is small and always comes
            return
        entry = self.downloads.bringing(item_id, week.number)
        menu = DownloadMenu(self)
        menu.setObjectName("itemMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.show_choices(choices(entry, item_scope(item_id), item.offline))
        title = item.title
        menu.chosen.connect(lambda key: self.downloads.do(key, item_scope(item_id), title, entry))
        menu.popup(at)
