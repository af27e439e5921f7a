"""Where the refresh token is kept: the system's keyring, or an encrypted file where there is none."""

from __future__ import annotations

from typing import Protocol

from desktop.errors import Problem


class Secrets(Protocol):
    """A place for one secret per learner and server."""

    def read(self, user: str) -> str | None:
        """The secret, or None."""

    def write(self, user: str, secret: str) -> None:
        """Keep it."""

    def forget(self, user: str) -> None:
        """Remove it."""

    def note(self) -> Problem | None:
        """What the learner should know about how secrets are kept here; None when there is nothing to say."""
