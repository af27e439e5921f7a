"""Joining and signing in at the real server, and every refusal that has a page of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop.errors import Problem
from desktop.models.session_file import read_session
from protocol import errors
from tests.contract.conftest import EMAIL, PASSWORD, Client
from tests.server_process import ServerProcess

Make = Callable[[str], Client]


def test_a_new_learner_joins_and_another_installation_signs_in(client: Make, server: ServerProcess) -> None:
    one = client("one")
    info = one.gateway.server_info(server.url)
    assert info.password_rules
    invitation = one.gateway.read_invitation("sample")
    assert (invitation.state, invitation.email, invitation.server) == ("open", EMAIL, "sample")
    assert not invitation.account_exists
    with pytest.raises(Problem) as found:
        one.gateway.join_new(invitation, "Ada", "short")
    assert found.value.code == errors.PASSWORD_WEAK
    assert found.value.way_out
    learner = one.gateway.join_new(invitation, "Ada", PASSWORD)
    assert (learner.name, learner.email, len(learner.programs)) == ("Ada", EMAIL, 1)
    assert read_session(one.home) == learner
    again = client("two").gateway.sign_in("sample", EMAIL, PASSWORD)
    assert again.account_id == learner.account_id
    used = client("three").gateway.read_invitation(server.invitations[0]["url"]) if server.invitations else None
    assert used is None or used.state == "used"


def test_refusals_are_told_apart(client: Make, server: ServerProcess) -> None:
    one = client("one")
    with pytest.raises(Problem) as found:
        one.gateway.read_invitation(f"{server.url}/join/no-such-token")
    assert found.value.code == errors.INVITATION_UNKNOWN
    one.join()
    other = client("two")
    codes = set()
    texts = set()
    for email, password in ((EMAIL, "wrong"), ("nobody@example.org", PASSWORD)):
        with pytest.raises(Problem) as found:
            other.gateway.sign_in("sample", email, password)
        codes.add(found.value.code)
        texts.add(found.value.text)
    assert codes == {errors.SIGN_IN_REFUSED}
    assert len(texts) == 1  # nobody learns which of the two was wrong
    for link in ("", "hello", "haversack://join?server=ftp://x&invitation=y", "https://x.invalid/courses"):
        with pytest.raises(Problem) as found:
            other.gateway.read_invitation(link)
        assert found.value.code in ("bad_link", "bad_address")


def test_signing_out_ends_the_session_on_the_server(client: Make) -> None:
    one = client("one")
    one.join()
    token = one.gateway.tokens.access()
    url = one.gateway.api.url("/v1/me")
    tell_the_server = one.gateway.sign_out()
    assert read_session(one.home) is None
    assert one.gateway._client.request("GET", url, bearer=token).status == 200
    tell_the_server()
    with pytest.raises(Problem):
        one.gateway._client.request("GET", url, bearer=token)
    with pytest.raises(Problem) as found:
        one.gateway.api.ask("GET", "/v1/me")
    assert found.value.code == errors.NOT_SIGNED_IN


def test_a_new_start_goes_on_with_the_kept_token(client: Make, server: ServerProcess) -> None:
    one = client("one")
    one.join()
    one.gateway.tokens.resume(f"sample {one.services.learner.view().account_id}")  # as after a start
    assert one.gateway.api.ask("GET", "/v1/me").status == 200
    stale = one.gateway.tokens.access()
    fresh = one.gateway.tokens.renewed(stale)
    assert fresh != ""
