"""Writing a program that was read without a mistake into the database, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.utils import timezone

from protocol.feeds import CATALOG_GROUP, program_feed
from protocol.ids import ProgramId
from protocol.manifest import Asset
from protocol.wire import encode
from server.accounts.models import fold_address
from server.authoring.courses import CourseSource
from server.authoring.mistakes import MistakesError
from server.authoring.programs import InvitationSource, ProgramSource
from server.catalog.models import Blob, Course, CourseBlob, CourseVersion, Group, KeyedQuiz
from server.catalog.wire import entry_to_wire, group_to_wire, tell_entry, tell_group
from server.feeds.writing import FeedWriter, open_feed
from server.programs.models import Invitation, Organization, Program
from server.programs.pack_keys import ensure_key


@dataclass(frozen=True)
class LoadedCourse:
    """A line of the summary. ``outcome``: new, new version, changed, unchanged."""

    id: str
    title: str
    version: str
    outcome: str
    items: int
    bytes: int


def publish(source: ProgramSource) -> tuple[Program, tuple[LoadedCourse, ...]]:
    """Make or update the program, its courses and its catalog. What is the same is not told again.

    Raises:
        MistakesError: a course's id is used by another program of this server.
    """
    _refuse_ids_of_others(source)
    with open_feed(program_feed(ProgramId(source.id))) as feed:
        program = _write_program(source)
        ensure_key(feed, program)
        loaded = [
            _write_course(feed, program, course, position) for position, course in enumerate(source.courses.values(), 1)
        ]
        _withdraw_courses(feed, program, source)
        _write_groups(feed, program, source)
        for invitation in source.invitations:
            _write_invitation(program, invitation)
    return program, tuple(loaded)


def _refuse_ids_of_others(source: ProgramSource) -> None:
    ids = {course.manifest.course_id: name for name, course in source.courses.items()}
    for taken in Course.objects.filter(pk__in=ids).exclude(program_id=source.id):
        path: Path = source.report.root / "courses" / ids[taken.pk] / "course.toml"  # type: ignore[index]
        source.report.mistake(
            path, 1, f"the id “{taken.pk}” belongs to the program “{taken.program_id}” on this server; choose another"
        )
    for invitation in source.invitations:
        if Invitation.objects.filter(token=invitation.token).exclude(program_id=source.id).exists():
            source.report.mistake(
                source.report.root / "program.toml",
                1,
                f"the invitation token “{invitation.token}” is used by another program; choose another",
            )
    if source.report.mistakes:
        raise MistakesError(source.report.mistakes)


def _write_program(source: ProgramSource) -> Program:
    organization, _ = Organization.objects.get_or_create(name=source.organization)
    _write_blobs(source.logo_files.assets.values())
    program, _ = Program.objects.update_or_create(
        pk=source.id, defaults={**source.fields, "organization": organization, "logo_id": source.logo}
    )
    return program


def _write_blobs(assets: Iterable[Asset]) -> None:
    Blob.objects.bulk_create(
        [Blob(sha256=asset.sha256, size=asset.size, media_type=asset.media_type) for asset in assets],
        ignore_conflicts=True,
    )


def _write_course(feed: FeedWriter, program: Program, source: CourseSource, position: int) -> LoadedCourse:
    manifest = encode(source.manifest)
    version = sha256(manifest).hexdigest()
    course = Course.objects.filter(pk=source.manifest.course_id).first()
    before = encode(entry_to_wire(course)) if course and course.version_id and course.offered else b""
    outcome = "new" if course is None else "new version" if course.version_id != version else "unchanged"
    course = course or Course(pk=source.manifest.course_id, published_at=timezone.now())
    _write_blobs(source.assets)
    for name, value in source.fields.items():
        setattr(course, name, value)
    course.program, course.position, course.picture_id, course.offered = program, position, source.picture, True
    course.save()
    CourseVersion.objects.get_or_create(pk=version, defaults={"course": course, "manifest": manifest})
    course.version_id = version
    course.save(update_fields=["version"])
    CourseBlob.objects.bulk_create(
        [CourseBlob(course=course, blob_id=asset.sha256) for asset in source.assets], ignore_conflicts=True
    )
    for (item_id, public), quiz in source.keyed.items():
        KeyedQuiz.objects.update_or_create(
            course=course, item_id=item_id, public_sha256=public, defaults={"document": encode(quiz)}
        )
    if encode(entry_to_wire(course)) != before:
        tell_entry(feed, course)
        outcome = "changed" if outcome == "unchanged" else outcome
    return LoadedCourse(
        id=course.pk,
        title=course.title,
        version=version,
        outcome=outcome,
        items=len(source.manifest.items()),
        bytes=sum(asset.size for asset in source.assets),
    )


def _withdraw_courses(feed: FeedWriter, program: Program, source: ProgramSource) -> None:
    kept = [course.manifest.course_id for course in source.courses.values()]
    for course in Course.objects.filter(program=program, offered=True).exclude(pk__in=kept):
        course.offered = False
        course.save(update_fields=["offered"])
        tell_entry(feed, course)


def _write_groups(feed: FeedWriter, program: Program, source: ProgramSource) -> None:
    before = {group.slug: group for group in Group.objects.filter(program=program)}
    for position, wanted in enumerate(source.groups, 1):
        group = before.pop(wanted.slug, None)
        told = encode(group_to_wire(group)) if group else b""
        group = group or Group(program=program, slug=wanted.slug)
        group.title, group.position = wanted.title, position
        group.course_ids = [source.courses[name].manifest.course_id for name in wanted.courses]
        group.save()
        if encode(group_to_wire(group)) != told:
            tell_group(feed, group)
    for gone in before.values():
        feed.delete(CATALOG_GROUP, gone.slug)
        gone.delete()


def _write_invitation(program: Program, source: InvitationSource) -> None:
    email = fold_address(source.email)
    known = Invitation.objects.filter(program=program)
    if known.filter(token=source.token).exists() if source.token else known.filter(email=email).exists():
        return
    invitation = Invitation(program=program, email=email, name=source.name)
    if source.token:
        invitation.token = source.token
    invitation.save()
