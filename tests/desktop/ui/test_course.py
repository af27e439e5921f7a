"""A course: its sections, its rows, resetting deadlines, taking a week along."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.errors import Problem
from desktop.models.views import DownloadPlan, DownloadView, OutlineView, SyncStatus
from desktop.ui.desk import Place
from desktop.ui.pages.course import CoursePage
from desktop.ui.preferences import Preferences
from desktop.ui.widgets.item_row import Columns, ItemRowButton, grade_text
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.fakes import Bench

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot: QtBot, bench: Bench, preferences: Preferences) -> CoursePage:
    made = CoursePage(bench.desk, preferences)
    bench.desk.place_changed.connect(lambda place: made.show_place(place) if place.page == "course" else None)
    qtbot.addWidget(made)
    made.resize(1100, 800)
    made.show()
    made.show_place(Place("course", {"course_id": "c1"}))
    qtbot.waitUntil(made.area.shows_content)
    return made


def named(page: CoursePage, name: str) -> QWidget:
    """The widget of a name."""
    found = page.findChild(QWidget, name)
    assert isinstance(found, QWidget), name
    return found


def open_week(qtbot: QtBot, bench: Bench, page: CoursePage, number: int = 2) -> None:
    """Click a week at the left."""
    qtbot.mouseClick(named(page, f"weekRow-{number}"), LEFT)
    qtbot.waitUntil(lambda: page.week.isVisible() and not bench.runner.busy())


def becomes(qtbot: QtBot, bench: Bench, page: CoursePage, view: OutlineView) -> None:
    """The store changes."""
    bench.edge.answers["courses.outline"] = view
    bench.desk.changed.emit(frozenset({"progress"}))
    qtbot.waitUntil(lambda: page._view == view)


def test_the_overview_leads_to_where_one_stopped(qtbot: QtBot, bench: Bench, page: CoursePage) -> None:
    assert page.overview.next_over.text() == "Go on at 3:11"
    assert page.overview.next_button.text() == "Resume"
    qtbot.mouseClick(page.overview.next_button, LEFT)
    assert bench.places[-1] == Place("item", {"item_id": "i3"})


def test_missed_deadlines_are_reset_in_place(qtbot: QtBot, bench: Bench, page: CoursePage) -> None:
    assert page.overview.missed.isVisible()
    with qtbot.waitSignal(bench.desk.notice_posted):
        qtbot.mouseClick(page.overview.missed.button, LEFT)
    assert bench.edge.asked("enrollment.reset_deadlines") == [("e1",)]
    becomes(qtbot, bench, page, replace(views.OUTLINE, overdue=0))
    assert not page.overview.missed.isVisible()


def test_weeks_open_from_the_side_and_from_the_timeline(qtbot: QtBot, bench: Bench, page: CoursePage) -> None:
    open_week(qtbot, bench, page)
    assert page.week.title.text() == "Two tables"
    qtbot.mouseClick(named(page, "courseSide-overview"), LEFT)
    qtbot.waitUntil(page.overview.isVisible)
    dot = named(page, "timeline-week-1")
    qtbot.waitUntil(lambda: dot.height() > 0)
    qtbot.mouseClick(dot, LEFT)
    qtbot.waitUntil(lambda: page.week.isVisible() and page.week.title.text() == "One table")


def test_rows_say_everything_and_open(qtbot: QtBot, bench: Bench, page: CoursePage) -> None:
    open_week(qtbot, bench, page)
    row = named(page, "itemRow-i3")
    assert isinstance(row, ItemRowButton)
    assert row.accessibleName() == "Video, Joining tables, 7 min, Started, required, Partly offline"
    assert row.toolTip() == "Joining tables\nPartly offline"
    qtbot.mouseClick(row, LEFT)
    assert bench.places[-1] == Place("item", {"item_id": "i3"})
    quiz = named(page, "itemRow-i7")
    page.activateWindow()
    quiz.setFocus()
    qtbot.keyClick(quiz, Qt.Key.Key_Return)
    assert bench.places[-1] == Place("item", {"item_id": "i7"})
    qtbot.keyClick(quiz, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is named(page, "itemRow-i8")
    future = named(page, "itemRow-i10")
    assert not future.isEnabled()
    assert "Needs a newer Haversack" in future.accessibleName()


def test_grades_as_the_column_says_them() -> None:
    row = views.WEEK_2.modules[0].lessons[1].items[0]
    assert grade_text(row) == "20 % of grade"
    assert grade_text(replace(row, grade_percent=83.333, passed=True)) == "83.33 %"
    assert grade_text(replace(row, grade_pending=True)) == "Pending"
    assert grade_text(replace(row, weight=0.0)) == ""
    assert Columns.for_width(500).grade == 0
    assert Columns.for_width(900).required > 0


def test_there_is_a_column_for_due_dates_only_where_something_is_due(
    qtbot: QtBot, bench: Bench, page: CoursePage
) -> None:
    open_week(qtbot, bench, page)
    row = named(page, "itemRow-i3")
    assert isinstance(row, ItemRowButton)
    assert row.columns().due > 0
    modules = tuple(
        replace(
            module,
            lessons=tuple(
                replace(lesson, items=tuple(replace(item, due_at=None) for item in lesson.items))
                for lesson in module.lessons
            ),
        )
        for module in views.WEEK_2.modules
    )
    weeks = (views.WEEK_1, replace(views.WEEK_2, modules=modules), views.WEEK_3, views.WEEK_4)
    becomes(qtbot, bench, page, replace(views.OUTLINE, weeks=weeks))

    def rows() -> list[ItemRowButton]:  # the old one goes with a later turn of events
        return page.findChildren(ItemRowButton, "itemRow-i3")

    qtbot.waitUntil(lambda: [row.columns().due for row in rows()] == [0])
    assert rows()[0].columns().grade > 0


def test_a_change_keeps_rows_focus_and_scroll(qtbot: QtBot, bench: Bench, page: CoursePage) -> None:
    page.resize(900, 500)
    open_week(qtbot, bench, page)
    page.activateWindow()
    row = named(page, "itemRow-i5")
    row.setFocus()
    page.sheet.verticalScrollBar().setValue(150)
    week = views.WEEK_2
    lesson = week.modules[0].lessons[0]
    items = (*lesson.items[:2], replace(lesson.items[2], state="done"), lesson.items[3])
    module = replace(week.modules[0], lessons=(replace(lesson, items=items), week.modules[0].lessons[1]))
    weeks = (views.WEEK_1, replace(week, modules=(module,)), views.WEEK_3, views.WEEK_4)
    becomes(qtbot, bench, page, replace(views.OUTLINE, weeks=weeks))
    assert named(page, "itemRow-i5") is row
    assert "Done" in row.accessibleName()
    assert QApplication.focusWidget() is row
    assert page.sheet.verticalScrollBar().value() == 150


def test_a_week_is_downloaded_after_its_size_was_said(qtbot: QtBot, bench: Bench, page: CoursePage) -> None:
    bench.edge.answers["downloads.plan_week"] = DownloadPlan(
        "Two tables", 14, 54_500_000, 64_000_000, 3_200_000_000, fits=True
    )
    open_week(qtbot, bench, page)
    download = page.week.download
    qtbot.mouseClick(download.button, LEFT)
    qtbot.waitUntil(download.confirm.isVisible)
    assert download.words.text() == "14 files, 52.0 MB. 3.0 GB are free here."
    assert bench.edge.asked("download_controls.fetch") == []
    qtbot.mouseClick(download.confirm, LEFT)
    qtbot.waitUntil(lambda: bench.edge.asked("download_controls.fetch") == [("c1", "week:2")])
    entry = DownloadView(
        "d", "c1", "SQL", "Two tables", "running", 64_000_000, 32_000_000, 14, 7, scope="week:2", place=1
    )
    bench.desk.downloads_changed.emit((entry,))
    assert download.bar.isVisible()
    assert download.bar.value() == 50
    assert not download.button.isVisible()
    failed = replace(entry, state="failed", problem="The disk is full.", way_out="Make room.")
    bench.desk.downloads_changed.emit((failed,))
    assert download.words.text() == "The disk is full. Make room."
    ready = replace(views.WEEK_2, bytes_ready=64_000_000, offline="ready")
    weeks = (views.WEEK_1, ready, views.WEEK_3, views.WEEK_4)
    becomes(qtbot, bench, page, replace(views.OUTLINE, weeks=weeks))
    assert download.chip.isVisible()
    assert not download.bar.isVisible()


def test_a_week_that_does_not_fit_is_not_offered(qtbot: QtBot, bench: Bench, page: CoursePage) -> None:
    bench.edge.answers["downloads.plan_week"] = DownloadPlan("Two tables", 14, 10**9, 10**9, 10**6, fits=False)
    open_week(qtbot, bench, page)
    qtbot.mouseClick(page.week.download.button, LEFT)
    qtbot.waitUntil(page.week.download.cancel.isVisible)
    assert "Make room first" in page.week.download.words.text()
    assert not page.week.download.confirm.isVisible()
    qtbot.mouseClick(page.week.download.cancel, LEFT)
    assert page.week.download.button.isVisible()


def test_notes_and_resources(qtbot: QtBot, bench: Bench, page: CoursePage) -> None:
    qtbot.mouseClick(named(page, "courseSide-notes"), LEFT)
    assert bench.places[-1] == Place("notes", {"course_id": "c1"})
    qtbot.mouseClick(named(page, "courseSide-resources"), LEFT)
    qtbot.waitUntil(page.resources.isVisible)
    assert page.resources.rows.count() == 2


@pytest.mark.parametrize(
    ("state", "title"), [("offline", "The course is not here yet"), ("syncing", "Fetching the course …")]
)
def test_a_course_without_its_manifest_says_so(page: CoursePage, bench: Bench, state: str, title: str) -> None:
    bench.desk.status = SyncStatus(state)
    page.show_view(OutlineView("c1", "e1", "SQL", "", ready=False))
    assert page.area.state.title.text() == title


def test_one_who_does_not_take_it_is_sent_to_the_description(
    qtbot: QtBot, bench: Bench, preferences: Preferences
) -> None:
    bench.edge.answers["courses.outline"] = Problem("not_enrolled", "You do not take this course.")
    made = CoursePage(bench.desk, preferences)
    qtbot.addWidget(made)
    made.show()
    made.show_place(Place("course", {"course_id": "c3"}))
    qtbot.waitUntil(made.area.state.button.isVisible)
    qtbot.mouseClick(made.area.state.button, LEFT)
    assert bench.places[-1] == Place("description", {"course_id": "c3"})


def test_a_finished_course_says_so(page: CoursePage) -> None:
    page.show_view(replace(views.OUTLINE, next_step=None, percent=100, overdue=0))
    assert page.overview.next_over.text() == "Nothing left to do"
    assert not page.overview.next_button.isVisible()
