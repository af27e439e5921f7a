"""Django's registration of the app."""

from __future__ import annotations

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    """Ordered changes that clients follow."""

    name = "server.feeds"
    label = "feeds"
    verbose_name = "Feeds"
