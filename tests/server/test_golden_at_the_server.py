"""The golden examples at the server's own doors, and the server's own answers against the types."""

from __future__ import annotations

import json
from typing import Any

import pytest

from protocol.accounts import Account, Invitation, ServerInfo, Session
from protocol.actions import ActionBatchResult
from protocol.catalog import CourseDescription
from protocol.feeds import FeedPage
from protocol.manifest import CourseManifest
from protocol.openapi import FEED_BODIES
from protocol.wire import Wire, decode, encode
from server.catalog.models import Course
from tests.contract.test_golden import example, older_shape, with_newer_fields
from tests.server.api import Api, body_of
from tests.server.program_folder import COURSE_ID, PROGRAM_ID, TOKEN
from tests.server.test_back_office import busy

__all__ = ["busy"]

REQUESTS: dict[str, tuple[str, Any]] = {
    # golden request → its door, and what the server says to it: it was understood, and is not right here
    "SignIn": ("/v1/sessions", "sign_in_refused"),
    "NewAccount": ("/v1/accounts", "invitation_unknown"),
    "Refresh": ("/v1/sessions/refresh", "session_ended"),
    "AddressRequest": (f"/v1/courses/{COURSE_ID}/addresses", None),
    "ActionBatch": ("/v1/actions", None),
}
WAYS = ("as it is", "newer", "older")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_a_golden_request_is_understood(learner: Api, name: str, way: str) -> None:
    path, refusal = REQUESTS[name]
    body = example(name)
    if way == "newer":
        body = with_newer_fields(body)
    elif way == "older":
        kinds = {kind.__name__: kind for kind in Wire.__subclasses__()}
        body = json.loads(encode(decode(json.dumps(body), older_shape(kinds[name]))))
    response = learner.send("POST", path, json.dumps(body).encode())
    if refusal:
        assert json.loads(body_of(response))["code"] == refusal
    else:
        assert response.status_code == 200
    if name == "ActionBatch":
        results = decode(body_of(response), ActionBatchResult).results
        assert [result.id for result in results] == [action["id"] for action in body["actions"]]
        assert all(result.error is None or result.error.code != "bad_request" for result in results)


def answers(busy: Api) -> dict[str, type[Wire]]:
    version = Course.objects.get().version_id
    return {
        "/v1/server": ServerInfo,
        f"/v1/invitations/{TOKEN}": Invitation,
        "/v1/me": Account,
        "/v1/feeds/learner": FeedPage,
        f"/v1/feeds/program:{PROGRAM_ID}": FeedPage,
        f"/v1/courses/{COURSE_ID}/description": CourseDescription,
        f"/v1/manifests/{version}": CourseManifest,
    }


def test_answers_hold_what_the_types_say_and_nothing_else(busy: Api) -> None:
    """Read and written again by the types, an answer is the same: no field is the server's own."""
    for path, kind in answers(busy).items():
        body = body_of(busy.send("GET", path))
        assert json.loads(encode(decode(body, kind))) == json.loads(body), path


def test_the_feeds_of_a_busy_learner_hold_every_kind_as_the_types_say(busy: Api) -> None:
    kinds = {
        "".join(part.capitalize() for part in change.kind.split("_")): change.body
        for feed in ("learner", f"program:{PROGRAM_ID}")
        for change in busy.changes(feed)
    }
    assert set(kinds) == {kind.__name__ for kind in FEED_BODIES}
    for kind in FEED_BODIES:
        raw = bytes(kinds[kind.__name__])
        assert json.loads(encode(decode(raw, kind))) == json.loads(raw)


def test_a_session_holds_what_the_type_says(program: object) -> None:
    session = {"name": "x", "invitation": TOKEN, "password": "violet harbour 7", "device": {"id": "d", "name": "n"}}
    body = body_of(Api().send("POST", "/v1/accounts", json.dumps(session).encode()))
    assert json.loads(encode(decode(body, Session))) == json.loads(body)
