"""The use cases of one learner, by subject. Called in the store's lane, or any worker thread; never in the UI's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desktop.clock import Clock
from desktop.errors import Problem
from desktop.models.content_folder import ContentFolder
from desktop.models.memberships import keep_learner
from desktop.models.opening import open_store
from desktop.models.outbox import put_back_sending
from desktop.models.queue import put_back_running
from desktop.models.session_file import read_session
from desktop.models.store import Store
from desktop.services.automatic import Automatic
from desktop.services.catalog import Catalog
from desktop.services.courses import Courses
from desktop.services.diagnostics import Diagnostics
from desktop.services.download_controls import DownloadControls
from desktop.services.downloads import Downloads
from desktop.services.enrollment import EnrollmentService
from desktop.services.home import Home
from desktop.services.learner import Learner
from desktop.services.lectures import Lectures
from desktop.services.notes import Notes
from desktop.services.outbox import Outbox
from desktop.services.quizzes import Quizzes
from desktop.services.readiness import Readiness
from desktop.services.readings import Readings
from desktop.services.storage import Storage
from desktop.services.trips import Trips


class Services:
    """What can be asked of the store. Each call is one transaction; each write tells ``on_change`` after it.

    Attributes:
        store: for ``desktop.sync``.
        opened_notes: what the learner must be told about the opening (a restored database).
    """

    def __init__(self, store: Store, opened_notes: tuple[Problem, ...] = ()) -> None:
        self.store = store
        self.opened_notes = opened_notes
        self.learner = Learner(store)
        self.home = Home(store)
        self.catalog = Catalog(store)
        self.enrollment = EnrollmentService(store)
        self.courses = Courses(store)
        self.lectures = Lectures(store)
        self.readings = Readings(store)
        self.notes = Notes(store)
        self.quizzes = Quizzes(store)
        self.outbox = Outbox(store)
        self.downloads = Downloads(store)
        self.storage = Storage(store)
        self.trips = Trips(store, self.downloads)
        self.readiness = Readiness(store)
        self.automatic = Automatic(store, self.downloads)
        self.download_controls = DownloadControls(store, self.downloads, self.storage)
        self.diagnostics = Diagnostics(store)

    def close(self) -> None:
        """Let go of the database. What is under way in other threads must have ended."""
        self.store.close()


def open_services(
    home: Path,
    account_id: str,
    clock: Clock,
    on_change: Callable[[frozenset[str]], None],
    assets: Path | ContentFolder,
) -> Services:
    """Open a learner's database, migrating it first if that is due.

    ``on_change`` is called after a commit, from the thread that committed, with the kinds of data that changed.
    ``assets``: where the files of courses lie; a mere path stays what it is.

    Raises:
        Problem: ``database_newer`` (left untouched), ``disk_full``, ``folder_unusable``, ``database_damaged``
            (the next try repairs it).
    """
    store, notes = open_store(home / "learners" / account_id, clock, assets)
    store.subscribe(on_change)
    session = read_session(home)
    try:
        with store.write(set(), durable=True) as connection:
            put_back_sending(connection)
            put_back_running(connection)
            if session is not None and session.account_id == account_id:
                keep_learner(connection, session)
    except Problem:
        store.close()  # so that the next try, which may repair the file, finds nobody in it
        raise
    return Services(store, notes)
