"""The home view that was shown last, kept as a plain file so that the next start can paint it at once.

Imports no SQL: it is read before anything heavy is imported.
"""

from __future__ import annotations

from pathlib import Path

from desktop.models.home_views import HomeView
from desktop.models.saved_views import decode_view, encode_view
from desktop.models.session_file import write_atomically

FILE_NAME = "home.json"


def _file(home: Path, account_id: str) -> Path:
    return home / "learners" / account_id / FILE_NAME


def read_snapshot(home: Path, account_id: str) -> HomeView | None:
    """The last saved view, or None when there is none that this version can read."""
    try:
        return decode_view(_file(home, account_id).read_bytes(), HomeView)
    except (OSError, ValueError):
        return None


def save_snapshot(home: Path, view: HomeView) -> None:
    """Keep ``view`` for the next start."""
    write_atomically(_file(home, view.learner.account_id), encode_view(view))
