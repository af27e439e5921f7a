"""Names for the identifiers that travel. All are strings; people never see them."""

from __future__ import annotations

import os
import time
import uuid
from typing import NewType

AccountId = NewType("AccountId", str)
ProgramId = NewType("ProgramId", str)
CourseId = NewType("CourseId", str)
ItemId = NewType("ItemId", str)
"""Stable over the versions of a course, and unique in the program: ``<course id>/<slug>``."""
Sha256 = NewType("Sha256", str)
"""64 lower-case hexadecimal digits."""
VersionId = NewType("VersionId", Sha256)
"""A version of a course: the SHA-256 of its manifest's bytes."""
ActionId = NewType("ActionId", str)
NoteId = NewType("NoteId", str)
AttemptId = NewType("AttemptId", str)
EnrollmentId = NewType("EnrollmentId", str)
DeviceId = NewType("DeviceId", str)


def new_uuid7() -> str:
    """A time-ordered UUID of version 7 (RFC 9562, 5.7), made without asking anybody."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= ((random >> 62) & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random & ((1 << 62) - 1)
    return str(uuid.UUID(int=value))
