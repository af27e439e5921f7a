"""The back office's pages of people and their sessions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from server.accounts.models import DeviceSession, LinkedAddress, TryCount, User
from server.backoffice import NotByHand, Page, PersonForm, PersonPage, Rows

admin.site.site_header = "Haversack program server"
admin.site.site_title = "Haversack"
admin.site.index_title = "Back office"


class NewPersonForm(PersonForm):
    """A person by e-mail address."""

    class Meta:
        model = User
        fields = ("email", "name")
        field_classes = {"email": forms.EmailField}


class LinkedAddressInline(Rows):
    """Further addresses on the person's page."""

    model = LinkedAddress
    extra = 0


@admin.register(User)
class PersonAdmin(PersonPage):
    """People."""

    add_form = NewPersonForm
    list_display = ("email", "name", "is_active", "is_staff", "joined_at", "last_login")
    list_filter = ("is_active", "is_staff", "memberships__program")
    search_fields = ("email", "name", "linked_addresses__email")
    ordering = ("email",)
    readonly_fields = ("id", "joined_at", "last_login")
    filter_horizontal = ("groups", "user_permissions")
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "is_active")}),
        (
            "Back office",
            {"fields": ("is_staff", "is_superuser", "groups", "user_permissions"), "classes": ("collapse",)},
        ),
        ("History", {"fields": ("id", "joined_at", "last_login")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)
    inlines = (LinkedAddressInline,)

    def get_deleted_objects(
        self, objs: Iterable[User], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Who may delete a person deletes all that is theirs, though none of it can be deleted by itself."""
        deleted, counts, _, protected = super().get_deleted_objects(objs, request)  # type: ignore[arg-type]
        return deleted, counts, set(), protected


@admin.register(DeviceSession)
class DeviceSessionAdmin(NotByHand):
    """Who is signed in where; a session can be ended here."""

    list_display = ("user", "device_name", "app_version", "created_at", "refreshed_at", "revoked_at", "revoked_because")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    search_fields = ("user__email", "device_name")
    readonly_fields = tuple(field.name for field in DeviceSession._meta.fields)
    actions = ("end_sessions",)

    @admin.action(description="End the selected sessions")
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[DeviceSession]) -> None:
        """Access ends with the next request."""
        ended = queryset.filter(revoked_at=None).update(revoked_at=timezone.now(), revoked_because="by the back office")
        self.message_user(request, f"{ended} sessions ended.")


@admin.register(TryCount)
class TryCountAdmin(Page):
    """Failed tries; deleting a row lets somebody try again at once."""

    list_display = ("key", "count", "window_starts_at")
    search_fields = ("key",)
    readonly_fields = ("key", "count", "window_starts_at")
