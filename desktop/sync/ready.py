"""Writing down that a file is here."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence

from desktop.models.columns import to_ms
from desktop.models.queue import settle_finished
from desktop.models.store import Store

READY = "UPDATE assets SET state = 'ready', problem = '', ready_at = ?, size = ?, mtime_ns = ? WHERE sha256 = ?"
"""As the driver takes it: naming the parameters of 2,000 rows would take longer than writing them."""


def mark_ready(store: Store, sha256: str, size: int) -> None:
    """A blob is whole, verified and on the disk under its name: now the row may say so."""
    mark_all_ready(store, [(sha256, size)])


def mark_all_ready(store: Store, blobs: Sequence[tuple[str, int]], told: Collection[str] = ()) -> None:
    """Blobs (hash, size) are whole, verified and on the disk under their names: now the rows may say so.

    ``told``: kinds of data that are said to have changed even if no entry of the queue ended.
    """
    if not blobs:
        return
    rows, folder, now = [], str(store.assets), to_ms(store.clock.now())
    for sha256, size in blobs:
        try:
            mtime_ns = os.stat(f"{folder}{os.sep}{sha256[:2]}{os.sep}{sha256}").st_mtime_ns  # noqa: PTH116 (2,000 times)
        except OSError:  # gone already: the next look at it says so
            continue
        rows.append((now, size, mtime_ns, sha256))
    kinds = {"assets", *told}
    with store.write(kinds) as connection:
        if rows:
            connection.exec_driver_sql(READY, rows)
        if settle_finished(connection):
            kinds |= {"downloads", "courses"}
