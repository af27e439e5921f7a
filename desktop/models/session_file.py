"""Who is signed in on this installation: ``session.json``. Holds no secret, imports neither SQL nor HTTP.

The app reads it before the first paint; the gateway writes it when somebody joins, signs in or out.
"""

from __future__ import annotations

import os
from pathlib import Path

from desktop.models.home_views import LearnerView, ProgramView
from desktop.models.saved_views import decode_view, encode_view

FILE_NAME = "session.json"


def write_atomically(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Replace ``path`` as a whole: whoever reads sees the old bytes or the new ones. By default nobody but the owner
    does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def forget_unfinished(path: Path) -> None:
    """Remove what kills left of earlier writes of ``path``, while nobody writes it."""
    for part in path.parent.glob(f"{path.name}.*.new"):
        part.unlink(missing_ok=True)


def read_session(home: Path) -> LearnerView | None:
    """Who is signed in, or None: nobody is, or the file cannot be read (then signing in writes it anew)."""
    try:
        return decode_view((home / FILE_NAME).read_bytes(), LearnerView)
    except (OSError, ValueError):
        return None


def write_session(home: Path, learner: LearnerView) -> None:
    """Remember who is signed in."""
    write_atomically(home / FILE_NAME, encode_view(learner))


def forget_session(home: Path) -> None:
    """Nobody is signed in any more. What the learner did stays in their own folder."""
    (home / FILE_NAME).unlink(missing_ok=True)


def with_programs(learner: LearnerView, programs: tuple[ProgramView, ...]) -> LearnerView:
    """The same learner in other programs."""
    return LearnerView(learner.account_id, learner.name, learner.email, learner.server, programs)
