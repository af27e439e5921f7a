"""Django's registration of the app."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The protocol over HTTP: thin views, errors, authentication."""

    name = "server.api"
    label = "api"
    verbose_name = "API"
