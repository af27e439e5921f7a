"""Writing and reading the outbox table. The rules of what may be replaced or undone live here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, delete, func, insert, or_, select, update

from desktop.models.store import Store
from desktop.models.work import outbox
from protocol.actions import ACTION_BODIES, OPEN_ITEM, SET_POSITION, WATCH
from protocol.ids import new_uuid7
from protocol.wire import Wire, decode, encode

WAITING, SENDING, APPLIED, SETTLED, REFUSED = "waiting", "sending", "applied", "settled", "refused"
SET_ASIDE = "set_aside"
"""Refused, and the learner has said that this is how it shall be. It stays readable and can still be sent again."""
AGAIN = "again"
"""Was settled, and is sent once more because the server may have lost it. What it did is in the server's columns here,
and in those that the next pull brings: nothing of it is laid over them, and the learner is not troubled with it."""
UNSENT = (WAITING, SENDING, AGAIN)
"""States of what the server has yet to get."""
AHEAD = "ahead"
"""The server is older than what this is: it waits for a newer one, and nobody has to do anything about it."""
PENDING = (WAITING, SENDING, APPLIED, AHEAD)
"""States whose effect is not in the server's columns yet: the overlay shows them."""

KINDS_TOUCHED = {
    "enroll": {"enrollments"},
    "unenroll": {"enrollments"},
    "save_course": {"enrollments"},
    "reset_deadlines": {"enrollments", "deadlines"},
    "save_note": {"notes"},
    "delete_note": {"notes"},
    "submit_attempt": {"attempts", "progress"},
    "set_position": {"positions"},
}
"""What else than the outbox looks different once such an action is taken back or refused; otherwise progress."""

STUDY = frozenset({OPEN_ITEM, WATCH, SET_POSITION})
"""What is told and counted together for each item: a lecture that is watched reports many of these."""


@dataclass(frozen=True)
class Pending:
    """An action whose effect the server's columns do not hold yet. ``state``: waiting, sending, applied, ahead."""

    id: str
    sequence: int
    kind: str
    body: Wire
    made_at: datetime
    state: str


def enqueue(
    connection: Connection,
    store: Store,
    kind: str,
    subject: str,
    body: Wire,
    *,
    course_id: str = "",
    item_id: str = "",
    action_id: str = "",
) -> str:
    """Put an action at the end of the outbox, in the caller's transaction. Returns its id."""
    evidence = store.contact.evidence()
    action_id = action_id or new_uuid7()
    connection.execute(
        insert(outbox).values(
            id=action_id,
            kind=kind,
            subject=subject,
            course_id=course_id,
            item_id=item_id,
            body=encode(body),
            made_at=evidence.made_at,
            zone=evidence.zone,
            contact_at=evidence.contact_at,
            since_contact_ms=evidence.since_contact_ms,
            state=WAITING,
        )
    )
    return action_id


def take_back_unsent(connection: Connection, kind: str, subject: str) -> list[Wire]:
    """Remove actions of this kind and subject that nobody but this computer ever saw; returns their bodies.

    An action that was handed to the network even once stays: the server may have it.
    """
    rows = connection.execute(
        select(outbox.c.sequence, outbox.c.body)
        .where(outbox.c.subject == subject, outbox.c.state == WAITING)
        .where(outbox.c.kind == kind, outbox.c.tries == 0)
        .order_by(outbox.c.sequence)
    ).all()
    if rows:
        connection.execute(delete(outbox).where(outbox.c.sequence.in_([row.sequence for row in rows])))
    return [decode(bytes(row.body), ACTION_BODIES[kind]) for row in rows]


def pending(
    connection: Connection, kinds: Iterable[str] = (), *, course_id: str = "", item_id: str = ""
) -> tuple[Pending, ...]:
    """What the overlay needs, in the order in which it was made; of one course or item if that is named."""
    query = select(
        outbox.c.id, outbox.c.sequence, outbox.c.kind, outbox.c.body, outbox.c.made_at, outbox.c.state
    ).where(outbox.c.state.in_(PENDING))
    if kinds:
        query = query.where(outbox.c.kind.in_(tuple(kinds)))
    if course_id:
        query = query.where(outbox.c.course_id == course_id)
    if item_id:
        query = query.where(outbox.c.item_id == item_id)
    return tuple(
        Pending(
            row.id, row.sequence, row.kind, decode(bytes(row.body), ACTION_BODIES[row.kind]), row.made_at, row.state
        )
        for row in connection.execute(query.order_by(outbox.c.sequence))
        if row.kind in ACTION_BODIES
    )


def counts(connection: Connection) -> tuple[int, int]:
    """How many entries of the Outbox wait to be sent or are on their way, and how many were refused."""
    together = outbox.c.kind.in_(STUDY) & (outbox.c.item_id != "")
    entry = case((together, "of " + outbox.c.item_id), else_=outbox.c.id)
    waits = func.count(case((outbox.c.state.in_((WAITING, SENDING)), entry)).distinct())
    refused = func.count(case((outbox.c.state == REFUSED, outbox.c.id)))
    row = connection.execute(select(waits, refused).where(outbox.c.state.in_((WAITING, SENDING, REFUSED)))).one()
    return int(row[0]), int(row[1])


def ahead_count(connection: Connection) -> int:
    """How many actions wait for a newer server."""
    return connection.execute(select(func.count()).where(outbox.c.state == AHEAD)).scalar_one()


def forget_settled(connection: Connection, before: datetime, most: int) -> int:
    """Forget what the server has had since ``before``, and whose effect has come back, and of what is newer all but the
    newest ``most``: a year of study leaves tens of thousands of these. Until then they can be sent again to a server
    that lost them. Returns how many there were."""
    kept = select(outbox.c.sequence).where(outbox.c.state == SETTLED).order_by(outbox.c.sequence.desc()).limit(most)
    past = or_(outbox.c.sent_at < before, outbox.c.sequence.not_in(kept))
    return connection.execute(delete(outbox).where(outbox.c.state == SETTLED, past)).rowcount


def send_again(connection: Connection) -> int:
    """All that the server has had and that is still here goes to it once more, in its old order, before anything newer:
    the server was restored from an older copy. Returns how many there are."""
    lost = case((outbox.c.state == SETTLED, AGAIN), else_=WAITING)
    sent = update(outbox).where(outbox.c.state.in_((APPLIED, SETTLED)))
    return connection.execute(sent.values(state=lost)).rowcount


def anything_unsent(connection: Connection) -> bool:
    """Whether there is anything for the server."""
    return connection.execute(select(outbox.c.sequence).where(outbox.c.state.in_(UNSENT)).limit(1)).first() is not None


def put_back_sending(connection: Connection) -> None:
    """At start: whether what was being sent arrived is not known, so it waits again. Sending twice is harmless."""
    connection.execute(update(outbox).where(outbox.c.state == SENDING).values(state=WAITING))
