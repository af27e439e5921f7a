"""Course packs: which blobs go into one, and its bytes, streamed. The format is ``protocol.course_packs``."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from protocol.course_packs import END, SIGNED, CoursePack, blob_block, head_bytes, padding, total_size
from protocol.ids import CourseId, ProgramId, Sha256, VersionId
from protocol.manifest import Asset, CourseManifest, Item, assets_by_hash, assets_of
from protocol.packs import LARGEST, PackedBlob
from protocol.wire import decode, encode
from server.catalog.blobs import CHUNK, blob_path
from server.catalog.models import Course, CourseVersion
from server.programs.pack_keys import sign

NONE, SMALLEST, ALL = "none", "smallest", "all"


class PackError(Exception):
    """No pack can be made of this. The text is for people."""


@dataclass(frozen=True)
class Choice:
    """What of a course goes into a pack. ``weeks`` and ``languages`` (of subtitles, BCP 47): all when empty.

    ``videos``: none; smallest (what the desktop plays); all qualities. ``resources``: files beside the items.
    """

    weeks: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    videos: str = SMALLEST
    resources: bool = True


@dataclass(frozen=True)
class PlannedPack:
    """What will be written. ``head``: the signed beginning. ``size``: bytes of the whole file."""

    pack: CoursePack
    manifest: bytes
    head: bytes

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return total_size(len(self.head), self.pack.blobs)


def plan_pack(course: Course, choice: Choice | None = None, version: str = "") -> PlannedPack:
    """Sign a pack of a course that is offered; by default of its newest version. The same for the same input, but for
    the moment and the signature.

    Raises:
        PackError: nothing of the kind may or can be handed out.
        KeyLostError: the program's key cannot be read.
    """
    choice = choice or Choice()
    if not course.offered or not course.version_id:
        raise PackError(f"The course “{course.pk}” is not offered to learners, so it is not handed out either.")
    row = CourseVersion.objects.filter(course=course, pk__startswith=version or course.version_id).first()
    if row is None or (version and len(version) < 8):
        raise PackError(f"The course “{course.pk}” has no version that begins with “{version}” (8 digits or more).")
    manifest = decode(bytes(row.manifest), CourseManifest)
    if unknown := sorted(set(choice.weeks) - {week.number for week in manifest.weeks}):
        raise PackError(f"The course “{course.pk}” has no week {unknown[0]}.")
    # Small ones first, then in the order of study: whoever pulls the stick too early can at least read.
    assets = sorted(_chosen(manifest, choice).values(), key=lambda asset: asset.size > LARGEST)
    blobs = [PackedBlob(sha256=Sha256(row.pk), size=len(row.manifest))]
    blobs += [PackedBlob(sha256=asset.sha256, size=asset.size) for asset in assets if asset.sha256 != row.pk]
    pack = CoursePack(
        program_id=ProgramId(course.program_id),
        course_id=CourseId(course.pk),
        version=VersionId(Sha256(row.pk)),
        title=manifest.title,
        made_at=timezone.now().replace(microsecond=0),
        organization=course.program.organization.name,
        program=course.program.brand_name or course.program.name,
        weeks=tuple(sorted(set(choice.weeks))),
        languages=tuple(sorted(set(choice.languages))),
        videos=choice.videos,
        blobs=tuple(blobs),
    )
    header = encode(pack)
    key_id, signature = sign(course.program, SIGNED + header)
    return PlannedPack(pack, bytes(row.manifest), head_bytes(header, key_id, signature))


def stream_pack(plan: PlannedPack) -> Iterator[bytes]:
    """The bytes of the file, ``plan.size`` in all. Every blob is hashed on its way: a damaged one is never handed out.

    Raises:
        PackError: a file of the media folder is missing or damaged; what came before is of no use.
    """
    yield plan.head
    for blob in plan.pack.blobs:
        yield blob_block(blob)
        if blob.sha256 == plan.pack.version:
            yield plan.manifest
        else:
            yield from _blob_bytes(blob)
        yield padding(blob.size)
    yield END


def write_pack(plan: PlannedPack, target: Path, tell: Callable[[int], None] = lambda _: None) -> None:
    """Write a file that is whole or not there. ``tell`` hears how many bytes are written.

    Raises:
        PackError: as ``stream_pack``.
        OSError: the disk.
    """
    part = target.with_name(f".{target.name}.part")
    done = 0
    try:
        with part.open("wb", buffering=0) as file:
            for piece in stream_pack(plan):
                left = memoryview(piece)
                while left:
                    left = left[file.write(left) :]
                done += len(piece)
                tell(done)
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _blob_bytes(blob: PackedBlob) -> Iterator[bytes]:
    digest, size = hashlib.sha256(), 0
    try:
        with blob_path(blob.sha256).open("rb", buffering=0) as file:
            while piece := file.read(CHUNK):
                digest.update(piece)
                size += len(piece)
                if size > blob.size:
                    break
                yield piece
    except OSError as error:
        raise PackError(f"The file {blob.sha256} of the media folder cannot be read: {error.strerror}.") from error
    if size != blob.size or digest.hexdigest() != blob.sha256:
        raise PackError(f"The file {blob.sha256} of the media folder is damaged. Load the program's folder again.")


def _chosen(manifest: CourseManifest, choice: Choice) -> dict[str, Asset]:
    by_hash = assets_by_hash(manifest)
    found: dict[str, Asset] = {}
    for week in manifest.weeks:
        if choice.weeks and week.number not in choice.weeks:
            continue
        for item in (item for module in week.modules for lesson in module.lessons for item in lesson.items):
            unwanted = _unwanted(item, choice)
            found |= {
                asset.sha256: asset for asset in assets_of(item, manifest, by_hash) if asset.sha256 not in unwanted
            }
            if item.video and choice.videos == ALL:
                variants = (variant.asset for variant in item.video.variants)
                found |= {sha256: by_hash[sha256] for sha256 in variants if sha256 in by_hash}
    if choice.resources:
        wanted = (resource.asset for resource in manifest.resources if resource.asset)
        found |= {sha256: by_hash[sha256] for sha256 in wanted if sha256 in by_hash}
    return found


def _unwanted(item: Item, choice: Choice) -> set[Sha256]:
    """Of an item's files, those that were not chosen."""
    if item.video is None:
        return set()
    found = {track.asset for track in item.video.tracks if choice.languages and track.language not in choice.languages}
    if choice.videos == NONE:
        found |= {variant.asset for variant in item.video.variants}
    return found
