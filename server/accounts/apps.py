"""Django's registration of the app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, their sessions on devices, and how often somebody may try."""

    name = "server.accounts"
    label = "accounts"
    verbose_name = "Accounts"
