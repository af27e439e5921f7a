"""A learner's services over a real database, filled as a pull would fill it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from desktop.models.blobs import blob_path
from desktop.models.content_folder import ContentFolder
from desktop.models.manifest_rows import keep_manifest
from desktop.models.memberships import keep_memberships
from desktop.models.session_file import write_session
from desktop.models.views import LearnerView, ProgramView
from desktop.services.services import Services, open_services
from desktop.sync.changes import apply_changes
from desktop.sync.ready import mark_ready
from protocol.accounts import Brand, Membership, Program
from protocol.feeds import CATALOG_ENTRY, GONE, LEARNER_FEED, Change, program_feed
from protocol.learning import ENROLLMENT
from protocol.wire import Wire, encode
from tests.desktop.course import PROGRAM, START, Course
from tests.desktop.hand_clock import HandClock

ACCOUNT = "learner-1"
THE_PROGRAM = Program(id=PROGRAM, name="Sample", organization="Open School", brand=Brand(name="Open School"))


def open_learner(
    home: Path,
    clock: HandClock,
    told: list[frozenset[str]] | None = None,
    assets: Path | ContentFolder | None = None,
) -> Services:
    """The services of a learner in one program; blobs lie in ``assets``, by default in the home."""
    view = LearnerView(ACCOUNT, "Ada", "ada@example.org", "https://x.test", (ProgramView(PROGRAM, "Sample", "Open"),))
    write_session(home, view)
    heard = told if told is not None else []
    services = open_services(home, ACCOUNT, clock, heard.append, assets or home / "assets")
    with services.store.write(set()) as connection:
        keep_memberships(connection, (Membership(program=THE_PROGRAM, state="active", joined_at=START),))
    return services


def change(kind: str, key: str, body: Wire | None, revision: int = 1) -> Change:
    """A change as a feed carries it."""
    return Change(kind=kind, id=key, revision=revision, body=GONE if body is None else msgspec.Raw(encode(body)))


def apply(services: Services, *changes: Change, feed: str = LEARNER_FEED) -> None:
    """Let changes arrive."""
    kinds: set[str] = set()
    with services.store.write(kinds) as connection:
        kinds |= apply_changes(connection, feed, changes)


def offer(services: Services, *courses: Course) -> None:
    """Let the catalog arrive."""
    entries = [change(CATALOG_ENTRY, course.course_id, course.entry()) for course in courses]
    apply(services, *entries, feed=program_feed(PROGRAM))


def enroll(services: Services, *courses: Course, at: datetime = START) -> None:
    """Let enrollments and manifests arrive."""
    offer(services, *courses)
    apply(services, *(change(ENROLLMENT, course.enrollment().id, course.enrollment()) for course in courses))
    with services.store.write(set()) as connection:
        for course in courses:
            keep_manifest(connection, course.version, course.body, course.manifest, at)


def put_blobs(services: Services, course: Course, hashes: Iterable[str] | None = None) -> None:
    """Put files on the disk and say that they are ready; all of the course by default."""
    for sha256 in course.blobs if hashes is None else hashes:
        path = blob_path(services.store.assets, sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(course.blobs[sha256])
        mark_ready(services.store, sha256, len(course.blobs[sha256]))
