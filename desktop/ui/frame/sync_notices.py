"""What only the learner can mend, said in a line that stays until it is mended: one topic, never twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from desktop.errors import DISK_FULL, Problem
from desktop.i18n import tr
from desktop.models.content_folder import HERE, problem_of
from desktop.models.home_views import SyncStatus
from desktop.ui.desk import DOWNLOADS, PROXY, SIGNED_OUT, Desk, Notice

if TYPE_CHECKING:
    from desktop.models.storage_views import FolderView

SYNC, CLOCK, FOLDER = "sync", "clock", "folder"
CLOCK_OFF_S = 120.0
"""Less than this is the way of clocks, and of slow answers."""

DAMAGED = "database_damaged"
TRIED_AGAIN = frozenset({"proxy", "proxy_socks", "proxy_script", "tls", "not_ours", "moved", "blocked", "bug"})


def portal_address(server: str) -> QUrl:
    """What to open so that a network which wants people to sign in shows its page: the program's server, by plain
    HTTP, for that is what such a network answers in its place."""
    return QUrl(f"http://{urlsplit(server).hostname or server}/")


def open_portal(desk: Desk) -> None:
    """Open the page of the network in the system's browser, and see before long whether that helped."""
    QDesktopServices.openUrl(portal_address(desk.learner.server if desk.learner is not None else ""))
    desk.wake_sync()


def clock_words(off_s: float) -> str:
    """By how much the clock is wrong, in the largest unit that says it, what that means, and what to do."""
    amount = abs(off_s)
    if amount < 5400:
        span = tr("{n} minute|{n} minutes", n=round(amount / 60))
    elif amount < 129_600:
        span = tr("{n} hour|{n} hours", n=round(amount / 3600))
    else:
        span = tr("{n} day|{n} days", n=round(amount / 86_400))
    if off_s > 0:
        said = tr("This computer's clock is {span} fast.", span=span)
        means = tr("Deadlines count by the server's clock; what is shown here comes {span} too early.", span=span)
    else:
        said = tr("This computer's clock is {span} slow.", span=span)
        means = tr("Deadlines count by the server's clock; what is shown here comes {span} too late.", span=span)
    return f"{said} {means} {tr('Set the date and time of this computer.')}"


class SyncNotices(QObject):
    """Listens to the sync's status. Lives in the UI thread."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._said = ""
        self._clock_said = False
        desk.status_changed.connect(self._on_status)
        self._folder_said = HERE
        desk.folder_changed.connect(self._on_folder)
        desk.signed_out.connect(self._on_signed_out)

    @Slot(object)
    def _on_status(self, status: SyncStatus) -> None:
        self._say_clock(status)
        if status.state == "syncing" or status.trying:
            return  # a try that is under way changes nothing yet
        code = status.code if status.state == "attention" else ""
        if code == self._said:
            return
        self._said = code
        self._desk.unsay(SYNC)
        if code:
            self._say(SYNC, Problem(code, status.text, status.way_out), "warning")

    def _say_clock(self, status: SyncStatus) -> None:
        wrong = abs(status.clock_off_s) >= CLOCK_OFF_S
        if wrong and not self._clock_said:
            self._desk.say(Notice(CLOCK, clock_words(status.clock_off_s), "warning", stays=True))
        elif self._clock_said and not wrong:
            self._desk.unsay(CLOCK)
        self._clock_said = wrong

    @Slot(object)
    def _on_folder(self, folder: FolderView) -> None:
        """What is on a drive that is not there is missed on many pages: said once, for all of them."""
        if folder.state == self._folder_said:
            return
        self._folder_said = folder.state
        self._desk.unsay(FOLDER)
        problem = problem_of(folder.state)
        if problem is not None:
            text = f"{tr(problem.text)} {tr(problem.way_out)}"
            self._desk.say(Notice(FOLDER, text, "warning", tr("Storage"), self._open_storage, stays=True))

    def _open_storage(self) -> None:
        self._desk.go(DOWNLOADS, tab="storage")

    def say_problem(self, problem: Problem) -> None:
        """A failure that no page took care of, with what helps one click away."""
        self._say(f"problem-{problem.code}", problem, "error")

    def _say(self, topic: str, problem: Problem, level: str) -> None:
        text = " ".join(tr(part) for part in (problem.text, problem.way_out) if part)
        action_text, action = self._action(problem.code)
        self._desk.say(Notice(topic, text, level, action_text, action, stays=True))

    def _action(self, code: str) -> tuple[str, Callable[[], None] | None]:
        if code in SIGNED_OUT:
            return tr("Sign in"), self._desk.sign_in_again
        if code == DISK_FULL:
            return tr("Downloads"), self._open_downloads
        if code == DAMAGED and self._desk.learner is not None:
            return tr("Repair now"), self._reopen
        if code == "proxy_password":
            return tr("Enter password"), self._enter_proxy
        if code == "captive_portal":
            return tr("Open sign-in page"), self._open_portal
        if code in TRIED_AGAIN:
            return tr("Try again"), self._try_again
        return "", None

    def _open_downloads(self) -> None:
        self._desk.go(DOWNLOADS)

    def _enter_proxy(self) -> None:
        self._desk.go(PROXY)

    def _open_portal(self) -> None:
        self._said = ""  # if it fails again, that is news
        open_portal(self._desk)

    def _try_again(self) -> None:
        self._said = ""  # if it fails again, that is news
        self._desk.wake_sync()

    def _reopen(self) -> None:
        if self._desk.learner is not None:
            self._desk.enter(self._desk.learner)

    @Slot()
    def _on_signed_out(self) -> None:
        self._said, self._clock_said, self._folder_said = "", False, HERE
        self._desk.unsay(FOLDER)
        self._desk.unsay(SYNC)
        self._desk.unsay(CLOCK)
