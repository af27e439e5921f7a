"""Access and refresh tokens of the learner who is signed in. One refresh at a time for all threads."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from desktop.errors import NotSignedInError, Problem
from desktop.sync import problems
from desktop.sync.client import Client, absolute
from desktop.sync.secrets import Secrets
from protocol.accounts import Refresh, Tokens
from protocol.wire import WireError, decode

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Held:
    """Who is signed in, and with what; replaced as a whole, so that a reader never mixes two learners."""

    user: str = ""
    access: str = ""
    refresh: str = ""


class Keys(Protocol):
    """Where requests get their access token from."""

    def access(self) -> str:
        """An access token; asks for one if there is none."""

    def renewed(self, stale: str) -> str:
        """Another access token than ``stale``."""


class TokenKeeper:
    """The session of whoever is signed in, one learner at one server."""

    def __init__(self, client: Client, secrets: Secrets, address: Callable[[], str]) -> None:
        self._client = client
        self._secrets = secrets
        self._address = address
        self._lock = threading.Lock()
        self._held = _Held()

    def of(self, user: str) -> TokensOf:
        """The tokens of this user, and of nobody who signs in later."""
        return TokensOf(self, user)

    def begin(self, user: str, tokens: Tokens) -> None:
        """Somebody signed in. ``user`` is ``<server> <account id>``."""
        with self._lock:
            self._keep(user, tokens)

    def resume(self, user: str) -> None:
        """Go on as a learner who signed in before; the refresh token is read when it is needed."""
        with self._lock:
            self._held = _Held(user)

    def access(self, of: str = "") -> str:
        """An access token; asks for one if there is none. ``of``: of this user and nobody else.

        Raises:
            Problem: ``not_signed_in``, ``session_ended``, or whatever keeps the server from answering.
        """
        held = self._held
        if held.access and of in ("", held.user):
            return held.access
        return self.renewed("", of)

    def renewed(self, stale: str, of: str = "") -> str:
        """Another access token than ``stale``. Threads that come with the same stale one wait for one refresh.

        Raises:
            Problem: as ``access``.
        """
        with self._lock:
            held = self._held
            if not held.user or of not in ("", held.user):
                raise NotSignedInError
            if held.access != stale:
                return held.access
            refresh = held.refresh or self._secrets.read(held.user)
            if not refresh:
                raise problems.session_ended()
            url = absolute(self._address(), "/v1/sessions/refresh")
            try:
                answer = self._client.request("POST", url, value=Refresh(refresh_token=refresh))
                tokens = decode(answer.body, Tokens)
            except problems.Refusal as refusal:
                if refusal.status in (400, 401, 403):
                    self._held = _Held(held.user, "", held.refresh)
                    raise problems.session_ended() from refusal
                raise
            except WireError as error:
                raise problems.not_ours(str(error)) from error
            return self._keep(held.user, tokens)

    def leave(self) -> TokenKeeper:
        """Nobody is signed in any more. Returns what can still tell the server so, which keeps no secret anywhere."""
        with self._lock:
            held, self._held = self._held, _Held()
            left = TokenKeeper(self._client, _Nowhere(), self._address)
            if held.user:
                left._held = _Held(held.user, held.access, held.refresh or self._secrets.read(held.user) or "")
                self._secrets.forget(held.user)
        return left

    def _keep(self, user: str, tokens: Tokens) -> str:
        # Kept before it is used: the server takes the old one back only while the new one was never seen.
        try:
            self._secrets.write(user, tokens.refresh_token)
        except (OSError, Problem) as error:
            log.warning("the sign-in could not be kept: %s", error)
        self._held = _Held(user, tokens.access_token, tokens.refresh_token)
        return tokens.access_token


class _Nowhere:
    """A place for secrets that keeps none."""

    def read(self, user: str) -> str | None:
        """None."""

    def write(self, user: str, secret: str) -> None:
        """Nothing is kept."""

    def forget(self, user: str) -> None:
        """There is nothing to forget."""

    def note(self) -> Problem | None:
        """Nothing to say."""


class TokensOf:
    """The tokens of one learner: whoever signs in later on this computer is not served by them.

    A sync worker holds the store of one learner, and what it sends must never go out in the name of another who has
    signed in since.
    """

    def __init__(self, keeper: TokenKeeper, user: str) -> None:
        self._keeper = keeper
        self._user = user

    def access(self) -> str:
        """As ``TokenKeeper.access``; ``not_signed_in`` when somebody else is signed in."""
        return self._keeper.access(self._user)

    def renewed(self, stale: str) -> str:
        """As ``TokenKeeper.renewed``; ``not_signed_in`` when somebody else is signed in."""
        return self._keeper.renewed(stale, self._user)
