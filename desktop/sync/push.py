"""Sending what the learner did: in order, in batches, each action as often as it takes and applied once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import Row, case, select, update

from desktop.errors import NotSignedInError, Problem
from desktop.models.outbox import AGAIN, SENDING, UNSENT, WAITING, anything_unsent
from desktop.models.outbox import counts as outbox_counts
from desktop.models.server_facts import read_facts
from desktop.models.store import Store
from desktop.models.work import outbox
from desktop.sync import ahead, policy, problems
from desktop.sync.answers import is_ahead, settle
from desktop.sync.api import Api
from protocol import actions as wire
from protocol.errors import ErrorBody
from protocol.ids import ActionId, DeviceId

log = logging.getLogger(__name__)

BATCH_BYTES = 400_000
"""A batch ends before it grows beyond this, unless a single action does. Servers take 1 MB."""
LARGE_BYTES = 32_000
"""From this size on an action alone may be too large for a gateway."""
WHOLE_REFUSALS = frozenset({400, 413, 422})
"""Statuses by which the server refuses a batch as a whole because of something in it."""


def push(store: Store, api: Api, device_id: str, stopping: Callable[[], bool]) -> int:
    """Send what waits until nothing does. Returns how many actions the server judged.

    Raises:
        Problem: the way to the server; what was not acknowledged waits again. ``server_restored``: check in first.
    """
    judged, size = 0, wire.BATCH_LIMIT
    while not stopping() and _anything(store):
        api.ready()
        rows, mark = _take(store, size)
        if not rows:
            break
        try:
            batch = wire.ActionBatch(actions=tuple(action_of(row, device_id) for row in rows), mark=mark)
            answer = api.post("/v1/actions", batch, wire.ActionBatchResult)
        except Problem as problem:
            too_much = _is_of_the_batch(problem)
            _put_back(store, rows, unseen=too_much or _is_untaken(problem))
            if not too_much or (len(rows) == 1 and not _judge_alone(store, rows[0], problem)):
                raise
            judged += len(rows) == 1
            size = policy.halved(len(rows))
            continue
        except Exception:
            # Whatever it was, a fault of the way or a bug of ours: it goes on to whoever asked, the rows wait again.
            _put_back(store, rows)
            raise
        results: dict[str, wire.ActionResult] = {result.id: result for result in answer.results}
        faulty = settle(store, rows, results, answer.mark)
        if any(is_ahead(result.error) for result in answer.results):
            ahead.note_version(store, api)
        judged += len(rows) - faulty
        if faulty:
            # The server has a fault with some of them: come back later rather than at once.
            raise problems.server_fault(f"{faulty} of {len(rows)} actions were not judged")
        size = min(wire.BATCH_LIMIT, size * 2)
    return judged


def _anything(store: Store) -> bool:
    with store.read() as connection:
        return anything_unsent(connection)


def _take(store: Store, limit: int) -> tuple[list[Row[Any]], str]:
    """The next batch, marked as handed to the network before it is: from then on nothing of it can be taken back. Also
    the mark to be said with it.

    Only one thread sends, so what is marked already was left by a try that could not even put it back (a full disk).
    """
    with store.write(set(), durable=True) as connection:
        mark = read_facts(connection).mark
        waiting = select(outbox).where(outbox.c.state.in_(UNSENT)).order_by(outbox.c.sequence).limit(limit)
        rows: list[Row[Any]] = []
        size = 0
        for row in connection.execute(waiting):
            size += len(row.body) + 400
            if rows and size > BATCH_BYTES:
                break
            rows.append(row)
        if rows:
            taken = update(outbox).where(outbox.c.sequence.in_([row.sequence for row in rows]))
            sending = case((outbox.c.state == AGAIN, AGAIN), else_=SENDING)
            connection.execute(taken.values(state=sending, tries=outbox.c.tries + 1))
    return rows, mark


def action_of(row: Row[Any], device_id: str) -> wire.Action:
    """A row of the outbox as it is sent."""
    return wire.Action(
        id=ActionId(row.id),
        kind=row.kind,
        subject=row.subject,
        device_id=DeviceId(device_id),
        sequence=row.sequence,
        clock=wire.ClockEvidence(
            made_at=row.made_at, zone=row.zone, contact_at=row.contact_at, since_contact_ms=row.since_contact_ms
        ),
        body=msgspec.Raw(bytes(row.body)),
    )


def _put_back(store: Store, rows: list[Row[Any]], *, unseen: bool = False) -> None:
    """Say that they wait again. Where even that cannot be written, the next batch takes them as they are.

    ``unseen``: the server has certainly taken none of them, so this was no try: they can still be taken back, and
    what is done next replaces them, however often the network was looked for in vain.
    """
    try:
        with store.write(set(), durable=True) as connection:
            sending = update(outbox).where(outbox.c.sequence.in_([row.sequence for row in rows]))
            values = {"state": WAITING, **({"tries": outbox.c.tries - 1} if unseen else {})}
            connection.execute(sending.where(outbox.c.state == SENDING).values(**values))
    except Problem as problem:
        log.info("not put back: %s", problem)


def _is_untaken(problem: Problem) -> bool:
    """Whether the server has certainly taken nothing: it was not reached, or said no before it looked at anything."""
    refused = isinstance(problem, problems.Refusal) and problem.status < 500
    return refused or isinstance(problem, problems.Untaken | NotSignedInError)


def _is_of_the_batch(problem: Problem) -> bool:
    """Whether something in the batch, or its size, is why it was refused: smaller ones find out what."""
    if isinstance(problem, problems.Refusal):
        return problem.status in WHOLE_REFUSALS
    return problem.code == problems.TOO_LARGE


def _judge_alone(store: Store, row: Row[Any], problem: Problem) -> bool:
    """An action that is refused alone is put aside for the learner, so that it holds up no other. False when that must
    not be done: a gateway that finds a small one too large is out of order, and says nothing of the action."""
    if not isinstance(problem, problems.Refusal) and len(row.body) < LARGE_BYTES:
        return False
    said = ErrorBody(code=problem.code, text=problem.text, way_out=problem.way_out)
    settle(store, [row], {row.id: wire.ActionResult(id=ActionId(row.id), outcome=wire.REFUSED, error=said)})
    return True


def counts(store: Store) -> tuple[int, int]:
    """How many entries of the Outbox wait to be sent or are on their way, and how many were refused."""
    with store.read() as connection:
        return outbox_counts(connection)
