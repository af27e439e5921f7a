"""What every way of running the program server shares."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = False
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "server.accounts",
    "server.programs",
    "server.catalog",
    "server.feeds",
    "server.learning",
    "server.deliveries",
    "server.authoring",
    "server.api",
]
MIDDLEWARE = [
    "server.api.middleware.ProtocolMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
ROOT_URLCONF = "server.urls"
WSGI_APPLICATION = "server.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["server.accounts.backends.LimitedBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
]

STATIC_URL = "/static/"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the admin's list pages with many rows

# The protocol's own knobs
SERVER_NAME = "Haversack program server"
ACCESS_TOKEN_LIFETIME = timedelta(minutes=15)
SESSION_IDLE_LIFETIME = timedelta(days=400)
"""Also of a replaced refresh token while what replaced it was never used: its answer was lost, and a laptop that loses
the network in that moment may come back a year later like any other."""
BLOB_ADDRESS_LIFETIME = timedelta(hours=2)
POLL_AFTER_S = 60
BODY_LIMIT = 1024 * 1024
PROXY_COUNT = 0
"""Trusted proxies in front: how many entries from the right of X-Forwarded-For lies the caller's address."""
BLOB_ACCEL_PREFIX = ""
"""With nginx in front: the internal location that maps to the media folder; blobs are then sent by nginx."""


def sqlite(path: str | Path) -> dict[str, Any]:
    """A SQLite database that many threads may write to.

    IMMEDIATE makes a writer wait for its turn instead of failing half-way; FULL because the client forgets an action
    as soon as the server has said "applied".
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
