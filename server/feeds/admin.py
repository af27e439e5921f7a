"""The back office's view of feeds, for support."""

from __future__ import annotations

from django.contrib import admin

from server.backoffice import ShownOnly
from server.feeds.models import FeedHead


@admin.register(FeedHead)
class FeedHeadAdmin(ShownOnly):
    """How far each feed has counted."""

    list_display = ("name", "sequence", "floor", "epoch")
    search_fields = ("name",)
