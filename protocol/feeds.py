"""Ordered changes of one feed: ``GET /v1/feeds/{feed}?after=CURSOR&limit=N``.

Feeds: ``learner`` (the asking learner's own; kinds in ``protocol.learning``) and ``program:<program id>`` (kinds
``catalog_entry`` by course id, ``catalog_group`` by group id, ``pack_key`` by key id). Each feed counts on its own,
under a row lock, in the transaction that writes: there are no holes.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from protocol.ids import ProgramId, Sha256
from protocol.wire import Wire

LEARNER_FEED = "learner"
CATALOG_ENTRY = "catalog_entry"
CATALOG_GROUP = "catalog_group"
PACK_KEY = "pack_key"
PAGE_LIMIT = 500
PAGE_BYTES = 200_000
"""A page ends before it grows beyond this, unless a single change does."""


def program_feed(program_id: ProgramId) -> str:
    """The name of a program's feed."""
    return f"program:{program_id}"


GONE = msgspec.Raw(b"null")
"""The body of a deleted entity; left out on the wire. (A union with None cannot hold raw bytes in msgspec.)"""


class Change(Wire, frozen=True, kw_only=True):
    """The newest state of one entity. ``revision`` is the feed's sequence at which it got it; no body: deleted."""

    kind: str
    id: str
    revision: int
    body: msgspec.Raw = GONE

    @property
    def deleted(self) -> bool:
        """Whether this is a tombstone."""
        return bytes(self.body) == bytes(GONE)


class FeedPage(Wire, frozen=True, kw_only=True):
    """``cursor`` is opaque to clients: the next ``after``. Ask again while ``more``. Without ``after`` the pages are a
    snapshot: what is there, without tombstones of what was."""

    feed: str
    changes: tuple[Change, ...]
    cursor: str
    more: bool = False
    poll_after_s: int = 60


class AddressRequest(Wire, frozen=True, kw_only=True):
    """``POST /v1/courses/{id}/addresses``: at most 500 blobs at once."""

    blobs: tuple[Sha256, ...]


class BlobAddress(Wire, frozen=True, kw_only=True):
    """A signed address, relative to the server, good until ``expires_at`` and for this blob only."""

    sha256: Sha256
    url: str
    expires_at: datetime


class AddressAnswer(Wire, frozen=True, kw_only=True):
    """Blobs that the course does not have are left out."""

    addresses: tuple[BlobAddress, ...]
