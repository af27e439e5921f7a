"""Who may do what, for every address of the server; a new one without a row here fails.

The rows say what each kind of caller gets: a status, or the code of the refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from django.contrib.admin import site as admin_site
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path

from protocol.accounts import Device, NewAccount, Refresh, SignIn
from protocol.actions import ActionBatch, SaveNote
from protocol.deliveries import CheckIn
from protocol.feeds import AddressAnswer, AddressRequest
from protocol.ids import DeviceId, Sha256
from protocol.learning import Enrollment
from protocol.packs import PackRequest
from protocol.wire import Wire, decode, encode
from server.accounts.models import TryCount, User
from server.accounts.tokens import end_session, session_of
from server.api import urls as api_urls
from server.catalog.models import Course, CourseBlob
from server.programs.models import Invitation, Membership, Organization, Program
from tests.server.api import PASSWORD, Api, body_of, error_of
from tests.server.conftest import Learner, enroll_body

CALLERS = (
    "nobody",
    "expired",
    "stranger",
    "staff",
    "member",
    "enrolled",
    "another",
    "ended",
    "contract_over",
    "revoked",
)
Expected = int | str


def _row(
    nobody: Expected,
    stranger: Expected,
    member: Expected,
    enrolled: Expected,
    ended: Expected,
    contract_over: Expected,
    revoked: Expected = "session_ended",
) -> dict[str, Expected]:
    """``another`` is enrolled in the same course: allowed the course, never what is ``enrolled``'s own.

    ``expired`` has an access token that was good an hour ago: nobody, until it is renewed. ``staff`` of the back office
    who is no member is as strange to the program here as everybody else.
    """
    return {
        "nobody": nobody,
        "expired": nobody,
        "stranger": stranger,
        "staff": stranger,
        "member": member,
        "enrolled": enrolled,
        "another": enrolled,
        "ended": ended,
        "contract_over": contract_over,
        "revoked": revoked,
    }


def _anybody(expected: Expected) -> dict[str, Expected]:
    return dict.fromkeys(CALLERS, expected)


def _signed_in(expected: Expected) -> dict[str, Expected]:
    return _row("not_signed_in", *[expected] * 5)


_MEMBERS = _row("not_signed_in", "not_a_member", 200, 200, "not_a_member", "contract_ended")
_ENROLLED = _row("not_signed_in", "not_a_member", "not_enrolled", 200, "not_a_member", "contract_ended")

# method, address as in the URL configuration → what each caller gets
MATRIX: dict[tuple[str, str], dict[str, Expected]] = {
    ("GET", "server"): _anybody(200),
    ("GET", "invitations/<str:token>"): _anybody(200),
    ("POST", "invitations/<str:token>/accept"): {
        **_signed_in("invitation_for_another"),
        "enrolled": 200,  # its own
    },
    ("POST", "accounts"): _anybody("address_taken"),
    ("POST", "sessions"): _anybody("sign_in_refused"),
    ("POST", "sessions/refresh"): _anybody("session_ended"),
    ("DELETE", "sessions/current"): _signed_in(204),
    ("GET", "me"): _signed_in(200),
    ("GET", "feeds/<str:feed>"): _MEMBERS,
    ("POST", "actions"): _signed_in(200),
    ("POST", "devices/current"): _signed_in(200),
    # The seal and the signature inside are the authority (tests/server/test_deliveries.py)
    ("POST", "deliveries"): _anybody("work_unreadable"),
    ("GET", "courses/<str:course_id>/description"): _MEMBERS,
    ("POST", "courses/<str:course_id>/addresses"): _ENROLLED,
    ("POST", "courses/<str:course_id>/packs"): _ENROLLED,
    ("GET", "manifests/<sha256:version>"): _ENROLLED,
    # The signature is the authority; without one nobody gets a blob
    ("GET", "blobs/<sha256:sha256>"): _anybody("address_expired"),
    ("GET", "programs/<str:program_id>/logo"): _anybody(200),
}


def addresses() -> Iterator[str]:
    """Every address under /v1/, as written in the URL configuration."""
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) and str(pattern.pattern) == "v1/":
            for inner in pattern.url_patterns:
                assert isinstance(inner, URLPattern), "nested addresses: teach this test to walk them"
                yield str(inner.pattern)


def test_every_address_has_a_row() -> None:
    assert {address for _, address in MATRIX} == set(addresses())


def test_a_new_address_without_a_row_is_found() -> None:
    api_urls.urlpatterns.append(path("new/<str:thing>", api_urls.urlpatterns[0].callback))
    try:
        with pytest.raises(AssertionError):
            test_every_address_has_a_row()
    finally:
        api_urls.urlpatterns.pop()
    test_every_address_has_a_row()


def test_nothing_is_served_but_the_protocol_the_back_office_and_the_page_of_deliveries() -> None:
    """Whatever stands beside them needs a test like these; the page has ``tests/server/test_delivery_page.py``."""
    assert [str(pattern.pattern) for pattern in get_resolver().url_patterns] == ["admin/", "v1/", "deliver"]


def back_office(patterns: Iterable[URLPattern | URLResolver], before: str = "/admin/") -> Iterator[str]:
    """Every address of the back office, with something in the place of what it asks for."""
    for pattern in patterns:
        route = before + re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", "1", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from back_office(pattern.url_patterns, route)
        else:
            yield route.replace("^", "").replace("$", "").replace(r"\Z", "")


@pytest.mark.parametrize("caller", ["anonymous", "learner", "bearer"])
def test_the_back_office_is_closed_to_learners(member: Api, caller: str) -> None:
    client, headers = Client(), {}
    if caller == "learner":
        client.force_login(User.objects.get(pk=member.account))
    elif caller == "bearer":
        headers = {"Authorization": f"Bearer {member.token}"}
    (admin,) = (
        one for one in get_resolver().url_patterns if isinstance(one, URLResolver) and str(one.pattern) == "admin/"
    )
    found = set(back_office(admin.url_patterns))
    assert len(found) > 100
    for address in sorted(found - {"/admin/login/", "/admin/logout/"}):
        for response in (client.get(address, headers=headers), client.post(address, headers=headers)):
            assert response.status_code == 302, address
            assert response["Location"].startswith("/admin/login/?next="), address


def test_staff_without_permissions_sees_nothing(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("staff@example.org", PASSWORD, is_staff=True))
    for model in admin_site._registry:
        meta = model._meta
        assert client.get(f"/admin/{meta.app_label}/{meta.model_name}/").status_code == 403, meta


def test_every_method_has_a_row(db: None) -> None:
    allowed = set()
    for address in addresses():
        there = address.replace("<sha256:version>", "0" * 64).replace("<sha256:sha256>", "0" * 64)
        response = Api().send("TRACE", "/v1/" + there.replace("<", "").replace(">", ""))
        assert response.status_code == 405, address
        allowed |= {(method, address) for method in response["Allow"].split(", ") if method != "HEAD"}
    assert allowed == set(MATRIX)


@pytest.fixture
def callers(new_learner: Learner, program: Program) -> dict[str, Api]:
    """One of each kind."""
    found = {"nobody": Api()}
    for name in ("member", "enrolled", "another", "ended", "contract_over", "revoked"):
        found[name] = new_learner(f"{name}@example.org")
        if name != "member":
            found[name].act(found[name].action("enroll", enroll_body()))
    Membership.objects.filter(user=found["ended"].account).update(state="ended")
    end_session(session_of(found["revoked"].token), "test")
    with override_settings(ACCESS_TOKEN_LIFETIME=timedelta(hours=-1)):
        found["expired"] = new_learner("expired@example.org")
    elsewhere = Program.objects.create(
        pk="elsewhere", name="Elsewhere", organization=Organization.objects.create(name="Others")
    )
    for name in ("stranger", "staff"):
        invitation = Invitation.objects.create(program=elsewhere, email=f"{name}@example.org")
        found[name] = Api().join(invitation.token)
    User.objects.filter(pk=found["staff"].account).update(is_staff=True, is_superuser=True)
    return found


def request_for(address: str) -> tuple[str, Wire | None]:
    course = Course.objects.get()
    invitation = Invitation.objects.filter(email="enrolled@example.org").latest("created_at")
    device = Device(id=DeviceId("d"), name="d")
    blob = CourseBlob.objects.exclude(blob_id=course.picture_id).values_list("blob_id", flat=True)[0]
    there = (
        address.replace("<str:token>", invitation.token)
        .replace("<str:feed>", "program:evening-school")
        .replace("<str:course_id>", course.pk)
        .replace("<sha256:version>", course.version_id or "")
        .replace("<sha256:sha256>", blob)
        .replace("<str:program_id>", "evening-school")
    )
    bodies: dict[str, Wire] = {
        "accounts": NewAccount(invitation=invitation.token, name="x", password=PASSWORD, device=device),
        "sessions": SignIn(email="enrolled@example.org", password="not the right one", device=device),
        "sessions/refresh": Refresh(refresh_token="guessed"),
        "actions": ActionBatch(actions=()),
        "devices/current": CheckIn(device=device, signing_key=bytes(32)),
        "courses/<str:course_id>/addresses": AddressRequest(blobs=(Sha256(blob),)),
        "courses/<str:course_id>/packs": PackRequest(blobs=(Sha256(blob),)),
    }
    return f"/v1/{there}", bodies.get(address)


@pytest.mark.parametrize(("method", "address"), sorted(MATRIX))
def test_the_matrix(method: str, address: str, callers: dict[str, Api], program: Program) -> None:
    got: dict[str, Expected] = {}
    for caller in CALLERS:
        if caller == "contract_over":  # the last one
            Program.objects.filter(pk=program.pk).update(contract_ends_at="2020-01-01T00:00:00Z")
        TryCount.objects.all().delete()  # so many wrong passwords in a row would have to wait
        Invitation.objects.create(program=program, email="enrolled@example.org")
        there, body = request_for(address)
        response = callers[caller].send(method, there, body)
        got[caller] = error_of(response).code if response.status_code >= 400 else response.status_code
    assert got == MATRIX[method, address]


def test_nothing_of_another_learner_comes_back(callers: dict[str, Api]) -> None:
    mine = callers["enrolled"]
    note = {"note_id": "n1", "course_id": "basics", "item_id": "basics/intro", "text": "private thought"}
    mine.do("save_note", decode(encode(note), SaveNote))
    (enrollment,) = mine.bodies("enrollment", Enrollment).values()
    for caller in ("member", "another", "stranger"):
        other = callers[caller]
        for there in ("/v1/feeds/learner", "/v1/me", "/v1/feeds/program:evening-school"):
            body = body_of(other.send("GET", there))
            assert b"private thought" not in body
            assert enrollment.id.encode() not in body
            assert b"enrolled@example.org" not in body


def test_an_address_keeps_working_only_as_long_as_it_says(callers: dict[str, Api]) -> None:
    """Signed addresses outlive a sign-out, by design, but are good for one blob only."""
    api = callers["enrolled"]
    blobs = list(CourseBlob.objects.values_list("blob_id", flat=True)[:2])
    answer = api.post(
        "/v1/courses/basics/addresses", AddressRequest(blobs=tuple(Sha256(blob) for blob in blobs)), AddressAnswer
    )
    query = answer.addresses[0].url.partition("?")[2]
    assert callers["nobody"].send("GET", f"/v1/blobs/{blobs[0]}?{query}").status_code == 200
    assert callers["nobody"].refused("GET", f"/v1/blobs/{blobs[1]}?{query}") == (403, "address_expired")
