"""Actions whose every field is as odd as can be: refused or applied one by one, and never a fault of the server.

What a database does not take is the database's own: PostgreSQL refuses NUL, long texts and large numbers where SQLite
says nothing.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from protocol.actions import (
    ACTION_BODIES,
    COMPLETE_ITEM,
    DELETE_NOTE,
    ENROLL,
    OPEN_ITEM,
    RESET_DEADLINES,
    SAVE_COURSE,
    SAVE_NOTE,
    SET_POSITION,
    SUBMIT_ATTEMPT,
    UNENROLL,
    WATCH,
    ActionBatchResult,
)
from protocol.ids import new_uuid7
from protocol.wire import decode
from tests.server.api import Api, as_json, body_of
from tests.server.program_folder import COURSE_ID, EXAM, LECTURE, PROGRAM_ID

pytestmark = pytest.mark.postgres

GOOD: dict[str, dict[str, Any]] = {
    ENROLL: {"enrollment_id": "e1", "course_id": COURSE_ID, "program_id": PROGRAM_ID, "zone": "Europe/Berlin"},
    UNENROLL: {"enrollment_id": "e1"},
    SAVE_COURSE: {"course_id": COURSE_ID, "saved": True},
    RESET_DEADLINES: {"enrollment_id": "e1", "zone": "UTC"},
    OPEN_ITEM: {"item_id": LECTURE, "course_id": COURSE_ID},
    COMPLETE_ITEM: {"item_id": LECTURE, "course_id": COURSE_ID},
    WATCH: {"item_id": LECTURE, "course_id": COURSE_ID, "intervals": [[0, 500]]},
    SET_POSITION: {"item_id": LECTURE, "course_id": COURSE_ID, "position_ms": 5},
    SAVE_NOTE: {
        "note_id": "n1",
        "course_id": COURSE_ID,
        "item_id": LECTURE,
        "at_ms": 5,
        "text": "x",
        "label": "",
        "quote": "",
        "base_revision": 0,
    },
    DELETE_NOTE: {"note_id": "n1", "base_revision": 0},
    SUBMIT_ATTEMPT: {
        "attempt_id": "a1",
        "item_id": EXAM,
        "course_id": COURSE_ID,
        "quiz": "0" * 64,
        "answers": [{"question_id": "q1", "choices": ["a"], "text": "b"}],
        "started_at": "2026-01-01T00:00:00Z",
    },
}
ODD: list[Any] = [
    "",
    "a\0b",
    "\0",
    "x" * 5000,
    "../../etc/passwd",
    "' OR 1=1 --",
    "\u202e\U0001f600",
    -1,
    0,
    2**31,
    2**63,
    10**30,
    1.5,
    None,
    True,
    [],
    {},
    [[-5, 2**63], [10**30, 10**31]],
    [[0, 1]] * 6000,
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2020-01-01T00:00:00",
]


def action(kind: str, body: dict[str, Any], **fields: Any) -> dict[str, Any]:
    clock = {"made_at": datetime.now(UTC).isoformat()}
    whole = {"id": new_uuid7(), "kind": kind, "subject": "s", "device_id": "d", "sequence": 1, "clock": clock}
    return whole | {"body": body} | fields


def send(api: Api, *actions: dict[str, Any]) -> tuple[int, list[str]]:
    """Status, and the outcome of each with the code of its refusal."""
    response = api.send("POST", "/v1/actions", json.dumps({"actions": actions}).encode())
    if response.status_code != 200:
        return response.status_code, []
    results = decode(body_of(response), ActionBatchResult).results
    return 200, [result.error.code if result.error else result.outcome for result in results]


def test_the_good_ones_are_good(learner: Api) -> None:
    assert set(GOOD) == set(ACTION_BODIES)
    for kind, body in GOOD.items():
        assert as_json(decode(json.dumps(body), ACTION_BODIES[kind])).items() <= body.items()


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_odd_fields_of_a_body(learner: Api, kind: str) -> None:
    actions = [action(kind, GOOD[kind] | {field: odd}) for field in GOOD[kind] for odd in ODD]
    for start in range(0, len(actions), 50):
        status, outcomes = send(learner, *actions[start : start + 50])
        assert status == 200
        assert "server_fault" not in outcomes
    # Nobody was left behind by what came before
    assert send(learner, action(OPEN_ITEM, GOOD[OPEN_ITEM])) == (200, ["applied"])
    assert learner.send("GET", "/v1/feeds/learner").status_code == 200


@pytest.mark.parametrize("field", ["id", "kind", "subject", "device_id", "sequence", "body", "clock"])
def test_odd_fields_of_an_action(learner: Api, field: str) -> None:
    for odd in ODD:
        status, outcomes = send(learner, action(OPEN_ITEM, GOOD[OPEN_ITEM]) | {field: odd})
        assert status in (200, 400), (odd, status)
        assert "server_fault" not in outcomes, odd


@pytest.mark.parametrize("field", ["made_at", "zone", "contact_at", "since_contact_ms"])
def test_odd_clocks(learner: Api, field: str) -> None:
    for odd in ODD:
        clock = {"made_at": "2026-01-01T00:00:00Z", "contact_at": "2026-01-01T00:00:00Z", "since_contact_ms": 1}
        status, outcomes = send(learner, action(OPEN_ITEM, GOOD[OPEN_ITEM], clock=clock | {field: odd}))
        assert status in (200, 400), (odd, status)
        assert "server_fault" not in outcomes, odd


ADDRESSES = (
    "invitations/%00",
    "feeds/program:%00",
    "feeds/learner?after=%00",
    "feeds/learner?limit=%00",
    "courses/%00/description",
    "programs/%00/logo",
    f"invitations/{'x' * 5000}",
    f"courses/{'x' * 5000}/description",
    "feeds/program:",
)


def test_odd_addresses(learner: Api) -> None:
    for path in ADDRESSES:
        assert 400 <= learner.send("GET", f"/v1/{path}").status_code < 500, path


@pytest.mark.parametrize("field", ["email", "password", "invitation", "id", "name", "app_version"])
def test_odd_words_at_the_door(learner: Api, field: str) -> None:
    for odd in (odd for odd in ODD if isinstance(odd, str)):
        device = {"id": "d", "name": "n", "app_version": "1"}
        body: dict[str, Any] = {"email": "ada@example.org", "password": "violet harbour lantern 7", "device": device}
        (device if field in device else body)[field] = odd
        status = Api().send("POST", "/v1/sessions", json.dumps(body).encode()).status_code
        assert status == 200 or 400 <= status < 500, odd
