"""Django's registration of the app."""

from __future__ import annotations

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """What learners do and have, and the ledger of their actions."""

    name = "server.learning"
    label = "learning"
    verbose_name = "Learning"
