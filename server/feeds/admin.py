"""The back office's view of feeds, for support."""

from __future__ import annotations

from django.contrib import admin

from server.backoffice import ShownOnly
from server.feeds.models import FeedChange, FeedHead


@admin.register(FeedHead)
class FeedHeadAdmin(ShownOnly):
    """How far each feed has counted."""

    list_display = ("name", "sequence", "floor", "epoch")
    search_fields = ("name",)


@admin.register(FeedChange)
class FeedChangeAdmin(ShownOnly):
    """What clients are told of, and when. The content is the learner's own and is not shown."""

    list_display = ("feed", "kind", "entity_id", "revision", "changed_at")
    list_filter = ("kind",)
    search_fields = ("feed__name", "entity_id")
    fields = ("feed", "kind", "entity_id", "revision", "changed_at")
