"""Joining, signing in, sessions and their tokens."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import Settings

from protocol.accounts import Account, Invitation, NewAccount, Refresh, ServerInfo, Session, SignIn, Tokens
from server.accounts.models import DeviceSession, LinkedAddress, RefreshToken, User
from server.accounts.networks import network_address
from server.programs import models
from server.settings import base
from tests.server.api import PASSWORD, Api, error_of, expect
from tests.server.conftest import Clock, Learner
from tests.server.program_folder import PROGRAM_ID, TOKEN

pytestmark = pytest.mark.postgres


def invite(program: models.Program, email: str, **fields: object) -> str:
    return models.Invitation.objects.create(program=program, email=email, **fields).token


def new_account(token: str, password: str = PASSWORD, name: str = "Bo") -> NewAccount:
    return NewAccount(invitation=token, name=name, password=password, device=Api().wire_device())


def test_anybody_may_ask_who_the_server_is(db: None) -> None:
    info = Api().get("/v1/server", ServerInfo)
    assert info.protocol == 1
    assert info.version != "0"
    assert any("10 characters" in rule for rule in info.password_rules)


def test_an_invitation_shows_the_program_and_who_is_meant(program: models.Program) -> None:
    shown = Api().get(f"/v1/invitations/{TOKEN}", Invitation)
    assert (shown.state, shown.email, shown.name, shown.account_exists) == ("open", "ada@example.org", "Ada", False)
    assert shown.program.brand.accent == "#2f6f5e"
    assert shown.password_rules
    assert Api().send("GET", shown.program.brand.logo_url).status_code == 200


def test_joining_as_new_uses_the_invitation_up(program: models.Program) -> None:
    api = Api().join(TOKEN)
    me = api.get("/v1/me", Account)
    assert (me.email, me.name) == ("ada@example.org", "Ada")
    assert [(one.program.id, one.state) for one in me.memberships] == [(PROGRAM_ID, "active")]
    shown = Api().get(f"/v1/invitations/{TOKEN}", Invitation)
    assert (shown.state, shown.account_exists) == ("used", True)
    other = new_account(TOKEN, "another harbour 8")
    assert Api().refused("POST", "/v1/accounts", other) == (410, "invitation_used")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"expires_at": timezone.now() - timedelta(minutes=1)}, (410, "invitation_expired")),
        ({"withdrawn_at": timezone.now()}, (410, "invitation_withdrawn")),
    ],
)
def test_an_invitation_that_is_over_says_why(
    program: models.Program, fields: dict[str, object], expected: tuple[int, str]
) -> None:
    token = invite(program, "bo@example.org", **fields)
    assert Api().refused("POST", "/v1/accounts", new_account(token)) == expected
    assert not User.objects.exists()


def test_an_unknown_invitation(db: None) -> None:
    assert Api().refused("GET", "/v1/invitations/guessed") == (404, "invitation_unknown")
    assert Api().refused("POST", "/v1/accounts", new_account("guessed")) == (404, "invitation_unknown")


def test_guessing_invitations_is_slowed_down_but_knowing_them_is_not(program: models.Program) -> None:
    for _ in range(60):
        Api().send("GET", f"/v1/invitations/{TOKEN}")
        assert Api().refused("GET", "/v1/invitations/guessed")[0] == 404
    assert Api().refused("GET", "/v1/invitations/guessed") == (429, "too_many_tries")


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "It has fewer than 10 characters."),
        ("1234567890123", "It is made of digits only."),
        ("password123", "It is one that many people use."),
        ("ada@example.org", "It is too close to your name or e-mail address."),
        ("x" * 1001, "It has more than 1000 characters."),
    ],
)
def test_a_weak_password_is_told_what_is_missing(program: models.Program, password: str, said: str) -> None:
    response = Api().send("POST", "/v1/accounts", new_account(TOKEN, password, name="Ada"))
    assert response.status_code == 422
    error = error_of(response)
    assert error.code == "password_weak"
    assert said in error.text
    assert models.Invitation.objects.get(token=TOKEN).state() == "open"


def test_an_address_that_has_an_account_is_taken(member: Api, program: models.Program) -> None:
    token = invite(program, "Ada@Example.org")
    assert Api().refused("POST", "/v1/accounts", new_account(token)) == (409, "address_taken")


def test_the_last_licence_is_given_once(program: models.Program) -> None:
    models.Program.objects.update(licences=1)
    Api().join(TOKEN)
    token = invite(program, "bo@example.org")
    assert Api().refused("POST", "/v1/accounts", new_account(token)) == (403, "licences_exhausted")
    assert not User.objects.filter(email="bo@example.org").exists()
    models.Membership.objects.update(state="ended")
    Api().join(token)


def test_no_joining_after_the_end_of_the_contract(program: models.Program) -> None:
    models.Program.objects.update(contract_ends_at=timezone.now())
    assert Api().refused("POST", "/v1/accounts", new_account(TOKEN)) == (403, "contract_ended")


def test_signing_in_does_not_tell_whether_the_address_exists(member: Api) -> None:
    answers = []
    for email in ("ada@example.org", "nobody@example.org"):
        wanted = SignIn(email=email, password="not the right one", device=Api().wire_device())
        response = Api().send("POST", "/v1/sessions", wanted)
        assert response.status_code == 401
        answers.append(error_of(response))
    assert answers[0] == answers[1]
    assert answers[0].code == "sign_in_refused"


def test_signing_in_takes_as_long_for_an_unknown_address(member: Api, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user = User.objects.get()
    user.set_password(PASSWORD)
    user.save()

    def seconds(email: str) -> float:
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            Api().send("POST", "/v1/sessions", SignIn(email=email, password="wrong", device=Api().wire_device()))
            best = min(best, time.process_time() - start)
        return best

    known, unknown = seconds("ada@example.org"), seconds("nobody@example.org")
    assert 0.5 < known / unknown < 2


def test_addresses_are_compared_as_people_do(member: Api) -> None:
    assert Api().sign_in(" ADA@example.ORG ").get("/v1/me", Account).email == "ada@example.org"


def test_too_many_wrong_passwords_have_to_wait(member: Api, clock: Clock) -> None:
    wrong = SignIn(email="ada@example.org", password="wrong", device=Api().wire_device())
    for _ in range(8):
        assert Api().refused("POST", "/v1/sessions", wrong) == (401, "sign_in_refused")
    right = SignIn(email="ada@example.org", password=PASSWORD, device=Api().wire_device())
    response = Api().send("POST", "/v1/sessions", right)
    assert response.status_code == 429
    error = error_of(response)
    assert error.retry_after_s is not None
    assert 0 < error.retry_after_s <= 900
    assert response["Retry-After"] == str(error.retry_after_s)
    clock.forward(minutes=16)
    Api().sign_in("ada@example.org")


def test_a_network_that_tries_many_addresses_has_to_wait(db: None) -> None:
    device = Api().wire_device()
    for number in range(60):
        Api().send("POST", "/v1/sessions", SignIn(email=f"{number}@example.org", password="x", device=device))
    wanted = SignIn(email="new@example.org", password="x", device=device)
    assert Api().refused("POST", "/v1/sessions", wanted) == (429, "too_many_tries")


def wrong_password(email: str, **headers: str) -> int:
    wanted = SignIn(email=email, password="x", device=Api().wire_device())
    return Api().send("POST", "/v1/sessions", wanted, **headers).status_code


def test_behind_a_proxy_each_network_has_its_own_count(db: None, settings: Settings) -> None:
    settings.PROXY_COUNT = 1
    for number in range(60):
        # What stands before the proxy's own entry is the caller's word and means nothing
        forged = f"198.51.100.{number}, 192.0.2.1"
        assert wrong_password(f"{number}@example.org", X_Forwarded_For=forged) == 401
    assert wrong_password("a@example.org", X_Forwarded_For="203.0.113.5, 192.0.2.1") == 429
    assert wrong_password("a@example.org", X_Forwarded_For="192.0.2.1, 192.0.2.2") == 401


def test_without_a_proxy_nobody_can_pass_for_another(db: None) -> None:
    for number in range(60):
        assert wrong_password(f"{number}@example.org", X_Forwarded_For=f"192.0.2.{number}") == 401
    assert wrong_password("a@example.org", X_Forwarded_For="192.0.2.200") == 429


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix:", "unix:"),
        ("x" * 500, "x" * 100),
    ],
)
def test_a_network_that_hands_out_addresses_is_one_caller(address: str, counted: str) -> None:
    assert network_address(RequestFactory().get("/", REMOTE_ADDR=address)) == counted


def test_invitations_are_not_guessed_anywhere_else_either(member: Api) -> None:
    for _ in range(20):
        assert Api().refused("POST", "/v1/accounts", new_account("guessed"))[0] == 404
        assert member.refused("POST", "/v1/invitations/guessed/accept")[0] == 404
        wanted = SignIn(email="ada@example.org", password=PASSWORD, device=Api().wire_device(), invitation="guessed")
        assert Api().refused("POST", "/v1/sessions", wanted)[0] == 404
    assert Api().refused("POST", "/v1/accounts", new_account("guessed")) == (429, "too_many_tries")
    assert member.refused("POST", "/v1/invitations/guessed/accept") == (429, "too_many_tries")


def test_passwords_are_kept_by_argon2(program: models.Program, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    Api().join(TOKEN)
    assert User.objects.get().password.startswith("argon2$argon2id$")
    assert Api().sign_in("ada@example.org").token


def test_an_invitation_to_another_address_is_linked_at_sign_in(member: Api, program: models.Program) -> None:
    other = models.Program.objects.create(pk="second", name="Second", organization=program.organization)
    token = invite(other, "ada@work.example")
    api = Api().sign_in("ada@example.org", invitation=token)
    assert len(api.get("/v1/me", Account).memberships) == 2
    assert LinkedAddress.objects.get().email == "ada@work.example"
    assert Api().sign_in("ada@work.example").account == api.account
    api.sign_in("ada@example.org", invitation=token)  # the answer was lost: asked again


def test_accepting_when_signed_in(member: Api, new_learner: Learner, program: models.Program) -> None:
    other = models.Program.objects.create(pk="second", name="Second", organization=program.organization)
    token = invite(other, "ada@example.org")
    account = member.post(f"/v1/invitations/{token}/accept", None, Account)
    assert {one.program.id for one in account.memberships} == {PROGRAM_ID, "second"}
    member.post(f"/v1/invitations/{token}/accept", None, Account)
    bo = new_learner("bo@example.org")
    assert bo.refused("POST", f"/v1/invitations/{token}/accept") == (410, "invitation_used")
    for_ada = invite(other, "ada@example.org")
    assert bo.refused("POST", f"/v1/invitations/{for_ada}/accept") == (409, "invitation_for_another")


def test_signing_out_ends_access_at_once(member: Api) -> None:
    assert member.send("DELETE", "/v1/sessions/current").status_code == 204
    assert member.refused("GET", "/v1/me") == (401, "session_ended")
    assert member.refused("POST", "/v1/sessions/refresh", Refresh(refresh_token=member.refresh_token)) == (
        401,
        "session_ended",
    )


def test_signing_in_again_on_a_device_ends_its_older_session(member: Api) -> None:
    old = Api(token=member.token)
    other_device = Api().sign_in("ada@example.org")
    member.sign_in("ada@example.org")
    member.get("/v1/me", Account)
    assert old.refused("GET", "/v1/me") == (401, "session_ended")
    other_device.get("/v1/me", Account)


def test_a_sign_in_that_comes_after_the_one_that_took_its_place_ends_nothing(member: Api) -> None:
    """The first try was held up, given up, and made again; then it arrived after all, and nobody has its answer."""
    member.sign_in("ada@example.org")
    Api(device=member.device).sign_in("ada@example.org")
    member.get("/v1/me", Account)
    refresh(member.refresh_token)
    member.sign_in("ada@example.org")
    refresh(member.refresh_token)
    assert DeviceSession.objects.filter(device_id=member.device, revoked_at=None).count() == 1


def test_an_access_token_lives_a_quarter_of_an_hour(member: Api, clock: Clock) -> None:
    clock.forward(minutes=14)
    member.get("/v1/me", Account)
    clock.forward(minutes=2)
    assert member.refused("GET", "/v1/me") == (401, "not_signed_in")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer W10:x:y"])
def test_what_is_no_access_token(member: Api, header: str) -> None:
    assert Api().refused("GET", "/v1/me", Authorization=header) == (401, "not_signed_in")


def refresh(token: str) -> Tokens:
    return Api().post("/v1/sessions/refresh", Refresh(refresh_token=token), Tokens)


def refresh_refused(token: str) -> bool:
    return Api().refused("POST", "/v1/sessions/refresh", Refresh(refresh_token=token)) == (401, "session_ended")


def test_a_refresh_token_is_replaced_and_kept_as_a_hash(member: Api) -> None:
    second = refresh(member.refresh_token)
    third = refresh(second.refresh_token)
    Api(token=third.access_token).get("/v1/me", Account)
    stored = " ".join(RefreshToken.objects.values_list("token_hash", flat=True))
    assert not any(token in stored for token in (member.refresh_token, second.refresh_token, third.refresh_token))


def test_a_lost_answer_does_not_sign_out(member: Api, clock: Clock) -> None:
    lost = refresh(member.refresh_token)
    clock.forward(days=390)
    again = refresh(member.refresh_token)
    newest = refresh(again.refresh_token)
    Api(token=newest.access_token).get("/v1/me", Account)
    assert refresh_refused(lost.refresh_token), "what nobody got is worth nothing"


def test_two_lost_answers_in_a_row_do_not_sign_out(member: Api) -> None:
    refresh(member.refresh_token)
    refresh(member.refresh_token)
    refresh(refresh(member.refresh_token).refresh_token)


def test_a_stolen_token_ends_the_session_for_both(member: Api, clock: Clock) -> None:
    mine = refresh(member.refresh_token)
    newest = refresh(mine.refresh_token)
    assert refresh_refused(member.refresh_token), "it may be a request that was held up on its way"
    newest = refresh(newest.refresh_token)
    clock.forward(minutes=3)
    assert refresh_refused(member.refresh_token), "its successor was used: somebody else holds a copy"
    assert refresh_refused(newest.refresh_token)
    assert Api(token=newest.access_token).refused("GET", "/v1/me") == (401, "session_ended")


def test_a_request_that_comes_after_the_one_that_took_its_place_does_not_sign_out(member: Api) -> None:
    """The first try was held up on its way, given up, and made again; then it arrived after all."""
    arrived = refresh(member.refresh_token)
    refresh(member.refresh_token)  # its answer has nobody who waits for it
    newest = refresh(arrived.refresh_token)
    Api(token=newest.access_token).get("/v1/me", Account)


def test_of_two_who_hold_answers_to_one_token_the_second_ends_the_session(member: Api) -> None:
    mine, stolen = refresh(member.refresh_token), refresh(member.refresh_token)
    newest = refresh(mine.refresh_token)
    assert refresh_refused(stolen.refresh_token)
    assert refresh_refused(newest.refresh_token)


def test_a_replaced_token_is_not_good_for_ever(member: Api, clock: Clock) -> None:
    refresh(member.refresh_token)
    clock.forward(days=401)
    assert refresh_refused(member.refresh_token)


def test_joining_again_with_the_same_password_is_the_same_account(program: models.Program) -> None:
    """The answer was lost: the invitation is used, and whoever used it asks once more."""
    first = Api().join(TOKEN)
    again = Api(device=first.device).join(TOKEN)
    assert (again.account, User.objects.count()) == (first.account, 1)
    again.get("/v1/me", Account)
    assert first.refused("GET", "/v1/me") == (401, "session_ended"), "one session of this device"
    other = new_account(TOKEN, "another harbour 8")
    for _ in range(8):
        assert Api().refused("POST", "/v1/accounts", other) == (410, "invitation_used")
    assert Api().refused("POST", "/v1/accounts", other) == (429, "too_many_tries"), "no other way to guess passwords"


def test_a_laptop_may_sleep_for_a_year_but_not_for_ever(member: Api, clock: Clock) -> None:
    clock.forward(days=390)
    token = refresh(member.refresh_token).refresh_token
    clock.forward(days=401)
    assert refresh_refused(token)


def test_somebody_who_may_not_sign_in_any_more_is_out_at_once(member: Api) -> None:
    User.objects.update(is_active=False)
    assert member.refused("GET", "/v1/me") == (401, "session_ended")
    assert refresh_refused(member.refresh_token)
    wanted = SignIn(email="ada@example.org", password=PASSWORD, device=Api().wire_device())
    assert Api().refused("POST", "/v1/sessions", wanted) == (401, "sign_in_refused")


def test_a_session_knows_its_device(member: Api) -> None:
    session = DeviceSession.objects.get()
    assert (session.device_id, session.device_name) == (member.device, "Test")


def test_joining_again_after_the_membership_ended(member: Api, program: models.Program) -> None:
    models.Membership.objects.update(state="ended")
    assert member.get("/v1/me", Account).memberships[0].state == "ended"
    token = invite(program, "ada@example.org")
    account = expect(member.send("POST", f"/v1/invitations/{token}/accept"), 200, Account)
    assert account.memberships[0].state == "active"


def test_a_session_answer_names_the_account(program: models.Program) -> None:
    session = Api().post("/v1/accounts", new_account(TOKEN), Session, 201)
    assert session.account.memberships[0].program.organization == "Town library"
    assert session.tokens.access_expires_at > timezone.now()
