"""Requests in the name of the learner: address, token, and one try again with a fresh token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from desktop.sync import problems
from desktop.sync.client import Answer, Client, Taker, absolute
from desktop.sync.tokens import Keys
from protocol.wire import WireError, decode

T = TypeVar("T")


class Api:
    """What ``push``, ``pull`` and the rest ask. Thread-safe."""

    def __init__(self, client: Client, tokens: Keys, address: Callable[[], str]) -> None:
        self.client = client
        self.tokens = tokens
        self._address = address

    def url(self, path: str) -> str:
        """The absolute address of ``path``.

        Raises:
            Problem: the server's address is not known now (started offline), or ``path`` leads elsewhere.
        """
        return absolute(self._address(), path)

    def ready(self) -> None:
        """See that a request could be made in the learner's name: before anything is taken up to be sent.

        Raises:
            Problem: as ``ask``; nothing that waits has left this computer then.
        """
        self.url("/")
        self.tokens.access()

    def ask(
        self,
        method: str,
        path: str,
        value: Any = None,
        headers: Mapping[str, str] | None = None,
        into: Taker | None = None,
    ) -> Answer:
        """A request with the learner's token; a stale one is renewed once. ``into``: see ``Client.request``.

        Raises:
            Problem: see ``problems``; ``session_ended`` when signing in again is what helps.
        """
        url = self.url(path)
        token = self.tokens.access()
        try:
            return self.client.request(method, url, bearer=token, value=value, headers=headers, into=into)
        except problems.Refusal as refusal:
            if refusal.status != 401:
                raise
        token = self.tokens.renewed(token)
        try:
            return self.client.request(method, url, bearer=token, value=value, headers=headers, into=into)
        except problems.Refusal as refusal:
            if refusal.status == 401:
                raise problems.session_ended() from refusal
            raise

    def get(self, path: str, kind: type[T]) -> T:
        """The answer to a GET, decoded. Raises as ``ask``."""
        return self.read(self.ask("GET", path), kind)

    def post(self, path: str, value: Any, kind: type[T]) -> T:
        """The answer to a POST, decoded. Raises as ``ask``."""
        return self.read(self.ask("POST", path, value), kind)

    @staticmethod
    def read(answer: Answer, kind: type[T]) -> T:
        """Decode an answer.

        Raises:
            Problem: ``not_ours``.
        """
        try:
            return decode(answer.body, kind)
        except WireError as error:
            raise problems.not_ours(f"an answer that is no {kind.__name__}: {error}") from error
