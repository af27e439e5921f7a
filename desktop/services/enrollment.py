"""Enrolling, giving up, keeping for later, starting the session anew: commands that the server judges."""

from __future__ import annotations

from desktop.errors import Problem, mark
from desktop.models import state
from desktop.models.outbox import enqueue, pending, take_back_unsent
from desktop.models.overlay import EnrollmentState
from desktop.models.store import Store
from desktop.services.course_state import not_enrolled
from protocol.actions import (
    ENROLL,
    RESET_DEADLINES,
    SAVE_COURSE,
    UNENROLL,
    Enroll,
    ResetDeadlines,
    SaveCourse,
    Unenroll,
)
from protocol.ids import CourseId, EnrollmentId, ProgramId, new_uuid7


class EnrollmentService:
    """The learner's enrollments."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def enroll(self, program_id: str, course_id: str) -> None:
        """Enroll; shown as pending until the server agrees. Enrolled already: nothing happens."""
        kinds: set[str] = set()
        with self._store.write(kinds, durable=True) as connection:
            found = state.enrolled(connection, pending(connection)).get(course_id)
            if found is not None and found.enrollment.state != "unenrolled":
                return
            body = Enroll(
                enrollment_id=EnrollmentId(new_uuid7()),
                course_id=CourseId(course_id),
                program_id=ProgramId(program_id),
                zone=self._store.clock.zone(),
            )
            enqueue(connection, self._store, ENROLL, f"course:{course_id}", body, course_id=course_id)
            kinds |= {"enrollments", "outbox"}

    def unenroll(self, enrollment_id: str) -> None:
        """Give a course up; what was done in it is kept.

        Raises:
            Problem: ``not_enrolled``; ``unenroll_too_late`` when the day is past (the server would refuse it).
        """
        with self._store.write({"enrollments", "outbox"}, durable=True) as connection:
            found = self._by_id(state.enrolled(connection, pending(connection)), enrollment_id)
            if found.enrollment.unenroll_until < self._store.clock.now():
                raise Problem(
                    "unenroll_too_late",
                    mark("This course can no longer be given up."),
                    mark("Ask your program's administrator to take you out of it."),
                )
            course_id = found.enrollment.course_id
            body = Unenroll(enrollment_id=EnrollmentId(enrollment_id), course_id=course_id)
            enqueue(connection, self._store, UNENROLL, f"course:{course_id}", body, course_id=course_id)

    def save_for_later(self, course_id: str, saved: bool) -> None:
        """Keep a course for later, or no longer."""
        subject = f"saved:{course_id}"
        kinds: set[str] = set()
        with self._store.write(kinds, durable=True) as connection:
            take_back_unsent(connection, SAVE_COURSE, subject)
            kinds |= {"enrollments", "outbox"}
            if (course_id in state.saved(connection, pending(connection, (SAVE_COURSE,)))) == saved:
                return
            body = SaveCourse(course_id=CourseId(course_id), saved=saved)
            enqueue(connection, self._store, SAVE_COURSE, subject, body, course_id=course_id)

    def reset_deadlines(self, enrollment_id: str) -> None:
        """The session starts anew today; what is done keeps its date.

        Raises:
            Problem: ``not_enrolled``.
        """
        with self._store.write({"deadlines", "enrollments", "outbox"}, durable=True) as connection:
            found = self._by_id(state.enrolled(connection, pending(connection)), enrollment_id)
            course_id = found.enrollment.course_id
            zone = self._store.clock.zone()
            body = ResetDeadlines(enrollment_id=EnrollmentId(enrollment_id), zone=zone, course_id=course_id)
            enqueue(connection, self._store, RESET_DEADLINES, f"course:{course_id}", body, course_id=course_id)

    @staticmethod
    def _by_id(enrolled: dict[str, EnrollmentState], enrollment_id: str) -> EnrollmentState:
        for found in enrolled.values():
            if found.enrollment.id == enrollment_id and found.enrollment.state != "unenrolled":
                return found
        raise not_enrolled()
