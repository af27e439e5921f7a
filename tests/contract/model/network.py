"""The wire between the real client and the real server code, with everything that wires do to what they carry.

Requests of ``requests`` go to Django's handler in the same thread: everything of both sides is real but the socket,
which ``test_client_learning.py`` has. So thousands of stories take minutes, and each can be told again exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from django.db import OperationalError, connection
from django.http.response import HttpResponseBase
from django.test import Client
from requests.adapters import BaseAdapter, HTTPAdapter

from protocol.actions import Action, ActionBatch
from protocol.wire import WireError, decode

FAULTS = (
    "dropped",  # never arrives
    "answer lost",  # arrives, and nobody hears of it
    "twice",  # arrives two times
    "late",  # is given up by the client and arrives later, after others
    "bad gateway",  # a proxy's page with 502
    "portal",  # a hotel's page with 200
    "cut",  # half of the answer
    "server falls",  # in the middle of its transaction
    "device dies before",
    "device dies after",
)
"""What can happen to a request."""


class DiedError(BaseException):
    """The device's program is gone in this instant, as by SIGKILL: nothing of it may catch this."""


@dataclass(frozen=True)
class Sent:
    """A request as it left the device."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Network:
    """Carries requests to the server; keeps what is late, and every action that was ever on the way."""

    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    late: list[Sent] = field(default_factory=list)
    actions: dict[str, Action] = field(default_factory=dict)

    def deliver(self, sent: Sent) -> HttpResponseBase:
        """To the server."""
        self._remember(sent)
        headers = {name: value for name, value in sent.headers.items() if name.lower() != "content-length"}
        kind = headers.pop("Content-Type", "application/json")
        return self.client.generic(sent.method, sent.path, sent.body, content_type=kind, headers=headers)

    def deliver_late(self, index: int) -> None:
        """What was given up arrives after all."""
        self.deliver(self.late.pop(index % len(self.late)))

    def _remember(self, sent: Sent) -> None:
        if sent.path == "/v1/actions":
            try:
                batch = decode(sent.body, ActionBatch)
            except WireError:
                return
            self.actions |= {action.id: action for action in batch.actions}


@contextmanager
def falling(after: int) -> Iterator[None]:
    """The server's database fails at the ``after``-th statement."""
    left = after

    def fail(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        left -= 1
        # The way back must work, as it does by itself when a process dies
        if left <= 0 and not sql.startswith(("ROLLBACK", "RELEASE", "SAVEPOINT")):
            raise OperationalError("the server fell here")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield


class Wire(BaseAdapter):
    """One device's way to the server. ``coming``: what happens to its next requests; nothing more means all is well."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self._network = network
        self._builder = HTTPAdapter()
        self.coming: list[tuple[str, int]] = []

    def close(self) -> None:
        """Nothing to close."""

    def send(self, request: requests.PreparedRequest, *_arguments: Any, **_options: Any) -> requests.Response:
        """Carry a request, or do to it what is coming."""
        parts = urlsplit(request.url or "")
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        assert isinstance(body, bytes)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        sent = Sent(request.method or "", path, dict(request.headers), body)
        fault, number = self.coming.pop(0) if self.coming else ("", 0)
        if fault == "dropped":
            raise requests.ConnectionError("dropped")
        if fault == "late":
            self._network.late.append(sent)
            raise requests.ReadTimeout("no answer")
        if fault == "device dies before":
            raise DiedError
        if fault in ("bad gateway", "portal"):
            page = b"<html>Good morning</html>"
            return self._answer(request, 502 if fault == "bad gateway" else 200, {"Content-Type": "text/html"}, page)
        if fault == "server falls":
            with falling(number):
                response = self._network.deliver(sent)
        else:
            response = self._network.deliver(sent)
        if fault == "twice":
            response = self._network.deliver(sent)
        if fault == "answer lost":
            raise requests.ReadTimeout("no answer")
        if fault == "device dies after":
            raise DiedError
        data = response.getvalue()
        if fault == "cut":
            data = data[: len(data) // 2]
        return self._answer(request, response.status_code, dict(response.items()), data)

    def _answer(
        self, request: requests.PreparedRequest, status: int, headers: dict[str, str], body: bytes
    ) -> requests.Response:
        raw = urllib3.HTTPResponse(
            body=BytesIO(body), status=status, headers=headers, preload_content=False, decode_content=False
        )
        return self._builder.build_response(request, raw)
