"""What the server said of actions, written down: whether it said so itself or by a receipt that somebody carried."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, update

from desktop.models.columns import Moment
from desktop.models.outbox import AGAIN, AHEAD, APPLIED, KINDS_TOUCHED, REFUSED, SETTLED, WAITING
from desktop.models.server_facts import keep_mark
from desktop.models.store import Store
from desktop.models.work import outbox
from protocol import actions as wire
from protocol import errors
from protocol.errors import ErrorBody

log = logging.getLogger(__name__)

FAULTS_BORNE = 8
"""So often an action may meet a fault of the server's own before the learner is told. Tries that never got there do not
count: they are no reason to give up."""


def settle(store: Store, rows: Sequence[Row[Any]], results: Mapping[str, wire.ActionResult], mark: str = "") -> int:
    """Write down what the server said of each, and its mark, in one transaction. Returns how many it did not judge.

    Nobody waits for the disk: should a power cut take it back, the actions are sent again and the server says the same.
    """
    kinds = {"outbox"}
    faulty = 0
    now = store.clock.now()
    with store.write(kinds) as connection:
        keep_mark(connection, mark)
        done: list[int] = []
        for row in rows:
            result = results.get(row.id)
            outcome = result.outcome if result else ""
            error = result.error if result else None
            if outcome in (wire.APPLIED, wire.DUPLICATE):
                done.append(row.sequence)
            elif outcome == wire.REFUSED and not _is_fault(error, row):
                _refuse(connection, row, error)
                kinds |= KINDS_TOUCHED.get(row.kind, {"progress"})
            else:
                faulty += 1
                put_back = update(outbox).where(outbox.c.sequence == row.sequence)
                faults = outbox.c.faults + (outcome == wire.REFUSED)
                waits = case((outbox.c.state == AGAIN, AGAIN), else_=WAITING)
                connection.execute(put_back.values(state=waits, faults=faults))
        # What went once more was sent long ago, and what it did is in the rows: nothing is laid over them for it.
        once_more = outbox.c.state == AGAIN
        applied = update(outbox).where(outbox.c.sequence.in_(done))
        sent_at = case((once_more, outbox.c.sent_at), else_=bindparam("now", now, Moment))
        connection.execute(applied.values(state=case((once_more, SETTLED), else_=APPLIED), sent_at=sent_at))
    return faulty


def _is_fault(error: ErrorBody | None, row: Row[Any]) -> bool:
    return error is not None and error.code == errors.SERVER_FAULT and row.faults + 1 < FAULTS_BORNE


def is_ahead(error: ErrorBody | None) -> bool:
    """Whether the server does not know such a thing at all: a newer one will."""
    return error is not None and error.code == errors.UNKNOWN_ACTION


def _refuse(connection: Connection, row: Row[Any], error: ErrorBody | None) -> None:
    said = error or ErrorBody(code=errors.BAD_REQUEST, text="The server refused this without a reason.")
    log.info("refused: %s %s", row.kind, said.code)
    values = {"error_code": said.code, "error_text": said.text, "error_way_out": said.way_out, "refused_by": ""}
    state = AHEAD if is_ahead(error) else REFUSED
    connection.execute(update(outbox).where(outbox.c.sequence == row.sequence).values(state=state, **values))
