"""Steering downloads from where one studies: course, week, item. The same words and choices at each place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.models.views import DownloadPlan, DownloadView
from desktop.ui.desk import Notice, Place
from desktop.ui.pages.course import CoursePage
from desktop.ui.preferences import Preferences
from desktop.ui.widgets.download_line import DownloadLine
from desktop.ui.widgets.download_menu import DownloadMenu, choices, state_words
from desktop.ui.widgets.item_row import ItemRowButton
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.fakes import Bench

LEFT = Qt.MouseButton.LeftButton
WEEK = DownloadView("w", "c1", "SQL", "Two tables", "running", 64_000_000, 32_000_000, 14, 7, scope="week:2", place=1)
ITEM = replace(WEEK, id="i", title="Joining tables", scope="item:i3")
COURSE = replace(WEEK, id="c", title="SQL", scope="course:")


@pytest.fixture
def page(qtbot: QtBot, bench: Bench, preferences: Preferences) -> Callable[..., CoursePage]:
    """The second week of a course of which the queue has ``entries``."""

    def make(*entries: DownloadView, section: str = "week-2") -> CoursePage:
        bench.edge.answers["download_controls.entries"] = entries
        made = CoursePage(bench.desk, preferences)
        qtbot.addWidget(made)
        made.resize(1100, 800)
        made.show()
        made.show_place(Place("course", {"course_id": "c1", "section": section}))
        qtbot.waitUntil(lambda: made.area.shows_content() and not bench.runner.busy())
        return made

    return make


@pytest.mark.parametrize(
    ("entry", "offline", "words"),
    [
        (WEEK, "queued", "Downloading, 50 %"),
        (replace(WEEK, state="queued", place=1), "queued", "Next in the queue"),
        (replace(WEEK, state="queued", place=4), "queued", "Number 4 in the queue"),
        (replace(WEEK, state="queued", hold="paused"), "queued", "Waits: all downloads are paused"),
        (replace(WEEK, state="queued", hold="metered"), "queued", "Waits for a network that counts nothing"),
        (replace(WEEK, state="queued", hold="hours"), "queued", "Waits for the hours of downloads"),
        (replace(WEEK, state="paused"), "part", "Paused at 50 %"),
        (replace(WEEK, state="failed", problem="The disk is full."), "part", "The disk is full."),
        (replace(WEEK, state="ready"), "ready", "Works offline"),
        (replace(WEEK, state="ready"), "part", "Changed since it was downloaded"),
        (None, "part", ""),
    ],
)
def test_how_it_stands(entry: DownloadView | None, offline: str, words: str) -> None:
    assert state_words(entry, offline) == words


@pytest.mark.parametrize(
    ("entry", "offline", "keys"),
    [
        (None, "none", "fetch next show"),
        (None, "part", "fetch next remove show"),
        (None, "ready", "remove show"),
        (WEEK, "queued", "pause cancel show"),
        (replace(WEEK, state="queued", place=3), "queued", "pause next cancel show"),
        (replace(WEEK, state="paused"), "part", "resume cancel remove show"),
        (replace(WEEK, state="failed"), "none", "resume cancel show"),
        (replace(WEEK, state="ready"), "part", "fetch next remove show"),
        (COURSE, "queued", "pause next cancel show"),
    ],
)
def test_what_can_be_done(entry: DownloadView | None, offline: str, keys: str) -> None:
    assert [one.key for one in choices(entry, "week:2", offline)] == keys.split()


def test_what_belongs_to_something_larger_is_named() -> None:
    texts = [one.text for one in choices(COURSE, "week:2", "queued")]
    assert texts[0] == "Pause “SQL”"
    assert choices(replace(WEEK, state="ready"), "week:2", "part")[0].text == "Fetch again"


def test_a_week_is_paused_resumed_and_tried_again_in_place(
    qtbot: QtBot, bench: Bench, page: Callable[..., CoursePage]
) -> None:
    shown = page(WEEK)
    line = shown.week.download
    assert line.words.text() == "Downloading, 50 % · 30.5 MB of 61.0 MB"
    assert line.control.text() == "Pause"
    qtbot.mouseClick(line.control, LEFT)
    qtbot.waitUntil(lambda: bench.edge.asked("downloads.pause") == [("w",)])
    for number, (state, text, words) in enumerate(
        (("paused", "Resume", "Paused at 50 %"), ("failed", "Try again", "The disk is full.")), 1
    ):
        qtbot.waitUntil(lambda: not bench.runner.busy())
        bench.desk.downloads_changed.emit((replace(WEEK, state=state, problem="The disk is full."),))
        assert line.control.text() == text
        assert line.words.text().startswith(words)
        qtbot.mouseClick(line.control, LEFT)
        qtbot.waitUntil(lambda number=number: len(bench.edge.asked("downloads.resume")) == number)  # type: ignore[misc]
    qtbot.waitUntil(lambda: not bench.runner.busy())
    bench.desk.downloads_changed.emit((replace(WEEK, bytes_done=48_000_000),))
    assert line.words.text().startswith("Downloading, 75 %"), "live"
    line.menu.chosen.emit("cancel")
    qtbot.waitUntil(lambda: bench.edge.asked("downloads.cancel") == [("w",)])


def test_a_whole_course_from_its_overview_after_its_size_was_said(
    qtbot: QtBot, bench: Bench, page: Callable[..., CoursePage]
) -> None:
    bench.edge.answers["downloads.plan_course"] = DownloadPlan("SQL", 40, 10**8, 10**8, 10**9, fits=True)
    shown = page(section="overview")
    line = shown.overview.download
    assert isinstance(line, DownloadLine)
    qtbot.mouseClick(line.button, LEFT)
    qtbot.waitUntil(line.confirm.isVisible)
    assert "95.4 MB" in line.words.text()
    qtbot.mouseClick(line.confirm, LEFT)
    qtbot.waitUntil(lambda: bench.edge.asked("download_controls.fetch") == [("c1", "course:")])
    bench.desk.downloads_changed.emit((COURSE,))
    assert line.words.text().startswith("Downloading, 50 %")
    shown.show_place(Place("course", {"course_id": "c1", "section": "week-2"}))
    qtbot.waitUntil(shown.week.isVisible)
    assert shown.week.download.control.text() == "Pause “SQL”", "a week that comes with its course says so"


def test_what_is_wanted_of_a_course_is_no_reason_not_to_want_all_of_it(
    qtbot: QtBot, bench: Bench, page: Callable[..., CoursePage]
) -> None:
    weeks = (views.WEEK_1, replace(views.WEEK_2, offline="queued"), views.WEEK_3, views.WEEK_4)
    bench.edge.answers["courses.outline"] = replace(views.OUTLINE, weeks=weeks)
    shown = page(ITEM, section="overview")
    assert shown.overview.download.button.isVisible()
    shown.show_place(Place("course", {"course_id": "c1", "section": "week-2"}))
    qtbot.waitUntil(shown.week.isVisible)
    assert shown.week.download.button.isVisible()


def test_this_next_says_what_it_takes_and_goes_before_all(
    qtbot: QtBot, bench: Bench, page: Callable[..., CoursePage]
) -> None:
    bench.edge.answers["downloads.plan_week"] = DownloadPlan("Two tables", 14, 10**7, 10**7, 10**9, fits=True)
    line = page().week.download
    line.menu.chosen.emit("next")
    qtbot.waitUntil(line.confirm.isVisible)
    qtbot.mouseClick(line.confirm, LEFT)
    qtbot.waitUntil(lambda: bench.edge.asked("download_controls.fetch_next") == [("c1", "week:2")])


def test_removing_is_asked_about_and_says_that_it_was_done(
    qtbot: QtBot, bench: Bench, page: Callable[..., CoursePage]
) -> None:
    said: list[Notice] = []
    bench.desk.notice_posted.connect(said.append)
    page().week.download.menu.chosen.emit("remove")
    assert bench.edge.asked("download_controls.remove") == []
    assert said[0].action is not None
    assert said[0].stays
    said[0].action()
    qtbot.waitUntil(lambda: len(said) == 2)
    assert bench.edge.asked("download_controls.remove") == [("c1", "week:2")]
    assert said[1].text == "Removed: Two tables"


def row_of(page: CoursePage, item_id: str) -> ItemRowButton:
    found = page.findChild(ItemRowButton, f"itemRow-{item_id}")
    assert found is not None
    return found


def ask_for_menu(row: QWidget, reason: QContextMenuEvent.Reason) -> DownloadMenu | None:
    at = row.rect().center()
    QApplication.sendEvent(row, QContextMenuEvent(reason, at, row.mapToGlobal(at)))
    found = QApplication.activePopupWidget()
    assert found is None or isinstance(found, DownloadMenu)
    return found


@pytest.mark.parametrize("reason", [QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard])
def test_a_lecture_s_row_has_a_menu(
    qtbot: QtBot, bench: Bench, page: Callable[..., CoursePage], reason: QContextMenuEvent.Reason
) -> None:
    shown = page(WEEK)
    menu = ask_for_menu(row_of(shown, "i3"), reason)
    assert menu is not None
    named = {action.data(): action for action in menu.actions()}
    assert named["pause"].text() == "Pause “Two tables”"
    named["next"].trigger()
    menu.close()
    qtbot.waitUntil(lambda: bench.edge.asked("download_controls.fetch_next") == [("c1", "item:i3")])
    assert ask_for_menu(row_of(shown, "i5"), reason) is None, "a reading is small and always comes"


def test_a_row_tells_of_its_own_download_live(bench: Bench, page: Callable[..., CoursePage]) -> None:
    shown = page(WEEK)
    row = row_of(shown, "i3")
    assert "Downloading" not in row.accessibleName(), "the week says it, once"
    bench.desk.downloads_changed.emit((ITEM, WEEK))
    assert "Downloading, 50 %" in row.accessibleName()
    bench.desk.downloads_changed.emit((replace(ITEM, bytes_done=64_000_000), WEEK))
    assert "Downloading, 100 %" in row.accessibleName()
    shown = page(replace(WEEK, state="paused"))
    assert "Paused" in row_of(shown, "i3").accessibleName()
