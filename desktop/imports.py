"""Ties the import of course packs to who is signed in: a worker comes with the first file and goes with the learner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, SignalInstance, Slot

from desktop.errors import NotSignedInError, Problem
from desktop.ui.desk import Desk

if TYPE_CHECKING:
    from desktop.models.pack_views import ImportView
    from desktop.services.services import Services
    from desktop.sync.pack_imports import ImportWorker


class Asking(Protocol):
    """Another start that asks for an import and waits for its end (``instance.AskedImport``)."""

    paths: tuple[Path, ...]
    gone: SignalInstance

    def say(self, view: ImportView) -> None:
        """A new state of a file."""

    def end(self) -> None:
        """That was all."""


class ImportHub(QObject):
    """See the module. Lives in the UI thread."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._worker: ImportWorker | None = None
        self._waiting: list[_Waiting] = []
        self._left = 0
        """How many learners have gone: who asked before that has no answer to hear any more."""
        packs = desk.packs
        packs.look_wanted.connect(self._look)
        packs.begin_wanted.connect(self._begin)
        packs.cancel_wanted.connect(self._cancel)
        packs.forget_wanted.connect(self._forget)
        packs.enrolled.connect(self._enrolled)

    @Slot(object)
    def asked(self, asking: Asking) -> None:
        """Import files for another start, without asking the learner again: they asked for it there."""

        learner = self._left

        def ready(services: Services) -> None:
            if self._left != learner:
                _refuse(asking, NotSignedInError())
                return
            worker = self._worker_of(services)
            waiting = _Waiting(asking, self)
            self._waiting.append(waiting)
            waiting.ids = worker.add(asking.paths, begin=True)
            waiting.show(worker.views)

        self._desk.ask(self, lambda services: services, ready, lambda problem: _refuse(asking, problem))

    def release(self) -> Callable[[], None]:
        """The learner goes. Returns what ends the work under way; it blocks, so call it where that may be."""
        worker, self._worker = self._worker, None
        self._left += 1
        for waiting in self._waiting:
            waiting.asking.end()
        self._waiting.clear()
        if worker is None:
            return lambda: None
        worker.changed.disconnect(self._show)
        self._desk.packs.changed.emit(())

        def end() -> None:
            worker.stop()
            worker.deleteLater()

        return end

    def _worker_of(self, services: Services) -> ImportWorker:
        if self._worker is None:
            from desktop.sync.pack_imports import ImportWorker  # the store is open: its imports are here

            self._worker = ImportWorker(services.store, self)
            self._worker.changed.connect(self._show)
        return self._worker

    @Slot(object)
    def _look(self, paths: tuple[Path, ...]) -> None:
        learner = self._left

        def ready(services: Services) -> None:
            if self._left == learner:
                self._worker_of(services).add(paths)

        self._desk.ask(self, lambda services: services, ready)

    @Slot(str)
    def _begin(self, import_id: str) -> None:
        if self._worker is not None:
            self._worker.begin(import_id)

    @Slot(str)
    def _cancel(self, import_id: str) -> None:
        if self._worker is not None:
            self._worker.cancel(import_id)

    @Slot(str)
    def _forget(self, import_id: str) -> None:
        if self._worker is not None:
            self._worker.forget(import_id)

    @Slot(str)
    def _enrolled(self, course_id: str) -> None:
        if self._worker is not None:
            self._worker.enrolled(course_id)

    @Slot(object)
    def _show(self, _told: object) -> None:
        # What was told before the learner left may still come after that: only who is here now is shown.
        views = self._worker.views if self._worker is not None else ()
        self._desk.packs.changed.emit(views)
        for waiting in list(self._waiting):
            waiting.show(views)
            if waiting.ended:
                self._waiting.remove(waiting)


class _Waiting(QObject):
    """Another start that waits for its files."""

    def __init__(self, asking: Asking, parent: QObject) -> None:
        super().__init__(parent)
        self.asking = asking
        self.ids: tuple[str, ...] = ()
        self.ended = False
        self._said: dict[str, ImportView] = {}
        asking.gone.connect(self._leave)

    def show(self, views: tuple[ImportView, ...]) -> None:
        """Say what is new; end when all have ended."""
        from desktop.models.pack_views import ENDED

        if self.ended or not self.ids:
            return
        mine = [view for view in views if view.id in self.ids]
        for view in mine:
            if self._said.get(view.id) != view:
                self._said[view.id] = view
                self.asking.say(view)
        if all(view.state in ENDED for view in mine):
            self.ended = True
            self.asking.end()

    @Slot()
    def _leave(self) -> None:
        """Whoever asked is gone: the import goes on, its window shows it."""
        self.ended = True


def _refuse(asking: Asking, problem: Problem) -> None:
    from desktop.models.pack_views import REFUSED, ImportView

    for number, path in enumerate(asking.paths):
        asking.say(
            ImportView(
                id=str(number),
                name=path.name,
                folder=str(path.parent),
                state=REFUSED,
                problem=problem.text,
                way_out=problem.way_out,
                code=problem.code,
            )
        )
    asking.end()
