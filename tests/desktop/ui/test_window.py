"""The frame: places and the way back, keys, chips, notices, names for screen readers, the first paint."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.config import Config
from desktop.errors import Problem
from desktop.models.views import DownloadView, SyncStatus
from desktop.ui.desk import Notice
from desktop.ui.frame.status_bar import status_words
from desktop.ui.pages.catalog import CatalogPage
from desktop.ui.pages.home import HomePage
from desktop.ui.theme.live import tokens
from desktop.ui.window import MainWindow
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.fakes import NOW, Bench, Edge, bench_over

MINE = ("home", "catalog", "description", "course", "help", "welcome", "invitation", "sign_in")


def idle(qtbot: QtBot, bench: Bench) -> None:
    """Wait until everything that was asked is answered."""
    qtbot.waitUntil(lambda: not bench.runner.busy())


def find(window: QWidget, name: str) -> QWidget:
    """The visible widget of a name."""
    found = [widget for widget in window.findChildren(QWidget, name) if widget.isVisible()]
    assert found, name
    return found[0]


def show(bench: Bench, page: str) -> None:
    """Go to a page with everything that any of them needs; the welcome without a link, which would be an invitation."""
    link = {} if page == "welcome" else {"link": "https://example.org/join/t1"}
    bench.desk.go(page, course_id="c3" if page == "description" else "c1", section="week-2", **link)


def click(qtbot: QtBot, window: QWidget, name: str) -> None:
    """A real click in the middle of a widget."""
    qtbot.mouseClick(find(window, name), Qt.MouseButton.LeftButton)


def test_tabs_lead_to_home_and_catalog_and_alt_left_back(qtbot: QtBot, bench: Bench, window: MainWindow) -> None:
    assert isinstance(window.pages.current_page(), HomePage)
    click(qtbot, window, "tabCatalog")
    idle(qtbot, bench)
    assert isinstance(window.pages.current_page(), CatalogPage)
    assert bench.edge.asked("catalog.view")[-1] == ("sample",)
    assert window.windowTitle().startswith("Catalog")
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert isinstance(window.pages.current_page(), HomePage)


def test_slash_and_control_k_lead_to_the_search_which_filters_the_catalog(
    qtbot: QtBot, bench: Bench, window: MainWindow
) -> None:
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_Slash)
    assert QApplication.focusWidget() is window.header.search
    window.pages.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(window.header.search, "planning")
    idle(qtbot, bench)
    page = window.pages.current_page()
    assert isinstance(page, CatalogPage)
    assert page.count.text() == "4 results for “planning”"
    assert window.header.search.text() == "planning"


def test_control_q_closes_the_window(qtbot: QtBot, window: MainWindow) -> None:
    assert window.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not window.isVisible()


def test_f1_opens_help(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert window.pages.place is not None
    assert window.pages.place.page == "help"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (SyncStatus("up_to_date", last_success=NOW), "Up to date, "),
        (SyncStatus("syncing"), "Syncing …"),
        (SyncStatus("waiting", waiting=1), "1 waiting to send"),
        (SyncStatus("offline", waiting=3, since=NOW), "3 waiting to send"),
        (SyncStatus("held_up", waiting=3, since=NOW, code="server_fault"), "Server out of order since"),
        (SyncStatus("held_up", code="rate_limited"), "Server busy"),
        (SyncStatus("attention", code="blocked"), "the network blocks it"),
        (SyncStatus("attention", code="moved"), "the server has moved"),
        (SyncStatus("attention", refused=2), "Needs you: 2 were refused"),
        (SyncStatus(), "Not connected"),
    ],
)
def test_the_chip_says_how_the_sync_stands(status: SyncStatus, words: str) -> None:
    assert words in status_words(status)[0]


def test_the_chips_lead_to_outbox_and_downloads(qtbot: QtBot, bench: Bench, window: MainWindow) -> None:
    entry = DownloadView("d", "c1", "SQL", "Two tables", "running", 100, 64, 14, 9)
    bench.desk.downloads_changed.emit((entry,))
    assert window.status.downloads.text() == "1 download 64 %"
    assert "Outbox" in window.status.sync.accessibleName()
    bench.places.clear()
    bench.desk.place_changed.disconnect(window.show_place)
    click(qtbot, window, "downloadsChip")
    click(qtbot, window, "syncChip")
    assert [place.page for place in bench.places] == ["downloads", "outbox"]
    bench.desk.downloads_changed.emit((replace(entry, state="failed"),))
    assert window.status.downloads.text() == "1 download stopped"
    bench.desk.downloads_changed.emit(())
    assert window.status.downloads.text() == "Downloads ready"


def test_a_notice_replaces_the_one_of_its_topic_and_errors_stay(qtbot: QtBot, bench: Bench, window: MainWindow) -> None:
    done: list[str] = []
    bench.desk.say(Notice("a", "first", action_text="Undo", action=lambda: done.append("undone")))
    bench.desk.say(Notice("a", "second", action_text="Undo", action=lambda: done.append("undone")))
    window.show_problem(Problem("disk_full", "The disk is full.", "Make room."))
    assert [line.text.text() for line in window.notices.lines()] == ["second", "The disk is full. Make room."]
    running = [line.closes_by_itself() for line in window.notices.lines()]
    assert running == [True, False]
    click(qtbot, window.notices, "noticeAction")
    assert done == ["undone"]
    assert [line.text.text() for line in window.notices.lines()] == ["The disk is full. Make room."]
    click(qtbot, window.notices, "noticeDismiss")
    assert not window.notices.isVisible(), "an empty line would push the page down"


def test_a_signed_out_learner_is_not_an_error(window: MainWindow) -> None:
    window.show_problem(Problem("not_signed_in", "You are signed out."))
    assert window.notices.lines() == []


def test_the_theme_is_chosen_in_the_profile_menu(qtbot: QtBot, window: MainWindow) -> None:
    menu = window.header.profile.menu()
    menu.aboutToShow.emit()
    actions = {action.objectName(): action for action in window.findChildren(type(menu.actions()[0]))}
    actions["theme-dark"].trigger()
    assert tokens().dark
    actions["text-150"].trigger()
    assert tokens().text_percent == 150
    actions["text-100"].trigger()
    actions["theme-light"].trigger()
    assert not tokens().dark


def test_signing_out_is_asked_for_and_empties_the_window(qtbot: QtBot, bench: Bench, window: MainWindow) -> None:
    menu = window.header.profile.menu()
    menu.aboutToShow.emit()
    action = next(action for action in menu.actions() if action.objectName() == "menuSignOut")
    with qtbot.waitSignal(bench.desk.leave_requested):
        action.trigger()
    bench.desk.signed_out.emit()
    bench.desk.go("welcome")
    assert not window.header.isVisible()
    assert not window.pages.can_go_back()


def test_the_home_is_painted_from_a_saved_view_before_any_store(qtbot: QtBot, tmp_path: Path) -> None:
    with bench_over(Edge({"home.view": views.HOME})) as bench:
        window = MainWindow(bench.desk, Config(tmp_path))
        qtbot.addWidget(window)
        window.show_snapshot(views.HOME)
        window.show()
        assert find(window, "resume-c1").isVisible()
        assert not bench.edge.calls
        assert window.header.isVisible()
        assert tokens().colours.canvas == window.grab().toImage().pixelColor(200, window.height() // 2).name()
        bench.desk.signed_in.emit(views.LEARNER)
        idle(qtbot, bench)
        assert bench.edge.asked("home.view") == [("sample",)]
        window.close_pages()


def test_the_window_remembers_its_size(qtbot: QtBot, tmp_path: Path) -> None:
    for size in ((900, 700), None):
        with bench_over(Edge({"home.view": views.HOME})) as bench:
            window = MainWindow(bench.desk, Config(tmp_path))
            qtbot.addWidget(window)
            if size:
                window.resize(*size)
            window.show()
            assert (window.width(), window.height()) == (900, 700)
            window.close_pages()


def test_a_broken_brand_file_is_said_and_ours_is_used(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "brand.toml").write_text("name = 7")
    with bench_over(Edge()) as bench:
        window = MainWindow(bench.desk, Config(tmp_path))
        qtbot.addWidget(window)
        assert window.windowTitle() == "Haversack"
        assert "brand file" in window.notices.lines()[0].text.text()
        window.close_pages()


def test_the_program_s_accent_is_worn(qtbot: QtBot, bench: Bench, window: MainWindow) -> None:
    before = tokens().colours.accent
    program = views.PROGRAM._replace(accent="#9c27b0")
    bench.edge.answers["learner.view"] = views.LEARNER._replace(programs=(program,))
    bench.desk.changed.emit(frozenset({"programs"}))
    qtbot.waitUntil(lambda: tokens().colours.accent != before)
    window.theme.set_accent("")


@pytest.mark.parametrize("page", MINE)
@pytest.mark.parametrize("size", [(900, 600), (1400, 900)])
def test_every_control_has_a_name(
    qtbot: QtBot, bench: Bench, window: MainWindow, page: str, size: tuple[int, int]
) -> None:
    window.resize(*size)
    show(bench, page)
    idle(qtbot, bench)
    bench.desk.say(Notice("n", "said", action_text="Act", action=lambda: None))
    unnamed = [
        f"{type(widget).__name__} {widget.objectName()!r}"
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.focusPolicy() != Qt.FocusPolicy.ClickFocus
        and widget.isVisible()
        and not said(widget)
    ]
    assert unnamed == []


def said(widget: QWidget) -> str:
    """What a screen reader would say."""
    if widget.accessibleName():
        return widget.accessibleName()
    if isinstance(widget, QPushButton | QAbstractButton):
        return widget.text()
    if isinstance(widget, QLineEdit | QComboBox):
        return ""
    return ""


@pytest.mark.parametrize("page", MINE)
def test_nothing_is_wider_than_the_smallest_window(qtbot: QtBot, bench: Bench, window: MainWindow, page: str) -> None:
    window.resize(900, 600)
    show(bench, page)
    idle(qtbot, bench)
    assert window.width() == 900
    current = window.pages.current_page()
    assert current is not None
    assert current.minimumSizeHint().width() <= 900


def test_offline_since_is_said_with_its_time() -> None:
    text, _, _ = status_words(SyncStatus("offline", since=NOW - timedelta(hours=1)))
    assert text.startswith("Offline since ")


def test_the_chip_tells_when_it_last_went_well(bench: Bench, window: MainWindow) -> None:
    bench.desk.status_changed.emit(SyncStatus("offline", text="No network.", last_success=NOW))
    assert window.status.sync.toolTip().startswith("No network. Last synced 24 Nov 2026")
    bench.desk.status_changed.emit(SyncStatus("up_to_date", last_success=NOW))
    assert window.status.sync.toolTip() == ""


def focused_name() -> str:
    """The object that has the keyboard."""
    found = QApplication.focusWidget()
    return found.objectName() if found is not None else ""


@pytest.mark.parametrize(("waiting", "button"), [(2, "signOutSend"), (0, "signOutKeep")])
def test_signing_out_begins_at_its_main_button(
    qtbot: QtBot, bench: Bench, window: MainWindow, waiting: int, button: str
) -> None:
    window.activateWindow()
    bench.edge.answers["outbox.waiting_count"] = waiting
    bench.desk.go("sign_out")
    qtbot.waitUntil(lambda: focused_name() == button)
    other = window.findChild(QWidget, "signOutStay")
    assert other is not None
    other.setFocus()
    bench.desk.changed.emit(frozenset({"outbox"}))
    qtbot.waitUntil(lambda: len(bench.edge.asked("outbox.waiting_count")) == 2 and not bench.runner.busy())
    assert focused_name() == "signOutStay", "whoever is here already is not moved"


def test_an_empty_home_begins_at_the_way_to_a_course(qtbot: QtBot, bench: Bench, window: MainWindow) -> None:
    window.activateWindow()
    bench.edge.answers["home.view"] = views.EMPTY_HOME
    bench.desk.go("home")
    qtbot.waitUntil(lambda: focused_name() == "stateAction")
    window.header.search.setFocus()
    bench.desk.go("home")
    qtbot.waitUntil(lambda: not bench.runner.busy())
    assert QApplication.focusWidget() is window.header.search, "not while somebody types"
