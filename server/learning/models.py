"""What learners have: enrollments, progress, notes, attempts, grades; and the ledger of what was applied.

``public_id`` is made by a client, so it is unique per learner only: nobody can take another's.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from server.catalog.models import Course, CourseVersion, empty_list
from server.programs.models import Program


class LearnerRow(models.Model):
    """Base of everything that belongs to one learner."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class Enrollment(LearnerRow):
    """A learner in a course, on the newest version until it is completed (``moving``). ``zone`` is the one that due
    times were last asked in."""

    ACTIVE = "active"
    COMPLETED = "completed"
    UNENROLLED = "unenrolled"
    STATES = [(ACTIVE, "active"), (COMPLETED, "completed"), (UNENROLLED, "unenrolled")]

    public_id = models.CharField(max_length=64)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrollments")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=STATES, default=ACTIVE)
    enrolled_at = models.DateTimeField()
    session_starts_at = models.DateTimeField()
    unenroll_until = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=64, default="UTC")

    class Meta:
        indexes = [models.Index(fields=["course", "state", "version"], name="learners_on_a_version")]
        constraints = [
            models.UniqueConstraint(fields=["user", "public_id"], name="enrollment_id_once"),
            models.UniqueConstraint(
                fields=["user", "course"], condition=~Q(state="unenrolled"), name="enrolled_once_per_course"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.course_id}"


class SavedCourse(LearnerRow):
    """Whether a course is kept for later, and when that was decided."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    saved_at = models.DateTimeField()
    saved = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="saved_once")]

    def __str__(self) -> str:
        return f"{self.user} {'saved' if self.saved else 'let go'} {self.course_id}"


class ItemRow(LearnerRow):
    """Base of what a learner has per item."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    item_id = models.CharField(max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.user}: {self.item_id}"


class Progress(ItemRow):
    """Never goes back."""

    opened_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    watched = models.JSONField(default=empty_list, blank=True)

    class Meta:
        verbose_name_plural = "progress"
        constraints = [models.UniqueConstraint(fields=["user", "item_id"], name="progress_once")]


class Position(ItemRow):
    """Where the learner stopped."""

    position_ms = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "item_id"], name="position_once")]


class Note(ItemRow):
    """``revision`` is the feed's at its last change, ``device_id`` who made it: the base of conflict detection."""

    public_id = models.CharField(max_length=64)
    at_ms = models.PositiveBigIntegerField(null=True, blank=True)
    text = models.TextField()
    label = models.CharField(max_length=20, blank=True)
    quote = models.TextField(blank=True)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField()
    conflict_of = models.CharField(max_length=64, blank=True)
    item_title = models.CharField(max_length=300, blank=True, default="")
    revision = models.PositiveBigIntegerField(default=0)
    device_id = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "public_id"], name="note_id_once")]


class Attempt(ItemRow):
    """One submission of a quiz. Append-only."""

    public_id = models.CharField(max_length=64)
    quiz = models.CharField(max_length=64)
    answers = models.JSONField()
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField()
    graded = models.BooleanField(default=False)
    percent = models.FloatField(null=True)
    passed = models.BooleanField(default=False)
    result = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "public_id"], name="attempt_id_once")]
        indexes = [models.Index(fields=["user", "item_id"], name="attempts_of_item")]


class Grade(ItemRow):
    """What counts."""

    percent = models.FloatField()
    passed = models.BooleanField()
    attempts = models.PositiveIntegerField()
    graded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "item_id"], name="grade_once")]


class Deadline(ItemRow):
    """When an item is due, and in which zone that was meant."""

    due_at = models.DateTimeField()
    zone = models.CharField(max_length=64, default="UTC")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "item_id"], name="deadline_once")]


class LedgerEntry(LearnerRow):
    """An action that was judged. Written in the transaction of its effect; kept for over 400 days."""

    action_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, blank=True)
    device_id = models.CharField(max_length=64, blank=True)
    sequence = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    zone = models.CharField(max_length=64, blank=True)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10)
    error = models.JSONField(null=True)

    class Meta:
        verbose_name_plural = "ledger entries"
        constraints = [models.UniqueConstraint(fields=["user", "action_id"], name="action_applied_once")]
        indexes = [models.Index(fields=["user", "device_id", "sequence"], name="last_of_a_device")]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"
