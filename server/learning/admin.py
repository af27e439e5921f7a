"""The back office's view of what learners did: to look at and not to change, so that feeds and rows agree."""

from __future__ import annotations

from django.contrib import admin

from server.backoffice import ShownOnly
from server.learning.models import (
    Attempt,
    Deadline,
    Enrollment,
    Grade,
    LedgerEntry,
    Note,
    Position,
    Progress,
    SavedCourse,
)


@admin.register(Enrollment)
class EnrollmentAdmin(ShownOnly):
    """Who is in which course."""

    list_display = ("user", "course", "program", "state", "enrolled_at", "unenroll_until", "completed_at")
    list_filter = ("state", "program", "course")
    search_fields = ("user__email", "user__name", "course__title")
    date_hierarchy = "enrolled_at"


@admin.register(Attempt)
class AttemptAdmin(ShownOnly):
    """Attempts at quizzes with their results."""

    list_display = ("user", "item_id", "graded", "percent", "passed", "submitted_at")
    list_filter = ("graded", "passed", "course")
    search_fields = ("user__email", "item_id")
    date_hierarchy = "submitted_at"


@admin.register(Grade)
class GradeAdmin(ShownOnly):
    """What counts."""

    list_display = ("user", "item_id", "percent", "passed", "attempts", "graded_at")
    list_filter = ("passed", "course")
    search_fields = ("user__email", "item_id")


@admin.register(Deadline)
class DeadlineAdmin(ShownOnly):
    """When what is due for whom."""

    list_display = ("user", "item_id", "due_at", "zone")
    list_filter = ("course",)
    search_fields = ("user__email", "item_id")


@admin.register(Progress)
class ProgressAdmin(ShownOnly):
    """What was opened, watched and finished."""

    list_display = ("user", "item_id", "opened_at", "completed_at")
    list_filter = ("course",)
    search_fields = ("user__email", "item_id")


@admin.register(Position)
class PositionAdmin(ShownOnly):
    """Where learners stopped."""

    list_display = ("user", "item_id", "position_ms", "at")
    list_filter = ("course",)
    search_fields = ("user__email", "item_id")


@admin.register(SavedCourse)
class SavedCourseAdmin(ShownOnly):
    """What is kept for later."""

    list_display = ("user", "course", "saved_at")
    list_filter = ("course",)
    search_fields = ("user__email",)


@admin.register(Note)
class NoteAdmin(ShownOnly):
    """That there are notes, for support. Their text is the learner's own and is not shown."""

    list_display = ("user", "item_id", "label", "created_at", "edited_at")
    search_fields = ("user__email", "item_id")
    fields = ("user", "course", "item_id", "label", "created_at", "edited_at", "conflict_of")


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ShownOnly):
    """Every action that was judged: what support looks at when something “did not arrive”."""

    list_display = ("user", "kind", "subject", "outcome", "happened_at", "received_at", "device_id")
    list_filter = ("outcome", "kind")
    search_fields = ("user__email", "action_id", "subject")
    date_hierarchy = "received_at"
