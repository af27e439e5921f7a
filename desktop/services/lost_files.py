"""A file that the database believes in is gone: said at once, so that it is fetched again."""

from __future__ import annotations

import logging
from collections.abc import Collection

from desktop.models.queue import forget_lost
from desktop.models.store import Store

log = logging.getLogger(__name__)


def note_lost(store: Store, lost: Collection[str]) -> None:
    """Blobs that were ready are not there. Not within a read of the same thread: this writes."""
    if not lost:
        return
    log.warning("%d files are gone and will be fetched again when they are wanted", len(lost))
    with store.write({"assets", "courses", "downloads"}) as connection:
        forget_lost(connection, lost)
