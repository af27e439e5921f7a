"""The composition root: makes the parts, ties them together, ends them in a known order."""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot

from desktop.background import Lane, TaskRunner
from desktop.clock import SystemClock
from desktop.config import SAMPLE_SERVER, Config, pack_file
from desktop.errors import Problem, mark, started_offline
from desktop.i18n import tr
from desktop.imports import ImportHub
from desktop.models.content_folder import content_folder
from desktop.models.home_views import HomeView, LearnerView, SyncStatus
from desktop.models.session_file import read_session
from desktop.services.home_snapshot import read_snapshot, save_snapshot
from desktop.ui.desk import CARRY, IMPORTS, WELCOME, Desk, Notice, Opened
from desktop.ui.frame.stack import HELP
from desktop.ui.window import MainWindow
from protocol import RECEIPT_SUFFIX, WORK_SUFFIX

if TYPE_CHECKING:
    from desktop.embedded import EmbeddedServer
    from desktop.imports import Asking
    from desktop.models.views import SyncRound
    from desktop.services.services import Services
    from desktop.sync.gateway import Gateway
    from desktop.sync.secrets import Secrets
    from desktop.sync.surroundings import Surroundings
    from desktop.sync.worker import SyncWorker

log = logging.getLogger(__name__)

PAINT_LIMIT_MS = 1000
"""A window that is started minimized, or behind others, is not painted: then the work begins without."""


class QtClock(SystemClock):
    """The computer's clocks, with the zone from Qt, which knows it on every system."""

    def zone(self) -> str:
        """The learner's zone as an IANA name."""
        from PySide6.QtCore import QTimeZone  # asked with what the learner does, never at a start

        return bytes(QTimeZone.systemTimeZoneId().data()).decode() or super().zone()


class Haversack(QObject):
    """The running program. Create it in the UI thread; ``close`` ends it.

    ``data_changed`` carries the kinds that changed from whatever thread wrote them into the UI thread.
    """

    data_changed = Signal(object)
    closed = Signal()

    def __init__(
        self, config: Config, *, secrets: Callable[[], Secrets] | None = None, watch_network: bool = True
    ) -> None:
        """``secrets`` is made when the network is first used; by default the keyring of the system. ``watch_network``:
        let the system tell when the network changes."""
        super().__init__()
        self.config = config
        self.clock = QtClock()
        self.runner = TaskRunner()
        self.opened = Opened()
        self.content = content_folder(config.home, config.assets)
        self._server: EmbeddedServer | None = None
        self.worker: SyncWorker | None = None
        self._surroundings: Surroundings | None = None
        self._watch_network = watch_network
        self._make_secrets = secrets
        self._gateway: Gateway | None = None
        self._making = threading.Lock()
        self._ending = False
        self._arriving: LearnerView | None = None
        self.desk = Desk(self.runner, self.clock, self.opened, self.gateway)
        self.imports = ImportHub(self.desk, self)
        self.desk.wake_sync = self._wake_sync
        self.desk.sync_rounds = self._sync_rounds
        self.data_changed.connect(self._spread_change)
        self.desk.enter_requested.connect(self._enter)
        self.desk.leave_requested.connect(self._leave)
        session = read_session(config.home)
        self.window = MainWindow(self.desk, config)
        self.runner.problem_unhandled.connect(self.window.show_problem)
        self._begin(session)

    def _begin(self, session: LearnerView | None) -> None:
        """What is painted first: the home as it was last seen, or the welcome."""
        if session is None:
            self.desk.go(WELCOME)
            if self.config.link:
                self._go_to(self.config.link)
            return
        self.window.show_snapshot(read_snapshot(self.config.home, session.account_id))
        self._arriving = session
        self.window.painted.connect(self._arrive)
        QTimer.singleShot(PAINT_LIMIT_MS, self, self._arrive)

    @Slot()
    def _arrive(self) -> None:
        """The home can be seen: now what it stands for is opened. Before that, its imports would hold up the paint."""
        learner, self._arriving = self._arriving, None
        if learner is None or self._ending:
            return
        self._enter(learner)
        if self.config.link:
            self.open_link(self.config.link)

    # --- the network's side -------------------------------------------------------------------------------------

    def gateway(self) -> Gateway:
        """The way to the network; made at the first call, which is in the network's lane (its imports are slow)."""
        with self._making:
            if self._gateway is None:
                from desktop.sync.gateway import Gateway
                from desktop.sync.secrets import make_secrets

                secrets = self._make_secrets() if self._make_secrets else make_secrets(self.config.home)
                self._gateway = Gateway(
                    self.config.home,
                    self.content,
                    self.clock,
                    secrets,
                    self._base_url,
                    self._sample_link,
                    lambda: self.opened.services,
                )
            return self._gateway

    def _sample_server(self) -> EmbeddedServer:
        """The sample program's server, which runs once somebody calls for it. In the network's lane."""
        from desktop.embedded import EmbeddedServer

        with self._making:
            if self._server is None:
                self._server = EmbeddedServer(self.config.sample_server)
            return self._server

    def _base_url(self, server: str) -> str:
        if self.config.offline:
            raise started_offline()
        if server != SAMPLE_SERVER:
            return server
        return self._sample_server().ensure().url

    def _sample_link(self) -> str:
        ready = self._sample_server().ensure()
        if not ready.invitations:
            raise Problem("sample_joined", mark("The sample program's invitation was used on this computer already."))
        return ready.invitations[0].url

    # --- a learner comes and goes -------------------------------------------------------------------------------

    @Slot(object)
    def _enter(self, learner: LearnerView) -> None:
        if self.worker is not None:
            self._close_learner()

        def work() -> Services:
            from desktop.services.services import open_services

            self.opened.services = open_services(
                self.config.home, learner.account_id, self.clock, self.data_changed.emit, self.content
            )
            return self.opened.services

        def done(services: Services) -> None:
            for problem in services.opened_notes:
                self.window.show_repair(problem)
            self.desk.signed_in.emit(learner)
            self.runner.submit(Lane.NETWORK, self._import_sync, lambda note: self._start_worker(services, note))

        def failed(problem: Problem) -> None:
            log.warning("the store did not open: %s", problem)
            self.window.show_closed_store(problem, learner)

        self.runner.submit(Lane.STORE, work, done, failed)

    def _import_sync(self) -> Problem | None:
        # Imported off the UI thread: it brings the HTTP client and the store's query code.
        importlib.import_module("desktop.sync.worker")
        return self.gateway().secrets_note()

    def _start_worker(self, services: Services, secrets_note: Problem | None) -> None:
        if self._ending or self.opened.services is not services:
            return
        if secrets_note is not None:
            text = f"{tr(secrets_note.text)} {tr(secrets_note.way_out)}"
            # It need not stay on every page: the help says it for as long as it is so.
            self.desk.say(Notice("secrets", text, "info", tr("Details"), partial(self.desk.go, HELP)))
        from desktop.sync.worker import SyncWorker

        automatic = services.automatic.apply
        worker = SyncWorker(services, self.gateway(), self.clock, self.config.offline, automatic=automatic)
        worker.status_changed.connect(self._status)
        worker.downloads_changed.connect(self.desk.downloads_changed)
        worker.folder_changed.connect(self.desk.folder_changed)
        worker.weeks_removed.connect(self.desk.weeks_removed)
        self.worker = worker
        worker.start()
        self._watch()

    def _watch(self) -> None:
        """Notice another network and the end of a sleep, from the first sync on."""
        if self._surroundings is None and not self.config.offline:
            from desktop.sync.surroundings import Surroundings

            self._surroundings = Surroundings(self.clock, self)
            self._surroundings.changed.connect(self._look_again)
            self._surroundings.metered_changed.connect(self._note_metered)
            self._surroundings.watch(network=self._watch_network)
        if self._surroundings is not None:
            self._note_metered(self._surroundings.metered)

    @Slot(bool)
    def _note_metered(self, metered: bool) -> None:
        if self.worker is not None:
            self.worker.set_metered(metered)

    @Slot()
    def _look_again(self) -> None:
        if self.worker is not None:
            self.worker.look_again()

    @Slot(object)
    def _status(self, status: SyncStatus) -> None:
        self.desk.status = status
        self.desk.status_changed.emit(status)

    @Slot(object)
    def _spread_change(self, kinds: frozenset[str]) -> None:
        self.desk.changed.emit(kinds)

    def _wake_sync(self) -> None:
        if self.worker is not None:
            self.worker.wake()

    def _sync_rounds(self) -> tuple[SyncRound, ...]:
        return self.worker.rounds if self.worker is not None else ()

    @Slot()
    def _leave(self) -> None:
        self._close_learner()
        self.desk.fetch(self, lambda gateway: gateway.sign_out(), self._left, lambda _: self._left(None))

    def _left(self, tell_the_server: Callable[[], None] | None) -> None:
        self.desk.signed_out.emit()
        self.desk.go(WELCOME)
        if tell_the_server is not None:
            self.runner.submit(Lane.NETWORK, tell_the_server)

    def _close_learner(self) -> None:
        worker, self.worker = self.worker, None
        if worker is not None:
            # It may be waiting for an answer: the window does not wait for it, and hears no more of it.
            worker.status_changed.disconnect(self._status)
            worker.downloads_changed.disconnect(self.desk.downloads_changed)
            worker.folder_changed.disconnect(self.desk.folder_changed)
            worker.weeks_removed.disconnect(self.desk.weeks_removed)
            worker.begin_to_stop()
        self._status(SyncStatus())

        end_imports = self.imports.release()

        def close() -> None:
            end_imports()
            if worker is not None:
                worker.stop()
            services, self.opened.services = self.opened.services, None
            if services is not None:
                services.close()

        def closed(_: None) -> None:
            if worker is not None:
                worker.deleteLater()

        self.runner.submit(Lane.STORE, close, closed)

    # --- from outside -------------------------------------------------------------------------------------------

    @Slot(str)
    def open_link(self, link: str) -> None:
        """Come to the front; open the invitation, the course pack, the file of work or the receipt that ``link`` is."""
        # Not showNormal: a window that was maximised before it was minimised stays so.
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        if link:
            self._go_to(link)

    def _go_to(self, link: str) -> None:
        file = pack_file(link)
        if file is not None:
            if read_session(self.config.home) is not None:  # else there is nobody to import it for
                self.desk.go(IMPORTS)
                self.desk.packs.look_at([file])
        elif link.endswith((WORK_SUFFIX, RECEIPT_SUFFIX)):
            self.desk.go(CARRY, file=link)
        else:
            self.desk.go(WELCOME, link=link)

    @Slot(object)
    def import_files(self, asking: Asking) -> None:
        """Another start asks for an import: come to the front and show it."""
        self.open_link("")
        self.desk.go(IMPORTS)
        self.imports.asked(asking)

    # --- the end ------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """End everything: pages and player, sync, lanes, store, sample server. Blocks, with deadlines."""
        if self._ending:
            return
        self._ending = True
        self.window.close_pages()
        # The pages go now, while the engine that they let go of can still be told; not at some later turn of events.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.imports.release()()
        if self.worker is not None:
            self.worker.stop()
        self._save_snapshot()
        self.runner.shutdown()
        services, self.opened.services = self.opened.services, None
        if services is not None:
            services.close()
        if self._gateway is not None:
            self._gateway.close()
        if self._server is not None:
            self._server.stop()
        self.closed.emit()

    def _save_snapshot(self) -> None:
        """The home as it is now, for the next first paint; written in the store's lane, behind the last of the work."""

        def work() -> None:
            services = self.opened.services
            if services is not None:
                view: HomeView = services.home.view()
                save_snapshot(self.config.home, view)

        self.runner.submit(Lane.STORE, work, failed=lambda problem: log.warning("no snapshot: %s", problem))
