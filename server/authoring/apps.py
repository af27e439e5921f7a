"""Django's registration of the app."""

from __future__ import annotations

from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    """Loading program folders (docs/authoring.md)."""

    name = "server.authoring"
    label = "authoring"
    verbose_name = "Authoring"
