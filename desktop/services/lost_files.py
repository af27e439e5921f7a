"""A file that the database believes in is gone: said at once, so that it is fetched again."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from desktop.models.blobs import blob_path, is_whole
from desktop.models.content_folder import READABLE
from desktop.models.queue import forget_lost
from desktop.models.store import Store

log = logging.getLogger(__name__)


def note_lost(store: Store, lost: Mapping[str, int]) -> None:
    """Blobs (with their sizes) that were ready were not found, or not whole. Not within a read of the same thread: this
    writes. What is on a drive that is not there is not lost, nor is what was carried to another folder meanwhile."""
    if not lost or store.content.look_briefly() not in READABLE:
        return
    really = [sha256 for sha256, size in lost.items() if not is_whole(blob_path(store.assets, sha256), size)]
    if not really:
        return
    log.warning("%d files are gone and will be fetched again when they are wanted", len(really))
    with store.write({"assets", "courses", "downloads"}) as connection:
        forget_lost(connection, really)
