"""Django's registration of the app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ProgramsConfig(AppConfig):
    """Organizations, programs, memberships and invitations."""

    name = "server.programs"
    label = "programs"
    verbose_name = "Programs"

    def ready(self) -> None:
        """Programs of before there were keys get theirs with the migration that brings the table."""
        post_migrate.connect(_make_missing_keys, sender=self, dispatch_uid="programs.pack_keys")


def _make_missing_keys(**_ignored: Any) -> None:
    from server.programs.pack_keys import make_missing_keys

    make_missing_keys()
