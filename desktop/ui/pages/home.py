"""My courses: the program's home. Paints from a ``HomeView`` alone, so that it can be the first thing on the screen."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import size_text, tr
from desktop.models.home_views import CourseCard, HomeView
from desktop.ui import desk as places
from desktop.ui.desk import Desk, Notice
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import SPACE_12, SPACE_16, SPACE_24
from desktop.ui.widgets.card_column import CardColumn
from desktop.ui.widgets.course_card import CourseCardWidget
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.scroll import PageScroll
from desktop.ui.widgets.side_bar import SideBar, SideEntry
from desktop.ui.widgets.states import Stateful
from desktop.ui.widgets.welcome_banner import WelcomeBanner

if TYPE_CHECKING:
    from desktop.models.views import DownloadPlan

SECTIONS = ("active", "saved", "completed", "inactive")
COLUMN = 880
SLICE_NS = 5_000_000
"""How long cards are made without a look at what else is to do; to lay them out takes as long again."""


class HomePage(Page):
    """Cards by state, a welcome, and where to go when there is nothing yet."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"programs", "enrollments", "courses", "progress", "grades", "deadlines", "catalog", "assets", "downloads"}
    )

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._view: HomeView | None = None
        self._section = SECTIONS[0]
        self._cards: dict[str, CourseCardWidget] = {}
        self._coming: list[CourseCard] = []
        self._was_painted = False
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self._add_some)
        self._side: dict[str, SideEntry] = {}
        self.sheet = PageScroll(COLUMN, leading=True)
        self.area = Stateful(self.sheet, self)
        self.banner = WelcomeBanner(preferences, self.sheet.column)
        self.title = Label("", "title", parent=self.sheet.column)
        self.list = CardColumn(SPACE_12, self.sheet.column)
        self.sheet.body.addWidget(self.banner)
        self.sheet.body.addWidget(self.title)
        self.sheet.body.addWidget(self.list)
        self.sheet.body.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._bar = self._make_side()
        row.addWidget(self._bar)
        row.addWidget(self.area, 1)

    def _make_side(self) -> SideBar:
        side = SideBar(self)
        names = {
            "active": tr("Active"),
            "saved": tr("Saved for later"),
            "completed": tr("Completed"),
            "inactive": tr("Inactive"),
        }
        icons = {"active": "books", "saved": "bookmark-simple", "completed": "check-circle", "inactive": "archive"}
        for section in SECTIONS:
            button = SideEntry(names[section], icons[section], f"side-{section}", side.widget())
            button.setAutoExclusive(True)
            button.clicked.connect(partial(self._choose, section))
            side.column.addWidget(button)
            self._side[section] = button
        self._side[self._section].setChecked(True)
        side.column.addStretch(1)
        return side

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a wide window the sections stay beside the cards."""
        super().resizeEvent(event)
        self._bar.stand_beside(COLUMN, self.width())
        self.area.keep_off(self._bar.indent)

    def heading(self) -> str:
        """For the title of the window."""
        return tr("My courses")

    def refresh(self) -> None:
        """Ask for the home of the program in front."""
        assert self.place is not None
        if self._view is None:
            self.area.show_loading(tr("Opening your courses …"))
        if self.place.get("snapshot"):
            return
        program_id = self.place.get("program_id") or None
        self.desk.ask(self, lambda services: services.home.view(program_id), self.show_view, self._failed)

    def _failed(self, problem: Problem) -> None:
        if self._view is None:
            self.area.show_problem(problem, self.refresh)
        else:
            self.desk.say(Notice("home", tr(problem.text), "error", tr("Try again"), self.refresh))

    def show_view(self, view: HomeView) -> None:
        """Show these cards. Nothing but the view is needed."""
        self._view = view
        for section, button in self._side.items():
            button.show_count(sum(card.state == section for card in view.cards))
        self._show_section()

    def _choose(self, section: str, *_: object) -> None:
        self._section = section
        self._side[section].setChecked(True)
        self.sheet.to_top()
        self._show_section()

    def _show_section(self) -> None:
        view = self._view
        if view is None:
            return
        cards = [card for card in view.cards if card.state == self._section]
        self.banner.show_program(view.program)
        wanted = {card.course_id for card in cards}
        if not wanted & set(self._cards) or any(key not in wanted for key in self._cards):
            self._drop_cards(set(self._cards) - wanted)
        if not cards:
            self._coming = []
            self._show_empty(view)
            return
        self.title.setText(self._title(view))
        self._coming = []
        # The cards that can be seen are made at once. None is lower than in the widest column.
        widest = self.sheet.column.maximumWidth()
        room = self._room(widest)
        for place, card in enumerate(cards):
            found = self._cards.get(card.course_id)
            if found is not None:
                found.show_card(card, self.desk.clock.now())
                if self.list.index(found) != place and place < self.list.count():
                    self.list.put(place, found)
                room -= found.height()
            elif room > 0 and not self._coming:
                room -= self._add(card, place).heightForWidth(widest)
            else:
                self._coming.append(card)
            room -= SPACE_12
        self.area.show_content()
        self._arriving = False
        if self._coming and self._was_painted:
            self._more.start()

    def _title(self, view: HomeView) -> str:
        if self._section != "active":
            return {"saved": tr("Saved for later"), "completed": tr("Completed")}.get(self._section, tr("Inactive"))
        first = view.learner.name.split(" ")[0] if view.learner.name else ""
        return tr("Good to see you, {name}", name=first) if first else tr("My courses")

    def _room(self, widest: int) -> int:
        """The height there is for cards, before anything is laid out: not less than the window will leave."""
        above = self.title.heightForWidth(widest) + SPACE_24 + SPACE_16
        if not self.banner.isHidden():
            above += self.banner.heightForWidth(widest) + SPACE_16
        return self.window().height() - above

    def _add(self, card: CourseCard, place: int) -> CourseCardWidget:
        program = self._view.program if self._view else None
        made = CourseCardWidget(card, self.desk.clock.now(), program.admin_email if program else "", self.list)
        made.asked.connect(self._react)
        self._cards[card.course_id] = made
        self.list.put(place, made)
        return made

    def paintEvent(self, event: QPaintEvent) -> None:
        """What can be seen is painted first; the cards further down follow."""
        super().paintEvent(event)
        self._was_painted = True
        if self._coming and not self._more.isActive():
            self._more.start()

    @Slot()
    def _add_some(self) -> None:
        until = time.monotonic_ns() + SLICE_NS
        while self._coming and time.monotonic_ns() < until:
            self._add(self._coming.pop(0), self.list.count())
        if self._coming:
            self._more.start()

    def _drop_cards(self, gone: set[str]) -> None:
        for course_id in gone:
            self.list.drop(self._cards.pop(course_id))

    def _show_empty(self, view: HomeView) -> None:
        if view.program is None:
            self.area.show_state(
                "envelope-open",
                tr("You belong to no program yet"),
                tr("A program gives you its courses. The invitation you were sent opens it."),
                tr("Open an invitation"),
                partial(self.desk.go, places.WELCOME),
            )
        elif self._section == "active":
            self.area.show_state(
                "books",
                tr("Welcome to {program}", program=view.program.name),
                tr("You take no course yet. Have a look at what there is; a course is yours with one click."),
                tr("Open the catalog"),
                partial(self.desk.go, places.CATALOG),
            )
        else:
            texts = {
                "saved": tr("Courses you keep for later are listed here."),
                "completed": tr("A course moves here when its last required item is done."),
                "inactive": tr("Courses you left, or whose program ended, are listed here."),
            }
            icon_name = {"saved": "bookmark-simple", "completed": "check-circle"}.get(self._section, "archive")
            self.area.show_state(icon_name, tr("Nothing here yet"), texts[self._section])
            return
        self.focus_on_arrival(self.area.state.button)

    # --- what the learner wants ---------------------------------------------------------------------------------

    @Slot(str, object)
    def _react(self, what: str, card: CourseCard) -> None:
        if what == "open":
            self.desk.go(places.COURSE, course_id=card.course_id)
        elif what == "describe":
            self.desk.go(places.DESCRIPTION, course_id=card.course_id)
        elif what == "step" and card.next_step is not None:
            self.desk.go(places.ITEM, item_id=card.next_step.item_id)
        elif what == "forget":
            self.desk.ask(self, lambda services: services.enrollment.save_for_later(card.course_id, False))  # noqa: FBT003
        elif what == "reset":
            self._reset(card)
        elif what == "download":
            self.desk.ask(
                self, lambda services: services.downloads.plan_course(card.course_id), partial(self._offer, card)
            )
        elif what == "unenroll":
            self._confirm_unenroll(card)

    def _reset(self, card: CourseCard) -> None:
        def done(_: object) -> None:
            text = tr("New deadlines for {title} are on their way.", title=card.title)
            self.desk.say(Notice("deadlines", text, "success"))

        self.desk.ask(self, lambda services: services.enrollment.reset_deadlines(card.enrollment_id), done)

    def _confirm_unenroll(self, card: CourseCard) -> None:
        text = tr("Leave {title}? Your notes stay; its deadlines and grades end.", title=card.title)

        def leave() -> None:
            self.desk.ask(self, lambda services: services.enrollment.unenroll(card.enrollment_id))

        self.desk.say(Notice("unenroll", text, "warning", tr("Unenroll"), leave))

    def _offer(self, card: CourseCard, plan: DownloadPlan) -> None:
        size, free = size_text(plan.bytes_missing), size_text(plan.bytes_free)
        if not plan.fits:
            text = tr("{title} takes {size}, but only {free} are free.", title=card.title, size=size, free=free)
            self.desk.say(Notice("download", text, "error"))
            return

        def start() -> None:
            self.desk.ask(self, lambda services: services.downloads.queue_course(card.course_id))

        text = tr("{title} takes {size}; {free} are free.", title=card.title, size=size, free=free)
        self.desk.say(Notice("download", text, "info", tr("Download"), start))
