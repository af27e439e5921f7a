"""What an action says of itself: the entries of the Outbox, and the whole text of one."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from desktop.models.outbox import AHEAD, APPLIED, REFUSED, SENDING, SET_ASIDE, SETTLED, STUDY, UNSENT
from desktop.models.store import Store
from desktop.models.views import OutboxEntry
from desktop.services.readings import read_blob
from protocol.actions import (
    ACTION_BODIES,
    OPEN_ITEM,
    SAVE_NOTE,
    SET_POSITION,
    SUBMIT_ATTEMPT,
    WATCH,
    SaveCourse,
    SaveNote,
    SetPosition,
    SubmitAttempt,
    Watch,
)
from protocol.quizzes import Answer, Question, Quiz
from protocol.watching import union, watched_ms
from protocol.wire import Wire, WireError, decode

DETAIL_LENGTH = 120
SECOND_MS = 1000
WITH_TEXT = frozenset({SAVE_NOTE, SUBMIT_ATTEMPT})
SHOWN_AS = {APPLIED: "sent", SETTLED: "sent"}


def entries_of(
    rows: Iterable[Row[Any]], courses: Mapping[str, str], items: Mapping[str, str], undoable: set[str]
) -> tuple[OutboxEntry, ...]:
    """Rows of the outbox as entries, in the order of the first of each. ``courses`` and ``items``: titles by id;
    ``undoable``: ids of actions that can be taken back."""
    together: dict[str, list[Row[Any]]] = {}
    for row in rows:
        told_with_others = row.kind in STUDY and row.item_id and row.state not in (REFUSED, SET_ASIDE, AHEAD)
        sent = "sent" if row.state in SHOWN_AS else "unsent"
        together.setdefault(f"{sent} {row.item_id}" if told_with_others else row.id, []).append(row)
    return tuple(_entry(key, found, courses, items, undoable) for key, found in together.items())


def _entry(
    key: str, rows: Sequence[Row[Any]], courses: Mapping[str, str], items: Mapping[str, str], undoable: set[str]
) -> OutboxEntry:
    newest = rows[0]
    bodies = [body for row in reversed(rows) if (body := _body(row)) is not None]
    kind, detail, stopped_at = newest.kind, _detail(bodies[-1]) if bodies else "", ""
    if kind in STUDY:
        kind, detail, stopped_at = _study(bodies)
    item, course = items.get(newest.item_id, ""), courses.get(newest.course_id, "")
    shown = "sending" if any(row.state == SENDING for row in rows) else SHOWN_AS.get(newest.state, newest.state)
    return OutboxEntry(
        id=key,
        kind=kind,
        subject_title=item or course,
        detail=detail,
        made_at=newest.made_at,
        state=shown,
        sent_at=newest.sent_at,
        reason=newest.error_text,
        way_out=newest.error_way_out,
        can_undo=all(row.id in undoable for row in rows),
        course_title=course if item else "",
        item_id=newest.item_id,
        stopped_at=stopped_at,
        has_text=kind in WITH_TEXT,
        actions=tuple(row.id for row in reversed(rows)),
        filed_at=max((row.filed_at for row in rows if row.filed_at and row.state in UNSENT), default=None),
    )


def _body(row: Row[Any]) -> Wire | None:
    """What an action holds; None for what this version does not know, which is sent all the same."""
    try:
        return decode(bytes(row.body), ACTION_BODIES[row.kind])
    except (KeyError, WireError):
        return None


def _study(bodies: Sequence[Wire]) -> tuple[str, str, str]:
    """Kind, how much was watched, and where it stopped. What is too short to be told is left out."""
    seen: tuple[tuple[int, int], ...] = ()
    position_ms = 0
    for body in bodies:
        if isinstance(body, Watch):
            seen = union(seen, body.intervals)
        elif isinstance(body, SetPosition):
            position_ms = body.position_ms
    stopped_at = _clock(position_ms) if position_ms >= SECOND_MS else ""
    if watched_ms(seen) >= SECOND_MS:
        return WATCH, _clock(watched_ms(seen)), stopped_at
    if stopped_at:
        return SET_POSITION, stopped_at, ""
    return OPEN_ITEM, "", ""


def _detail(body: Wire) -> str:
    """What was written, shortened, or a figure."""
    if isinstance(body, SaveNote):
        text = " ".join(body.text.split())
        return text if len(text) <= DETAIL_LENGTH else text[: DETAIL_LENGTH - 1].rstrip() + "…"
    if isinstance(body, SubmitAttempt):
        return str(len(body.answers))
    if isinstance(body, SaveCourse):
        return "saved" if body.saved else "removed"
    return ""


def _clock(ms: int) -> str:
    minutes, seconds = divmod(ms // SECOND_MS, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def text_of(row: Row[Any], store: Store) -> str:
    """All that was written in an action: a note as it was typed, an attempt as questions and answers. Questions are
    told where the quiz is on this computer."""
    body = _body(row)
    if isinstance(body, SaveNote):
        return body.text
    if not isinstance(body, SubmitAttempt):
        return ""
    data = read_blob(store, body.quiz)
    questions: dict[str, Question] = {}
    if data is not None:
        try:
            questions = {question.id: question for question in decode(data, Quiz).questions}
        except WireError:
            questions = {}  # of a newer version: the answers alone
    return "\n\n".join(_answer_text(answer, questions.get(answer.question_id)) for answer in body.answers)


def _answer_text(answer: Answer, question: Question | None) -> str:
    options = {option.id: _plain(option.html) for option in question.options} if question else {}
    given = [options.get(choice, choice) for choice in answer.choices]
    lines = [_plain(question.html) if question else answer.question_id, *given, *([answer.text] if answer.text else [])]
    return "\n".join(lines)


def _plain(markup: str) -> str:
    import nh3  # a library of its own that no start has to wait for

    return " ".join(html.unescape(nh3.clean(markup, tags=set())).split())
