"""Pack for a trip in each of its states, for the gallery and for what holds of every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from msgspec.structs import replace

from desktop.models import trip_views as found
from desktop.models.trip_views import Finding, PackedWeek, Report, TripCourse, TripPlan, TripView, TripWeek
from desktop.models.views import DownloadView, SyncStatus
from desktop.ui.pages.downloads import DownloadsPage
from desktop.ui.pages.trip import TripPage
from desktop.ui.window import MainWindow
from tests.desktop.ui.fakes import NOW, Bench
from tests.desktop.ui.settling import settle

Scene = Callable[[Bench, MainWindow], None]
MB = 1024 * 1024
GB = 1024 * MB


def week(number: int, title: str, state: str, size: int, missing: int, due: int | None = None) -> TripWeek:
    """A week; ``due``: in so many days."""
    due_at = NOW + timedelta(days=due) if due is not None else None
    return TripWeek(number, title, state, size * MB, missing * MB, due_at)


COURSES = (
    TripCourse("late", "A course that begins on Monday", ready=False),
    TripCourse(
        "sql",
        "SQL: asking tables questions",
        ready=True,
        weeks=(
            week(1, "One table", "done", 140, 0),
            week(2, "Two tables that belong together", "current", 210, 160, -2),
            week(3, "Questions within questions", "todo", 380, 380, 6),
            week(4, "Your own database", "todo", 95, 95, 20),
        ),
    ),
    TripCourse(
        "study",
        "Study well offline",
        ready=True,
        weeks=(week(1, "How memory works", "current", 64, 64, 9), week(2, "Making a plan", "todo", 48, 48)),
    ),
)
WEEKS = (("sql", 2), ("sql", 3), ("study", 1))
PLAN = TripPlan(WEEKS, 57, 604 * MB, 654 * MB, 3 * GB)
TOO_LARGE = replace(PLAN, bytes_free=180 * MB, leave_out=(("study", 1), ("sql", 3)))
PACKED = (
    PackedWeek("sql", COURSES[1].title, 2, "Two tables that belong together", "packing", 210 * MB, 120 * MB, "d1"),
    PackedWeek("sql", COURSES[1].title, 3, "Questions within questions", "packing", 380 * MB, 0, "d2"),
    PackedWeek("study", COURSES[2].title, 1, "How memory works", "ready", 64 * MB, 64 * MB, "d3"),
)
TRIP = TripView("t", NOW, NOW + timedelta(days=10), over=False, state="packing", weeks=PACKED,
                bytes_total=654 * MB, bytes_done=184 * MB)  # fmt: skip
READY = replace(
    TRIP,
    state="ready",
    weeks=tuple(replace(part, state="ready", bytes_done=part.bytes_total) for part in PACKED),
    bytes_done=TRIP.bytes_total,
)


def finding(item: str, title: str, kind: str, reason: str, count: int = 1, number: int = 2) -> Finding:
    """Of an item of the course about SQL."""
    return Finding(f"sql/{item}", "sql", COURSES[1].title, number, title, kind, reason, count)


REMARKS = (
    finding("test", "Week test", "graded_quiz", found.GRADE_LATER),
    finding("keys", "Why a key joins tables", "reading", found.WEB_LINKS, 3),
)
ALL_WELL = Report(NOW - timedelta(minutes=3), 41, 41, REMARKS, 57, 12)
NOT_ALL = Report(
    NOW - timedelta(minutes=3),
    41,
    37,
    (
        finding("joins", "Joining two tables", "video", found.DAMAGED),
        finding("map", "Where data comes from", "reading", found.EMBEDDED),
        *REMARKS,
        finding("lab", "Query a real database", "external_tool", found.TOOL, number=3),
        finding("draw", "Draw the circles", "practice_quiz", found.NO_ANSWERS, 2, number=3),
    ),
    57,
    12,
)


def part(window: MainWindow) -> TripPage:
    """The part of Downloads that is in front."""
    area = window.pages.current_page()
    assert isinstance(area, DownloadsPage)
    shown = area.part()
    assert isinstance(shown, TripPage)
    return shown


def _choose(plan: TripPlan = PLAN, courses: tuple[TripCourse, ...] = COURSES) -> Scene:
    def scene(bench: Bench, window: MainWindow) -> None:
        bench.edge.answers |= {"trips.current": None, "trips.choices": courses, "trips.plan": plan}
        bench.desk.download_speed = 1.4 * MB
        bench.desk.go("downloads", tab="trip")

    return scene


def _packed(trip: TripView, status: SyncStatus | None = None, *, speed: float = 0.0, hold: str = "") -> Scene:
    def scene(bench: Bench, window: MainWindow) -> None:
        bench.edge.answers["trips.current"] = trip
        bench.desk.status = status or SyncStatus("up_to_date", last_success=NOW)
        bench.desk.status_changed.emit(bench.desk.status)
        state = "running" if speed else "queued"
        entry = DownloadView("d1", "sql", "SQL", "Week 2", state, 210 * MB, 150 * MB, 20, 14, speed, 60, hold=hold)
        bench.desk.downloads_changed.emit((entry,) if trip.state == "packing" else ())
        bench.desk.go("downloads", tab="trip")

    return scene


def _checking(bench: Bench, window: MainWindow) -> None:
    _packed(READY)(bench, window)
    page = part(window)
    show = page._show_trip

    def shown(trip: TripView) -> None:
        show(trip)
        page.check.show_progress(11, 41, "Joining two tables")

    page._show_trip = shown  # type: ignore[method-assign]


def _ending(bench: Bench, window: MainWindow) -> None:
    _packed(replace(READY, report=ALL_WELL))(bench, window)
    settle(bench)
    part(window).packed.question.ask()


STOPPED = replace(
    TRIP,
    state="stopped",
    weeks=(
        replace(PACKED[0], state="failed", problem="The disk is full.", way_out="Make room, then try again."),
        replace(PACKED[1], state="missing", download_id=""),
        PACKED[2],
    ),
)

SCENES: dict[str, Scene] = {
    "trip-choose": _choose(),
    "trip-too-large": _choose(TOO_LARGE),
    "trip-nothing": _choose(courses=()),
    "trip-packing": _packed(TRIP, speed=1.4 * MB),
    "trip-waiting": _packed(TRIP, SyncStatus("offline", since=NOW)),
    "trip-stopped": _packed(STOPPED),
    "trip-here": _packed(READY),
    "trip-checking": _checking,
    "trip-ready": _packed(replace(READY, report=ALL_WELL)),
    "trip-not-all-ready": _packed(
        replace(READY, report=NOT_ALL),
        SyncStatus("attention", waiting=3, code="session_ended", text="You are signed out."),
    ),
    "trip-ending": _ending,
    "trip-over": _packed(replace(READY, report=ALL_WELL, over=True, ends_at=NOW - timedelta(days=1))),
}
