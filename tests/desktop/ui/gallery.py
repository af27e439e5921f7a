"""Pictures of the screens, to be looked at: ``python -m tests.desktop.ui.gallery FOLDER [NAME …]``."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from msgspec.structs import replace
from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QPainter
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea

from desktop.application import STYLE_WORDS
from desktop.config import Config
from desktop.errors import Problem
from desktop.models.pack_views import ImportView
from desktop.models.views import DownloadPlan, DownloadView, SyncStatus
from desktop.ui.desk import Notice
from desktop.ui.pages.course import CoursePage
from desktop.ui.pages.invitation import InvitationPage
from desktop.ui.window import MainWindow
from tests.desktop.ui import carried_scenes, storage_scenes
from tests.desktop.ui import sample_imports as imports
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.fakes import NOW, Bench, Edge, bench_over
from tests.desktop.ui.pages_of_items.store import downloads as sample_downloads
from tests.desktop.ui.settling import Scene, settle
from tests.desktop.ui.trip_scenes import SCENES as TRIP_SCENES


def answers() -> dict[str, object]:
    return {
        "home.view": views.HOME,
        "catalog.view": views.CATALOG,
        "catalog.description": views.DESCRIPTION,
        "courses.outline": views.OUTLINE,
        "learner.view": views.LEARNER,
        "gateway.read_invitation": views.INVITATION,
        "gateway.asking_proxy": "gate.example.org:3128",
        "download_controls.entries": (),
        "downloads.plan_week": DownloadPlan("Two tables", 14, 54_500_000, 64_000_000, 3_200_000_000, fits=True),
    }


def _refused(code: str) -> Scene:
    def scene(bench: Bench, window: MainWindow) -> None:
        bench.edge.answers["gateway.read_invitation"] = Problem(code, "")
        bench.desk.go("invitation", link="https://learn.example.org/join/x")

    return scene


def _invitation_new(bench: Bench, window: MainWindow) -> None:
    bench.desk.go("invitation", link="https://learn.example.org/join/x")
    settle(bench)
    page = window.pages.current_page()
    assert isinstance(page, InvitationPage)
    page.new.click()
    page.password.field.setText("long enough now")


def _home_empty(bench: Bench, window: MainWindow) -> None:
    bench.edge.answers["home.view"] = views.EMPTY_HOME
    bench.desk.go("home")


def _home_long(bench: Bench, window: MainWindow) -> None:
    cards = (views.CARDS[0]._replace(title=views.LONG), *views.CARDS[1:])
    bench.edge.answers["home.view"] = views.HOME._replace(cards=cards)
    bench.desk.go("home")


def _status(bench: Bench, window: MainWindow) -> None:
    bench.desk.go("home")
    status = SyncStatus("offline", waiting=3, since=NOW - timedelta(hours=2))
    bench.desk.status_changed.emit(status)
    entry = DownloadView("d", "c1", "SQL", "Two tables", "running", 64_000_000, 41_000_000, 14, 9, 1e6, 20)
    bench.desk.downloads_changed.emit((entry,))
    bench.desk.say(Notice("a", "Kept; it goes out when there is a network.", "info", "Open", lambda: None))
    bench.desk.say(Notice("b", "The disk is full. Make room, then resume the download.", "error"))


def _catalog_found(bench: Bench, window: MainWindow) -> None:
    window.header.search.setText("planning")
    window.header.search.textEdited.emit("planning")


def _catalog_nothing(bench: Bench, window: MainWindow) -> None:
    window.header.search.textEdited.emit("zeppelin")


def _week(bench: Bench, window: MainWindow) -> None:
    bench.desk.go("course", course_id="c1", section="week-2")


def _week_plan(bench: Bench, window: MainWindow) -> None:
    _week(bench, window)
    settle(bench)
    page = window.pages.current_page()
    assert isinstance(page, CoursePage)
    page.week.download.button.click()


def _week_as(state: str, **more: Any) -> Scene:
    """A week whose download stands so."""

    def scene(bench: Bench, window: MainWindow) -> None:
        entry = DownloadView("d", "c1", "SQL", "Two tables", state, 64_000_000, 41_000_000, 14, 9, scope="week:2")
        bench.edge.answers["download_controls.entries"] = (replace(entry, **more),)
        _week(bench, window)

    return scene


def _week_item_menu(bench: Bench, window: MainWindow) -> None:
    _week_as("running", place=1, speed=1e6)(bench, window)
    settle(bench)
    row = window.findChild(QAbstractButton, "itemRow-i3")
    assert row is not None
    at = row.rect().center()
    QApplication.sendEvent(row, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, row.mapToGlobal(at)))


def _course_running(bench: Bench, window: MainWindow) -> None:
    entry = DownloadView("d", "c1", "SQL", "SQL", "running", 64_000_000, 41_000_000, 14, 9, scope="course:", place=1)
    bench.edge.answers["download_controls.entries"] = (entry,)
    bench.desk.go("course", course_id="c1")


def _pending(bench: Bench, window: MainWindow) -> None:
    bench.edge.answers["catalog.description"] = replace(
        views.DESCRIPTION, pending=True, complete=False, syllabus=(), about_html="", enrollment_id="e9"
    )
    bench.desk.go("description", course_id="c3")


def _home_section(section: str) -> Scene:
    def scene(bench: Bench, window: MainWindow) -> None:
        button = window.findChild(QAbstractButton, f"side-{section}")
        assert button is not None
        button.click()

    return scene


def _refused_with_address(bench: Bench, window: MainWindow) -> None:
    bench.edge.answers["gateway.read_invitation"] = replace(views.INVITATION, state="expired")
    bench.desk.go("invitation", link="https://learn.example.org/join/x")


def _invitation_existing(bench: Bench, window: MainWindow) -> None:
    bench.desk.go("invitation", link="https://learn.example.org/join/x")
    settle(bench)
    page = window.pages.current_page()
    assert isinstance(page, InvitationPage)
    page.existing.click()


def _course_done(bench: Bench, window: MainWindow) -> None:
    weeks = tuple(replace(week, state="done") for week in views.OUTLINE.weeks)
    bench.edge.answers["courses.outline"] = replace(views.OUTLINE, weeks=weeks, percent=100, overdue=0, next_step=None)
    bench.desk.go("course", course_id="c1")


def _downloads(hold: str = "", **rules: int | bool) -> Scene:
    """The queue while it runs; waiting, for the reason ``hold``; with these rules."""

    def scene(bench: Bench, window: MainWindow) -> None:
        view = sample_downloads()
        ready = replace(view.entries[1], id="d9", title="Week 1", state="ready", bytes_done=7_000_000, files_done=9)
        entries = (*view.entries, ready)
        if hold:
            entries = tuple(
                replace(entry, state="queued", speed=0.0) if entry.state == "running" else entry for entry in entries
            )
        view = replace(view, entries=entries, rules=replace(view.rules, **rules))
        bench.edge.answers["downloads.view"] = view
        bench.desk.go("downloads")
        settle(bench)
        told = tuple(replace(e, hold=hold if e.state == "queued" else "") for e in entries if e.state != "ready")
        bench.desk.downloads_changed.emit(told)
        if hold == "network":
            bench.desk.status = SyncStatus("offline", since=NOW)
            bench.desk.status_changed.emit(bench.desk.status)

    return scene


def _sign_out(waiting: int) -> Scene:
    def scene(bench: Bench, window: MainWindow) -> None:
        bench.edge.answers["outbox.waiting_count"] = waiting
        bench.desk.go("sign_out")

    return scene


def _downloads_rules(bench: Bench, window: MainWindow) -> None:
    _downloads(from_minute=22 * 60, until_minute=6 * 60, speed_limit=1024**2)(bench, window)
    settle(bench)
    page = window.pages.current_page()
    assert page is not None
    for area in page.findChildren(QScrollArea):
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())


def _downloads_nothing(bench: Bench, window: MainWindow) -> None:
    bench.edge.answers["downloads.view"] = replace(sample_downloads(), entries=())
    bench.desk.go("downloads")


def _downloads_done(bench: Bench, window: MainWindow) -> None:
    view = sample_downloads()
    entries = tuple(
        replace(e, state="ready", bytes_done=e.bytes_total, files_done=e.files_total, problem="", way_out="")
        for e in view.entries
    )
    bench.edge.answers["downloads.view"] = replace(view, entries=entries)
    bench.desk.go("downloads")


def _outbox(status: SyncStatus) -> Scene:
    def scene(bench: Bench, window: MainWindow) -> None:
        bench.edge.answers["outbox.entries"] = views.OUTBOX
        bench.desk.status = status
        bench.desk.status_changed.emit(status)
        bench.desk.go("outbox")

    return scene


def _diagnostics(bench: Bench, window: MainWindow) -> None:
    bench.edge.answers["outbox.log"] = views.LOG
    bench.edge.answers["gateway.test_network"] = views.STEPS
    bench.edge.answers["diagnostics.report"] = views.REPORT
    bench.desk.sync_rounds = lambda: views.ROUNDS
    bench.desk.status = views.AWAY
    bench.desk.status_changed.emit(views.AWAY)
    bench.desk.go("diagnostics")
    settle(bench)
    for name in ("networkTest", "reportShow"):
        button = window.findChild(QAbstractButton, name)
        assert button is not None
        button.click()
        settle(bench)


def _imports(*views_of: ImportView) -> Scene:
    def scene(bench: Bench, window: MainWindow) -> None:
        bench.desk.packs.changed.emit(views_of)
        bench.desk.go("imports")

    return scene


def _dragged(*names: str) -> Scene:
    def scene(bench: Bench, window: MainWindow) -> None:
        bench.desk.go("home")
        settle(bench)
        window._drops._cover().show_files([Path(name) for name in names], welcome=True)

    return scene


def _go(page: str, **arguments: str) -> Scene:
    return lambda bench, window: bench.desk.go(page, **arguments)


SCENES: dict[str, Scene] = {
    "welcome": _go("welcome"),
    "invitation": _go("invitation", link="https://learn.example.org/join/x"),
    "invitation-new": _invitation_new,
    "invitation-expired": _refused("invitation_expired"),
    "invitation-offline": _refused("offline"),
    "invitation-existing": _invitation_existing,
    "invitation-expired-known": _refused_with_address,
    "sign-in": _go("sign_in", server="https://learn.example.org", ended="1"),
    "home": _go("home"),
    "home-empty": _home_empty,
    "home-long": _home_long,
    "home-status": _status,
    "home-saved": _home_section("saved"),
    "home-completed": _home_section("completed"),
    "home-inactive": _home_section("inactive"),
    "catalog": _go("catalog"),
    "catalog-found": _catalog_found,
    "catalog-nothing": _catalog_nothing,
    "description": _go("description", course_id="c3"),
    "description-pending": _pending,
    "course": _go("course", course_id="c1"),
    "course-done": _course_done,
    "week": _week,
    "week-plan": _week_plan,
    "week-running": _week_as("running", place=1, speed=1e6),
    "week-failed": _week_as("failed", problem="The disk is full.", way_out="Make room, then try again."),
    "week-changed": _week_as("ready"),
    "course-running": _course_running,
    "resources": _go("course", course_id="c1", section="resources"),
    "info": _go("course", course_id="c1", section="info"),
    "downloads": _downloads(),
    "downloads-paused": _downloads("paused", paused=True),
    "downloads-metered": _downloads("metered"),
    "downloads-hours": _downloads("hours", from_minute=22 * 60, until_minute=6 * 60, speed_limit=1024**2),
    "downloads-network": _downloads("network"),
    "downloads-rules": _downloads_rules,
    "downloads-done": _downloads_done,
    **TRIP_SCENES,
    "downloads-nothing": _downloads_nothing,
    "imports": _imports(*imports.LOOKED_AT),
    "imports-nothing": _imports(),
    "imports-standing": _imports(*imports.STANDING),
    "imports-running": _imports(*imports.UNDER_WAY),
    "imports-ended": _imports(*imports.ENDED),
    "dragged": _dragged("/a/one.haversack", "/a/two.haversack"),
    "dragged-other": _dragged("/a/one.pdf"),
    "help": _go("help"),
    "outbox": _outbox(views.AWAY),
    "outbox-sent": _outbox(SyncStatus("up_to_date", last_success=NOW)),
    "sign-out": _sign_out(3),
    "sign-out-sent": _sign_out(0),
    "diagnostics": _diagnostics,
    **carried_scenes.SCENES,
    "proxy": _go("proxy"),
}


SCENES |= storage_scenes.SCENES
POPUPS: dict[str, Scene] = {"week-item-menu": _week_item_menu}
"""Scenes with something in front of the window, to be looked at only."""


def play(bench: Bench, window: MainWindow, name: str) -> None:
    """Bring the window to a scene, answered and painted."""
    if name not in {"welcome", "sign-in"} and not name.startswith("invitation"):
        bench.desk.signed_in.emit(views.LEARNER)
        bench.desk.status_changed.emit(SyncStatus("up_to_date", last_success=NOW))
    settle(bench)
    (SCENES | POPUPS | storage_scenes.MORE)[name](bench, window)
    settle(bench)


def render(folder: Path, name: str, variant: str) -> None:
    """One picture. ``variant``: light, dark, small (900x600), large (text at 200 %), mirrored (right to left)."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft if variant == "mirrored" else Qt.LayoutDirection.LeftToRight)
    with tempfile.TemporaryDirectory() as home, bench_over(Edge(answers())) as bench:
        window = MainWindow(bench.desk, Config(Path(home)))
        window.theme.set_mode("dark" if variant == "dark" else "light")
        window.theme.set_text_percent(200 if variant == "large" else 100)
        window.resize(QSize(900, 600) if variant == "small" else QSize(1180, 780))
        window.show()
        play(bench, window, name)
        picture = window.grab()
        menu = QApplication.activePopupWidget()
        if menu is not None:
            painter = QPainter(picture)
            painter.drawPixmap(window.mapFromGlobal(menu.pos()), menu.grab())
            painter.end()
            menu.close()
        picture.save(str(folder / f"{name}-{variant}.png"))
        window.close_pages()
        window.close()
        window.deleteLater()
        app.sendPostedEvents(None, 0)


def main() -> None:
    """See the module."""
    folder, names = Path(sys.argv[1]), sys.argv[2:]
    folder.mkdir(parents=True, exist_ok=True)
    QLocale.setDefault(QLocale("en-GB"))
    app = QApplication.instance() or QApplication(["gallery", *STYLE_WORDS])
    for name in SCENES | POPUPS | storage_scenes.MORE:
        for variant in ("light", "dark", "small", "large", "mirrored"):
            if not names or name in names or f"{name}-{variant}" in names or variant in names:
                render(folder, name, variant)
    del app


if __name__ == "__main__":
    main()
