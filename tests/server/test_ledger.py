"""Batches of actions: at most once, in order, none in the way of the others."""

from __future__ import annotations

import msgspec
import pytest

from protocol.actions import (
    BATCH_LIMIT,
    ENROLL,
    OPEN_ITEM,
    SAVE_NOTE,
    UNENROLL,
    Action,
    ActionBatch,
    OpenItem,
    SaveNote,
    Unenroll,
)
from protocol.ids import ActionId, CourseId, EnrollmentId, ItemId, NoteId, new_uuid7
from protocol.learning import Note, Progress
from server.learning import ledger
from server.learning.models import LedgerEntry
from server.refusals import bad_request
from tests.guards.logs import ExpectLog
from tests.server.api import Api
from tests.server.conftest import Learner, enroll_body
from tests.server.program_folder import COURSE_ID, LECTURE, READING

pytestmark = pytest.mark.postgres


def note(text: str, note_id: str = "") -> SaveNote:
    return SaveNote(
        note_id=NoteId(note_id or new_uuid7()), course_id=CourseId(COURSE_ID), item_id=ItemId(LECTURE), text=text
    )


def opened(api: Api) -> Action:
    return api.action(OPEN_ITEM, OpenItem(item_id=ItemId(READING), course_id=CourseId(COURSE_ID)))


def test_an_action_that_comes_again_is_a_duplicate(learner: Api) -> None:
    action = learner.action(SAVE_NOTE, note("once"))
    assert learner.act(action)[0].outcome == "applied"
    cursor = learner.page().cursor
    assert learner.act(action, action)[1].outcome == "duplicate"
    assert learner.page(after=cursor).changes == ()
    assert len(learner.bodies("note", Note)) == 1


def test_the_same_action_twice_in_one_batch(learner: Api) -> None:
    action = learner.action(SAVE_NOTE, note("once"))
    assert [result.outcome for result in learner.act(action, action)] == ["applied", "duplicate"]


def test_a_refusal_is_final_and_stays_the_same(learner: Api) -> None:
    action = learner.action(UNENROLL, Unenroll(enrollment_id=EnrollmentId("none")))
    first = learner.act(action)[0]
    assert first.outcome == "refused"
    assert learner.act(action)[0] == first


def test_a_whole_day_in_one_batch_in_order(member: Api) -> None:
    actions = [member.action(ENROLL, enroll_body()), opened(member), member.action(SAVE_NOTE, note("then"))]
    assert [result.outcome for result in member.act(*actions)] == ["applied"] * 3
    assert [result.id for result in member.act(*actions)] == [action.id for action in actions]


def test_a_bad_one_blocks_nobody(learner: Api) -> None:
    good, later = opened(learner), learner.action(SAVE_NOTE, note("later"))
    bad_body = msgspec.structs.replace(opened(learner), body=msgspec.Raw(b'{"item_id": 5}'))
    unknown = msgspec.structs.replace(opened(learner), kind="invent")
    no_body = msgspec.structs.replace(opened(learner), body=msgspec.Raw(b"null"))
    bad_id = msgspec.structs.replace(opened(learner), id=ActionId("x" * 65))
    cursor = learner.page().cursor
    results = learner.act(bad_body, good, unknown, no_body, bad_id, later)
    assert [result.outcome for result in results] == ["refused", "applied", "refused", "refused", "refused", "applied"]
    codes = [result.error.code for result in results if result.error]
    assert codes == ["bad_request", "unknown_action", "bad_request", "bad_request"]
    assert len(learner.page(after=cursor).changes) == 2
    assert learner.act(bad_id)[0].outcome == "refused"


def test_what_this_version_does_not_know_is_judged_by_the_next_one(
    learner: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the same id: whoever sent it may not have heard the first answer."""
    with monkeypatch.context() as older:
        older.delitem(ledger.EFFECTS, SAVE_NOTE)
        kept = learner.action(SAVE_NOTE, note("of a newer desktop"))
        result = learner.act(kept)[0]
        assert (result.outcome, result.error and result.error.code) == ("refused", "unknown_action")
    assert [result.outcome for result in learner.act(kept) + learner.act(kept)] == ["applied", "duplicate"]


def test_a_refusal_leaves_no_trace_in_the_feed(learner: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    real = ledger.EFFECTS[SAVE_NOTE]

    def half_way(acting: object, body: SaveNote) -> None:
        real(acting, body)  # type: ignore[arg-type]
        if body.text == "half":
            raise bad_request("stopped half-way")

    monkeypatch.setitem(ledger.EFFECTS, SAVE_NOTE, half_way)
    before = learner.page()
    results = learner.act(*(learner.action(SAVE_NOTE, note(text)) for text in ("whole", "half", "also whole")))
    assert [result.outcome for result in results] == ["applied", "refused", "applied"]
    page = learner.page(after=before.cursor)
    first = int(before.cursor.partition(".")[2])
    assert [change.revision for change in page.changes] == [first + 1, first + 2]
    assert {one.text for one in learner.bodies("note", Note).values()} == {"whole", "also whole"}


def test_our_own_fault_is_not_final(learner: Api, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectLog) -> None:
    def broken(acting: object, body: object) -> None:
        raise ZeroDivisionError

    expected_log("could not be judged")
    action, other = learner.action(SAVE_NOTE, note("kept")), opened(learner)
    with monkeypatch.context() as patch:
        patch.setitem(ledger.EFFECTS, SAVE_NOTE, broken)
        results = learner.act(action, other)
    assert [result.outcome for result in results] == ["refused", "applied"]
    assert results[0].error
    assert results[0].error.code == "server_fault"
    assert [result.outcome for result in learner.act(action, other)] == ["applied", "duplicate"]


def test_the_ledger_keeps_what_is_needed_to_explain(learner: Api) -> None:
    action = learner.action(SAVE_NOTE, note("x"), subject="note:1", zone="Asia/Tokyo")
    learner.act(action)
    entry = LedgerEntry.objects.get(action_id=action.id)
    assert (entry.kind, entry.subject, entry.device_id, entry.zone, entry.outcome) == (
        SAVE_NOTE,
        "note:1",
        learner.device,
        "Asia/Tokyo",
        "applied",
    )
    assert entry.made_at == action.clock.made_at


def test_a_batch_has_a_size(learner: Api) -> None:
    action = opened(learner)
    many = ActionBatch(actions=tuple(action for _ in range(BATCH_LIMIT + 1)))
    assert learner.refused("POST", "/v1/actions", many) == (413, "too_large")
    large = ActionBatch(actions=tuple(learner.action(SAVE_NOTE, note("x" * 99_000)) for _ in range(11)))
    assert learner.refused("POST", "/v1/actions", large) == (413, "too_large")
    assert learner.act() == ()
    assert len(learner.act(*(opened(learner) for _ in range(BATCH_LIMIT)))) == BATCH_LIMIT
    assert set(learner.bodies("progress", Progress)) == {READING}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"actions": [{}]}', b"\xff\xfe", b"null"])
def test_a_body_that_is_no_batch(learner: Api, body: bytes) -> None:
    assert learner.refused("POST", "/v1/actions", body) == (400, "bad_request")


def test_actions_of_two_learners_with_one_id(learner: Api, new_learner: Learner) -> None:
    other = new_learner("bo@example.org")
    other.do(ENROLL, enroll_body())
    action = learner.action(SAVE_NOTE, note("mine"))
    assert learner.act(action)[0].outcome == "applied"
    assert other.act(action)[0].outcome == "applied"
    assert len(other.bodies("note", Note)) == 1


def test_a_batch_costs_few_queries(learner: Api, django_assert_max_num_queries: object) -> None:
    actions = [learner.action(SAVE_NOTE, note(f"{number}")) for number in range(50)]
    with django_assert_max_num_queries(50 * 6 + 15):  # type: ignore[operator]
        learner.act(*actions)
