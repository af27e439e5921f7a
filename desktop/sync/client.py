"""HTTP: the only importer of ``requests``. One session per thread; every failure is told apart (see ``problems``)."""

from __future__ import annotations

import contextlib
import logging
import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import truststore
import urllib3
from requests.adapters import HTTPAdapter

from desktop.errors import Problem
from desktop.sync import problems
from desktop.sync.proxies import Proxies
from protocol import CLIENT_HEADER, PROTOCOL_HEADER, PROTOCOL_VERSION, SERVER_TIME_HEADER
from protocol.errors import ErrorBody
from protocol.wire import WireError, decode, encode

log = logging.getLogger(__name__)

CONNECT_S = 8.0
READ_S = 25.0
WHOLE_S = 90.0
"""An answer that only trickles is given up after this."""
ANSWER_LIMIT = 16 * 1024 * 1024
"""Bytes of an answer that is kept in memory. Pages have 200 kB, the largest manifests a few MB."""
CHUNK = 256 * 1024
OLDEST_SERVER_PROTOCOL = 1
NEVER_CONNECTED = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.ProxyError,
    ssl.SSLCertVerificationError,
)
"""Failures that come before the first byte of a request."""
CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@dataclass(frozen=True)
class Answer:
    """A whole answer of status 2xx or 304."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Stream:
    """An answer that is read piece by piece."""

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers

    def read(self) -> bytes:
        """Up to 256 KiB, as soon as there is anything; empty at the end.

        Raises:
            Problem: ``truncated``, ``timeout``.
        """
        try:
            return bytes(self._response.raw.read1(CHUNK, decode_content=False))
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise translated(error, body=True) from error


def trust_context() -> ssl.SSLContext:
    """The system's certificates, and those that the environment names: resolved once, not at each request."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for variable in CA_VARIABLES:
        named = os.environ.get(variable, "")
        try:
            if os.path.isfile(named):  # noqa: PTH113 (as the variable says it)
                context.load_verify_locations(cafile=named)
            elif os.path.isdir(named):  # noqa: PTH112
                context.load_verify_locations(capath=named)
        except (ssl.SSLError, OSError) as error:
            log.warning("the certificates that %s names cannot be read: %s", variable, error)
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
        self._proxies = Proxies()
        self._generation = 0
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
                self._judge(response, self._whole(response, time.monotonic()))
                raise problems.not_ours(f"HTTP {response.status_code} for a file")
            if response.status_code != 416 and PROTOCOL_HEADER not in response.headers and _is_html(response):
                raise problems.captive_portal("a page instead of a file")
            yield Stream(response)

    def proxy_of(self, url: str) -> str:
        """The proxy that requests to ``url`` go through; empty for none.

        Raises:
            Problem: ``proxy``.
        """
        return next(iter(self._proxies.of(url).values()), "")

    def start_afresh(self) -> None:
        """The network is another one, or the computer slept: connections that were kept open lead nowhere, and the
        proxy may be another. Requests that are under way go on. From any thread."""
        self._proxies.forget()
        self._generation += 1

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
                proxies=self._proxies.of(url),
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError) as error:
            raise translated(error, body=False) from error
        try:
            yield response
        finally:
            response.close()

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is not None and self._local.generation != self._generation:
            session.close()
            with self._lock, contextlib.suppress(ValueError):
                self._sessions.remove(session)
            session = None
        if session is None:
            session = requests.Session()
            session.trust_env = False
            session.headers[CLIENT_HEADER] = f"Haversack/{self._version or '0'}"
            session.headers["Accept"] = "application/json"
            session.mount("https://", _TrustAdapter(self._context))
            self._local.session, self._local.generation = session, self._generation
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
            detail = f"HTTP {status} to {response.headers.get('Location', '')[:120]}"
            # No portal can show the server's certificate: what comes over a verified connection is its own word.
            verified = (response.url or "").startswith("https:")
            raise problems.moved(detail) if verified or ours else problems.captive_portal(detail)
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
    retry_after_s = _seconds(headers.get("Retry-After", ""))
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
    if status in (403, 451):
        return problems.blocked(detail)
    if status == 413:
        return problems.too_large(detail)
    if status == 429:
        return problems.rate_limited(detail, retry_after_s)
    if status >= 500:
        return problems.server_fault(detail, retry_after_s)
    return problems.not_ours(detail)


def _seconds(wait: str) -> int | None:
    """``Retry-After``: a number of seconds, or a date."""
    if wait.isascii() and wait.isdecimal() and len(wait) < 7:
        return int(wait)
    try:
        moment = parsedate_to_datetime(wait)
    except ValueError:
        return None
    return max(0, round((moment - datetime.now(moment.tzinfo)).total_seconds())) if moment.tzinfo else None


def _is_html(response: requests.Response) -> bool:
    return "html" in response.headers.get("Content-Type", "").lower()


def translated(error: Exception, *, body: bool) -> Problem:
    """A failure of the transport. ``body``: the answer had begun."""
    chain: list[BaseException] = []
    todo: list[object] = [error]
    while todo:
        part = todo.pop()
        if isinstance(part, BaseException) and part not in chain:
            chain.append(part)
            todo += [part.__cause__, part.__context__, getattr(part, "reason", None), *part.args]
    detail = f"{type(error).__name__}: {error}"[:300]
    found = _named(chain, detail, body=body)
    if any(isinstance(part, NEVER_CONNECTED) for part in chain):
        return problems.Untaken(found.code, found.text, found.way_out, detail=detail)
    return found


def _named(chain: list[BaseException], detail: str, *, body: bool) -> Problem:
    def has(*kinds: type[BaseException]) -> bool:
        return any(isinstance(part, kinds) for part in chain)

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
