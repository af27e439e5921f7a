"""The rules of conflict as tables: what is known, what was done, what is known then."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.conflicts import (
    Edit,
    StoredNote,
    corrected_order,
    judge_edit,
    later_decision,
    later_position,
    may_delete,
    may_unenroll,
    merge_progress,
    session_start,
)
from protocol.ids import CourseId, ItemId
from protocol.learning import Position, Progress

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
COURSE, ITEM = CourseId("c"), ItemId("c/i")
BLANK = Progress(item_id=ITEM, course_id=COURSE)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


STORED = StoredNote(revision=7, device_id="laptop", edited_at=NOON, words=("there", ""))


@pytest.mark.parametrize(
    ("device", "base", "minutes", "words", "expected"),
    [
        # who edits has seen what is there
        ("tablet", 7, 5, ("new", ""), Edit.REPLACE),
        ("tablet", 7, -5, ("new", ""), Edit.REPLACE),
        # a chain of one device's own edits
        ("laptop", 3, 5, ("new", ""), Edit.REPLACE),
        ("laptop", 0, -5, ("new", ""), Edit.REPLACE),
        # written without having seen it: the later one stays in place, and both stay
        ("tablet", 3, 5, ("new", ""), Edit.REPLACE_AND_KEEP),
        ("tablet", 3, 0, ("new", ""), Edit.REPLACE_AND_KEEP),
        ("tablet", 3, -5, ("new", ""), Edit.KEEP_BESIDE),
        ("tablet", 0, 5, ("new", ""), Edit.REPLACE_AND_KEEP),
        # the same words are no conflict; another quotation is
        ("tablet", 3, 5, ("there", ""), Edit.REPLACE),
        ("tablet", 3, -5, ("there", ""), Edit.NOTHING_NEW),
        ("tablet", 3, 5, ("there", "quoted"), Edit.REPLACE_AND_KEEP),
        ("tablet", 3, -5, ("there", "quoted"), Edit.KEEP_BESIDE),
    ],
)
def test_an_edit_of_a_note(device: str, base: int, minutes: float, words: tuple[str, str], expected: Edit) -> None:
    assert judge_edit(STORED, device, base, at(minutes), words) is expected


@pytest.mark.parametrize(
    ("device", "base", "expected"),
    [("tablet", 7, True), ("laptop", 3, True), ("tablet", 3, False), ("tablet", 8, False), ("tablet", 0, False)],
)
def test_a_deletion_of_a_note(device: str, base: int, expected: bool) -> None:
    assert may_delete(STORED, device, base) is expected


moments = st.integers(-1000, 1000).map(at)
things_done = st.fixed_dictionaries(
    {
        "opened_at": moments,
        "completed_at": st.none() | moments,
        "watched": st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=3).map(tuple),
    }
)


@given(st.lists(things_done, max_size=4))
def test_progress_is_the_same_in_any_order_and_however_often(done: list[dict[str, object]]) -> None:
    found = set()
    for order in itertools.permutations([*done, *done[:1]]):
        row = BLANK
        for one in order:
            row = merge_progress(row, **one)  # type: ignore[arg-type]
        found.add(row)
    assert len(found) == 1


@given(st.lists(st.tuples(moments, st.integers(0, 9)), min_size=1, max_size=4))
def test_the_position_is_the_same_in_any_order(stops: list[tuple[datetime, int]]) -> None:
    found = set()
    for order in itertools.permutations(stops):
        known: Position | None = None
        for moment, ms in order:
            known = later_position(known, Position(item_id=ITEM, course_id=COURSE, position_ms=ms, at=moment))
        found.add(known)
    assert len(found) == 1
    (position,) = found
    assert position is not None
    assert position.at == max(moment for moment, _ in stops)


@pytest.mark.parametrize(
    ("known", "minutes", "expected"), [(None, -5, True), (NOON, 5, True), (NOON, 0, True), (NOON, -5, False)]
)
def test_the_later_decision_counts(known: datetime | None, minutes: float, expected: bool) -> None:
    assert later_decision(known, at(minutes)) is expected


@pytest.mark.parametrize(
    ("known", "reset", "expected"),
    [
        (0, 60, 60),  # begins anew
        (60, 0, 60),  # a later reset of another device came first
        (60 * 24 * 30, 0, 60 * 24 * 30),  # the session has yet to begin
    ],
)
def test_a_session_starts_anew(known: float, reset: float, expected: float) -> None:
    assert session_start(at(known), at(reset)) == at(expected)


DAY = 24 * 60


@pytest.mark.parametrize(
    ("happened", "now", "expected"),
    [
        (13 * DAY, 13 * DAY, True),
        (14 * DAY, 14 * DAY, True),
        (15 * DAY, 15 * DAY, False),
        (13 * DAY, 40 * DAY, True),  # decided in time, sent later
        (-DAY, 5 * DAY, True),  # enrolled and given up offline, before the server knew of either
        (-365 * DAY, 15 * DAY, False),  # a clock that was turned back does not help
    ],
)
def test_two_weeks_to_give_up(happened: float, now: float, expected: bool) -> None:
    assert may_unenroll(NOON, at(14 * DAY), at(happened), at(now)) is expected


@pytest.mark.parametrize(
    ("moment", "before", "expected"),
    [(5, None, 5), (5, 3, 5), (3, 5, 5)],
)
def test_a_device_does_one_thing_after_another(moment: float, before: float | None, expected: float) -> None:
    found = corrected_order(at(moment), None if before is None else at(before))
    assert abs(found - at(expected)) <= timedelta(microseconds=1)
    assert before is None or found > at(before)
