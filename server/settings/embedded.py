"""The server that the desktop starts for itself: SQLite and a media folder in one home, nothing to configure."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from server.settings.base import *  # noqa: F403
from server.settings.base import sqlite

HOME = Path(os.environ.get("HAVERSACK_SERVER_HOME", "haversack-server")).absolute()
HOME_KEY = HOME / "secret-key"
# `python -m server` makes the key before Django starts; without a home (type checks) an unsaved one does.
SECRET_KEY = HOME_KEY.read_text(encoding="ascii").strip() if HOME_KEY.is_file() else secrets.token_urlsafe(48)
DATABASES = {"default": sqlite(HOME / "server.sqlite3")}
MEDIA_FOLDER = HOME / "media"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *filter(None, os.environ.get("ALLOWED_HOSTS", "").split(","))]
WHITENOISE_USE_FINDERS = True
