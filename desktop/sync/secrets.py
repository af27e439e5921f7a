"""Where the refresh token is kept: the system's keyring, or an encrypted file where there is none."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import threading
from pathlib import Path
from typing import Protocol

from desktop.errors import Problem, mark
from desktop.models.session_file import write_atomically

log = logging.getLogger(__name__)
SERVICE = "Haversack"


class Secrets(Protocol):
    """A place for one secret per learner and server. Thread-safe."""

    def read(self, user: str) -> str | None:
        """The secret, or None."""

    def write(self, user: str, secret: str) -> None:
        """Keep it."""

    def forget(self, user: str) -> None:
        """Remove it."""

    def note(self) -> Problem | None:
        """What the learner should know about how secrets are kept here; None when there is nothing to say."""


class FileSecrets:
    """An encrypted file that only its owner may read. The key lies beside it: this keeps the secret from other people
    of the computer and out of backups' plain text, not from whoever can read the owner's files."""

    def __init__(self, home: Path) -> None:
        self._file = home / "secrets.bin"
        self._key = home / "secrets.key"
        self._lock = threading.Lock()

    def read(self, user: str) -> str | None:
        """The secret; None also when the file cannot be decrypted (then signing in writes it anew)."""
        with self._lock:
            return self._load().get(user)

    def write(self, user: str, secret: str) -> None:
        """Keep it, on the disk when this returns."""
        with self._lock:
            self._save({**self._load(), user: secret})

    def forget(self, user: str) -> None:
        """Remove it."""
        with self._lock:
            found = self._load()
            if found.pop(user, None) is not None:
                self._save(found)

    def note(self) -> Problem | None:
        """Said openly: the system's keyring would be better."""
        return Problem(
            "no_keyring",
            mark("This computer has no keyring, so your sign-in is kept in an encrypted file in Haversack's folder."),
            mark("Sign out when others use this account of the computer."),
        )

    def _load(self) -> dict[str, str]:
        from cryptography.fernet import Fernet, InvalidToken

        try:
            data = Fernet(self._key.read_bytes()).decrypt(self._file.read_bytes())
            return {str(user): str(secret) for user, secret in json.loads(data).items()}
        except FileNotFoundError:
            return {}
        except (OSError, InvalidToken, ValueError) as error:
            log.warning("the file of secrets could not be read: %s", type(error).__name__)
            return {}

    def _save(self, secrets: dict[str, str]) -> None:
        from cryptography.fernet import Fernet

        if not self._key.exists():
            write_atomically(self._key, Fernet.generate_key(), mode=0o600)
        data = Fernet(self._key.read_bytes()).encrypt(json.dumps(secrets).encode())
        write_atomically(self._file, data, mode=0o600)
        for path in (self._key, self._file):
            os.chmod(path, 0o600)  # noqa: PTH101 (says what it does)


class KeyringSecrets:
    """The system's keyring; while it fails (locked, gone), the file."""

    def __init__(self, fallback: FileSecrets) -> None:
        self._fallback = fallback
        self._failed = False

    def read(self, user: str) -> str | None:
        """The keyring's, else what had to be kept in the file."""
        import keyring
        from keyring.errors import KeyringError

        try:
            found = keyring.get_password(SERVICE, user)
        except (KeyringError, RuntimeError) as error:
            self._failed = True
            log.info("no keyring: %s", error)
            found = None
        return found or self._fallback.read(user)

    def write(self, user: str, secret: str) -> None:
        """Into the keyring; into the file if that fails."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(SERVICE, user, secret)
        except (KeyringError, RuntimeError) as error:
            self._failed = True
            log.info("no keyring: %s", error)
            self._fallback.write(user, secret)
        else:
            self._failed = False
            self._fallback.forget(user)

    def forget(self, user: str) -> None:
        """Remove it from both."""
        import keyring
        from keyring.errors import KeyringError

        with contextlib.suppress(KeyringError, RuntimeError):
            keyring.delete_password(SERVICE, user)
        self._fallback.forget(user)

    def note(self) -> Problem | None:
        """As the file says, once the keyring has failed."""
        return self._fallback.note() if self._failed else None


def make_secrets(home: Path) -> Secrets:
    """The best place on this computer. May ask the system's keyring, which may ask the learner."""
    return KeyringSecrets(FileSecrets(home))
