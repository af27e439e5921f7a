"""Who may do what, for every address of the server; a new one without a row here fails.

The rows say what each kind of caller gets: a status, or the code of the refusal.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from protocol.accounts import Device, NewAccount, Refresh, SignIn
from protocol.actions import ActionBatch, SaveNote
from protocol.feeds import AddressAnswer, AddressRequest
from protocol.ids import DeviceId, Sha256
from protocol.learning import Enrollment
from protocol.wire import Wire, decode, encode
from server.accounts.tokens import end_session, session_of
from server.catalog.models import Course, CourseBlob
from server.programs.models import Invitation, Membership, Organization, Program
from tests.server.api import PASSWORD, Api, body_of, error_of
from tests.server.conftest import Learner, enroll_body

CALLERS = ("nobody", "stranger", "member", "enrolled", "another", "ended", "contract_over", "revoked")
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
    """``another`` is enrolled in the same course: allowed the course, never what is ``enrolled``'s own."""
    return {
        "nobody": nobody,
        "stranger": stranger,
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
    ("GET", "courses/<str:course_id>/description"): _MEMBERS,
    ("POST", "courses/<str:course_id>/addresses"): _ENROLLED,
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


def test_every_method_has_a_row(db: None) -> None:
    allowed = set()
    for address in addresses():
        path = address.replace("<sha256:version>", "0" * 64).replace("<sha256:sha256>", "0" * 64)
        response = Api().send("TRACE", "/v1/" + path.replace("<", "").replace(">", ""))
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
    elsewhere = Program.objects.create(
        pk="elsewhere", name="Elsewhere", organization=Organization.objects.create(name="Others")
    )
    invitation = Invitation.objects.create(program=elsewhere, email="stranger@example.org")
    found["stranger"] = Api().join(invitation.token)
    return found


def request_for(address: str) -> tuple[str, Wire | None]:
    course = Course.objects.get()
    invitation = Invitation.objects.filter(email="enrolled@example.org").latest("created_at")
    device = Device(id=DeviceId("d"), name="d")
    blob = CourseBlob.objects.exclude(blob_id=course.picture_id).values_list("blob_id", flat=True)[0]
    path = (
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
        "courses/<str:course_id>/addresses": AddressRequest(blobs=(Sha256(blob),)),
    }
    return f"/v1/{path}", bodies.get(address)


@pytest.mark.parametrize(("method", "address"), sorted(MATRIX))
def test_the_matrix(method: str, address: str, callers: dict[str, Api], program: Program) -> None:
    got: dict[str, Expected] = {}
    for caller in CALLERS:
        if caller == "contract_over":  # the last one
            Program.objects.filter(pk=program.pk).update(contract_ends_at="2020-01-01T00:00:00Z")
        Invitation.objects.create(program=program, email="enrolled@example.org")
        path, body = request_for(address)
        response = callers[caller].send(method, path, body)
        got[caller] = error_of(response).code if response.status_code >= 400 else response.status_code
    assert got == MATRIX[method, address]


def test_nothing_of_another_learner_comes_back(callers: dict[str, Api]) -> None:
    mine = callers["enrolled"]
    note = {"note_id": "n1", "course_id": "basics", "item_id": "basics/intro", "text": "private thought"}
    mine.do("save_note", decode(encode(note), SaveNote))
    (enrollment,) = mine.bodies("enrollment", Enrollment).values()
    for caller in ("member", "another", "stranger"):
        other = callers[caller]
        for path in ("/v1/feeds/learner", "/v1/me", "/v1/feeds/program:evening-school"):
            body = body_of(other.send("GET", path))
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
