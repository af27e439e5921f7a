"""The folder of an embedded server: its database, media, log and secret key."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def prepare_home(home: Path | None) -> Path:
    """Make the folder and its key, and tell the settings where it is. Call it before Django starts."""
    home = (home or Path(os.environ.get("HAVERSACK_SERVER_HOME", "haversack-server"))).absolute()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)  # learners' notes and password hashes
    (home / "media").mkdir(exist_ok=True)
    os.environ["HAVERSACK_SERVER_HOME"] = str(home)
    key = home / "secret-key"
    if not key.is_file() or not key.read_text(encoding="ascii").strip():
        # Written aside and moved: another process either sees the whole key or none
        part = home / f".secret-key-{os.getpid()}"
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        part.replace(key)
    return home
