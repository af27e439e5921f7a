"""Course packs for tests of the desktop, made by hand: good ones and bad ones; and a learner who is offline."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert

from desktop.clock import SystemClock
from desktop.models.people import learner as learner_table
from desktop.models.people import programs
from desktop.services.services import Services, open_services
from desktop.sync.changes import apply_changes
from protocol.catalog import PackKey
from protocol.course_packs import END, SIGNED, CoursePack, blob_block, head_bytes, padding
from protocol.feeds import CATALOG_ENTRY, LEARNER_FEED, PACK_KEY, Change, program_feed
from protocol.ids import ProgramId, Sha256
from protocol.learning import ENROLLMENT
from protocol.packs import PackedBlob
from protocol.wire import Wire, encode
from tests.desktop.course import PROGRAM, Course

ACCOUNT = "learner-1"
LATER = datetime.now(UTC) + timedelta(days=1)
"""A pack of then was made after whatever the learner's computer has heard."""


@dataclass
class Signer:
    """A program's key."""

    program_id: str = PROGRAM
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public(self) -> bytes:
        """32 bytes."""
        return self.private.public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        """As the protocol names it."""
        return hashlib.sha256(self.public).hexdigest()[:32]

    def told(self, state: str = "active") -> PackKey:
        """As the feed brings it."""
        return PackKey(
            id=self.id,
            program_id=ProgramId(self.program_id),
            public_key=base64.b64encode(self.public).decode(),
            state=state,
            made_at=datetime.now(UTC),
        )


def header_of(course: Course, *, made_at: datetime = LATER, leave_out: Iterable[str] = ()) -> CoursePack:
    """What a whole pack of a course says."""
    unwanted = set(leave_out)
    blobs = [PackedBlob(sha256=course.version, size=len(course.body))]
    blobs += [
        PackedBlob(sha256=Sha256(sha256), size=len(data))
        for sha256, data in course.blobs.items()
        if sha256 not in unwanted
    ]
    return CoursePack(
        program_id=PROGRAM,
        course_id=course.course_id,
        version=course.version,
        title=course.manifest.title,
        made_at=made_at,
        organization="Open School",
        program="Sample program",
        blobs=tuple(blobs),
    )


def bytes_of(course: Course, signer: Signer, header: CoursePack | None = None, raw: bytes = b"") -> bytes:
    """A whole file. ``raw``: sign these bytes as the header instead."""
    header = header or header_of(course)
    raw = raw or encode(header)
    parts = [head_bytes(raw, signer.id, signer.private.sign(SIGNED + raw))]
    for blob in header.blobs:
        data = course.body if blob.sha256 == course.version else course.blobs[blob.sha256]
        parts += [blob_block(blob), data, padding(len(data))]
    return b"".join([*parts, END])


def place_of(raw: bytes, data: bytes) -> int:
    """Where a blob's bytes begin in a file."""
    return raw.index(data)


class Computer:
    """A learner's installation that never had a network."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.clock = SystemClock()
        self.kinds: set[str] = set()
        self.services = self.open()
        with self.services.store.write(set()) as connection:
            connection.execute(
                insert(learner_table).values(account_id=ACCOUNT, email="a@x.org", name="Ada", server="s")
            )

    def open(self) -> Services:
        """Open (again)."""
        self.services = open_services(self.home, ACCOUNT, self.clock, self.kinds.update, self.home / "assets")
        return self.services

    @property
    def assets(self) -> Path:
        """The folder of blobs."""
        return self.services.store.assets

    def joins(self, signer: Signer, state: str = "active") -> None:
        """The learner is in the program, and its key came with the catalog."""
        with self.services.store.write(set()) as connection:
            values = {"name": "Sample program", "organization": "Open School", "state": state, "position": 0}
            connection.execute(insert(programs).values(id=signer.program_id, **values))
        self.hears(PACK_KEY, signer.id, signer.told())

    def hears(self, kind: str, entity: str, body: Wire, feed: str = "") -> None:
        """The feed says so."""
        feed = feed or (LEARNER_FEED if kind == ENROLLMENT else program_feed(PROGRAM))
        change = Change(kind=kind, id=entity, revision=1, body=msgspec.Raw(encode(body)))
        with self.services.store.write(set()) as connection:
            apply_changes(connection, feed, [change])

    def sees(self, course: Course) -> None:
        """The catalog has it."""
        self.hears(CATALOG_ENTRY, course.course_id, course.entry())

    def enrolls(self, course: Course) -> None:
        """The server has agreed to it."""
        self.sees(course)
        self.hears(ENROLLMENT, f"enrollment-{course.course_id}", course.enrollment())

    def files(self) -> set[str]:
        """Everything in the folder of blobs."""
        return {path.name for path in self.assets.rglob("*") if path.is_file()}

    def close(self) -> None:
        """End."""
        self.services.close()
