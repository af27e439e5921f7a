"""Django's registration of the app."""

from __future__ import annotations

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    """Organizations, programs, memberships and invitations."""

    name = "server.programs"
    label = "programs"
    verbose_name = "Programs"
