"""A learner with a course on the disk whose folder can be another one, for tests and for processes that are killed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from desktop.models.content_folder import ContentFolder, content_folder
from desktop.models.folder_choice import files_of
from desktop.models.queue import forget_lost
from desktop.models.storage_views import MoveView
from desktop.services.services import Services
from desktop.sync.file_check import adopt_rows
from desktop.sync.folder_move import FolderMove
from tests.desktop.course import Course
from tests.desktop.filled import enroll, open_learner, put_blobs
from tests.desktop.hand_clock import HandClock


class Kept:
    """An installation without a network. ``stop`` says when the move is to stop."""

    def __init__(self, home: Path, course: Course | None = None) -> None:
        """``course``: is enrolled in, and all its files are put there."""
        self.home = home
        self.content: ContentFolder = content_folder(home, home / "assets")
        self.services: Services = open_learner(home, HandClock(), assets=self.content)
        if course is not None:
            enroll(self.services, course)
            put_blobs(self.services, course)
        self.said: list[MoveView | None] = []
        self.move = FolderMove(self.content, lambda: 0, self._moved, lambda: self.said.append(self.move.view()))
        self.stop: Callable[[], bool] = lambda: False

    def _moved(self, damaged: set[str], adopted: bool) -> None:
        if adopted:
            adopt_rows(self.services.store)
        with self.services.store.write({"assets"}) as connection:
            forget_lost(connection, damaged)

    def choose(self, folder: Path | str) -> None:
        """Want the files to be there."""
        storage = self.services.storage
        self.services.downloads.change_rules({"floor": 0})
        storage.move(storage.plan_move(str(folder)))

    def step(self) -> MoveView | None:
        """Go on with what is to be done."""
        self.content.look()
        self.move.step(lambda: self.stop())
        return self.move.view()

    def ready(self) -> dict[str, int]:
        """Hashes and sizes of what the database says is here."""
        with self.services.store.read() as connection:
            rows = connection.exec_driver_sql("SELECT sha256, size FROM assets WHERE state = 'ready'").all()
        return {row[0]: row[1] for row in rows}

    def require_whole(self, course: Course) -> None:
        """The folder in force has all files, and they are what their names say."""
        assert set(self.ready()) == set(course.blobs)
        require_files(self.content.path, set(course.blobs))


def require_files(folder: Path, hashes: set[str]) -> None:
    """There they are, each with its hash."""
    found = {name: path for name, path, _ in files_of(folder)}
    assert hashes <= set(found)
    for name, path in found.items():
        if len(name) == 64:
            assert hashlib.sha256(Path(path).read_bytes()).hexdigest() == name


def left_in(folder: Path) -> list[str]:
    """Whatever is in a folder, at any depth."""
    return (
        sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) if folder.exists() else []
    )
