"""The queue of downloads: what is under way, why it waits, by which rules.

Object names: ``downloadsList``, ``pauseAll``, ``resumeAll``, ``clearFinished``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from msgspec import structs
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import tr
from desktop.models.home_views import SyncStatus
from desktop.models.storage_views import FolderView
from desktop.models.views import DownloadsView, DownloadView
from desktop.ui import desk as places
from desktop.ui.desk import Desk, Notice
from desktop.ui.itemmodels import downloads
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import SPACE_12
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.download_hold import FOLDER, HOURS, METERED, NETWORK, PAUSED, HoldCard, hold_of
from desktop.ui.widgets.download_rules import DownloadRulesCard
from desktop.ui.widgets.ordered_list import OrderedList
from desktop.ui.widgets.scroll import PageScroll
from desktop.ui.widgets.states import Stateful, StateView
from desktop.ui.widgets.surfaces import SectionHeader

if TYPE_CHECKING:
    from desktop.services.services import Services


class QueuePage(Page):
    """See the module. Progress comes by ``desk.downloads_changed``, everything else by asking."""

    kinds: ClassVar[frozenset[str]] = frozenset({"downloads", "assets"})

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._view: DownloadsView | None = None
        self._live: dict[str, DownloadView] = {}
        self.queue = OrderedList()
        self.queue.setObjectName("downloadsList")
        self.queue.setAccessibleName(tr("Downloads"))
        self._hold = HoldCard()
        self._queue_header = SectionHeader(tr("Queue"))
        self._pause_all = Button(tr("Pause all"), "quiet", "pause", "pauseAll")
        self._resume_all = Button(tr("Resume all"), "quiet", "play", "resumeAll")
        self._clear = Button(tr("Clear finished"), "quiet", "checks", "clearFinished")
        for button in (self._pause_all, self._resume_all, self._clear):
            self._queue_header.row.addWidget(button)
        self._rules_header = SectionHeader(tr("Rules for downloads"))
        self._rules = DownloadRulesCard()
        self._nothing = StateView()
        scroll = PageScroll()
        scroll.body.setSpacing(SPACE_12)
        for widget in (
            self._hold,
            self._queue_header,
            self.queue,
            self._nothing,
            self._rules_header,
            self._rules,
        ):
            scroll.body.addWidget(widget)
        self._body = Stateful(scroll)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._body)
        self.queue.fit_height()
        self.queue.action_wanted.connect(self._on_action)
        self.queue.moved.connect(self._move)
        self._hold.released.connect(self._release)
        self._pause_all.clicked.connect(self._rest)
        self._resume_all.clicked.connect(self._go_on)
        self._clear.clicked.connect(self._clear_finished)
        self._rules.rules_changed.connect(self._change_rules)
        desk.downloads_changed.connect(self._on_progress)
        desk.status_changed.connect(self._on_status)
        desk.folder_changed.connect(self._on_status)

    def heading(self) -> str:
        """The page's title."""
        return tr("Downloads")

    def refresh(self) -> None:
        """Ask for the queue."""
        if self._view is None:
            self._body.show_loading()
        self.desk.ask(self, lambda services: services.downloads.view(), self._show, self._show_problem)

    def _show(self, view: DownloadsView) -> None:
        self._view = view
        self._live = {key: live for key, live in self._live.items() if any(key == e.id for e in view.entries)}
        self._rules.show_rules(view.rules)
        self._show_queue()
        self._nothing.setVisible(not view.entries)
        self._nothing.show_state(
            "download-simple",
            tr("Nothing waits to be downloaded"),
            tr("Open a week of a course and choose “Download week” to study it without a connection."),
            tr("My courses"),
            self._go_home,
        )
        self._body.show_content()

    def _show_queue(self) -> None:
        assert self._view is not None
        coming = [self._fresh(entry) for entry in self._view.entries if entry.state != "ready"]
        here = [self._fresh(entry) for entry in self._view.entries if entry.state == "ready"]
        last = len(coming) - 1
        rows = [
            downloads.download_row(entry, can_rise=number > 0, can_sink=number < last)
            for number, entry in enumerate(coming)
        ]
        rows += [downloads.download_row(entry) for entry in here]
        self.queue.show_rows([replace(row, group="") for row in rows])
        self._queue_header.setVisible(bool(rows))
        self.queue.setVisible(bool(rows))
        paused = self._view.rules.paused
        self._pause_all.setVisible(not paused and any(entry.state in {"queued", "running"} for entry in coming))
        self._resume_all.setVisible(paused)
        self._clear.setVisible(bool(here))
        self._show_hold(coming)

    def _show_hold(self, coming: list[DownloadView]) -> None:
        assert self._view is not None
        wanted = any(entry.state in {"queued", "running"} for entry in coming)
        told = next((entry.hold for entry in self.desk.downloads if entry.hold), "")
        hold = "paused" if self._view.rules.paused and told not in FOLDER else told
        reason = hold_of(hold, self.desk.status, self.desk.folder)
        self._hold.show_hold(reason if wanted else "", self._view.rules)

    def _fresh(self, entry: DownloadView) -> DownloadView:
        live = self._live.get(entry.id)
        title = f"{entry.course_title} · {entry.title}" if entry.course_title else entry.title
        found = live if live is not None and live.state == entry.state else entry
        return structs.replace(found, title=title)

    def _show_problem(self, problem: Problem) -> None:
        if self._view is None:
            self._body.show_problem(problem, self.refresh)

    @Slot(object)
    def _on_progress(self, running: tuple[DownloadView, ...]) -> None:
        self._live.update({entry.id: entry for entry in running})
        if self._view is not None and self.isVisible():
            self._show_queue()

    @Slot(str, str)
    def _on_action(self, row_id: str, key: str) -> None:
        asks: dict[str, Callable[[Services], object]] = {
            downloads.PAUSE: lambda services: services.downloads.pause(row_id),
            downloads.RESUME: lambda services: services.downloads.resume(row_id),
            downloads.CANCEL: lambda services: services.downloads.cancel(row_id),
            downloads.UP: lambda services: services.downloads.move(row_id, "up"),
            downloads.DOWN: lambda services: services.downloads.move(row_id, "down"),
        }
        if key in asks:
            self.desk.ask(self, asks[key], None, self._say_problem)

    @Slot(str, int)
    def _move(self, row_id: str, number: int) -> None:
        self.desk.ask(self, lambda services: services.download_controls.put(row_id, number), None, self._say_problem)

    @Slot(object)
    def _on_status(self, _news: SyncStatus | FolderView) -> None:
        if self._view is not None and self.isVisible():
            self._show_queue()

    @Slot(object)
    def _change_rules(self, changes: dict[str, int | bool]) -> None:
        self.desk.ask(self, lambda services: services.downloads.change_rules(changes), None, self._say_problem)

    @Slot(str)
    def _release(self, reason: str) -> None:
        """What the card of the reason promises."""
        if reason == NETWORK:
            self.desk.wake_sync()
            return
        if reason in FOLDER:
            self.desk.go(places.DOWNLOADS, tab="storage")
            return
        changes: dict[str, dict[str, int | bool]] = {
            PAUSED: {"paused": False},
            METERED: {"on_metered": True},
            HOURS: {"from_minute": 0, "until_minute": 0},
        }
        self._change_rules(changes[reason])

    @Slot()
    def _rest(self) -> None:
        self._change_rules({"paused": True})

    @Slot()
    def _go_on(self) -> None:
        self._change_rules({"paused": False})

    @Slot()
    def _clear_finished(self) -> None:
        self.desk.ask(self, lambda services: services.downloads.clear_finished(), None, self._say_problem)

    def _say_problem(self, problem: Problem) -> None:
        text = " ".join(tr(part) for part in (problem.text, problem.way_out) if part)
        self.desk.say(Notice("downloads", text, "error"))
        self.refresh()

    def _go_home(self) -> None:
        self.desk.go(places.HOME)
