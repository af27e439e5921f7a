"""Enrolling, giving up, keeping for later, starting the session anew."""

from __future__ import annotations

from datetime import timedelta

from protocol import errors
from protocol.actions import Enroll, ResetDeadlines, SaveCourse, Unenroll
from protocol.conflicts import UNENROLL_DAYS, later_decision, may_unenroll, session_start
from protocol.learning import DEADLINE, ENROLLMENT, SAVED_COURSE
from server.catalog.models import Course
from server.learning.acting import Acting, check_client_id
from server.learning.due import set_deadlines
from server.learning.models import Deadline, Enrollment, SavedCourse
from server.learning.moments import zone_named
from server.learning.studying import finish_enrollment
from server.learning.wire import enrollment_to_wire, saved_to_wire
from server.programs.joining import require_membership
from server.refusals import RefusedError, not_enrolled


def enroll(acting: Acting, body: Enroll) -> None:
    """Into the current version of an offered course. Already enrolled: nothing changes."""
    public_id = check_client_id(body.enrollment_id)
    zone = zone_named(body.zone)
    course = _offered_course(body.course_id)
    membership = require_membership(acting.user, course.program_id)
    mine = Enrollment.objects.filter(user=acting.user)
    if mine.filter(course=course).exclude(state=Enrollment.UNENROLLED).exists():
        return
    if mine.filter(public_id=public_id).exists():
        return  # the same enrollment, sent again after it was given up elsewhere
    limit = membership.program.enrollment_limit
    if limit is not None and mine.filter(program=membership.program, state=Enrollment.ACTIVE).count() >= limit:
        raise RefusedError(
            errors.ENROLLMENT_LIMIT,
            f"Your program allows {limit} courses at the same time.",
            "Finish or give up a course first, or ask the program's administrator.",
            status=403,
        )
    assert course.version is not None  # what is offered has a version
    starts_at = max(acting.now, course.starts_at) if course.starts_at else acting.now
    row = Enrollment.objects.create(
        user=acting.user,
        public_id=public_id,
        course=course,
        program_id=course.program_id,
        version=course.version,
        enrolled_at=acting.now,
        session_starts_at=starts_at,
        unenroll_until=starts_at + timedelta(days=UNENROLL_DAYS),
        zone=zone.key,
    )
    acting.feed.put(ENROLLMENT, row.public_id, enrollment_to_wire(row))
    set_deadlines(acting.feed, row)
    finish_enrollment(acting.feed, row, acting.now)  # all of it may have been done before it was given up


def _offered_course(course_id: str) -> Course:
    course = Course.objects.select_related("version").filter(pk=course_id, offered=True).first()
    if course is None or course.version is None:
        raise RefusedError(
            errors.COURSE_NOT_OFFERED,
            "This course is not offered (any more).",
            "Look in the catalog for another one, or ask the program's administrator.",
        )
    return course


def unenroll(acting: Acting, body: Unenroll) -> None:
    """Give a course up; what was done in it is kept."""
    row = _meant(acting, body)
    if row.state == Enrollment.UNENROLLED:
        return
    if not may_unenroll(row.enrolled_at, row.unenroll_until, acting.happened_at, acting.now):
        raise RefusedError(
            errors.UNENROLL_TOO_LATE,
            f"A course can be given up within {UNENROLL_DAYS} days of its start.",
            "Ask the program's administrator to take you out of it.",
            status=403,
        )
    row.state = Enrollment.UNENROLLED
    row.save(update_fields=["state"])
    acting.feed.put(ENROLLMENT, row.public_id, enrollment_to_wire(row))
    for deadline in Deadline.objects.filter(user=acting.user, course=row.course):
        acting.feed.delete(DEADLINE, deadline.item_id)
        deadline.delete()


def _meant(acting: Acting, body: Unenroll | ResetDeadlines) -> Enrollment:
    """The enrollment that is named; else the one that is held in the named course: two devices enrolled, and the
    server kept the first.

    Raises:
        RefusedError: not_enrolled.
    """
    mine = Enrollment.objects.filter(user=acting.user)
    row = mine.filter(public_id=body.enrollment_id).first()
    if row is None and body.course_id:
        row = mine.filter(course_id=body.course_id).exclude(state=Enrollment.UNENROLLED).first()
    if row is None:
        raise not_enrolled()
    return row


def save_course(acting: Acting, body: SaveCourse) -> None:
    """Keep for later, or no longer; of two devices the later decision counts, whichever arrives last."""
    row = SavedCourse.objects.filter(user=acting.user, course_id=body.course_id).first()
    if body.saved:
        require_membership(acting.user, _offered_course(body.course_id).program_id)
    elif not Course.objects.filter(pk=body.course_id).exists():
        return
    if not later_decision(row.saved_at if row else None, acting.happened_at):
        return
    kept = row is not None and row.saved
    row = row or SavedCourse(user=acting.user, course_id=body.course_id)
    row.saved, row.saved_at = body.saved, acting.happened_at
    row.save()
    if body.saved and not kept:
        acting.feed.put(SAVED_COURSE, body.course_id, saved_to_wire(row))
    elif kept and not body.saved:
        acting.feed.delete(SAVED_COURSE, body.course_id)


def reset_deadlines(acting: Acting, body: ResetDeadlines) -> None:
    """The session starts anew today; what is done keeps its date. Of two resets the later one counts."""
    row = _meant(acting, body)
    if row.state == Enrollment.UNENROLLED:
        raise not_enrolled()
    zone = zone_named(body.zone)
    start = session_start(row.session_starts_at, acting.happened_at)
    if start != acting.happened_at:
        return
    row.session_starts_at, row.zone = start, zone.key
    row.save(update_fields=["session_starts_at", "zone"])
    acting.feed.put(ENROLLMENT, row.public_id, enrollment_to_wire(row))
    set_deadlines(acting.feed, row)
