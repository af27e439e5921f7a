"""Django's registration of the app."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Courses, their immutable versions, and the blobs they are made of."""

    name = "server.catalog"
    label = "catalog"
    verbose_name = "Catalog"
