"""Bases of the back office's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.http import HttpRequest

# Generic for the type checker only
if TYPE_CHECKING:
    Page = admin.ModelAdmin[Any]
    Rows = admin.TabularInline[Any, Any]
    PersonPage = UserAdmin[Any]
    PersonForm = AdminUserCreationForm[Any]
else:
    Page = admin.ModelAdmin
    Rows = admin.TabularInline
    PersonPage = UserAdmin
    PersonForm = AdminUserCreationForm


class NotByHand(Page):
    """Rows that are neither made nor deleted in the back office."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """No."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """No."""
        return False


class ShownOnly(NotByHand):
    """Rows to look at."""

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """No."""
        return False
