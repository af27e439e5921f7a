"""Pack for a trip, worked with clicks and keys: choosing, packing, what helps when it stops, and the check."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from desktop.config import Config
from desktop.errors import Problem
from desktop.models.trip_views import Report, TripCourse, TripPlan, TripView, Week
from desktop.models.views import DownloadView, SyncStatus
from desktop.ui.pages.trip import TripPage
from desktop.ui.widgets.action_list import ActionList
from desktop.ui.widgets.scroll import PageScroll
from desktop.ui.window import MainWindow
from tests.desktop.ui import sample_views as views
from tests.desktop.ui import trip_scenes as scenes
from tests.desktop.ui.fakes import Bench, Edge, bench_over
from tests.desktop.ui.gallery import answers
from tests.desktop.ui.pages_of_items.driving import choose, click, click_in, part
from tests.desktop.ui.pages_of_items.store import downloads
from tests.desktop.ui.pages_of_items.test_list_pages import is_laid_out

MB = scenes.MB
SIZES = {("sql", 1): 0, ("sql", 2): 160, ("sql", 3): 380, ("sql", 4): 95, ("study", 1): 64, ("study", 2): 48}
Staged = tuple[Bench, MainWindow, TripPage]


class Trips:
    """Answers as the store would: what is packed stays packed."""

    def __init__(self) -> None:
        self.trip: TripView | None = None
        self.free = 3 * scenes.GB

    def answers(self) -> dict[str, object]:
        """For the edge."""
        return {
            "trips.current": lambda: self.trip,
            "trips.choices": scenes.COURSES,
            "trips.plan": self.plan,
            "trips.pack": self.pack,
            "trips.end": self.end,
            "trips.cancel": self.end,
            "trips.keep_report": self.keep,
            "courses.place": Problem("not_found", "Not here."),
            "outbox.entries": (),
        }

    def plan(self, weeks: tuple[Week, ...]) -> TripPlan:
        """The sizes of the sample."""
        ordered = tuple(sorted(weeks))
        missing = sum(SIZES[week] for week in ordered) * MB
        out: tuple[Week, ...] = (("study", 1),) if missing > self.free else ()
        return TripPlan(ordered, len(ordered), missing, missing + MB, self.free, out)

    def pack(self, weeks: tuple[Week, ...], days: int) -> None:
        """It is being packed."""
        self.trip = scenes.TRIP

    def end(self) -> None:
        """Nothing is packed any more."""
        self.trip = None

    def keep(self, trip_id: str, report: Report) -> None:
        """The check ended."""
        assert self.trip is not None
        assert self.trip.id == trip_id
        self.trip = replace(self.trip, report=report)


@pytest.fixture
def trips() -> Trips:
    """Nothing is packed."""
    return Trips()


@pytest.fixture
def staged(qtbot: QtBot, tmp_path: Path, trips: Trips) -> Iterator[Staged]:
    """A window at the part, with nothing packed."""
    with bench_over(Edge({**answers(), **trips.answers(), "downloads.view": downloads()})) as bench:
        window = MainWindow(bench.desk, Config(tmp_path))
        qtbot.addWidget(window)
        window.resize(1180, 900)
        window.show()
        with qtbot.waitActive(window):
            window.activateWindow()
        bench.desk.signed_in.emit(views.LEARNER)
        bench.desk.go("downloads", tab="trip")
        qtbot.waitUntil(lambda: not bench.runner.busy())
        yield bench, window, scenes.part(window)
        window.close_pages()


def said_by(page: TripPage, name: str) -> str:
    """The words of a label."""
    return part(page, name, QLabel).text()


def settled(qtbot: QtBot, bench: Bench, page: TripPage) -> None:
    """All that was asked was answered."""
    qtbot.waitUntil(lambda: not bench.runner.busy() and not page._plan_soon.isActive())


def words(page: TripPage) -> str:
    """What is said of the choice."""
    return f"{page.foot.plan_line.text()} {page.foot.verdict.text()}"


def tick(qtbot: QtBot, page: TripPage, item: QTreeWidgetItem) -> None:
    """A real click on the box of a row."""
    tree = page.choice.tree
    tree.scrollToItem(item)
    rect = tree.visualItemRect(item)
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.left() + 14, rect.center().y()))


def test_what_is_due_is_chosen_at_first(staged: Staged, qtbot: QtBot) -> None:
    bench, _, page = staged
    settled(qtbot, bench, page)
    assert page.choice.chosen() == {("sql", 2), ("sql", 3), ("study", 1)}
    assert "3 weeks of 2 courses: 604.0 MB to fetch" in words(page)
    assert "It fits." in words(page)
    assert part(page, "packTrip", QPushButton).isEnabled()


def test_one_click_chooses_by_what_is_due_or_by_where_one_is(staged: Staged, qtbot: QtBot) -> None:
    bench, _, page = staged
    settled(qtbot, bench, page)
    for days, weeks in (("3 days", {("sql", 2)}), ("30 days", {("sql", 2), ("sql", 3), ("sql", 4), ("study", 1)})):
        choose(qtbot, part(page, "tripDays", QComboBox), days)
        assert days in part(page, "chooseDue", QPushButton).text()
        click(qtbot, page, "chooseDue")
        assert page.choice.chosen() == weeks
    for name, weeks in (
        ("chooseCurrent", {("sql", 2), ("study", 1)}),
        ("chooseNext", {("sql", 2), ("sql", 3), ("study", 1), ("study", 2)}),
        ("chooseNothing", set()),
    ):
        click(qtbot, page, name)
        assert page.choice.chosen() == weeks
        settled(qtbot, bench, page)
    assert "Nothing is chosen yet." in words(page)
    assert not part(page, "packTrip", QPushButton).isEnabled()


def test_a_course_is_ticked_as_its_weeks_are(staged: Staged, qtbot: QtBot) -> None:
    bench, _, page = staged
    settled(qtbot, bench, page)
    tree = page.choice.tree
    course = tree.item_of("sql")
    assert course.checkState(0) == Qt.CheckState.PartiallyChecked
    tick(qtbot, page, course)
    assert {week for week in page.choice.chosen() if week[0] == "sql"} == {("sql", number) for number in (1, 2, 3, 4)}
    settled(qtbot, bench, page)
    assert "699.0 MB to fetch" in words(page)
    tree.setFocus()
    tree.setCurrentItem(tree.item_of("sql", 3))
    QTest.keyClick(tree, Qt.Key.Key_Space)
    assert ("sql", 3) not in page.choice.chosen()
    assert course.checkState(0) == Qt.CheckState.PartiallyChecked
    QTest.keyClick(tree, Qt.Key.Key_Return)
    assert course.checkState(0) == Qt.CheckState.Checked
    late = tree.item_of("late")
    assert "its contents come with the next connection" in late.text(0)
    assert not late.flags() & Qt.ItemFlag.ItemIsEnabled


def test_screen_readers_hear_the_ticks(staged: Staged, qtbot: QtBot) -> None:
    bench, _, page = staged
    settled(qtbot, bench, page)
    face = QAccessible.queryAccessibleInterface(page.choice.tree)
    assert face.role() == QAccessible.Role.Tree
    rows = [face.child(number) for number in range(face.childCount())]
    said = {row.text(QAccessible.Text.Name): bool(row.state().checked) for row in rows if row.state().checkable}
    assert said["Week 2: Two tables that belong together (you are here), Overdue since 22 Nov 2026, 160.0 MB to fetch"]
    assert not said["Week 1: One table (done), on this computer"]


def test_the_page_follows_the_keyboard_down_the_weeks(staged: Staged, qtbot: QtBot) -> None:
    bench, window, page = staged
    window.resize(900, 600)
    weeks = tuple(scenes.week(number, "A long course", "todo", 9, 9) for number in range(1, 26))
    bench.edge.answers["trips.choices"] = (TripCourse("long", "Long", ready=True, weeks=weeks),)
    page.refresh()
    settled(qtbot, bench, page)
    tree, area = page.choice.tree, page.findChild(PageScroll)
    assert area is not None
    tree.item_of("long").setExpanded(True)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 300)
    tree.setFocus()
    for _ in range(22):
        QTest.keyClick(tree, Qt.Key.Key_Down)
    reached = tree.item_of("long", 22)
    assert tree.currentItem() is reached
    place = tree.viewport().mapTo(area.viewport(), tree.visualItemRect(reached).center())
    assert area.viewport().rect().contains(place)


def test_contents_that_are_not_here_are_asked_for_once(staged: Staged, qtbot: QtBot) -> None:
    bench, _, page = staged
    woken: list[bool] = []
    bench.desk.wake_sync = lambda: woken.append(True)
    page._asked_for_contents = False
    for _ in range(3):
        page.refresh()
        settled(qtbot, bench, page)
    assert woken == [True]


def test_what_does_not_fit_is_left_out_at_a_click(staged: Staged, qtbot: QtBot, trips: Trips) -> None:
    bench, _, page = staged
    trips.free = 550 * MB
    page.refresh()
    settled(qtbot, bench, page)
    qtbot.waitUntil(lambda: "It does not fit: 54.0 MB too much." in words(page))
    assert "It fits without week 1 of “Study well offline”." in words(page)
    assert not part(page, "packTrip", QPushButton).isEnabled()
    click(qtbot, page, "leaveOut")
    settled(qtbot, bench, page)
    assert page.choice.chosen() == {("sql", 2), ("sql", 3)}
    assert "It fits." in words(page)
    assert part(page, "packTrip", QPushButton).isEnabled()


def test_the_choice_stays_while_things_change(staged: Staged, qtbot: QtBot) -> None:
    bench, _, page = staged
    settled(qtbot, bench, page)
    click(qtbot, page, "chooseNothing")
    page.choice.tree.item_of("study").setExpanded(False)
    bench.desk.changed.emit(frozenset({"assets"}))
    bench.desk.go("downloads", tab="queue")
    bench.desk.go("downloads", tab="trip")
    settled(qtbot, bench, page)
    assert page.choice.chosen() == set()
    assert not page.choice.tree.item_of("study").isExpanded()


def test_the_time_it_takes_is_said_where_the_speed_is_known(staged: Staged, qtbot: QtBot) -> None:
    bench, _, page = staged
    entry = DownloadView("x", "c", "C", "W", "running", 9, 1, 1, 0, speed=2.0 * MB)
    bench.desk.downloads_changed.emit((entry,))
    bench.desk.downloads_changed.emit(())
    page.refresh()
    qtbot.waitUntil(lambda: "It fits: about 5 minutes at the speed of the last download." in words(page))


def test_packing_goes_to_the_queue_and_shows_how_far_it_is(staged: Staged, qtbot: QtBot) -> None:
    bench, window, page = staged
    settled(qtbot, bench, page)
    woken: list[bool] = []
    bench.desk.wake_sync = lambda: woken.append(True)
    click(qtbot, page, "packTrip")
    qtbot.waitUntil(lambda: page.packed.isVisible())
    ((weeks, days),) = bench.edge.asked("trips.pack")
    assert (set(weeks), days) == ({("sql", 2), ("sql", 3), ("study", 1)}, 10)  # type: ignore[call-overload]
    assert woken == [True]
    assert not page.choice.isVisible()
    assert said_by(page, "tripWords") == "184.0 MB of 654.0 MB · 28 %"
    entry = DownloadView("d1", "sql", "SQL", "Week 2", "running", 210 * MB, 180 * MB, 20, 14, 1.0 * MB, 30)
    bench.desk.downloads_changed.emit((entry,))
    assert said_by(page, "tripWords") == "244.0 MB of 654.0 MB · 37 % · about 7 minutes left"
    assert page.packed.weeks.rows.row(0).lines == ("180.0 MB of 210.0 MB",)
    click(qtbot, page, "showQueue")
    assert bench.places[-1].arguments == {"tab": "queue"}
    bench.desk.back()
    qtbot.waitUntil(lambda: window.pages.place is not None and window.pages.place.get("tab") == "trip")
    click(qtbot, page, "cancelTrip")
    qtbot.waitUntil(lambda: page.choice.isVisible())
    assert bench.edge.asked("trips.cancel") == [()]


@pytest.mark.parametrize(
    ("state", "hold", "said"),
    [
        ("up_to_date", "metered", "counts what is used"),
        ("up_to_date", "hours", "hours that you chose"),
        ("offline", "", "Waiting for a network"),
        ("offline", "paused", "All downloads are paused."),
    ],
)
def test_why_nothing_comes_is_said(
    staged: Staged, qtbot: QtBot, trips: Trips, state: str, hold: str, said: str
) -> None:
    bench, _, page = staged
    trips.trip = scenes.TRIP
    page.refresh()
    qtbot.waitUntil(lambda: page.packed.isVisible())
    bench.desk.status = SyncStatus(state)
    entry = DownloadView("d1", "sql", "SQL", "Week 2", "queued", 210 * MB, 180 * MB, 20, 14, hold=hold)
    bench.desk.downloads_changed.emit((entry,))
    assert said in said_by(page, "tripHold")


def test_what_stopped_is_fetched_at_a_click(staged: Staged, qtbot: QtBot, trips: Trips) -> None:
    bench, _, page = staged
    trips.trip = scenes.STOPPED
    page.refresh()
    qtbot.waitUntil(lambda: page.packed.isVisible() and is_laid_out(page.packed.weeks))
    assert page.packed.weeks.rows.row(0).lines[0] == "The disk is full. Make room, then try again."
    click(qtbot, page, "fetchAgain")
    qtbot.waitUntil(lambda: bench.edge.asked("trips.fetch_again") == [()])
    click_in(qtbot, page.packed.weeks, page.packed.weeks.action_rect("sql/3", "open"))
    assert bench.places[-1].arguments == {"course_id": "sql", "section": "week-3"}


def test_no_room_any_more_is_said(staged: Staged, qtbot: QtBot) -> None:
    bench, _, page = staged
    settled(qtbot, bench, page)
    bench.edge.answers["trips.pack"] = Problem("no_room", "There is not enough room on this disk.", "Make room.")
    said: list[str] = []
    bench.desk.notice_posted.connect(lambda notice: said.append(notice.text))
    click(qtbot, page, "packTrip")
    qtbot.waitUntil(lambda: said == ["There is not enough room on this disk. Make room."])
    settled(qtbot, bench, page)
    assert page.choice.isVisible()
    assert part(page, "packTrip", QPushButton).isEnabled()


class SlowCheck:
    """A check that goes on when the test lets it."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.go = threading.Event()
        self.ended = False

    def __call__(
        self,
        weeks: list[Week],
        opener: object,
        told: Callable[[int, int, str], None],
        stopping: Callable[[], bool],
    ) -> Report | None:
        """As ``Readiness.check``."""
        assert weeks == [("sql", 2), ("sql", 3), ("study", 1)]
        told(11, 41, "Joining two tables")
        while not self.go.wait(0.01):
            if stopping():
                self.ended = True
                return None
        return self.report


@pytest.fixture
def here(staged: Staged, qtbot: QtBot, trips: Trips) -> Staged:
    """All of the trip has come."""
    trips.trip = scenes.READY
    staged[2].refresh()
    qtbot.waitUntil(lambda: staged[2].check.isVisible())
    return staged


def test_the_check_says_what_will_not_work_and_what_helps(here: Staged, qtbot: QtBot) -> None:
    bench, _, page = here
    slow = SlowCheck(scenes.NOT_ALL)
    bench.edge.answers["readiness.check"] = slow
    assert "Not checked yet" in said_by(page, "readyLine")
    click(qtbot, page, "checkTrip")
    qtbot.waitUntil(lambda: said_by(page, "checkWords") == "12 of 41: Joining two tables")
    assert not part(page, "checkTrip").isVisible()
    slow.go.set()
    line = "Ready: 37 of 41 items work offline"
    qtbot.waitUntil(lambda: said_by(page, "readyLine") == line)
    bad, good = part(page, "notWorking", ActionList), part(page, "goodToKnow", ActionList)
    qtbot.waitUntil(lambda: is_laid_out(bad) and is_laid_out(good))
    rows = [bad.rows.row(number) for number in range(bad.rows.rowCount())]
    assert [row.title for row in rows] == [
        "Joining two tables",
        "Where data comes from",
        "Query a real database",
        "Draw the circles",
    ]
    assert all(len(row.lines) == 2 for row in rows), "each says why, and what to do"
    assert "The grade comes" in good.rows.row(0).in_words()
    click_in(qtbot, bad, bad.action_rect("sql/joins#damaged", "fetch"))
    qtbot.waitUntil(lambda: bench.edge.asked("trips.fetch_again") == [()])
    click_in(qtbot, bad, bad.action_rect("sql/map#embedded", "open"))
    assert bench.places[-1].arguments == {"item_id": "sql/map"}


def test_the_check_is_stopped_and_run_again(here: Staged, qtbot: QtBot) -> None:
    bench, _, page = here
    slow = SlowCheck(scenes.ALL_WELL)
    bench.edge.answers["readiness.check"] = slow
    click(qtbot, page, "checkTrip")
    qtbot.waitUntil(lambda: part(page, "cancelCheck").isVisible())
    bench.desk.go("downloads", tab="queue")
    bench.desk.go("downloads", tab="trip")
    qtbot.waitUntil(lambda: part(page, "cancelCheck").isVisible())
    click(qtbot, page, "cancelCheck")
    qtbot.waitUntil(lambda: part(page, "checkTrip").isVisible())
    assert slow.ended
    assert "Not checked yet" in said_by(page, "readyLine")
    slow.go.set()
    click(qtbot, page, "checkTrip")
    line = "Ready: 41 of 41 items work offline"
    qtbot.waitUntil(lambda: said_by(page, "readyLine") == line)
    assert not part(page, "notWorking").isVisible()


@pytest.mark.parametrize("how", ["close", "sign out"])
def test_a_check_ends_with_the_program_and_with_the_session(here: Staged, qtbot: QtBot, how: str) -> None:
    bench, window, page = here
    slow = SlowCheck(scenes.ALL_WELL)
    bench.edge.answers["readiness.check"] = slow
    click(qtbot, page, "checkTrip")
    qtbot.waitUntil(lambda: part(page, "cancelCheck").isVisible())
    if how == "close":
        window.close_pages()
    else:
        bench.desk.sign_out()
    qtbot.waitUntil(lambda: slow.ended)


def test_what_came_after_the_check_is_said(here: Staged, qtbot: QtBot, trips: Trips) -> None:
    _, _, page = here
    trips.trip = replace(scenes.READY, report=scenes.NOT_ALL, outdated=True)
    page.refresh()
    line = "Something came since the last check"
    qtbot.waitUntil(lambda: said_by(page, "readyLine") == line)
    assert not part(page, "notWorking").isVisible()


def test_a_check_that_fails_says_so(here: Staged, qtbot: QtBot) -> None:
    bench, _, page = here
    bench.edge.answers["readiness.check"] = Problem("database_damaged", "Damaged.")
    said: list[str] = []
    bench.desk.notice_posted.connect(lambda notice: said.append(notice.text))
    click(qtbot, page, "checkTrip")
    qtbot.waitUntil(lambda: said == ["Damaged."])
    qtbot.waitUntil(lambda: part(page, "checkTrip").isVisible())


def test_a_session_that_ended_is_good_to_know(here: Staged, qtbot: QtBot) -> None:
    bench, _, page = here
    bench.desk.status = SyncStatus("attention", waiting=2, code="session_ended")
    page.refresh()
    good = part(page, "goodToKnow", ActionList)
    qtbot.waitUntil(lambda: good.rows.rowCount() == 2 and is_laid_out(good))
    click_in(qtbot, good, good.action_rect("sign-in", "sign_in"))
    assert bench.places[-1].page == "sign_in"
    click_in(qtbot, good, good.action_rect("outbox", "outbox"))
    assert bench.places[-1].page == "outbox"


def test_another_trip_begins_where_this_one_ends(here: Staged, qtbot: QtBot) -> None:
    """A trip that is not over is given up only after a question, which Esc answers with no."""
    bench, _, page = here
    click(qtbot, page, "endTrip")
    assert part(page, "endCard").isVisible()
    QTest.keyClick(part(page, "keepTrip"), Qt.Key.Key_Escape)
    assert not part(page, "endCard").isVisible()
    assert bench.edge.asked("trips.end") == []
    click(qtbot, page, "endTrip")
    click(qtbot, page, "confirmEnd")
    qtbot.waitUntil(lambda: page.choice.isVisible())
    assert bench.edge.asked("trips.end") == [()]


def test_in_little_room_the_foot_scrolls_with_the_rest(staged: Staged, qtbot: QtBot) -> None:
    bench, window, page = staged
    settled(qtbot, bench, page)
    area = page.findChild(PageScroll)
    assert area is not None
    assert not area.isAncestorOf(page.foot), "it is always in sight"
    window.theme.set_text_percent(200)
    window.resize(900, 600)
    qtbot.waitUntil(lambda: area.isAncestorOf(page.foot))
    assert page.foot.isVisible()
    assert area.viewport().height() > page.height() - 5
    window.theme.set_text_percent(100)
    window.resize(1180, 900)
    qtbot.waitUntil(lambda: not area.isAncestorOf(page.foot))
    assert page.foot.isVisible()
