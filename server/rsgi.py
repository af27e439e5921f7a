"""The WSGI application behind granian's asynchronous front: slow learners cost no thread.

A thread is taken only while Django works. The body is read before, within a size and a time; a file is sent by granian
itself after. So twenty learners on a slow link who download a lecture, or one who never finishes a request, keep
nobody waiting, with no web server in front.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, Protocol
from urllib.parse import unquote_to_bytes

from protocol import errors
from protocol.wire import encode
from server.api.headers import protocol_headers
from server.refusals import RefusedError, server_fault, too_large

log = logging.getLogger("server")

BODY_WITHIN_S: Final = 120.0
"""So long a body may take to arrive: 400 kB over the slowest of modems."""
Headers = list[tuple[str, str]]


class _Headers(Protocol):
    def get(self, key: str, default: Any = None) -> Any: ...
    def items(self) -> Iterable[tuple[str, str]]: ...


class _Scope(Protocol):
    proto: str
    http_version: str
    client: str
    server: str
    scheme: str
    method: str
    path: str
    query_string: str
    headers: _Headers


@dataclass(frozen=True)
class FileRange:
    """Bytes ``start`` to ``end`` (exclusive) of a file are the body."""

    path: str
    start: int
    end: int


@dataclass(frozen=True)
class Answer:
    """What goes out."""

    status: int
    headers: Headers
    body: bytes | FileRange


class Front:
    """What granian calls for every request, in the event loop of the worker process."""

    def __init__(self, application: Callable[..., Any], threads: int, body_limit: int) -> None:
        self._application = application
        self._body_limit = body_limit
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="django")

    def __rsgi_del__(self, _loop: object) -> None:
        """The worker ends: what is being answered is finished first."""
        self._pool.shutdown()

    async def __rsgi__(self, scope: _Scope, protocol: Any) -> None:
        """One request."""
        try:
            body = await self._body(scope, protocol)
        except RefusedError as error:
            answer = _refusal(error)
        except TimeoutError:
            answer = _refusal(_too_slow())
        else:
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._pool, self._answer, scope, body)
        _send(protocol, answer)

    async def _body(self, scope: _Scope, protocol: Any) -> bytes:
        announced = scope.headers.get("content-length") or ""
        if announced.isdecimal() and int(announced[:18]) > self._body_limit:
            raise too_large()
        if not announced and scope.headers.get("transfer-encoding") is None:
            return b""
        parts: list[bytes] = []
        size = 0
        async with asyncio.timeout(BODY_WITHIN_S):
            async for part in protocol:
                size += len(part)
                if size > self._body_limit:
                    raise too_large()
                parts.append(bytes(part))
        return b"".join(parts)

    def _answer(self, scope: _Scope, body: bytes) -> Answer:
        """In a thread of the pool, where Django's connections to the database live."""
        started: list[Any] = []

        def start(status: str, headers: Headers, _exception: object = None) -> None:
            started[:] = [int(status.partition(" ")[0]), headers]

        try:
            response = self._application(_environ(scope, body), start)
            try:
                found = getattr(response, "file_range", None)
                content = found if isinstance(found, FileRange) else b"".join(response)
            finally:
                if hasattr(response, "close"):
                    response.close()
        except Exception:  # last resort: Django answers for its own exceptions; this is one of the middleware or ours
            log.exception("A request could not be answered")
            return _refusal(server_fault())
        return Answer(started[0], started[1], content)


def _environ(scope: _Scope, body: bytes) -> dict[str, Any]:
    client, _, client_port = scope.client.rpartition(":")
    server, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client.strip("[]"),
        "REMOTE_PORT": client_port,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # X_Forwarded_For would pass for X-Forwarded-For, which only the web server in front may say
        key = name.upper().replace("-", "_")
        if key == "CONTENT_LENGTH":
            continue
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        environ[key] = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}" if key in environ else value
    return environ


def _send(protocol: Any, answer: Answer) -> None:
    if isinstance(answer.body, FileRange):
        body = answer.body
        protocol.response_file_range(answer.status, answer.headers, body.path, body.start, body.end)
    elif answer.body:
        protocol.response_bytes(answer.status, answer.headers, answer.body)
    else:
        protocol.response_empty(answer.status, answer.headers)


def _refusal(error: RefusedError) -> Answer:
    said = {"Content-Type": "application/json", "Connection": "close", **protocol_headers()}
    return Answer(error.status, [(name.lower(), value) for name, value in said.items()], encode(error.body))


def _too_slow() -> RefusedError:
    return RefusedError(
        errors.BAD_REQUEST, "This request took too long to arrive.", "Try again on a better connection.", status=408
    )
