"""What can be done with a download where one studies, and how it stands: the same words at every place.

The place is a scope (see ``services.download_controls``): a course, a week, an item.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from desktop.i18n import percent_text, tr
from desktop.models.views import DownloadView
from desktop.ui.theme.icons import icon
from desktop.ui.theme.tokens import ICON_SMALL
from desktop.ui.widgets.menu import Menu

FETCH, NEXT, PAUSE, RESUME, CANCEL, REMOVE, SHOW = "fetch", "next", "pause", "resume", "cancel", "remove", "show"

COURSE = "course:"
"""The scope of a whole course."""


def week_scope(number: int) -> str:
    """The scope of a week."""
    return f"week:{number}"


def item_scope(item_id: str) -> str:
    """The scope of an item."""
    return f"item:{item_id}"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to do. ``key`` is one of the names above."""

    key: str
    text: str
    icon: str


def percent_of(entry: DownloadView) -> int:
    """How much of it is here."""
    return int(100 * entry.bytes_done / entry.bytes_total) if entry.bytes_total else 0


def is_changed(entry: DownloadView | None, offline: str) -> bool:
    """It was all here once, and is not any more: the course has a new version, or files were taken away."""
    return entry is not None and entry.state == "ready" and offline in ("part", "none")


def state_words(entry: DownloadView | None, offline: str) -> str:
    """How it stands, in a few words; empty where there is nothing to say."""
    if offline == "ready":
        return tr("Works offline")
    if is_changed(entry, offline):
        return tr("Changed since it was downloaded")
    if entry is None or entry.state == "ready":
        return tr("Waiting to download") if offline == "queued" else ""
    percent = percent_text(percent_of(entry))
    if entry.state == "running":
        return tr("Downloading, {percent}", percent=percent)
    if entry.state == "paused":
        return tr("Paused at {percent}", percent=percent)
    if entry.state == "failed":
        return tr(entry.problem) if entry.problem else tr("Stopped")
    held = {
        "paused": tr("Waits: all downloads are paused"),
        "metered": tr("Waits for a network that counts nothing"),
        "hours": tr("Waits for the hours of downloads"),
    }.get(entry.hold)
    if held:
        return held
    return tr("Next in the queue") if entry.place <= 1 else tr("Number {n} in the queue", n=entry.place)


def state_icon(entry: DownloadView | None, offline: str) -> str:
    """The icon beside the words."""
    if offline == "ready":
        return "check-circle"
    if is_changed(entry, offline):
        return "arrows-clockwise"
    state = entry.state if entry is not None else ""
    return {"queued": "clock", "paused": "pause", "failed": "warning-circle"}.get(state, "download-simple")


def choices(entry: DownloadView | None, scope: str, offline: str) -> list[Choice]:
    """What can be done, the likeliest first. ``entry``: what brings it here, which may be of something larger."""
    remove = [Choice(REMOVE, tr("Remove from this computer"), "trash")] if offline in ("ready", "part") else []
    first = Choice(NEXT, tr("Download this next"), "arrow-line-up")
    show = Choice(SHOW, tr("Show all downloads"), "list-dashes")
    if offline == "ready":
        return [*remove, show]
    if entry is None or entry.state == "ready":
        if is_changed(entry, offline):
            fetch = Choice(FETCH, tr("Fetch again"), "arrows-clockwise")
        else:
            text = tr("Download the rest") if offline == "part" else tr("Download")
            fetch = Choice(FETCH, text, "download-simple")
        return [fetch, first, *remove, show]
    own = entry.scope == scope

    def of(alone: str, with_title: str) -> str:
        return alone if own else with_title.format(title=entry.title)

    cancel = Choice(CANCEL, of(tr("Cancel the download"), tr("Cancel the download of “{title}”")), "x")
    if entry.state in ("paused", "failed"):
        again = entry.state == "failed"
        text = of(tr("Try again"), tr("Try “{title}” again")) if again else of(tr("Resume"), tr("Resume “{title}”"))
        resume = Choice(RESUME, text, "arrow-clockwise" if again else "play")
        return [resume, *([] if own else [first]), cancel, *remove, show]
    pause = Choice(PAUSE, of(tr("Pause"), tr("Pause “{title}”")), "pause")
    sooner = [] if own and (entry.state == "running" or entry.place <= 1) else [first]
    return [pause, *sooner, cancel, *remove, show]


class DownloadMenu(Menu):
    """The choices. ``chosen``: the key of the one that was taken."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None, title: str = "") -> None:
        super().__init__(parent, title)
        self.setAccessibleName(tr("Download"))
        self.triggered.connect(self._take)

    def show_choices(self, found: list[Choice]) -> None:
        """Offer these. What is offered already stays as it is: the menu may be open."""
        if [(action.data(), action.text()) for action in self.actions()] == [(one.key, one.text) for one in found]:
            return
        self.clear()
        for one in found:
            action = self.addAction(icon(one.icon, "muted", ICON_SMALL), one.text)
            action.setData(one.key)
            action.setObjectName(f"download-{one.key}")

    @Slot(QAction)
    def _take(self, action: QAction) -> None:
        self.chosen.emit(action.data())
