"""The home view that was shown last, kept as a plain file so that the next start can paint it at once.

Imports no SQL: it is read before anything heavy is imported.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from desktop.models.session_file import path_hook, text_hook, write_atomically
from desktop.models.views import HomeView

FILE_NAME = "home.json"


def _file(home: Path, account_id: str) -> Path:
    return home / "learners" / account_id / FILE_NAME


def read_snapshot(home: Path, account_id: str) -> HomeView | None:
    """The last saved view, or None when there is none that this version can read."""
    try:
        return msgspec.json.decode(_file(home, account_id).read_bytes(), type=HomeView, dec_hook=path_hook)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def save_snapshot(home: Path, view: HomeView) -> None:
    """Keep ``view`` for the next start."""
    write_atomically(_file(home, view.learner.account_id), msgspec.json.encode(view, enc_hook=text_hook))
