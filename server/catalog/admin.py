"""The back office's pages of courses. Content comes from the loader and is read-only here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from protocol.feeds import CATALOG_GROUP, program_feed
from protocol.ids import ProgramId
from server.backoffice import NotByHand, Page, ShownOnly
from server.catalog.models import Blob, Course, CourseVersion, Group, KeyedQuiz, Review
from server.catalog.wire import tell_entry, tell_group
from server.feeds.writing import open_feed


@admin.register(Course)
class CourseAdmin(NotByHand):
    """Courses; ``offered`` can be changed and is told to the program's feed."""

    list_display = ("title", "program", "kind", "partner", "level", "language", "weeks", "minutes", "offered")
    list_filter = ("program", "offered", "kind", "level", "language")
    search_fields = ("id", "title", "partner")
    fields = ("id", "title", "program", "offered", "partner", "summary", "kind", "level", "language", "version")
    readonly_fields = tuple(name for name in fields if name != "offered")

    def save_model(self, request: HttpRequest, obj: Course, form: ModelForm[Course], change: Any) -> None:
        """Save and tell the learners."""
        with open_feed(program_feed(ProgramId(obj.program_id))) as feed:
            super().save_model(request, obj, form, change)
            tell_entry(feed, obj)


@admin.register(CourseVersion)
class CourseVersionAdmin(NotByHand):
    """Versions."""

    list_display = ("sha256", "course", "created_at")
    list_filter = ("course",)
    fields = readonly_fields = ("sha256", "course", "created_at")


@admin.register(Blob)
class BlobAdmin(NotByHand):
    """Blobs."""

    list_display = ("sha256", "media_type", "size", "created_at")
    list_filter = ("media_type",)
    search_fields = ("sha256",)
    fields = readonly_fields = ("sha256", "media_type", "size", "created_at")


@admin.register(Group)
class GroupAdmin(Page):
    """Rows of the catalog; the next load of the program's folder has the last word."""

    list_display = ("title", "program", "position")
    list_filter = ("program",)

    def save_model(self, request: HttpRequest, obj: Group, form: ModelForm[Group], change: Any) -> None:
        """Save and tell the learners."""
        with open_feed(program_feed(ProgramId(obj.program_id))) as feed:
            super().save_model(request, obj, form, change)
            tell_group(feed, obj)

    def delete_model(self, request: HttpRequest, obj: Group) -> None:
        """Delete and tell the learners."""
        with open_feed(program_feed(ProgramId(obj.program_id))) as feed:
            feed.delete(CATALOG_GROUP, obj.slug)
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Group]) -> None:
        """The same for several."""
        for group in queryset:
            self.delete_model(request, group)


@admin.register(Review)
class ReviewAdmin(Page):
    """What learners think. The tile of the course shows the mean, so a change is told."""

    list_display = ("course", "user", "stars", "written_at")
    list_filter = ("course", "stars")
    search_fields = ("user__email", "text")
    autocomplete_fields = ("user", "course")

    def save_model(self, request: HttpRequest, obj: Review, form: ModelForm[Review], change: Any) -> None:
        """Save and tell the learners."""
        with open_feed(program_feed(ProgramId(obj.course.program_id))) as feed:
            super().save_model(request, obj, form, change)
            tell_entry(feed, obj.course)

    def delete_model(self, request: HttpRequest, obj: Review) -> None:
        """Delete and tell the learners."""
        with open_feed(program_feed(ProgramId(obj.course.program_id))) as feed:
            super().delete_model(request, obj)
            tell_entry(feed, obj.course)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        """The same for several."""
        for review in queryset.select_related("course"):
            self.delete_model(request, review)


@admin.register(KeyedQuiz)
class KeyedQuizAdmin(ShownOnly):
    """Which quizzes can be graded. Their keys are the authors' own and are not shown."""

    list_display = ("item_id", "course", "public_sha256")
    list_filter = ("course",)
    search_fields = ("item_id",)
    fields = ("course", "item_id", "public_sha256")
