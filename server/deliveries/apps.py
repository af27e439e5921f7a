"""Django's registration of the app."""

from __future__ import annotations

from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    """Work that comes by file."""

    name = "server.deliveries"
    label = "deliveries"
    verbose_name = "Deliveries"
