"""The back office's pages of courses. Content comes from the loader and is read-only here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from protocol.feeds import program_feed
from protocol.ids import ProgramId
from server.backoffice import NotByHand, Page
from server.catalog.models import Blob, Course, CourseVersion, Group, Review
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


@admin.register(Review)
class ReviewAdmin(Page):
    """What learners think."""

    list_display = ("course", "user", "stars", "written_at")
    list_filter = ("course", "stars")
    search_fields = ("user__email", "text")
    autocomplete_fields = ("user", "course")
