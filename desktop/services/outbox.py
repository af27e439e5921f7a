"""What the learner did and where it is: waiting, on its way, with the server, or refused with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, or_, select, update

from desktop.errors import Problem, mark
from desktop.models import state
from desktop.models.carried_views import CarriedView
from desktop.models.outbox import (
    AGAIN,
    AHEAD,
    KINDS_TOUCHED,
    PENDING,
    REFUSED,
    SENDING,
    SET_ASIDE,
    UNSENT,
    WAITING,
    ahead_count,
    counts,
)
from desktop.models.store import Store
from desktop.models.views import ActionRecord, NoteView, OutboxEntry
from desktop.models.work import drafts, outbox, practice_results, work_files
from desktop.services.course_state import not_found
from desktop.services.outbox_words import entries_of, text_of
from protocol.actions import ENROLL, SAVE_NOTE, SUBMIT_ATTEMPT, SaveNote, SubmitAttempt
from protocol.ids import new_uuid7
from protocol.wire import decode

SENT_SHOWN_FOR = timedelta(days=3)
LOG_LENGTH = 200


class Outbox:
    """The outbox as the learner sees it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def entries(self) -> tuple[OutboxEntry, ...]:
        """Newest first: everything that waits or was refused, and what was sent in the last days. What was studied of
        one item (opened, watched, stopped at) is one entry while it waits, and one of what was sent."""
        since = self._store.clock.now() - SENT_SHOWN_FOR
        with self._store.read() as connection:
            rows = connection.execute(
                select(outbox)
                .where(
                    or_(outbox.c.state.in_((WAITING, SENDING, AHEAD, REFUSED, SET_ASIDE)), outbox.c.sent_at >= since)
                )
                .where(outbox.c.state != AGAIN)
                .order_by(outbox.c.sequence.desc())
            ).all()
            courses = state.course_titles(connection)
            items = state.item_titles(connection, {row.item_id for row in rows})
        # A course that is to be enrolled in cannot be taken back any more once something in it waits behind that.
        followed: set[str] = set()
        undoable: set[str] = set()
        for row in rows:
            if _can_undo(row, followed):
                undoable.add(row.id)
            if row.state in PENDING and row.course_id:
                followed.add(row.course_id)
        return entries_of(rows, courses, items, undoable)

    def undo(self, *action_ids: str) -> None:
        """Take back what this computer alone knows of; the screen shows again what was before. The answers of an
        attempt become a draft again. All of them, or none.

        Raises:
            Problem: ``too_late`` when one was handed to the network or something else builds on it.
        """
        kinds = {"outbox"}
        with self._store.write(kinds, durable=True) as connection:
            newest_first = select(outbox).where(outbox.c.id.in_(action_ids)).order_by(outbox.c.sequence.desc())
            rows = connection.execute(newest_first).all()
            if not rows or len(rows) != len(set(action_ids)):
                raise not_found()
            for row in rows:
                later = connection.execute(
                    select(outbox.c.course_id).where(outbox.c.sequence > row.sequence, outbox.c.state.in_(PENDING))
                )
                if not _can_undo(row, set(later.scalars())):
                    raise _too_late()
                _take_back(connection, row)
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
            row = _refused(connection, action_id)
            connection.execute(update(outbox).where(outbox.c.id == action_id).values(id=new_uuid7(), **values))
            kinds |= KINDS_TOUCHED.get(row.kind, {"progress"})

    def set_aside(self, action_id: str) -> None:
        """The learner has seen the refusal and leaves it at that. The entry stays, with its text, and asks for nothing.

        Raises:
            Problem: ``not_found`` when there is no such refused action.
        """
        kinds = {"outbox"}
        with self._store.write(kinds, durable=True) as connection:
            row = _refused(connection, action_id)
            connection.execute(update(outbox).where(outbox.c.id == action_id).values(state=SET_ASIDE))
            kinds |= KINDS_TOUCHED.get(row.kind, {"progress"})

    def refused_note(self, action_id: str) -> NoteView:
        """A note that was refused, to be changed and sent anew.

        Raises:
            Problem: ``not_found`` when there is no such refused note.
        """
        with self._store.read() as connection:
            row = _refused(connection, action_id, SAVE_NOTE)
            body = decode(bytes(row.body), SaveNote)
            return NoteView(
                id=body.note_id,
                course_id=body.course_id,
                course_title=state.course_titles(connection).get(body.course_id, ""),
                item_id=body.item_id,
                item_title=state.item_titles(connection, {body.item_id}).get(body.item_id, ""),
                at_ms=body.at_ms,
                text=body.text,
                label=body.label,
                quote=body.quote,
                created_at=row.made_at,
                edited_at=row.made_at,
                pending=True,
            )

    def answers_as_draft(self, action_id: str) -> str:
        """Make the answers of a refused attempt the draft of its quiz again, so that they can be changed and handed in
        anew. Returns the quiz's item; the entry is set aside.

        Raises:
            Problem: ``not_found`` when there is no such attempt; ``draft_exists`` when answers were begun since, which
                must not be written over.
        """
        kinds = {"outbox", "attempts", "progress"}
        with self._store.write(kinds, durable=True) as connection:
            row = _refused(connection, action_id, SUBMIT_ATTEMPT)
            body = decode(bytes(row.body), SubmitAttempt)
            if not _answers_back(connection, body, row):
                raise Problem(
                    "draft_exists",
                    mark("You have begun new answers to this quiz."),
                    mark("Hand those in, or copy the text from here."),
                )
            connection.execute(update(outbox).where(outbox.c.id == action_id).values(state=SET_ASIDE))
            return str(row.item_id)

    def text(self, action_id: str) -> str:
        """Everything that was written in an action, in full; empty where nothing was.

        Raises:
            Problem: ``not_found``.
        """
        with self._store.read() as connection:
            row = connection.execute(select(outbox).where(outbox.c.id == action_id)).first()
            if row is None:
                raise not_found()
        return text_of(row, self._store)

    def log(self, length: int = LOG_LENGTH) -> tuple[ActionRecord, ...]:
        """The newest actions with what became of them, newest first, without their texts."""
        with self._store.read() as connection:
            rows = connection.execute(select(outbox).order_by(outbox.c.sequence.desc()).limit(length)).all()
            courses = state.course_titles(connection)
            items = state.item_titles(connection, {row.item_id for row in rows})
        return tuple(
            ActionRecord(
                row.id,
                row.kind,
                row.state,
                row.made_at,
                row.tries,
                row.sent_at,
                row.error_code,
                items.get(row.item_id) or courses.get(row.course_id, ""),
            )
            for row in rows
        )

    def carried(self) -> CarriedView:
        """Where work by file stands."""
        with self._store.read() as connection:
            filed = select(func.max(outbox.c.filed_at)).where(outbox.c.state.in_(UNSENT))
            open_files = select(func.count()).select_from(work_files).where(work_files.c.answered_at.is_(None))
            since = connection.execute(filed).scalar()
            return CarriedView(
                waiting=counts(connection)[0],
                filed_at=since,
                files=int(connection.execute(open_files).scalar_one()) if since else 0,
                answered_at=connection.execute(select(func.max(work_files.c.answered_at))).scalar(),
            )

    def waiting_count(self) -> int:
        """How many entries the server has yet to get, those that wait for a newer one among them."""
        with self._store.read() as connection:
            return counts(connection)[0] + ahead_count(connection)


def _too_late() -> Problem:
    return Problem(
        "too_late",
        mark("This cannot be taken back any more."),
        mark("It is already on its way, or something you did later needs it."),
    )


def _can_undo(row: Row[Any], later_courses: Iterable[str]) -> bool:
    if row.state != AHEAD and (row.state != WAITING or row.tries):
        return False
    return row.kind != ENROLL or row.course_id not in later_courses


def _take_back(connection: Connection, row: Row[Any]) -> None:
    connection.execute(delete(outbox).where(outbox.c.id == row.id))
    if row.kind == SUBMIT_ATTEMPT:
        body = decode(bytes(row.body), SubmitAttempt)
        connection.execute(delete(practice_results).where(practice_results.c.attempt_id == body.attempt_id))
        _answers_back(connection, body, row)


def _answers_back(connection: Connection, body: SubmitAttempt, row: Row[Any]) -> bool:
    """Make an attempt's answers a draft; False when there is one already."""
    if connection.execute(select(drafts.c.item_id).where(drafts.c.item_id == body.item_id)).first() is not None:
        return False
    values = {"answers": body.answers, "started_at": body.started_at, "saved_at": row.made_at}
    connection.execute(drafts.insert().values(item_id=body.item_id, **values))
    return True


def _refused(connection: Connection, action_id: str, kind: str = "") -> Row[Any]:
    row = connection.execute(
        select(outbox).where(outbox.c.id == action_id, outbox.c.state.in_((REFUSED, SET_ASIDE)))
    ).first()
    if row is None or (kind and row.kind != kind):
        raise not_found()
    return row
