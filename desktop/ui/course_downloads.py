"""The downloads of the course in front: what the queue has of it, live, and what the learner does with it there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.errors import Problem
from desktop.i18n import tr
from desktop.models.views import DownloadView
from desktop.ui.desk import DOWNLOADS, Desk, Notice
from desktop.ui.widgets.download_menu import (
    CANCEL,
    COURSE,
    FETCH,
    NEXT,
    PAUSE,
    REMOVE,
    RESUME,
    SHOW,
    item_scope,
    week_scope,
)

if TYPE_CHECKING:
    from desktop.services.services import Services

TOPIC = "downloads"


class CourseDownloads(QObject):
    """Belongs to a page, which asks with ``look_at`` whenever it asks for its data. In the UI thread.

    ``changed`` is emitted when something of this course is another now.
    """

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._course_id = ""
        self._entries: dict[str, DownloadView] = {}
        desk.downloads_changed.connect(self._on_progress)

    def look_at(self, course_id: str) -> None:
        """Ask what the queue has of a course."""
        if course_id != self._course_id:
            self._course_id, self._entries = course_id, {}

        def show(entries: tuple[DownloadView, ...]) -> None:
            if course_id == self._course_id:
                # What was told last may be older than what the learner did since: only figures are taken from it.
                told = {entry.id: entry for entry in self._desk.downloads}
                live = (told.get(entry.id, entry) for entry in entries)
                self._entries = {
                    entry.scope: told_of if told_of.state == entry.state else entry
                    for entry, told_of in zip(entries, live, strict=True)
                }
                self.changed.emit()

        self._desk.ask(self, lambda services: services.download_controls.entries(course_id), show, lambda _: None)

    def entry(self, scope: str) -> DownloadView | None:
        """What the queue has of exactly this."""
        return self._entries.get(scope)

    def bringing(self, item_id: str, week: int) -> DownloadView | None:
        """What brings an item: itself, else its week, else the course; None if nothing does."""
        found = [self._entries.get(scope) for scope in (item_scope(item_id), week_scope(week), COURSE)]
        live = [entry for entry in found if entry is not None and entry.state != "ready"]
        return next(iter(live), next((entry for entry in found if entry is not None), None))

    def do(self, key: str, scope: str, title: str, entry: DownloadView | None) -> None:
        """Do what was chosen (``download_menu``) for a scope; ``entry`` is what the choice was offered for."""
        course_id = self._course_id
        download_id = entry.id if entry is not None else ""
        asks: dict[str, Callable[[Services], object]] = {
            FETCH: lambda services: services.download_controls.fetch(course_id, scope),
            NEXT: lambda services: services.download_controls.fetch_next(course_id, scope),
            PAUSE: lambda services: services.downloads.pause(download_id),
            RESUME: lambda services: services.downloads.resume(download_id),
            CANCEL: lambda services: services.downloads.cancel(download_id),
        }
        if key == SHOW:
            self._desk.go(DOWNLOADS)
        elif key == REMOVE:
            self._ask_removal(course_id, scope, title)
        else:
            self._desk.ask(self, asks[key], lambda _: self._done(course_id), self._failed)

    def _done(self, course_id: str) -> None:
        self._desk.wake_sync()
        if course_id == self._course_id:
            self.look_at(course_id)

    def _failed(self, problem: Problem) -> None:
        text = " ".join(tr(part) for part in (problem.text, problem.way_out) if part)
        self._desk.say(Notice(TOPIC, text, "error"))

    def _ask_removal(self, course_id: str, scope: str, title: str) -> None:
        text = tr(
            "Remove “{title}” from this computer? It needs a network then. Your progress, notes and answers stay.",
            title=title,
        )
        remove = partial(self._remove, course_id, scope, title)
        self._desk.say(Notice(TOPIC, text, "warning", tr("Remove"), remove, stays=True))

    def _remove(self, course_id: str, scope: str, title: str) -> None:
        def done(_: object) -> None:
            self._desk.say(Notice(TOPIC, tr("Removed: {title}", title=title), "success"))
            self._done(course_id)

        self._desk.ask(self, lambda services: services.download_controls.remove(course_id, scope), done, self._failed)

    @Slot(object)
    def _on_progress(self, downloads: tuple[DownloadView, ...]) -> None:
        fresh = {entry.scope: entry for entry in downloads if entry.course_id == self._course_id and entry.scope}
        if any(self._entries.get(scope) != entry for scope, entry in fresh.items()):
            self._entries |= fresh
            self.changed.emit()
