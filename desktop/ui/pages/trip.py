"""Packing for a trip: choose, pack, and have it checked that all of it works without a network.

Object names are in ``widgets.trip_choice``, ``widgets.trip_packed`` and ``widgets.trip_check``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import tr
from desktop.models.trip_views import TripCourse, TripPlan, TripView
from desktop.ui import desk as places
from desktop.ui.desk import SIGNED_OUT, Desk, Notice
from desktop.ui.itemmodels import trips
from desktop.ui.itemmodels.action_rows import ActionRow
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.widgets.states import Stateful
from desktop.ui.widgets.trip_sheet import TripSheet

if TYPE_CHECKING:
    from desktop.services.services import Services

PLAN_AFTER_MS = 60
"""Ticks that follow each other, as a course's weeks do, are answered by one plan."""
LOOK_EVERY_MS = 100
SPEED_IS_KNOWN_FROM = 1024.0
"""Bytes a second; below it nothing can be foretold."""


class CheckRun:
    """What the page and the thread of a check have in common. No Qt: it outlives the page."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.seen = (0, 0, "")
        """Items looked at, of how many, and the title of the next: written whole by the thread, read by the page."""

    def told(self, done: int, total: int, title: str) -> None:
        """How far it is. In the thread of the check."""
        self.seen = (done, total, title)


class TripPage(Page):
    """Shows what to choose until there is a trip; then the trip, and the check of it."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"trips", "downloads", "assets", "courses", "enrollments", "progress", "grades", "deadlines", "rules"}
    )

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._trip: TripView | None = None
        self._known = False
        self._plan: TripPlan | None = None
        self._asked = 0
        self._asked_for_contents = False
        self._run: CheckRun | None = None
        self._sheet = TripSheet()
        self.choice, self.foot = self._sheet.choice, self._sheet.foot
        self.packed, self.check = self._sheet.packed, self._sheet.check
        self._body = Stateful(self._sheet)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._body)
        self._plan_soon = QTimer(self, singleShot=True, interval=PLAN_AFTER_MS)
        self._plan_soon.timeout.connect(self._ask_plan)
        self._look = QTimer(self, interval=LOOK_EVERY_MS)
        self._look.timeout.connect(self._show_progress)
        self._connect()

    def _connect(self) -> None:
        self.choice.choice_changed.connect(self._on_choice)
        self.foot.pack_wanted.connect(self._pack)
        self.foot.leave_out_wanted.connect(self._leave_out)
        self.packed.week_wanted.connect(self._open_week)
        self.packed.fetch_wanted.connect(self._fetch)
        self.packed.cancel_wanted.connect(self._cancel)
        self.packed.end_wanted.connect(self._end)
        self.packed.queue_wanted.connect(self._open_queue)
        self.check.check_wanted.connect(self._begin_check)
        self.check.cancel_wanted.connect(self._stop_check)
        self.check.action_wanted.connect(self._on_action)
        self.desk.downloads_changed.connect(self._on_live)
        self.desk.status_changed.connect(self._on_live)
        # The store is closed after this: a check must not be in the middle of it.
        self.desk.leave_requested.connect(self._stop_check)
        self.desk.enter_requested.connect(self._stop_check)

    def heading(self) -> str:
        """The page's title."""
        return tr("Pack for a trip")

    # --- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask for the trip, and for what can be chosen where there is none."""
        if not self._known:
            self._body.show_loading()

        def question(services: Services) -> tuple[TripView | None, tuple[TripCourse, ...]]:
            trip = services.trips.current()
            return trip, (() if trip is not None else services.trips.choices())

        self.desk.ask(self, question, self._show, self._show_problem)

    def _show(self, found: tuple[TripView | None, tuple[TripCourse, ...]]) -> None:
        self._trip, courses = found
        self._known = True
        if self._trip is None and not courses:
            self._body.show_state(
                "suitcase",
                tr("Nothing to take along yet"),
                tr("Once you are enrolled in a course, its weeks can be packed here for the days without a network."),
                tr("Catalog"),
                self._go_catalog,
            )
            return
        if self._trip is not None:
            self._sheet.show_trip()
            self._show_trip(self._trip)
        else:
            self._sheet.show_choice()
            self.choice.show_courses(courses, self.desk.clock.now())
            self._fetch_contents(courses)
            self._ask_plan()
        self._body.show_content()

    def _show_trip(self, trip: TripView) -> None:
        self.packed.show_trip(trip)
        self._on_live()
        if self._run is None:
            self.check.show_trip(trip, self._remarks(), self.desk.clock.now())

    def _remarks(self) -> list[ActionRow]:
        status = self.desk.status
        rows = []
        if status.code in SIGNED_OUT:
            rows.append(trips.signed_out_row())
        if status.waiting:
            rows.append(trips.waiting_row(status.waiting))
        return rows

    def _show_problem(self, problem: Problem) -> None:
        if not self._known:
            self._body.show_problem(problem, self.refresh)

    @Slot()
    @Slot(object)
    def _on_live(self, _: object = None) -> None:
        if self._trip is not None and self.isVisible():
            offline = self.desk.status.state == "offline"
            self.packed.show_live(self.desk.downloads, offline=offline)

    def _fetch_contents(self, courses: tuple[TripCourse, ...]) -> None:
        """What a course holds is fetched by the sync; asking once is enough, it goes on by itself."""
        wanted = any(not course.ready for course in courses)
        if wanted and not self._asked_for_contents:
            self.desk.wake_sync()
        self._asked_for_contents = wanted

    # --- choosing ------------------------------------------------------------------------------------------------

    @Slot()
    def _on_choice(self) -> None:
        self.foot.show_waiting()
        self._plan_soon.start()

    @Slot()
    def _ask_plan(self) -> None:
        self._asked += 1
        asked, weeks = self._asked, tuple(self.choice.chosen())

        def show(plan: TripPlan) -> None:
            if asked == self._asked:
                self._plan = plan
                speed = self.desk.download_speed
                self.foot.show_plan(plan, self.choice.courses, speed if speed >= SPEED_IS_KNOWN_FROM else 0.0)

        self.desk.ask(self, lambda services: services.trips.plan(weeks), show, self._say_problem)

    @Slot()
    def _leave_out(self) -> None:
        if self._plan is not None:
            self.choice.choose(frozenset(self._plan.weeks) - frozenset(self._plan.leave_out))

    @Slot()
    def _pack(self) -> None:
        weeks, days = tuple(self.choice.chosen()), self.choice.days
        self.foot.show_waiting()
        self._do(lambda services: services.trips.pack(weeks, days))

    # --- the trip ------------------------------------------------------------------------------------------------

    def _do(self, work: Callable[[Services], None]) -> None:
        def done(_: None) -> None:
            self.desk.wake_sync()
            self.refresh()

        self.desk.ask(self, work, done, self._say_problem)

    @Slot()
    def _fetch(self) -> None:
        self._do(lambda services: services.trips.fetch_again())

    @Slot()
    def _cancel(self) -> None:
        self._stop_check()
        self._do(lambda services: services.trips.cancel())

    @Slot()
    def _end(self) -> None:
        self._stop_check()
        self._do(lambda services: services.trips.end())

    def _say_problem(self, problem: Problem) -> None:
        text = " ".join(tr(part) for part in (problem.text, problem.way_out) if part)
        self.desk.say(Notice("trip", text, "error"))
        self.refresh()

    # --- the check -----------------------------------------------------------------------------------------------

    @Slot()
    def _begin_check(self) -> None:
        if self._trip is None or self._run is not None:
            return
        from desktop.player.containers import MediaOpener  # with what is checked, never at a start

        trip_id = self._trip.id
        weeks = [(week.course_id, week.number) for week in self._trip.weeks]
        run = self._run = CheckRun()
        self.destroyed.connect(run.stopped.set)
        opener = MediaOpener()

        def question(services: Services) -> None:
            report = services.readiness.check(weeks, opener, run.told, run.stopped.is_set)
            if report is not None:
                services.trips.keep_report(trip_id, report)

        self.desk.check(self, question, self._checked, self._check_failed)
        self._show_progress()
        self._look.start()

    @Slot()
    @Slot(object)
    def _stop_check(self, _: object = None) -> None:
        if self._run is not None:
            self._run.stopped.set()

    def _end_of_check(self) -> None:
        self._run = None
        self._look.stop()

    def _checked(self, _: None) -> None:
        self._end_of_check()
        self.refresh()

    def _check_failed(self, problem: Problem) -> None:
        self._end_of_check()
        self._say_problem(problem)

    @Slot()
    def _show_progress(self) -> None:
        if self._run is not None:
            self.check.show_progress(*self._run.seen)

    # --- elsewhere -----------------------------------------------------------------------------------------------

    @Slot(str, str)
    def _on_action(self, row_id: str, key: str) -> None:
        if key == trips.FETCH:
            self._fetch()
        elif key == trips.SIGN_IN:
            self.desk.sign_in_again()
        elif key == trips.OUTBOX:
            self.desk.go(places.OUTBOX)
        else:
            self.desk.go(places.ITEM, item_id=row_id.partition("#")[0])

    @Slot(str, int)
    def _open_week(self, course_id: str, number: int) -> None:
        self.desk.go(places.COURSE, course_id=course_id, section=f"week-{number}")

    @Slot()
    def _open_queue(self) -> None:
        self.desk.go(places.DOWNLOADS, tab="queue")

    def _go_catalog(self) -> None:
        self.desk.go(places.CATALOG)
