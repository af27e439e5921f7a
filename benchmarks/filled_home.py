"""A data folder as a busy learner has it: many courses, studied more or less, written by the store's own code."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from desktop.clock import SystemClock
from desktop.config import Config
from desktop.models.manifest_rows import keep_manifest
from desktop.models.memberships import keep_memberships
from desktop.models.session_file import write_session
from desktop.models.views import LearnerView, ProgramView
from desktop.services.home_snapshot import save_snapshot
from desktop.services.services import open_services
from desktop.sync.changes import apply_changes
from protocol.accounts import Brand, Membership, Program
from protocol.catalog import CatalogEntry
from protocol.feeds import CATALOG_ENTRY, LEARNER_FEED, Change, program_feed
from protocol.ids import CourseId, EnrollmentId, ItemId, ProgramId, Sha256, VersionId
from protocol.learning import DEADLINE, ENROLLMENT, POSITION, PROGRESS, Deadline, Enrollment, Position, Progress
from protocol.manifest import (
    GRADED_QUIZ,
    READING,
    VIDEO,
    Asset,
    CourseManifest,
    Item,
    Lesson,
    Module,
    QuizReference,
    Reading,
    Video,
    VideoVariant,
    Week,
)
from protocol.wire import Wire, encode

SUBJECTS = (
    "Asking tables questions",
    "Budgets that hold",
    "Clean water in small towns",
    "Electricity without accidents",
    "First aid for field staff",
    "Negotiating between unequal partners",
    "Planning a week that works",
    "Reading a map",
    "Statistics for people who count things",
    "Writing so that others act",
)
WEEKS = 4
PROGRAM = Program(
    id=ProgramId("field"),
    name="Field staff learning",
    organization="Open School",
    brand=Brand(name="Open School"),
    welcome="Courses for everybody who works away from the office.",
)


def fill_home(home: Path, courses: int) -> None:
    """Make ``home`` the data folder of a learner who takes ``courses`` courses, signed in, with a saved home view."""
    clock = SystemClock()
    program = ProgramView(PROGRAM.id, PROGRAM.name, PROGRAM.organization, welcome=PROGRAM.welcome)
    learner = LearnerView("learner-1", "Ada Field", "ada@example.org", "https://learn.example.org", (program,))
    write_session(home, learner)
    services = open_services(home, learner.account_id, clock, lambda _: None, Config(home).assets)
    try:
        now = clock.now().astimezone(UTC)
        with services.store.write(set()) as connection:
            keep_memberships(connection, (Membership(program=PROGRAM, state="active", joined_at=now),))
            for number in range(courses):
                manifest = _manifest(number)
                body = encode(manifest)
                version = VersionId(Sha256(hashlib.sha256(body).hexdigest()))
                entry, enrollment = _entry(manifest, version), _enrollment(number, manifest, version, now)
                apply_changes(connection, program_feed(PROGRAM.id), [_change(CATALOG_ENTRY, entry.course_id, entry)])
                apply_changes(connection, LEARNER_FEED, [_change(ENROLLMENT, enrollment.id, enrollment)])
                apply_changes(connection, LEARNER_FEED, _studied(number, manifest, now))
                keep_manifest(connection, version, body, manifest, now)
        save_snapshot(home, services.home.view())
    finally:
        services.close()


def _change(kind: str, key: str, body: Wire) -> Change:
    return Change(kind=kind, id=key, revision=1, body=msgspec.Raw(encode(body)))


def _manifest(number: int) -> CourseManifest:
    course = f"course-{number:03}"
    assets: list[Asset] = []

    def asset(what: str, media_type: str, size: int) -> Sha256:
        sha256 = Sha256(hashlib.sha256(f"{course}/{what}".encode()).hexdigest())
        assets.append(Asset(sha256=sha256, size=size, media_type=media_type))
        return sha256

    def items(week: int) -> Iterator[Item]:
        for lecture in range(1, 5):
            key = f"{week}-{lecture}"
            variant = VideoVariant(asset=asset(f"video-{key}", "video/mp4", 9_000_000), width=1280, height=720)
            yield Item(
                id=ItemId(f"{course}/video-{key}"),
                kind=VIDEO,
                title=f"Lecture {lecture} of week {week}",
                minutes=7,
                video=Video(duration_ms=420_000, variants=(variant,)),
            )
            yield Item(
                id=ItemId(f"{course}/reading-{key}"),
                kind=READING,
                title=f"Further reading on lecture {lecture}",
                minutes=10,
                reading=Reading(asset=asset(f"reading-{key}", "text/html", 30_000)),
            )
        yield Item(
            id=ItemId(f"{course}/quiz-{week}"),
            kind=GRADED_QUIZ,
            title=f"Quiz of week {week}",
            minutes=20,
            weight=100 / WEEKS,
            due_day=7 * week,
            quiz=QuizReference(
                asset=asset(f"quiz-{week}", "application/json", 4_000), question_count=8, points=8, pass_percent=60
            ),
        )

    weeks = tuple(
        Week(
            number=week,
            title=f"Week {week}",
            modules=(
                Module(id="m", title="Module", lessons=(Lesson(id="l", title="Lesson", items=tuple(items(week))),)),
            ),
        )
        for week in range(1, WEEKS + 1)
    )
    part, subject = divmod(number, len(SUBJECTS))
    return CourseManifest(
        course_id=CourseId(course),
        title=SUBJECTS[subject] + (f", part {part + 1}" if part else ""),
        partner=("Open School", "Institute of Rural Health", "Trade School")[number % 3],
        language="en",
        weeks=weeks,
        assets=tuple(assets),
    )


def _entry(manifest: CourseManifest, version: VersionId) -> CatalogEntry:
    return CatalogEntry(
        course_id=manifest.course_id,
        program_id=PROGRAM.id,
        kind="course",
        title=manifest.title,
        partner=manifest.partner,
        version=version,
    )


def _enrollment(number: int, manifest: CourseManifest, version: VersionId, now: datetime) -> Enrollment:
    began = now - timedelta(days=number % 28)
    return Enrollment(
        id=EnrollmentId(f"enrollment-{number:03}"),
        course_id=manifest.course_id,
        program_id=PROGRAM.id,
        version=version,
        state="active",
        enrolled_at=began,
        session_starts_at=began,
        unenroll_until=began + timedelta(days=14),
    )


def _studied(number: int, manifest: CourseManifest, now: datetime) -> Iterator[Change]:
    """The first courses are half done, the later ones hardly begun; a few are late."""
    course_id, items = manifest.course_id, manifest.items()
    done = (number * 7) % (len(items) // 2)
    for item in items[:done]:
        progress = Progress(item_id=item.id, course_id=course_id, opened_at=now, completed_at=now)
        yield _change(PROGRESS, item.id, progress)
    left = items[done]
    if number % 2:
        yield _change(POSITION, left.id, Position(item_id=left.id, course_id=course_id, position_ms=21_000, at=now))
    for item in items:
        if item.due_day is not None:
            due = now + timedelta(days=item.due_day - number % 9)
            yield _change(DEADLINE, item.id, Deadline(item_id=item.id, course_id=course_id, due_at=due))
