"""Enrolling."""

from __future__ import annotations

from desktop.models.store import Store


class EnrollmentService:
    """See the module."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def enroll(self, program_id: str, course_id: str) -> None:
        """Enroll."""
        raise NotImplementedError

    def unenroll(self, enrollment_id: str) -> None:
        """Unenroll."""
        raise NotImplementedError

    def save_for_later(self, course_id: str, saved: bool) -> None:
        """Keep a course for later, or no longer."""
        raise NotImplementedError

    def reset_deadlines(self, enrollment_id: str) -> None:
        """Start the session anew today."""
        raise NotImplementedError
