"""HTTP: the only importer of ``requests``. One session per thread; every failure is told apart (see ``problems``)."""

from __future__ import annotations

import contextlib
import os
import ssl
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import truststore
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import should_bypass_proxies

from desktop.errors import Problem
from desktop.sync import problems
from protocol import CLIENT_HEADER, PROTOCOL_HEADER, PROTOCOL_VERSION, SERVER_TIME_HEADER
from protocol.errors import ErrorBody
from protocol.wire import WireError, decode, encode

CONNECT_S = 8.0
READ_S = 25.0
WHOLE_S = 90.0
"""An answer that only trickles is given up after this."""
ANSWER_LIMIT = 16 * 1024 * 1024
"""Bytes of an answer that is kept in memory. Pages have 200 kB, the largest manifests a few MB."""
CHUNK = 256 * 1024
OLDEST_SERVER_PROTOCOL = 1
CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@dataclass(frozen=True)
class Answer:
    """A whole answer of status 2xx or 304."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Stream:
    """An answer that is read piece by piece.

    Attributes:
        ours: the program server itself answers, and not something that stands before it or in its place.
        html: what comes says of itself that it is a page.
    """

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.ours = PROTOCOL_HEADER in response.headers
        self.html = _is_html(response)

    def read(self, most: int = CHUNK) -> bytes:
        """Up to ``most`` bytes, as soon as there is anything; empty at the end.

        Raises:
            Problem: ``truncated``, ``timeout``.
        """
        try:
            return bytes(self._response.raw.read1(most, decode_content=False))
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise translated(error, body=True) from error

    def abort(self) -> None:
        """End it from any thread: whoever reads is woken and told that the connection broke off."""
        with contextlib.suppress(OSError, ValueError):  # it ended by itself in this moment
            self._response.raw.shutdown()


def trust_context() -> ssl.SSLContext:
    """The system's certificates, and those that the environment names: resolved once, not at each request."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for variable in CA_VARIABLES:
        if (named := os.environ.get(variable)) and os.path.isfile(named):  # noqa: PTH113 (as the variable says it)
            context.load_verify_locations(cafile=named)
    return context


class _TrustAdapter(HTTPAdapter):
    """Verifies with the given context and nothing else; requests would add a bundle of its own."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(pool_connections=4, pool_maxsize=4, max_retries=0)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        """The key of a pool: our context takes the place of a bundle's path."""
        host, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {"ssl_context": self._context, "cert_reqs": "CERT_REQUIRED"}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing to set on the connection: the context says it all."""


class Client:
    """Requests to one server after another. Thread-safe: each thread has its own session."""

    def __init__(self, heard: Callable[[datetime], None], version: str = "") -> None:
        """``heard`` is told the server's time at each answer; ``version`` is ours, for the server's log."""
        self._heard = heard
        self._version = version
        self._context = trust_context()
        self._proxies = urllib.request.getproxies()
        self._local = threading.local()
        self._sessions: list[requests.Session] = []
        self._lock = threading.Lock()

    def request(
        self,
        method: str,
        url: str,
        *,
        bearer: str = "",
        value: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request; ``value`` is sent as the protocol's JSON.

        Raises:
            Problem: see ``problems``; a ``Refusal`` when the program server itself said no.
        """
        began = time.monotonic()
        with self._open(method, url, bearer, value, headers) as response:
            body = self._whole(response, began)
            return self._judge(response, body)

    @contextlib.contextmanager
    def stream(self, url: str, headers: Mapping[str, str]) -> Iterator[Stream]:
        """A GET whose answer (200, 206 or 416) is read by the caller.

        Raises:
            Problem: as ``request``.
        """
        with self._open("GET", url, "", None, {**headers, "Accept-Encoding": "identity"}) as response:
            if response.status_code not in (200, 206, 416):
                body = self._whole(response, time.monotonic())
                if PROTOCOL_HEADER not in response.headers:
                    # A web server or an object store that sends files in the program's place, in its own words.
                    if response.status_code in (404, 410):
                        raise problems.file_missing(f"HTTP {response.status_code}")
                    if response.status_code == 403:
                        raise problems.address_refused("HTTP 403")
                self._judge(response, body)
                raise problems.not_ours(f"HTTP {response.status_code} for a file")
            yield Stream(response)

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            sessions, self._sessions = self._sessions, []
        for session in sessions:
            session.close()
        self._local = threading.local()

    @contextlib.contextmanager
    def _open(
        self, method: str, url: str, bearer: str, value: Any, headers: Mapping[str, str] | None
    ) -> Iterator[requests.Response]:
        sent = {PROTOCOL_HEADER: str(PROTOCOL_VERSION), **(headers or {})}
        if bearer:
            sent["Authorization"] = f"Bearer {bearer}"
        data = None
        if value is not None:
            data, sent["Content-Type"] = encode(value), "application/json"
        try:
            response = self._session().request(
                method,
                url,
                data=data,
                headers=sent,
                timeout=(CONNECT_S, READ_S),
                stream=True,
                # The token goes to the address that was asked and nowhere else.
                allow_redirects=False,
                proxies={} if should_bypass_proxies(url, None) else self._proxies,
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError) as error:
            raise translated(error, body=False) from error
        try:
            yield response
        finally:
            response.close()

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.trust_env = False
            session.headers[CLIENT_HEADER] = f"Haversack/{self._version or '0'}"
            session.headers["Accept"] = "application/json"
            session.mount("https://", _TrustAdapter(self._context))
            self._local.session = session
            with self._lock:
                self._sessions.append(session)
        return session

    def _whole(self, response: requests.Response, began: float) -> bytes:
        parts: list[bytes] = []
        size = 0
        try:
            for part in response.raw.stream(CHUNK, decode_content=True):
                parts.append(part)
                size += len(part)
                if size > ANSWER_LIMIT:
                    raise problems.not_ours(f"an answer of more than {ANSWER_LIMIT} bytes")
                if time.monotonic() - began > WHOLE_S:
                    raise problems.timeout("the answer only trickled")
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise translated(error, body=True) from error
        return b"".join(parts)

    def _judge(self, response: requests.Response, body: bytes) -> Answer:
        status, ours = response.status_code, PROTOCOL_HEADER in response.headers
        if ours:
            self._listen(response.headers)
        if 300 <= status < 400 and status != 304:
            raise problems.captive_portal(f"HTTP {status} to {response.headers.get('Location', '')[:120]}")
        if status >= 400:
            raise failure(status, response.headers, body, ours=ours)
        if not ours:
            raise problems.captive_portal("a page came") if _is_html(response) else problems.not_ours("no header")
        return Answer(status, response.headers, body)

    def _listen(self, headers: Mapping[str, str]) -> None:
        spoken = headers.get(PROTOCOL_HEADER, "")
        if spoken.isascii() and spoken.isdecimal() and int(spoken[:6]) < OLDEST_SERVER_PROTOCOL:
            raise problems.too_new(f"the server speaks {spoken[:6]}")
        try:
            moment = datetime.fromisoformat(headers.get(SERVER_TIME_HEADER, ""))
        except ValueError:
            return
        if moment.tzinfo is not None:
            self._heard(moment)


def failure(status: int, headers: Mapping[str, str], body: bytes, *, ours: bool) -> Problem:
    """What an answer of status 400 or more means. Only the program server's own words are a refusal."""
    wait = headers.get("Retry-After", "")
    retry_after_s = int(wait) if wait.isascii() and wait.isdecimal() and len(wait) < 7 else None
    detail = f"HTTP {status}"
    if ours:
        with contextlib.suppress(WireError):
            said = decode(body, ErrorBody)
            if status >= 500:
                return problems.server_fault(detail, retry_after_s)
            return problems.Refusal(said, status, retry_after_s)
    if status == 407:
        return problems.proxy(detail)
    if status == 511:
        return problems.captive_portal(detail)
    if status == 429:
        return problems.rate_limited(detail, retry_after_s)
    if status >= 500:
        return problems.server_fault(detail, retry_after_s)
    return problems.not_ours(detail)


def _is_html(response: requests.Response) -> bool:
    return "html" in response.headers.get("Content-Type", "").lower()


def translated(error: Exception, *, body: bool) -> Problem:
    """A failure of the transport. ``body``: the answer had begun."""
    chain: list[BaseException] = []
    todo: list[object] = [error]
    while todo:
        found = todo.pop()
        if isinstance(found, BaseException) and found not in chain:
            chain.append(found)
            todo += [found.__cause__, found.__context__, getattr(found, "reason", None), *found.args]
    detail = f"{type(error).__name__}: {error}"[:300]

    def has(*kinds: type[BaseException]) -> bool:
        return any(isinstance(found, kinds) for found in chain)

    if has(requests.exceptions.InvalidURL, requests.exceptions.MissingSchema, requests.exceptions.InvalidSchema):
        return problems.not_ours(detail)
    if has(requests.exceptions.ProxyError, urllib3.exceptions.ProxyError):
        return problems.proxy(detail)
    if has(ssl.SSLCertVerificationError, requests.exceptions.SSLError, urllib3.exceptions.SSLError):
        return problems.tls(detail)
    if has(requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError) and not has(
        urllib3.exceptions.NewConnectionError
    ):
        return problems.timeout(detail)
    return problems.truncated(detail) if body else problems.offline(detail)


def absolute(base: str, path: str) -> str:
    """``path`` at the server ``base``. An absolute one must be https, or on the server itself.

    Raises:
        Problem: ``not_ours``.
    """
    url = urljoin(base.rstrip("/") + "/", path.lstrip("/") if path.startswith("/") else path)
    there, here = urlsplit(url), urlsplit(base)
    if there.scheme == "https" or (there.scheme, there.netloc) == (here.scheme, here.netloc):
        return url
    raise problems.not_ours(f"an address at {there.netloc[:80]}")
