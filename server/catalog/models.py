"""Courses, immutable versions, blobs, groups of the catalog, reviews."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from server.programs.models import Program


def empty_list() -> list[Any]:
    """The default of JSON lists."""
    return []


class Blob(models.Model):
    """Bytes by their SHA-256, in the media folder. Never changed; the row comes after the file."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.sha256[:12]}… {self.media_type}"


class Course(models.Model):
    """A course as the catalog shows it. Written by the loader; what changes with a version lies in its manifest."""

    id = models.SlugField(primary_key=True, max_length=64)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="courses")
    offered = models.BooleanField(default=True, help_text="Shown in the catalog and open to new learners")
    kind = models.CharField(max_length=20, default="course")
    title = models.CharField(max_length=300)
    partner = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    about_html = models.TextField(blank=True)
    level = models.CharField(max_length=20, default="mixed")
    language = models.CharField(max_length=35, default="en")
    subtitle_languages = models.JSONField(default=empty_list, blank=True)
    skills = models.JSONField(default=empty_list, blank=True)
    instructors = models.JSONField(default=empty_list, blank=True)
    syllabus = models.JSONField(default=empty_list, blank=True)
    minutes = models.PositiveIntegerField(default=0)
    weeks = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(default=timezone.now)
    starts_at = models.DateTimeField(null=True, blank=True)
    picture = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.ForeignKey("CourseVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.title


class CourseVersion(models.Model):
    """The exact bytes of a manifest; the key is their SHA-256."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="versions")
    manifest = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.course_id} {self.sha256[:12]}…"


class CourseBlob(models.Model):
    """A blob that some version of a course uses: enrolled learners may fetch it."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="course_blobs")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "blob"], name="blob_once_per_course")]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.blob_id[:12]}…"


class KeyedQuiz(models.Model):
    """A quiz with its keys. ``public_sha256`` names the document that learners hold: the one they answer.

    Rows of graded quizzes are the only place where their keys are.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="keyed_quizzes")
    item_id = models.CharField(max_length=200)
    public_sha256 = models.CharField(max_length=64)
    document = models.BinaryField()

    class Meta:
        verbose_name_plural = "keyed quizzes"
        constraints = [
            models.UniqueConstraint(fields=["course", "item_id", "public_sha256"], name="keyed_quiz_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.public_sha256[:12]}…"


class Group(models.Model):
    """A titled row of tiles in a program's catalog."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="groups")
    slug = models.SlugField(max_length=64)
    title = models.CharField(max_length=200)
    course_ids = models.JSONField(default=empty_list, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "catalog group"
        constraints = [models.UniqueConstraint(fields=["program", "slug"], name="group_once_per_program")]

    def __str__(self) -> str:
        return self.title


class Review(models.Model):
    """What a learner thinks of a course."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="reviews")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    stars = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    text = models.TextField(blank=True)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "user"], name="one_review_per_learner")]

    def __str__(self) -> str:
        return f"{self.stars} stars for {self.course_id}"
