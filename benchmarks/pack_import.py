"""One import into an empty data folder: ``python -m benchmarks.pack_import HOME KEY PACK``. Prints how many seconds it
took, without the start of Python, and by how many bytes the process grew."""

from __future__ import annotations

import base64
import resource
import sys
import time
from pathlib import Path

import msgspec
from sqlalchemy import insert

from desktop.clock import SystemClock
from desktop.models.people import programs
from desktop.services.services import open_services
from desktop.sync.changes import apply_changes
from desktop.sync.pack_importing import import_pack
from desktop.sync.pack_reading import look_at
from protocol.catalog import PackKey
from protocol.feeds import PACK_KEY, Change, program_feed
from protocol.wire import decode

ACCOUNT = "01890a5d-ac96-774b-bcce-b302099a8057"


def main(home: Path, key: bytes, file: Path) -> None:
    """Look, then import."""
    services = open_services(home, ACCOUNT, SystemClock(), lambda _: None, home / "assets")
    told = decode(key, PackKey)
    with services.store.write(set()) as connection:
        values = {"name": "P", "organization": "O", "state": "active", "position": 0}
        connection.execute(insert(programs).values(id=told.program_id, **values))
        change = Change(kind=PACK_KEY, id=told.id, revision=1, body=msgspec.Raw(key))
        apply_changes(connection, program_feed(told.program_id), [change])
    look_at(services.store, file)  # as the window does, before the learner presses Import
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    result = import_pack(services.store, file)
    took = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    services.close()
    if result.damaged or not result.files_new:
        raise SystemExit("not everything came")
    print(took, grown)


if __name__ == "__main__":
    main(Path(sys.argv[1]), base64.b64decode(sys.argv[2]), Path(sys.argv[3]))
