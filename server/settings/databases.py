"""Reading where the database is from the environment."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from server.settings.base import sqlite


def database_from_url(url: str) -> dict[str, Any]:
    """``postgresql://user:password@host:port/name?sslmode=require`` or ``sqlite:///path`` as Django wants it.

    Raises:
        ImproperlyConfigured: another scheme, or no name.
    """
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme == "sqlite":
        return sqlite(unquote(parts.path.removeprefix("/")) or ":memory:")
    if parts.scheme not in ("postgres", "postgresql") or not name:
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return _postgresql(name, unquote(parts.username or ""), unquote(parts.password or ""), host, parts.port, options)


def database_from_environment() -> dict[str, Any]:
    """``DATABASE_URL``, or libpq's own ``PGDATABASE``, ``PGUSER``, ``PGPASSWORD``, ``PGHOST`` and ``PGPORT``.

    Raises:
        ImproperlyConfigured: neither is set.
    """
    if url := os.environ.get("DATABASE_URL"):
        return database_from_url(url)
    if name := os.environ.get("PGDATABASE"):
        port = os.environ.get("PGPORT")
        return _postgresql(
            name,
            os.environ.get("PGUSER", ""),
            os.environ.get("PGPASSWORD", ""),
            os.environ.get("PGHOST", ""),
            int(port) if port else None,
            {},
        )
    raise ImproperlyConfigured("Set DATABASE_URL (or PGDATABASE and its companions) to the PostgreSQL database.")


def _postgresql(
    name: str, user: str, password: str, host: str, port: int | None, options: dict[str, str]
) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": user,
        "PASSWORD": password,
        "HOST": host,
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
