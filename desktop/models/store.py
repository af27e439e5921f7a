"""The learner's database as the rest of the desktop sees it: reads, writes, and who is told of what changed."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from desktop.clock import Clock
from desktop.models.blobs import bytes_free
from desktop.models.contact import ContactClock
from desktop.models.content_folder import ContentFolder
from desktop.models.courses import manifests
from desktop.models.engine import DAMAGED, WRITER, make_engine, problem_of
from protocol.manifest import CourseManifest
from protocol.wire import decode

log = logging.getLogger(__name__)

Kinds = frozenset[str]
Listener = Callable[[Kinds], None]
DATABASE_NAME = "haversack.db"
MARKER_NAME = "haversack.open"
"""Exists while the database is open: found at a start, the last run did not end well and the file is checked."""

MANIFESTS_KEPT = 12


class Store:
    """One learner's database, opened by ``desktop.models.opening``. Every method may be called from any thread.

    Attributes:
        folder: the learner's own folder.
        content: the folder of blobs, shared by the learners of this installation.
        contact: when the server was last heard.
    """

    def __init__(self, folder: Path, clock: Clock, content: ContentFolder) -> None:
        self.folder = folder
        self.clock = clock
        self.content = content
        self.contact = ContactClock(clock)
        self.file = folder / DATABASE_NAME
        self._cache = make_engine(self.file, "NORMAL")
        self._durable = make_engine(self.file, "FULL")
        # Writers of this process queue here, fairly; SQLite's own waiting is a poll.
        self._writer = threading.Lock()
        self._listeners: list[Listener] = []
        self._listening = threading.Lock()
        self._manifests: OrderedDict[str, CourseManifest] = OrderedDict()
        self._manifest_lock = threading.Lock()
        self._damaged = False

    @property
    def account_id(self) -> str:
        """Whose database it is."""
        return self.folder.name

    @property
    def assets(self) -> Path:
        """The folder of blobs that is in force at this moment."""
        return self.content.path

    def bytes_free(self, floor: int) -> int:
        """Room that downloads may use with ``floor`` bytes left free; none while the drive is not there."""
        return bytes_free(self.content.path, floor) if self.content.readable else 0

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent snapshot.

        Raises:
            Problem: the file or the disk failed.
        """
        try:
            with self._cache.connect() as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            raise self._sorted(error) from error

    @contextmanager
    def write(self, kinds: set[str], *, durable: bool = False) -> Iterator[Connection]:
        """One transaction; ``kinds`` (which may grow until the end) are told to the listeners after the commit.

        ``durable`` for what the learner did: on the disk itself when this returns.

        Raises:
            Problem: the file or the disk failed; nothing was written.
        """
        engine = self._durable if durable else self._cache
        try:
            with self._writer, engine.connect() as plain:
                connection = plain.execution_options(**{WRITER: True})
                with connection.begin():
                    yield connection
        except DBAPIError as error:
            raise self._sorted(error) from error
        if kinds:
            self.tell(frozenset(kinds))

    def _sorted(self, error: DBAPIError) -> Exception:
        found = problem_of(error, self.folder)
        # Whoever opens this file next must look at it closely, however well this run ends.
        self._damaged |= found is not None and found.code == DAMAGED
        return found or error

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have ``listener`` called after each commit, in the thread that committed. Returns what ends it."""
        with self._listening:
            self._listeners.append(listener)

        def end() -> None:
            with self._listening:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return end

    def tell(self, kinds: Kinds) -> None:
        """Have the listeners know of kinds that were committed without being told."""
        with self._listening:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(kinds)

    def manifest(self, connection: Connection, version: str) -> CourseManifest | None:
        """A course version, None while it has not arrived. Versions never change, so they are kept decoded."""
        with self._manifest_lock:
            if version in self._manifests:
                self._manifests.move_to_end(version)
                return self._manifests[version]
        body = connection.execute(select(manifests.c.body).where(manifests.c.version == version)).scalar()
        if body is None:
            return None
        manifest = decode(bytes(body), CourseManifest)
        with self._manifest_lock:
            self._manifests[version] = manifest
            while len(self._manifests) > MANIFESTS_KEPT:
                self._manifests.popitem(last=False)
        return manifest

    def close(self) -> None:
        """Let go of the file; everything under way must have ended. The log of changes goes into the file.

        Never raises: a program that ends, or repairs a damaged file, must get on. Where anything was wrong the marker
        stays, so that the next start checks the file.
        """
        try:
            with self._writer, self._durable.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            if not self._damaged:
                (self.folder / MARKER_NAME).unlink(missing_ok=True)
        except (DBAPIError, OSError) as error:
            log.warning("the database did not close well: %s", error)
        finally:
            self._cache.dispose()
            self._durable.dispose()
