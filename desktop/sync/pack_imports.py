"""The files that the learner wants to import: looked at, imported when they say so, one after the other.

``Imports`` does the work in whatever thread calls it and knows no Qt: the command line uses it as it is.
``ImportWorker`` is the window's, with a thread of its own.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import structs
from PySide6.QtCore import QObject, Signal

from desktop.errors import as_problem
from desktop.models.pack_views import (
    CHECKED,
    DONE,
    IMPORTING,
    INCOMPLETE,
    LOOKING,
    REFUSED,
    STOPPED,
    WAITING,
    ImportView,
)
from desktop.models.store import Store
from desktop.sync.blobs import StoppedError
from desktop.sync.pack_importing import import_pack
from desktop.sync.pack_reading import look_at
from protocol.ids import new_uuid7

log = logging.getLogger(__name__)

BUSY = frozenset({LOOKING, WAITING, IMPORTING})
STOPS_IN_S = 5.0


class Imports:
    """See the module. Thread-safe. ``tell`` hears each new state of a file, in the thread that does the work."""

    def __init__(self, store: Store, tell: Callable[[ImportView], None] = lambda _: None) -> None:
        self._store = store
        self._tell = tell
        self._lock = threading.Lock()
        self._views: dict[str, ImportView] = {}
        self._paths: dict[str, Path] = {}
        self._cancelled: set[str] = set()
        self._ending = threading.Event()

    @property
    def views(self) -> tuple[ImportView, ...]:
        """Every file, in the order in which they came."""
        with self._lock:
            return tuple(self._views.values())

    def add(self, path: Path) -> str:
        """A file to look at. One that is here already, and not done, is looked at again. Returns its id."""
        with self._lock:
            for known, other in self._paths.items():
                if other == path:
                    if self._views[known].state in BUSY:
                        return known
                    break
            else:
                known = new_uuid7()
            self._paths[known] = path
            view = ImportView(id=known, name=path.name, folder=str(path.parent))
            self._views[known] = view
            self._cancelled.discard(known)
        self._tell(view)
        return known

    def look(self, import_id: str) -> None:
        """Find out what a file is. Blocks."""
        with self._lock:
            path = self._paths.get(import_id)
        if path is None:
            return

        def work() -> dict[str, object]:
            facts = look_at(self._store, path)
            return {"state": CHECKED, "facts": facts, "bytes_total": facts.bytes_new}

        self._attempt(import_id, work, REFUSED)

    def wait(self, import_id: str) -> bool:
        """It is to be imported soon. False when it is not in a state for that."""
        with self._lock:
            view = self._views.get(import_id)
            if view is None or view.facts is None or view.state not in {CHECKED, STOPPED, INCOMPLETE}:
                return False
            self._cancelled.discard(import_id)
        self._change(import_id, state=WAITING, problem="", way_out="", code="", result=None)
        return True

    def bring(self, import_id: str) -> None:
        """Import a file that waits. Blocks."""
        with self._lock:
            path, view = self._paths.get(import_id), self._views.get(import_id)
            if path is None or view is None or view.state != WAITING:
                return
        self._change(import_id, state=IMPORTING, bytes_done=0)

        def work() -> dict[str, object]:
            result = import_pack(
                self._store,
                path,
                lambda done, total: self._change(import_id, bytes_done=done, bytes_total=total),
                lambda: not self._ending.is_set() and import_id not in self._cancelled,
            )
            return {"state": INCOMPLETE if result.damaged else DONE, "result": result}

        self._attempt(import_id, work, STOPPED)

    def cancel(self, import_id: str) -> None:
        """Stop; what came is kept."""
        with self._lock:
            self._cancelled.add(import_id)
            view = self._views.get(import_id)
        if view is not None and view.state == WAITING:
            self._change(import_id, state=STOPPED)

    def forget(self, import_id: str) -> None:
        """Take a file off the list."""
        with self._lock:
            view = self._views.get(import_id)
            if view is None or view.state in {WAITING, IMPORTING}:
                return
            del self._views[import_id], self._paths[import_id]
        self._tell(view)

    def enrolled(self, course_id: str) -> None:
        """The learner asked to be enrolled in a course."""
        for view in self.views:
            if view.facts is not None and view.facts.course_id == course_id:
                self._change(view.id, facts=structs.replace(view.facts, enrolled=True))

    def end(self) -> None:
        """Nothing more: what is under way stops soon."""
        self._ending.set()

    def _attempt(self, import_id: str, work: Callable[[], dict[str, object]], failed: str) -> None:
        """Do the work, and change the file's view by what it returns, or to the state ``failed``."""
        try:
            values = work()
        except StoppedError:
            values = {"state": STOPPED}
        except Exception as error:  # noqa: BLE001 (the last resort of its thread: whatever a file does to us, it is said)
            problem = as_problem(error, "a course pack")
            log.info("a course pack: %s", problem)
            values = {"state": failed, "problem": problem.text, "way_out": problem.way_out, "code": problem.code}
        self._change(import_id, **values)

    def _change(self, import_id: str, **values: object) -> None:
        with self._lock:
            view = self._views.get(import_id)
            if view is None:
                return
            view = structs.replace(view, **values)
            self._views[import_id] = view
        self._tell(view)


class ImportWorker(QObject):
    """Lives in the UI thread; works in a thread of its own, which begins with the first file.

    Signals:
        changed: a ``tuple[ImportView, ...]`` of every file.
    """

    changed = Signal(object)

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._imports = Imports(store, self._tell)
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    @property
    def views(self) -> tuple[ImportView, ...]:
        """Every file."""
        return self._imports.views

    def add(self, paths: Sequence[Path], *, begin: bool = False) -> tuple[str, ...]:
        """Look at files; with ``begin`` import those that are good at once. Returns their ids."""
        found = tuple(dict.fromkeys(self._imports.add(path) for path in paths))
        for import_id in found:
            self._submit(lambda import_id=import_id: self._look(import_id, begin=begin))  # type: ignore[misc]
        return found

    def begin(self, import_id: str) -> None:
        """Import a file that was looked at, or go on with one that stopped."""
        if self._imports.wait(import_id):
            self._submit(lambda: self._imports.bring(import_id))

    def cancel(self, import_id: str) -> None:
        """Stop; what came is kept."""
        self._imports.cancel(import_id)

    def forget(self, import_id: str) -> None:
        """Take a file off the list."""
        self._imports.forget(import_id)

    def enrolled(self, course_id: str) -> None:
        """The learner asked to be enrolled in a course."""
        self._imports.enrolled(course_id)

    def stop(self) -> bool:
        """End the thread; False if it did not end in time. What came is kept."""
        self._imports.end()
        thread, self._thread = self._thread, None
        if thread is None:
            return True
        self._work.put(None)
        thread.join(STOPS_IN_S)
        return not thread.is_alive()

    def _look(self, import_id: str, *, begin: bool) -> None:
        self._imports.look(import_id)
        if begin and self._imports.wait(import_id):
            self._imports.bring(import_id)

    def _submit(self, work: Callable[[], None]) -> None:
        self._work.put(work)
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop, name="haversack-import", daemon=True)
            self._thread.start()

    def _loop(self) -> None:
        while (work := self._work.get()) is not None:
            work()

    def _tell(self, _view: ImportView) -> None:
        try:
            self.changed.emit(self._imports.views)
        except RuntimeError:  # the Qt half is gone: the program is ending and nobody listens
            log.debug("an import came after the end")
