"""Actions that the server is too old to know: kept, and sent again when it is another version."""

from __future__ import annotations

import logging

from sqlalchemy import select, update

from desktop.models.outbox import AHEAD, KINDS_TOUCHED, WAITING
from desktop.models.store import Store
from desktop.models.work import outbox
from desktop.sync.api import Api
from protocol.accounts import ServerInfo
from protocol.ids import new_uuid7

log = logging.getLogger(__name__)


def note_version(store: Store, api: Api) -> None:
    """Write down which version has just refused what has no version yet.

    Raises:
        Problem: the way to the server; without a version they are sent once more at the next look.
    """
    version = api.get("/v1/server", ServerInfo).version
    with store.write(set(), durable=True) as connection:
        unsaid = update(outbox).where(outbox.c.state == AHEAD, outbox.c.refused_by == "")
        connection.execute(unsaid.values(refused_by=version))


def send_again(store: Store, api: Api) -> int:
    """Let wait to be sent what another version of the server refused. Returns how many actions that are.

    They get new ids: servers before this one took a refusal under an id for final.

    Raises:
        Problem: the way to the server. It is not asked while nothing is kept for a newer one.
    """
    with store.read() as connection:
        if connection.execute(select(outbox.c.id).where(outbox.c.state == AHEAD).limit(1)).first() is None:
            return 0
    version = api.get("/v1/server", ServerInfo).version
    kinds: set[str] = set()
    with store.write(kinds, durable=True) as connection:
        rows = connection.execute(
            select(outbox.c.sequence, outbox.c.kind).where(outbox.c.state == AHEAD, outbox.c.refused_by != version)
        ).all()
        for row in rows:
            values = {"id": new_uuid7(), "state": WAITING, "tries": 0, "faults": 0, "refused_by": ""}
            said = dict.fromkeys(("error_code", "error_text", "error_way_out"), "")
            connection.execute(update(outbox).where(outbox.c.sequence == row.sequence).values(**values, **said))
            kinds |= {"outbox"} | KINDS_TOUCHED.get(row.kind, {"progress"})
    if rows:
        log.info("%d actions are sent again: the server is version %s now", len(rows), version[:40])
    return len(rows)
