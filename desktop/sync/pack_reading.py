"""Looking at a course pack: whose it is, whether it is as it was made, and what it would bring. Writes nothing."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, select

from desktop.models import state
from desktop.models.catalog import pack_keys
from desktop.models.courses import item_assets, manifests
from desktop.models.files import contacts
from desktop.models.learning import enrollments
from desktop.models.outbox import pending
from desktop.models.pack_views import CURRENT, NEWER, OLDER, PackFacts
from desktop.models.people import programs
from desktop.models.rules import read_rules
from desktop.models.store import Store
from desktop.sync import pack_problems
from protocol.course_packs import (
    BLOCK,
    DAMAGED,
    CoursePack,
    CoursePackError,
    Sealed,
    check_blocks,
    read_header,
    read_sealed,
)
from protocol.manifest import CourseManifest
from protocol.wire import WireError, decode

SOME = 5000
"""Hashes in one question to the database, which takes a limited number."""


@dataclass(frozen=True)
class OpenPack:
    """A pack that was found to be good up to the content of its blobs. ``manifest`` was verified."""

    path: Path
    file: BinaryIO
    size: int
    sealed: Sealed
    pack: CoursePack
    body: bytes
    manifest: CourseManifest


@contextlib.contextmanager
def open_pack(store: Store, path: Path) -> Iterator[OpenPack]:
    """Open a file and check everything but the content of its blobs.

    Raises:
        Problem: see ``pack_problems``.
    """
    with contextlib.ExitStack() as closing:
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                raise pack_problems.of_file(CoursePackError("not_a_pack", "not a regular file"))
            file = closing.enter_context(path.open("rb", buffering=0))
            size = os.fstat(file.fileno()).st_size
            sealed = read_sealed(file)
            pack = _trusted(store, sealed)
            check_blocks(file, size, sealed, pack)
            body, manifest = _manifest(file, sealed, pack)
        except CoursePackError as error:
            raise pack_problems.of_file(error) from error
        except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
            raise pack_problems.cannot_open(str(error)) from error
        yield OpenPack(path, file, size, sealed, pack, body, manifest)


def look_at(store: Store, path: Path) -> PackFacts:
    """What the file is, and what it would bring.

    Raises:
        Problem: see ``pack_problems``.
    """
    with open_pack(store, path) as found, store.read() as connection:
        pack = found.pack
        how = standing(connection, store, pack)
        wanted = wanted_blobs(connection, pack, how)
        here = ready_blobs(connection, wanted)
        floor = read_rules(connection).floor
        enrolled = is_enrolled(connection, pack.course_id)
    return PackFacts(
        organization=pack.organization,
        program=pack.program,
        program_id=pack.program_id,
        course_id=pack.course_id,
        title=pack.title,
        version=pack.version,
        made_at=pack.made_at,
        size=found.size,
        files=len(pack.blobs) - 1,
        bytes_new=sum(size for sha256, size in wanted.items() if sha256 not in here),
        bytes_free=store.bytes_free(floor),
        weeks=pack.weeks,
        videos=pack.videos,
        standing=how,
        enrolled=enrolled,
    )


def standing(connection: Connection, store: Store, pack: CoursePack) -> str:
    """How the version of a pack stands to what the server said last.

    current: it is in use, or it is the newest of the catalog, or nothing of the course is here yet. Else a pack made
    before the server was last heard is older (the server would have told of it), and one made after that is newer.
    """
    mine = select(enrollments.c.version).where(enrollments.c.course_id == pack.course_id)
    used = {*connection.execute(mine).scalars(), state.newest_version(connection, pack.course_id)}
    here = connection.execute(select(manifests.c.version).where(manifests.c.course_id == pack.course_id)).first()
    if pack.version in used or here is None:
        return CURRENT
    kept = connection.execute(select(contacts.c.server_at)).scalar()
    heard = store.contact.contact
    moments = [moment for moment in (kept, heard.server_at if heard else None) if moment is not None]
    return OLDER if moments and max(moments) >= pack.made_at else NEWER


def wanted_blobs(connection: Connection, pack: CoursePack, how: str) -> dict[str, int]:
    """Sizes by hash of what is to be taken: all files; of an older version what others that are here share."""
    wanted = {str(blob.sha256): blob.size for blob in pack.blobs[1:]}
    if how != OLDER:
        return wanted
    mine = select(manifests.c.version).where(
        manifests.c.course_id == pack.course_id, manifests.c.version != pack.version
    )
    shared = set(connection.execute(select(item_assets.c.sha256).where(item_assets.c.version.in_(mine))).scalars())
    return {sha256: size for sha256, size in wanted.items() if sha256 in shared}


def ready_blobs(connection: Connection, wanted: dict[str, int]) -> set[str]:
    """Those of which the database says that they are here."""
    hashes, found = list(wanted), set[str]()
    for begin in range(0, len(hashes), SOME):
        found |= state.ready_blobs(connection, hashes[begin : begin + SOME])
    return found


def is_enrolled(connection: Connection, course_id: str) -> bool:
    """Whether the learner is in the course, or has asked to be."""
    found = state.enrolled(connection, pending(connection)).get(course_id)
    return found is not None and found.enrollment.state != "unenrolled"


def _trusted(store: Store, sealed: Sealed) -> CoursePack:
    """The header, once its signature was found to be that of a program of this learner. Until then nothing of it is
    decoded."""
    with store.read() as connection:
        query = select(pack_keys.c.program_id, pack_keys.c.public_key, pack_keys.c.state)
        key = connection.execute(query.where(pack_keys.c.id == sealed.key_id)).first()
        active = set(connection.execute(select(programs.c.id).where(programs.c.state == "active")).scalars())
    if key is None:
        raise pack_problems.unknown_key(sealed.key_id)
    if key.state == "revoked":
        raise pack_problems.revoked_key(sealed.key_id)
    if not _is_signed(key.public_key, sealed):
        raise pack_problems.bad_signature()
    pack = read_header(sealed)
    if pack.program_id != key.program_id:
        raise pack_problems.other_program(pack.program_id)
    if pack.program_id not in active:
        raise pack_problems.not_a_member(pack.program)
    return pack


def _is_signed(public_key: str, sealed: Sealed) -> bool:
    from cryptography.exceptions import InvalidSignature  # slow to import, and packs are rare
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        raw = base64.b64decode(public_key, validate=True)
        if hashlib.sha256(raw).hexdigest()[: len(sealed.key_id)] != sealed.key_id:
            return False
        Ed25519PublicKey.from_public_bytes(raw).verify(sealed.signature, sealed.signed)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def _manifest(file: BinaryIO, sealed: Sealed, pack: CoursePack) -> tuple[bytes, CourseManifest]:
    first = pack.blobs[0]
    file.seek(sealed.begin + BLOCK)
    body = read_exactly(file, first.size)
    if hashlib.sha256(body).hexdigest() != pack.version:
        raise CoursePackError(DAMAGED, "the manifest has another hash")
    try:
        manifest = decode(body, CourseManifest)
    except (WireError, RecursionError) as error:
        raise CoursePackError(DAMAGED, f"the manifest: {error}") from error
    known = {asset.sha256: asset.size for asset in manifest.assets}
    strange = [blob.sha256 for blob in pack.blobs[1:] if known.get(blob.sha256) != blob.size]
    if manifest.course_id != pack.course_id or strange:
        raise CoursePackError(DAMAGED, f"{len(strange)} files that the course does not have")
    return body, manifest


def read_exactly(file: BinaryIO, size: int) -> bytes:
    """So many bytes.

    Raises:
        CoursePackError: the file ends before.
    """
    parts: list[bytes] = []
    while size and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    if size:
        raise CoursePackError("truncated", f"{size} bytes are missing")
    return b"".join(parts)
