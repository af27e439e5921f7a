"""Enrolling, giving up, keeping for later, starting the session anew."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from protocol import errors
from protocol.actions import Enroll, ResetDeadlines, SaveCourse, Unenroll
from protocol.learning import DEADLINE, ENROLLMENT, SAVED_COURSE
from server.catalog.manifests import items_of
from server.catalog.models import Course
from server.learning.acting import Acting, check_client_id
from server.learning.models import Deadline, Enrollment, Progress, SavedCourse
from server.learning.moments import due_moment, zone_named
from server.learning.wire import deadline_to_wire, enrollment_to_wire, saved_to_wire
from server.programs.joining import require_membership
from server.refusals import RefusedError, not_enrolled

UNENROLL_DAYS = 14


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
    )
    acting.feed.put(ENROLLMENT, row.public_id, enrollment_to_wire(row))
    _set_deadlines(acting, row, zone)


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
    row = Enrollment.objects.filter(user=acting.user, public_id=body.enrollment_id).first()
    if row is None:
        raise not_enrolled()
    if row.state == Enrollment.UNENROLLED:
        return
    if acting.happened_at > row.unenroll_until:
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


def save_course(acting: Acting, body: SaveCourse) -> None:
    """Keep for later, or no longer."""
    rows = SavedCourse.objects.filter(user=acting.user, course_id=body.course_id)
    if not body.saved:
        if rows.exists():
            rows.delete()
            acting.feed.delete(SAVED_COURSE, body.course_id)
        return
    course = _offered_course(body.course_id)
    require_membership(acting.user, course.program_id)
    row, made = SavedCourse.objects.get_or_create(
        user=acting.user, course=course, defaults={"saved_at": acting.happened_at}
    )
    if made:
        acting.feed.put(SAVED_COURSE, course.pk, saved_to_wire(row))


def reset_deadlines(acting: Acting, body: ResetDeadlines) -> None:
    """The session starts anew today; what is done keeps its date."""
    row = Enrollment.objects.filter(user=acting.user, public_id=body.enrollment_id).first()
    if row is None or row.state == Enrollment.UNENROLLED:
        raise not_enrolled()
    zone = zone_named(body.zone)
    row.session_starts_at = max(acting.happened_at, row.enrolled_at)
    row.save(update_fields=["session_starts_at"])
    acting.feed.put(ENROLLMENT, row.public_id, enrollment_to_wire(row))
    _set_deadlines(acting, row, zone)


def _set_deadlines(acting: Acting, enrollment: Enrollment, zone: ZoneInfo) -> None:
    done = set(
        Progress.objects.filter(user=acting.user, course=enrollment.course)
        .exclude(completed_at=None)
        .values_list("item_id", flat=True)
    )
    for item in items_of(enrollment.version_id).values():
        if item.due_day is None or item.id in done:
            continue
        row, _ = Deadline.objects.update_or_create(
            user=acting.user,
            item_id=item.id,
            defaults={
                "course": enrollment.course,
                "due_at": due_moment(enrollment.session_starts_at, item.due_day, zone),
                "zone": zone.key,
            },
        )
        acting.feed.put(DEADLINE, item.id, deadline_to_wire(row))
