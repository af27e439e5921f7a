"""Decoded manifests. A version never changes, so a decoded one is good for ever."""

from __future__ import annotations

from functools import lru_cache

from protocol.manifest import CourseManifest, Item
from protocol.wire import decode
from server.catalog.models import CourseVersion


@lru_cache(maxsize=32)
def manifest_of(version: str) -> CourseManifest:
    """The manifest of an existing version."""
    row = CourseVersion.objects.only("manifest").get(pk=version)
    return decode(bytes(row.manifest), CourseManifest)


@lru_cache(maxsize=32)
def items_of(version: str) -> dict[str, Item]:
    """The items of a version by id, in the order of study."""
    return {item.id: item for item in manifest_of(version).items()}
