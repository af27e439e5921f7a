"""What every page is given: a way to ask the store, a way to ask the network, a way to go elsewhere.

Pages import no service: they hand over a question that is run in the store's lane with the ``Services`` of the learner
who is signed in, and get frozen views back in the UI thread. So the window can be painted before the store is even
imported: questions wait in the lane until it is open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from desktop.background import Job, Lane, TaskRunner
from desktop.clock import Clock
from desktop.errors import NotSignedInError, Problem
from desktop.models.home_views import LearnerView, SyncStatus
from desktop.ui.pack_desk import PackDesk

if TYPE_CHECKING:
    from PySide6.QtCore import QMetaObject

    from desktop.models.storage_views import FolderView
    from desktop.models.views import DownloadView, SyncRound
    from desktop.services.services import Services
    from desktop.sync.gateway import Gateway

T = TypeVar("T")

WELCOME, HOME, CATALOG, DESCRIPTION, COURSE, ITEM, NOTES, OUTBOX, DOWNLOADS, IMPORTS = (
    "welcome",
    "home",
    "catalog",
    "description",
    "course",
    "item",
    "notes",
    "outbox",
    "downloads",
    "imports",
)


PROXY = "proxy"
CARRY = "carry"

SIGNED_OUT = frozenset({"session_ended", "not_signed_in"})
"""Codes of problems that signing in mends."""


NO_ARGUMENTS: Final[Mapping[str, str]] = MappingProxyType({})


class Place(NamedTuple):
    """Where in the program one can be. ``page`` is one of the names above; ``arguments`` what the page needs.

    description: course_id; course: course_id, section (overview, week-<n>, notes, resources, info); item: item_id,
    at_ms (optional); welcome: link (optional); downloads: tab (queue, trip, storage; the queue if none is given);
    carry: file (optional).
    """

    page: str
    arguments: Mapping[str, str] = NO_ARGUMENTS

    def get(self, name: str, default: str = "") -> str:
        """An argument, or ``default``."""
        return self.arguments.get(name, default)


class Notice(NamedTuple):
    """One line to the learner. ``level``: info, success, warning, error. A later one of the same topic replaces it.

    Errors and what ``stays`` is set for are shown until they are dismissed or withdrawn.
    """

    topic: str
    text: str
    level: str = "info"
    action_text: str = ""
    action: Callable[[], None] | None = None
    stays: bool = False


class Opened:
    """What belongs to the learner who is signed in; set and read in the store's lane and the network's."""

    def __init__(self, services: Services | None = None) -> None:
        self.services = services


def _cut(tie: QMetaObject.Connection) -> None:
    QObject.disconnect(tie)


class Desk(QObject):
    """See the module. Lives in the UI thread; all its signals are emitted there.

    Attributes:
        clock: the computer's clocks.
        status: how the sync stands.
        learner: who is signed in and whose store is open, None while nobody is.
        downloads: what ``downloads_changed`` said last.
        folder: what ``folder_changed`` said last; None before that.
        download_speed: bytes a second of all that came when something last did; 0 while none did.
        packs: imports of course packs.

    Signals:
        changed: names of the kinds of data that changed (``frozenset[str]``): see ``Services``.
        status_changed: a ``SyncStatus``.
        downloads_changed: a ``tuple[DownloadView, ...]`` of what is under way, at most ten times a second.
        folder_changed: a ``FolderView``: the folder of courses is another one, its drive came or went, or it is moved.
        weeks_removed: a ``tuple[RemovedWeek, ...]`` of what a rule of the learner removed.
        place_changed: the ``Place`` that is wanted.
        notice_posted: a ``Notice``.
        notice_withdrawn: a topic of which nothing holds any more.
        signed_in / signed_out: a learner's store was opened (``LearnerView``), or closed.
        enter_requested / leave_requested: for the composition root.
    """

    changed = Signal(object)
    status_changed = Signal(object)
    downloads_changed = Signal(object)
    folder_changed = Signal(object)
    weeks_removed = Signal(object)
    place_changed = Signal(object)
    back_requested = Signal()
    notice_posted = Signal(object)
    notice_withdrawn = Signal(str)
    signed_in = Signal(object)
    signed_out = Signal()
    enter_requested = Signal(object)
    leave_requested = Signal()

    def __init__(
        self,
        runner: TaskRunner,
        clock: Clock,
        opened: Opened,
        gateway: Callable[[], Gateway],
        parent: QObject | None = None,
    ) -> None:
        """``gateway`` is called in the network's lane; it may import and connect at its first call."""
        super().__init__(parent)
        self.clock = clock
        self.status = SyncStatus()
        self.learner: LearnerView | None = None
        self.downloads: tuple[DownloadView, ...] = ()
        self.folder: FolderView | None = None
        self.download_speed = 0.0
        self.downloads_changed.connect(self._keep_downloads)
        self.folder_changed.connect(self._keep_folder)
        self.signed_in.connect(self._remember)
        self.signed_out.connect(self._forget)
        self.packs = PackDesk(self)
        self._runner = runner
        self._opened = opened
        self._gateway = gateway
        self.wake_sync: Callable[[], None] = lambda: None
        self.sync_rounds: Callable[[], tuple[SyncRound, ...]] = tuple

    def ask(
        self,
        owner: QObject,
        question: Callable[[Services], T],
        answer: Callable[[T], None] | None = None,
        failed: Callable[[Problem], None] | None = None,
    ) -> Job:
        """Ask the store. The answer is not delivered any more once ``owner`` is destroyed."""
        return self._tie(owner, self._runner.submit(Lane.STORE, lambda: question(self._services()), answer, failed))

    def ask_drive(
        self,
        owner: QObject,
        question: Callable[[Services], T],
        answer: Callable[[T], None] | None = None,
        failed: Callable[[Problem], None] | None = None,
    ) -> Job:
        """As ``ask``, of what asks a drive that may not answer: nothing else waits behind it."""
        return self._tie(owner, self._runner.submit(Lane.NETWORK, lambda: question(self._services()), answer, failed))

    def fetch(
        self,
        owner: QObject,
        request: Callable[[Gateway], T],
        answer: Callable[[T], None] | None = None,
        failed: Callable[[Problem], None] | None = None,
    ) -> Job:
        """Ask the network. As ``ask``."""
        return self._tie(owner, self._runner.submit(Lane.NETWORK, lambda: request(self._gateway()), answer, failed))

    def check(
        self,
        owner: QObject,
        question: Callable[[Services], T],
        answer: Callable[[T], None] | None = None,
        failed: Callable[[Problem], None] | None = None,
    ) -> Job:
        """Ask what takes minutes, in a lane where nobody else waits for it. It must end soon once its owner, who goes
        before the store is closed, tells it to. As ``ask``."""
        return self._tie(owner, self._runner.submit(Lane.CHECKS, lambda: question(self._services()), answer, failed))

    def decode(
        self,
        owner: QObject,
        work: Callable[[], T],
        answer: Callable[[T], None] | None = None,
        failed: Callable[[Problem], None] | None = None,
    ) -> Job:
        """Do what needs neither store nor network but time: decode a picture, read a long text. As ``ask``."""
        return self._tie(owner, self._runner.submit(Lane.PICTURES, work, answer, failed))

    def _services(self) -> Services:
        services = self._opened.services
        if services is None:
            raise NotSignedInError
        return services

    @staticmethod
    def _tie(owner: QObject, job: Job) -> Job:
        """Forget the job when its owner goes; cut that tie when the job ends, for an owner may ask a thousand times."""
        if not job.forgotten:
            tie = owner.destroyed.connect(job.forget)
            job.release = lambda: _cut(tie)
        return job

    @Slot(object)
    def _remember(self, learner: LearnerView) -> None:
        self.learner = learner

    @Slot()
    def _forget(self) -> None:
        self.learner = None
        self.downloads = ()
        self.folder = None

    @Slot(object)
    def _keep_folder(self, folder: FolderView) -> None:
        self.folder = folder

    @Slot(object)
    def _keep_downloads(self, downloads: tuple[DownloadView, ...]) -> None:
        self.downloads = downloads
        self.download_speed = sum(entry.speed for entry in downloads) or self.download_speed

    def go(self, page: str, **arguments: str) -> None:
        """Show a page."""
        self.place_changed.emit(Place(page, arguments))

    def back(self) -> None:
        """Show the page before."""
        self.back_requested.emit()

    def enter(self, learner: LearnerView) -> None:
        """After joining or signing in: open this learner's store, start the sync, show the home (``signed_in``)."""
        self.enter_requested.emit(learner)

    def sign_out(self) -> None:
        """Close the store and forget the session; the learner's data stays on this computer (``signed_out``)."""
        self.leave_requested.emit()

    def sign_in_again(self) -> None:
        """The page to sign in at, with what is known of who was signed in filled in."""
        known = {"server": self.learner.server, "email": self.learner.email} if self.learner else {}
        self.go("sign_in", ended="1", **known)

    def say(self, notice: Notice) -> None:
        """Tell the learner."""
        self.notice_posted.emit(notice)

    def unsay(self, topic: str) -> None:
        """What was said of this topic holds no longer."""
        self.notice_withdrawn.emit(topic)
