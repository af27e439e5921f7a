"""Enrolling and giving up, deadlines, keeping for later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from protocol.actions import (
    COMPLETE_ITEM,
    ENROLL,
    RESET_DEADLINES,
    SAVE_COURSE,
    UNENROLL,
    ActionResult,
    CompleteItem,
    ResetDeadlines,
    SaveCourse,
    Unenroll,
)
from protocol.conflicts import due_moment
from protocol.ids import CourseId, EnrollmentId, ItemId
from protocol.learning import Deadline, Enrollment, SavedCourse
from server.catalog.models import Course
from server.learning.moments import zone_named
from server.programs.models import Membership, Program
from tests.server.api import Api
from tests.server.conftest import Clock, Learner, enroll_body
from tests.server.program_folder import COURSE_ID, EXAM, PLAN

pytestmark = pytest.mark.postgres


def enrollments(api: Api) -> list[Enrollment]:
    return list(api.bodies("enrollment", Enrollment).values())


def code(result: ActionResult) -> str:
    assert result.outcome == "refused", result
    assert result.error is not None
    assert result.error.text
    return result.error.code


def test_enrolling_fixes_the_version_and_sets_deadlines(member: Api) -> None:
    assert member.do(ENROLL, enroll_body("my-id", "Asia/Kolkata")).outcome == "applied"
    (enrollment,) = enrollments(member)
    assert (enrollment.id, enrollment.state, enrollment.version) == (
        "my-id",
        "active",
        Course.objects.get().version_id,
    )
    assert enrollment.unenroll_until - enrollment.session_starts_at == timedelta(days=14)
    deadlines = member.bodies("deadline", Deadline)
    assert set(deadlines) == {EXAM, PLAN}
    kolkata = zone_named("Asia/Kolkata")
    due = deadlines[EXAM].due_at.astimezone(kolkata)
    first = enrollment.session_starts_at.astimezone(kolkata)
    assert (due.hour, due.minute) == (23, 59)
    assert (due.date() - first.date()).days == 6
    assert deadlines[EXAM].zone == "Asia/Kolkata"


@pytest.mark.parametrize(
    ("zone", "start", "day", "expected"),
    [
        # Summer time begins on 28 March 2027 in Berlin: 23:59 is UTC+1 before and UTC+2 after
        ("Europe/Berlin", datetime(2027, 3, 25, 10, tzinfo=UTC), 3, datetime(2027, 3, 27, 22, 59, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 3, 25, 10, tzinfo=UTC), 4, datetime(2027, 3, 28, 21, 59, tzinfo=UTC)),
        # Late evening in UTC is the next day in Auckland
        ("Pacific/Auckland", datetime(2027, 6, 1, 20, tzinfo=UTC), 1, datetime(2027, 6, 2, 11, 59, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 11, 6, 2, tzinfo=UTC), 3, datetime(2027, 11, 8, 4, 59, tzinfo=UTC)),
    ],
)
def test_due_times_follow_the_learners_calendar(zone: str, start: datetime, day: int, expected: datetime) -> None:
    assert due_moment(start, day, zone_named(zone)) == expected


def test_enrolling_twice_keeps_the_first(member: Api) -> None:
    assert member.do(ENROLL, enroll_body("first")).outcome == "applied"
    assert member.do(ENROLL, enroll_body("second")).outcome == "applied"
    assert [enrollment.id for enrollment in enrollments(member)] == ["first"]


def test_an_unknown_zone_is_refused(member: Api) -> None:
    for zone in ("Mars/Base", "../../etc/passwd", ""):
        assert code(member.do(ENROLL, enroll_body(zone=zone))) == "bad_request"
    assert enrollments(member) == []


def test_only_members_enroll(member: Api, program: Program) -> None:
    Membership.objects.update(state="ended")
    assert code(member.do(ENROLL, enroll_body())) == "not_a_member"
    Membership.objects.update(state="active", ends_at=timezone.now())
    assert code(member.do(ENROLL, enroll_body())) == "not_a_member"
    Membership.objects.update(ends_at=None)
    Program.objects.update(contract_ends_at=timezone.now())
    assert code(member.do(ENROLL, enroll_body())) == "contract_ended"


def test_a_course_that_is_not_offered(member: Api) -> None:
    Course.objects.update(offered=False)
    assert code(member.do(ENROLL, enroll_body())) == "course_not_offered"
    assert code(member.do(SAVE_COURSE, SaveCourse(course_id=CourseId("no-such"), saved=True))) == "course_not_offered"


def test_the_enrollment_limit(member: Api) -> None:
    Program.objects.update(enrollment_limit=0)
    assert code(member.do(ENROLL, enroll_body())) == "enrollment_limit"
    Program.objects.update(enrollment_limit=1)
    assert member.do(ENROLL, enroll_body()).outcome == "applied"


def test_a_session_that_starts_later(member: Api, clock: Clock) -> None:
    starts = timezone.now() + timedelta(days=30)
    Course.objects.update(starts_at=starts)
    member.do(ENROLL, enroll_body())
    (enrollment,) = enrollments(member)
    assert enrollment.session_starts_at == starts
    assert enrollment.enrolled_at < starts
    assert member.bodies("deadline", Deadline)[EXAM].due_at > starts


def test_giving_up_within_two_weeks(learner: Api) -> None:
    (enrollment,) = enrollments(learner)
    assert learner.do(UNENROLL, Unenroll(enrollment_id=enrollment.id)).outcome == "applied"
    assert [row.state for row in enrollments(learner)] == ["unenrolled"]
    assert learner.bodies("deadline", Deadline) == {}
    assert learner.do(ENROLL, enroll_body("again")).outcome == "applied"
    assert sorted(row.state for row in enrollments(learner)) == ["active", "unenrolled"]
    assert learner.do(UNENROLL, Unenroll(enrollment_id=enrollment.id)).outcome == "applied"
    assert len(enrollments(learner)) == 2


def test_giving_up_too_late(learner: Api, clock: Clock) -> None:
    (enrollment,) = enrollments(learner)
    in_time = learner.action(UNENROLL, Unenroll(enrollment_id=enrollment.id))
    clock.forward(days=15)
    learner.token = Api().sign_in("ada@example.org").token
    late = datetime.now(UTC) + timedelta(days=15)
    assert code(learner.do(UNENROLL, Unenroll(enrollment_id=enrollment.id), at=late)) == "unenroll_too_late"
    assert learner.act(in_time)[0].outcome == "applied", "decided in time, sent later"


def test_nobody_gives_up_for_another(learner: Api, new_learner: Learner) -> None:
    (enrollment,) = enrollments(learner)
    other = new_learner("bo@example.org")
    assert code(other.do(UNENROLL, Unenroll(enrollment_id=enrollment.id))) == "not_enrolled"
    assert other.do(ENROLL, enroll_body(enrollment.id)).outcome == "applied", "ids are each learner's own"
    assert [row.state for row in enrollments(learner)] == ["active"]


def test_resetting_deadlines_moves_only_what_is_not_done(learner: Api, clock: Clock) -> None:
    (enrollment,) = enrollments(learner)
    before = learner.bodies("deadline", Deadline)
    plan = CompleteItem(item_id=ItemId(PLAN), course_id=CourseId(COURSE_ID))
    assert learner.do(COMPLETE_ITEM, plan).outcome == "applied"
    clock.forward(days=10)
    learner.token = Api().sign_in("ada@example.org").token
    reset = ResetDeadlines(enrollment_id=enrollment.id, zone="Europe/Berlin")
    assert learner.do(RESET_DEADLINES, reset, at=clock.now()).outcome == "applied"
    after = learner.bodies("deadline", Deadline)
    assert after[PLAN] == before[PLAN]
    assert (after[EXAM].due_at - before[EXAM].due_at).days in (9, 10)
    unknown = ResetDeadlines(enrollment_id=EnrollmentId("none"))
    assert code(learner.do(RESET_DEADLINES, unknown)) == "not_enrolled"


def test_keeping_for_later(member: Api) -> None:
    course = CourseId(COURSE_ID)
    assert member.do(SAVE_COURSE, SaveCourse(course_id=course, saved=True)).outcome == "applied"
    assert set(member.bodies("saved_course", SavedCourse)) == {COURSE_ID}
    assert member.do(SAVE_COURSE, SaveCourse(course_id=course, saved=False)).outcome == "applied"
    assert member.do(SAVE_COURSE, SaveCourse(course_id=course, saved=False)).outcome == "applied"
    assert member.bodies("saved_course", SavedCourse) == {}
