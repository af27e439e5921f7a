"""Whatever is wrong, an answer under /v1/ is one of the protocol, with its headers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from protocol.accounts import SignIn
from protocol.wire import encode
from server.api import account_views
from tests.guards.logs import ExpectLog
from tests.server.api import Api, error_of


def test_every_answer_carries_the_protocol_and_the_servers_clock(db: None) -> None:
    for path in ("/v1/server", "/v1/nowhere", "/v1/me", "/v1/accounts"):
        response = Api().send("GET", path)
        assert response["Haversack-Protocol"] == "1"
        moment = datetime.fromisoformat(response["Haversack-Time"])
        assert response["Haversack-Time"].endswith("Z")
        assert abs(datetime.now(UTC) - moment) < timedelta(seconds=5)


def test_no_such_address(db: None) -> None:
    for path in ("/v1/nowhere", "/v1/", "/v1/manifests/abc", "/v1/blobs/" + "A" * 64, "/v1/me/"):
        assert Api().refused("GET", path) == (404, "not_found")
    assert Api().send("GET", "/elsewhere")["Content-Type"].startswith("text/html")


def test_no_such_method(db: None) -> None:
    response = Api().send("DELETE", "/v1/server")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert error_of(response).code == "bad_request"


def test_a_large_body(db: None) -> None:
    assert Api().refused("POST", "/v1/sessions", b" " * (1024 * 1024 + 1)) == (413, "too_large")


def test_a_fault_of_ours(db: None, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectLog) -> None:
    def broken() -> str:
        raise ZeroDivisionError("the details are for the log")

    expected_log("Internal Server Error")
    monkeypatch.setattr(account_views, "server_version", broken)
    response = Client(raise_request_exception=False).get("/v1/server")
    assert response.status_code == 500
    error = error_of(response)
    assert error.code == "server_fault"
    assert "details" not in error.text + error.way_out
    assert response["Haversack-Protocol"] == "1"


@pytest.mark.expected_log("Invalid HTTP_HOST header")
def test_a_wrong_host(db: None) -> None:
    response = Client().get("/v1/server", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert error_of(response).code == "bad_request"


def test_a_client_that_is_too_old_is_told(db: None) -> None:
    assert Api().refused("GET", "/v1/me", Haversack_Protocol="0") == (426, "protocol_too_old")
    assert Api().send("GET", "/v1/server", Haversack_Protocol="0").status_code == 200
    for newer in ("1", "2", "x", ""):
        assert Api().refused("GET", "/v1/me", Haversack_Protocol=newer) == (401, "not_signed_in")


def test_what_is_missing_is_named(db: None) -> None:
    response = Api().send("POST", "/v1/sessions", b'{"email": "a@example.org", "device": {"id": "x", "name": "y"}}')
    assert response.status_code == 400
    assert "password" in error_of(response).text


def test_newer_fields_are_survived(member: Api) -> None:
    wanted = SignIn(email="ada@example.org", password="wrong", device=member.wire_device())
    body = b'{"new_field": {"deep": [1]},' + encode(wanted)[1:]
    assert Api().refused("POST", "/v1/sessions", body) == (401, "sign_in_refused")
