"""Access and refresh tokens of the learner who is signed in. One refresh at a time for all threads."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from desktop.errors import NotSignedInError, Problem
from desktop.sync import problems
from desktop.sync.client import Client, absolute
from desktop.sync.secrets import Secrets
from protocol.accounts import Refresh, Tokens
from protocol.wire import WireError, decode

log = logging.getLogger(__name__)


class TokenKeeper:
    """The session of one learner at one server."""

    def __init__(self, client: Client, secrets: Secrets, address: Callable[[], str]) -> None:
        self._client = client
        self._secrets = secrets
        self._address = address
        self._lock = threading.Lock()
        self._user = ""
        self._access = ""
        self._refresh = ""

    def begin(self, user: str, tokens: Tokens) -> None:
        """Somebody signed in. ``user`` is ``<server> <account id>``."""
        with self._lock:
            self._user = user
            self._keep(tokens)

    def resume(self, user: str) -> None:
        """Go on as a learner who signed in before; the refresh token is read when it is needed."""
        with self._lock:
            self._user, self._access, self._refresh = user, "", ""

    def access(self) -> str:
        """An access token; asks for one if there is none.

        Raises:
            Problem: ``not_signed_in``, ``session_ended``, or whatever keeps the server from answering.
        """
        return self._access or self.renewed("")

    def renewed(self, stale: str) -> str:
        """Another access token than ``stale``. Threads that come with the same stale one wait for one refresh.

        Raises:
            Problem: as ``access``.
        """
        with self._lock:
            if self._access != stale:
                return self._access
            if not self._user:
                raise NotSignedInError
            refresh = self._refresh or self._secrets.read(self._user)
            if not refresh:
                raise problems.session_ended()
            url = absolute(self._address(), "/v1/sessions/refresh")
            try:
                answer = self._client.request("POST", url, value=Refresh(refresh_token=refresh))
                tokens = decode(answer.body, Tokens)
            except problems.Refusal as refusal:
                if refusal.status in (400, 401, 403):
                    self._access = ""
                    raise problems.session_ended() from refusal
                raise
            except WireError as error:
                raise problems.not_ours(str(error)) from error
            self._keep(tokens)
            return self._access

    def forget(self) -> None:
        """Nobody is signed in any more."""
        with self._lock:
            if self._user:
                self._secrets.forget(self._user)
            self._user = self._access = self._refresh = ""

    def _keep(self, tokens: Tokens) -> None:
        # Kept before it is used: the server takes the old one back only while the new one was never seen.
        try:
            self._secrets.write(self._user, tokens.refresh_token)
        except (OSError, Problem) as error:
            log.warning("the sign-in could not be kept: %s", error)
        self._refresh, self._access = tokens.refresh_token, tokens.access_token
