"""What the learner did and where it is: waiting, on its way, with the server, or refused with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, delete, func, or_, select, update

from desktop.errors import Problem, mark
from desktop.models import state
from desktop.models.outbox import APPLIED, KINDS_TOUCHED, PENDING, REFUSED, SENDING, SETTLED, WAITING
from desktop.models.store import Store
from desktop.models.views import OutboxEntry
from desktop.models.work import drafts, outbox, practice_results
from desktop.services.course_state import not_found
from protocol.actions import (
    ACTION_BODIES,
    ENROLL,
    SUBMIT_ATTEMPT,
    SaveCourse,
    SaveNote,
    SetPosition,
    SubmitAttempt,
    Watch,
)
from protocol.ids import new_uuid7
from protocol.watching import watched_ms
from protocol.wire import Wire, decode

SENT_SHOWN_FOR = timedelta(days=3)
DETAIL_LENGTH = 120
SHOWN_AS = {APPLIED: "sent", SETTLED: "sent"}


class Outbox:
    """The outbox as the learner sees it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def entries(self) -> tuple[OutboxEntry, ...]:
        """Newest first: everything that waits or was refused, and what was sent in the last days."""
        since = self._store.clock.now() - SENT_SHOWN_FOR
        with self._store.read() as connection:
            rows = connection.execute(
                select(outbox)
                .where(or_(outbox.c.state.in_((WAITING, SENDING, REFUSED)), outbox.c.sent_at >= since))
                .order_by(outbox.c.sequence.desc())
            ).all()
            courses = state.course_titles(connection)
            items = state.item_titles(connection, {row.item_id for row in rows})
        # A course that is to be enrolled in cannot be taken back any more once something in it waits behind that.
        followed: set[str] = set()
        entries = []
        for row in rows:
            title = items.get(row.item_id) or courses.get(row.course_id, "")
            entries.append(_entry(row, title, can_undo=_can_undo(row, followed)))
            if row.state in PENDING and row.course_id:
                followed.add(row.course_id)
        return tuple(entries)

    def undo(self, action_id: str) -> None:
        """Take back what this computer alone knows of; the screen shows again what was before. The answers of an
        attempt become a draft again.

        Raises:
            Problem: ``too_late`` when it was handed to the network or something else builds on it.
        """
        kinds = {"outbox"}
        with self._store.write(kinds, durable=True) as connection:
            row = connection.execute(select(outbox).where(outbox.c.id == action_id)).first()
            if row is None:
                raise not_found()
            later = connection.execute(
                select(outbox.c.course_id).where(outbox.c.sequence > row.sequence, outbox.c.state.in_(PENDING))
            )
            if not _can_undo(row, set(later.scalars())):
                raise Problem(
                    "too_late",
                    mark("This cannot be taken back any more."),
                    mark("It is already on its way, or something you did later needs it."),
                )
            connection.execute(delete(outbox).where(outbox.c.id == action_id))
            if row.kind == SUBMIT_ATTEMPT:
                body = decode(bytes(row.body), SubmitAttempt)
                connection.execute(delete(practice_results).where(practice_results.c.attempt_id == body.attempt_id))
                known = select(drafts.c.item_id).where(drafts.c.item_id == body.item_id)
                if connection.execute(known).first() is None:
                    values = {"answers": body.answers, "started_at": body.started_at, "saved_at": row.made_at}
                    connection.execute(drafts.insert().values(item_id=body.item_id, **values))
            kinds |= KINDS_TOUCHED.get(row.kind, {"progress"})

    def retry(self, action_id: str) -> None:
        """Send a refused action once more. It gets a new id: a refusal of the old one is final.

        Raises:
            Problem: ``not_found`` when there is no such refused action.
        """
        kinds = {"outbox"}
        with self._store.write(kinds, durable=True) as connection:
            values = {
                "state": WAITING,
                "tries": 0,
                "faults": 0,
                "error_code": "",
                "error_text": "",
                "error_way_out": "",
            }
            row = connection.execute(
                select(outbox.c.kind).where(outbox.c.id == action_id, outbox.c.state == REFUSED)
            ).first()
            if row is None:
                raise not_found()
            connection.execute(update(outbox).where(outbox.c.id == action_id).values(id=new_uuid7(), **values))
            kinds |= KINDS_TOUCHED.get(row.kind, {"progress"})

    def waiting_count(self) -> int:
        """How many actions the server has yet to get."""
        with self._store.read() as connection:
            query = select(func.count()).select_from(outbox).where(outbox.c.state.in_((WAITING, SENDING)))
            return connection.execute(query).scalar_one()


def _can_undo(row: Row[Any], later_courses: set[str]) -> bool:
    if row.state != WAITING or row.tries:
        return False
    return row.kind != ENROLL or row.course_id not in later_courses


def _entry(row: Row[Any], title: str, *, can_undo: bool) -> OutboxEntry:
    kind = ACTION_BODIES.get(row.kind)
    return OutboxEntry(
        id=row.id,
        kind=row.kind,
        subject_title=title,
        detail=_detail(decode(bytes(row.body), kind)) if kind else "",
        made_at=row.made_at,
        state=SHOWN_AS.get(row.state, row.state),
        sent_at=row.sent_at,
        reason=row.error_text,
        way_out=row.error_way_out,
        can_undo=can_undo,
    )


def _detail(body: Wire) -> str:
    """What was written, shortened, or a figure; places in a medium as minutes and seconds."""
    if isinstance(body, SaveNote):
        text = " ".join(body.text.split())
        return text if len(text) <= DETAIL_LENGTH else text[: DETAIL_LENGTH - 1].rstrip() + "…"
    if isinstance(body, SetPosition):
        return _clock(body.position_ms)
    if isinstance(body, Watch):
        return _clock(watched_ms(body.intervals))
    if isinstance(body, SubmitAttempt):
        return str(len(body.answers))
    if isinstance(body, SaveCourse):
        return "saved" if body.saved else "removed"
    return ""


def _clock(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
