"""Every way to write, by several at the same moment, on either database: nothing is lost, doubled or exceeded.

``test_lost_updates`` and ``test_two_writers`` have what concerns a feed's numbers; here is every other write of the
API: accounts, sessions, refreshes, invitations, counted tries, and each kind of action.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from protocol.accounts import Account, NewAccount, Refresh, Session, SignIn, Tokens
from protocol.actions import (
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
    Action,
    ActionBatch,
    ActionBatchResult,
    CompleteItem,
    DeleteNote,
    OpenItem,
    ResetDeadlines,
    SaveCourse,
    SaveNote,
    SetPosition,
    SubmitAttempt,
    Unenroll,
    Watch,
)
from protocol.ids import AttemptId, CourseId, EnrollmentId, ItemId, NoteId, Sha256, new_uuid7
from protocol.learning import Attempt, Enrollment, Grade
from server.learning.ledger import EFFECTS
from tests.server.api import PASSWORD, Api, body_of, error_of, expect
from tests.server.at_once import WRITERS, Connections, Crowd, Processes, all_at_once, serve
from tests.server.conftest import enroll_body
from tests.server.program_folder import COURSE_ID, EXAM, LECTURE, PRACTICE, READING
from tests.server.test_attempting import RIGHT, quiz_of

COURSE = CourseId(COURSE_ID)
ON_POSTGRESQL = os.environ.get("HAVERSACK_TEST_DATABASE", "").startswith("postgres")
CONNECTIONS = pytest.param(
    "connections",
    marks=(
        pytest.mark.postgres,
        pytest.mark.django_db(transaction=True),
        pytest.mark.skipif(
            not ON_POSTGRESQL, reason="several connections to one database: test_on_postgresql.py runs it"
        ),
    ),
)


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory, pristine_folder: Path) -> Iterator[Processes | None]:
    """One server for all tests of the module; none in a run on PostgreSQL."""
    if ON_POSTGRESQL:
        yield None
    else:
        yield from serve(tmp_path_factory.mktemp("at-once"), pristine_folder)


@pytest.fixture(params=["processes", CONNECTIONS])
def crowd(request: pytest.FixtureRequest, processes: Processes | None) -> Crowd:
    """A server with either database."""
    if request.param == "connections":
        return Connections(request.getfixturevalue("program"))
    if processes is None:
        pytest.skip("this run is on PostgreSQL")
    processes.licences(1_000)
    return processes


@pytest.fixture
def someone(crowd: Crowd) -> Api:
    """A member who is in no course."""
    return crowd.device().join(crowd.invitation()[0])


def like(crowd: Crowd, someone: Api) -> Api:
    """Another device of the same person, with the same sign-in."""
    other = crowd.device()
    other.token, other.account = someone.token, someone.account
    return other


def code(api: Api, path: str, body: object) -> str:
    """What a POST was answered with: the code of a refusal, empty for none."""
    response = api.send("POST", path, body)
    return error_of(response).code if response.status_code >= 400 else ""


def test_an_invitation_is_used_once_and_by_one(crowd: Crowd) -> None:
    token, email = crowd.invitation()
    new = [
        NewAccount(invitation=token, name="Bo", password=f"violet harbour {n}{n}", device=crowd.device().wire_device())
        for n in range(WRITERS)
    ]
    codes = all_at_once([lambda one=one: code(crowd.device(), "/v1/accounts", one) for one in new])  # type: ignore[misc]
    assert codes.count("") == 1
    assert set(codes) <= {"", "invitation_used", "address_taken"}
    assert crowd.people(email) == 1


def test_who_joins_several_times_at_once_has_one_account(crowd: Crowd) -> None:
    token, email = crowd.invitation()
    device = crowd.device()
    new = NewAccount(invitation=token, name="Bo", password=PASSWORD, device=device.wire_device())
    answers = all_at_once([lambda: crowd.device().send("POST", "/v1/accounts", new) for _ in range(WRITERS)])
    sessions = [expect(answer, 201, Session) for answer in answers]
    assert len({session.account.id for session in sessions}) == crowd.people(email) == 1
    device.keep(sessions[-1])
    assert device.get("/v1/me", Account).email == email


def test_the_last_places_are_given_once(crowd: Crowd) -> None:
    tokens = [crowd.invitation()[0] for _ in range(WRITERS)]
    crowd.licences(2)
    new = [
        NewAccount(invitation=token, name="Bo", password=PASSWORD, device=crowd.device().wire_device())
        for token in tokens
    ]
    codes = all_at_once([lambda one=one: code(crowd.device(), "/v1/accounts", one) for one in new])  # type: ignore[misc]
    assert sorted(codes) == ["", "", "licences_exhausted", "licences_exhausted"]


def test_an_invitation_that_several_people_accept_at_once_is_one_persons(crowd: Crowd) -> None:
    people = [crowd.device().join(crowd.invitation()[0]) for _ in range(2)]
    token, _ = crowd.invitation()
    codes = all_at_once([lambda api=api: code(api, f"/v1/invitations/{token}/accept", None) for api in people * 2])  # type: ignore[misc]
    assert sorted(codes[0::2]) in (["", ""], ["invitation_used"] * 2)
    assert {codes[0], codes[1]} == {"", "invitation_used"}
    assert codes[0::2] == [codes[0]] * 2
    assert codes[1::2] == [codes[1]] * 2


def test_a_token_that_is_refreshed_several_times_at_once_is_good(crowd: Crowd, someone: Api) -> None:
    asked = Refresh(refresh_token=someone.refresh_token)
    answers = all_at_once([lambda: crowd.device().send("POST", "/v1/sessions/refresh", asked) for _ in range(WRITERS)])
    tokens = [expect(answer, 200, Tokens) for answer in answers]
    newest = crowd.device().post("/v1/sessions/refresh", Refresh(refresh_token=tokens[1].refresh_token), Tokens)
    someone.token = newest.access_token
    someone.get("/v1/me", Account)


def test_every_wrong_password_is_counted(crowd: Crowd, someone: Api) -> None:
    email = someone.get("/v1/me", Account).email
    wrong = SignIn(email=email, password="wrong", device=someone.wire_device())
    for _ in range(2):
        codes = all_at_once([lambda: code(crowd.device(), "/v1/sessions", wrong) for _ in range(WRITERS)])
        assert codes == ["sign_in_refused"] * WRITERS
    assert code(crowd.device(), "/v1/sessions", wrong) == "too_many_tries"


def one_of_each(api: Api) -> tuple[Action, ...]:
    """An action of every kind, of somebody who is in no course."""
    enrollment = EnrollmentId(new_uuid7())
    api.do(ENROLL, enroll_body())
    practice = quiz_of(api, PRACTICE)
    (held,) = api.bodies("enrollment", Enrollment)
    api.do(UNENROLL, Unenroll(enrollment_id=EnrollmentId(held)))
    lecture, note = ItemId(LECTURE), NoteId(new_uuid7())
    taken = {"attempt_id": AttemptId(new_uuid7()), "quiz": practice, "answers": RIGHT, "started_at": datetime.now(UTC)}
    return tuple(
        api.action(kind, body)
        for kind, body in (
            (SAVE_COURSE, SaveCourse(course_id=COURSE, saved=True)),
            (ENROLL, enroll_body(enrollment)),
            (OPEN_ITEM, OpenItem(item_id=lecture, course_id=COURSE)),
            (WATCH, Watch(item_id=lecture, course_id=COURSE, intervals=((0, 500),))),
            (SET_POSITION, SetPosition(item_id=lecture, course_id=COURSE, position_ms=500)),
            (COMPLETE_ITEM, CompleteItem(item_id=ItemId(READING), course_id=COURSE)),
            (SAVE_NOTE, SaveNote(note_id=note, course_id=COURSE, item_id=lecture, text="all at once")),
            (DELETE_NOTE, DeleteNote(note_id=note, base_revision=0)),
            (SUBMIT_ATTEMPT, SubmitAttempt(item_id=ItemId(PRACTICE), course_id=COURSE, **taken)),  # type: ignore[arg-type]
            (RESET_DEADLINES, ResetDeadlines(enrollment_id=enrollment)),
            (UNENROLL, Unenroll(enrollment_id=enrollment)),
        )
    )


def test_each_kind_of_action_is_judged_once_however_often_it_comes_at_once(crowd: Crowd, someone: Api) -> None:
    actions = one_of_each(someone)
    assert {action.kind for action in actions} == EFFECTS.keys()
    before = someone.page().cursor
    batch = ActionBatch(actions=actions)
    answers = all_at_once(
        [lambda: like(crowd, someone).post("/v1/actions", batch, ActionBatchResult) for _ in range(WRITERS)]
    )
    for number, action in enumerate(actions):
        outcomes = sorted(answer.results[number].outcome for answer in answers)
        assert outcomes == ["applied", *["duplicate"] * (WRITERS - 1)], action.kind
    changes = someone.page(after=before).changes
    revisions = [change.revision for change in changes]
    assert len(revisions) == len(set(revisions))


def test_no_more_attempts_than_there_are(crowd: Crowd, someone: Api) -> None:
    someone.do(ENROLL, enroll_body())
    exam = quiz_of(someone, EXAM)

    def attempt() -> str:
        body = SubmitAttempt(
            attempt_id=AttemptId(new_uuid7()),
            item_id=ItemId(EXAM),
            course_id=COURSE,
            quiz=Sha256(exam),
            answers=RIGHT,
            started_at=datetime.now(UTC),
        )
        return like(crowd, someone).do(SUBMIT_ATTEMPT, body).outcome

    assert sorted(all_at_once([attempt] * WRITERS)) == ["applied", "applied", "refused", "refused"]
    assert len(someone.bodies("attempt", Attempt)) == 2
    assert someone.bodies("grade", Grade)[EXAM].attempts == 2


def test_enrolling_at_several_devices_at_once_is_one_enrollment(crowd: Crowd, someone: Api) -> None:
    outcomes = all_at_once([lambda: like(crowd, someone).do(ENROLL, enroll_body()).outcome for _ in range(WRITERS)])
    assert outcomes == ["applied"] * WRITERS
    active = [found for found in someone.bodies("enrollment", Enrollment).values() if found.state == "active"]
    assert len(active) == 1


def test_who_signs_out_while_others_write_loses_nothing_that_was_acknowledged(crowd: Crowd, someone: Api) -> None:
    someone.do(ENROLL, enroll_body())
    email = someone.get("/v1/me", Account).email

    def write(number: int) -> int:
        body = SaveNote(note_id=NoteId(f"{new_uuid7()}"), course_id=COURSE, item_id=ItemId(LECTURE), text=f"n{number}")
        api = like(crowd, someone)
        return api.send("POST", "/v1/actions", ActionBatch(actions=(api.action(SAVE_NOTE, body),))).status_code

    def leave() -> int:
        return like(crowd, someone).send("DELETE", "/v1/sessions/current").status_code

    statuses = all_at_once([leave, *(lambda n=n: write(n) for n in range(WRITERS))])
    assert statuses[0] == 204
    assert set(statuses[1:]) <= {200, 401}
    again = crowd.device().sign_in(email)
    notes = [change for change in again.changes("learner", "note") if not change.deleted]
    assert len(notes) == statuses[1:].count(200)
    assert body_of(again.send("GET", "/v1/me"))
