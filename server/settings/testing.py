"""Settings of the tests: SQLite in memory, or the database named by HAVERSACK_TEST_DATABASE; a cheap hasher."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from server.settings.base import *  # noqa: F403
from server.settings.base import sqlite
from server.settings.databases import database_from_url

SECRET_KEY = "only-for-tests-" + "x" * 40
DATABASES = {
    "default": (
        database_from_url(os.environ["HAVERSACK_TEST_DATABASE"])
        if "HAVERSACK_TEST_DATABASE" in os.environ
        else sqlite(":memory:")
    )
}
# One connection per test process, closed with it
DATABASES["default"]["CONN_MAX_AGE"] = 0
MEDIA_FOLDER = Path(tempfile.gettempdir()) / "haversack-tests-media"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
