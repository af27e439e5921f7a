"""Loading a program folder: check all of it, import all of it, or nothing."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from server.authoring.mistakes import Mistake, MistakesError
from server.authoring.models import LoadedFolder
from server.authoring.programs import read_program
from server.authoring.publishing import LoadedCourse, publish
from server.catalog.blobs import blob_path
from server.catalog.models import Blob
from server.learning.moving import move_learners
from server.version import server_version

FORMAT = 1
"""Raised when the same folder would give another result, so that folders are loaded again after an update."""


@dataclass(frozen=True)
class Loaded:
    """What was loaded, for people."""

    program: str
    courses: tuple[LoadedCourse, ...]
    warnings: tuple[Mistake, ...]
    seconds: float

    def summary(self) -> str:
        """A table of the courses, the warnings, the time."""
        width = max((len(course.id) for course in self.courses), default=0)
        lines = [
            f"  {course.id:<{width}}  {course.outcome:<11}  {course.items:>4} items  "
            f"{course.bytes / 1e6:>8.2f} MB  {course.version[:12]}  {course.title}"
            for course in self.courses
        ]
        lines += [f"  warning: {warning}" for warning in self.warnings]
        return "\n".join([f"Program “{self.program}”", *lines, f"  loaded in {self.seconds:.1f} s"])


def load_program(folder: Path) -> Loaded:
    """Read, check and import a program folder.

    Raises:
        MistakesError: with every mistake; nothing was imported.
    """
    folder = folder.resolve()
    if not folder.is_dir():
        raise MistakesError([Mistake(folder.as_posix(), 1, "there is no such folder")])
    started = time.monotonic()
    # Taken first: what changes while it is read is read again the next time
    fingerprint = _fingerprint(folder)
    source = read_program(folder)
    program, courses = publish(source)
    for course in program.courses.exclude(version=None):
        move_learners(course)
    LoadedFolder.objects.update_or_create(
        pk=str(folder), defaults={"fingerprint": fingerprint, "program": program, "loaded_at": timezone.now()}
    )
    return Loaded(program.name, courses, tuple(sorted(set(source.report.warnings))), time.monotonic() - started)


def load_unless_unchanged(folder: Path) -> Loaded | None:
    """Like ``load_program``, but None when the folder is as it was at the last load and no blob is missing.

    Raises:
        MistakesError: with every mistake; nothing was imported.
    """
    folder = folder.resolve()
    row = LoadedFolder.objects.filter(pk=str(folder)).first()
    if row is not None and row.fingerprint == _fingerprint(folder) and _blobs_are_there():
        return None
    return load_program(folder)


def _fingerprint(folder: Path) -> str:
    """Names, sizes and times of all files, which is quick; and which server read them."""
    digest = hashlib.sha256(f"{FORMAT} {server_version()}".encode())
    for here, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(here, name)
            state = path.lstat()  # a link may lead nowhere; where it leads inside, that file is here itself
            digest.update(f"\0{path.relative_to(folder).as_posix()}\0{state.st_size}\0{state.st_mtime_ns}".encode())
    return digest.hexdigest()


def _blobs_are_there() -> bool:
    return all(blob_path(sha256).is_file() for sha256 in Blob.objects.values_list("pk", flat=True).iterator())
