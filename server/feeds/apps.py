"""Django's registration of the app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_delete


class FeedsConfig(AppConfig):
    """Ordered changes that clients follow."""

    name = "server.feeds"
    label = "feeds"
    verbose_name = "Feeds"

    def ready(self) -> None:
        """Follow the deletion of people."""
        post_delete.connect(_forget, sender=settings.AUTH_USER_MODEL, dispatch_uid="feeds.forget")


def _forget(instance: Any, **_ignored: Any) -> None:
    """A person who is deleted leaves no feed behind: it holds the words of their notes."""
    from server.feeds.models import FeedHead
    from server.feeds.writing import learner_feed_name

    FeedHead.objects.filter(name=learner_feed_name(instance.pk)).delete()
