"""Bytes there and back: the only importer of ``requests``. Imported when the network is first needed (``client``)."""

from __future__ import annotations

import contextlib
import logging
import os
import ssl
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import requests
import truststore
import urllib3
from requests.adapters import HTTPAdapter

from desktop.errors import Problem
from desktop.sync import problems
from desktop.sync.proxies import Proxies

log = logging.getLogger(__name__)
# A head that was cut is told by whoever reads it. The warning of the library would write whole addresses with their
# signatures into the log.
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)

CONNECT_S = 8.0
READ_S = 25.0
CHUNK = 256 * 1024
NEVER_CONNECTED = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.ProxyError,
    ssl.SSLCertVerificationError,
)
"""Failures that come before the first byte of a request."""
CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class Reply:
    """An answer whose body is still on its way.

    Attributes:
        status: the HTTP status.
        headers: their names in any case.
        verified: it came over a connection whose certificate was verified.
    """

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.verified = (response.url or "").startswith("https:")

    def read(self, most: int = CHUNK) -> bytes:
        """Up to ``most`` bytes as they were sent, as soon as there is anything; empty at the end.

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

    def parts(self) -> Iterator[bytes]:
        """The whole body, unpacked, in parts of up to 256 KiB.

        Raises:
            Problem: as ``read``.
        """
        try:
            yield from self._response.raw.stream(CHUNK, decode_content=True)
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


class Transport:
    """Connections to one server after another. Thread-safe: each thread has its own session."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        """``headers`` go with every request."""
        self._headers = headers
        self._context = trust_context()
        self._proxies = Proxies()
        self._generation = 0
        self._local = threading.local()
        self._sessions: list[requests.Session] = []
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def open(self, method: str, url: str, headers: Mapping[str, str], data: bytes | None) -> Iterator[Reply]:
        """Ask; the reply is there as soon as its headers are, and ends with the context.

        Raises:
            Problem: the ways of not getting there (see ``problems``).
        """
        try:
            response = self._session().request(
                method,
                url,
                data=data,
                headers=headers,
                timeout=(CONNECT_S, READ_S),
                stream=True,
                # The token goes to the address that was asked and nowhere else.
                allow_redirects=False,
                proxies=self._proxies.of(url),
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError) as error:
            raise translated(error, body=False) from error
        try:
            yield Reply(response)
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
            session.headers.update(self._headers)
            session.mount("https://", _TrustAdapter(self._context))
            self._local.session, self._local.generation = session, self._generation
            with self._lock:
                self._sessions.append(session)
        return session

    def proxy_of(self, url: str) -> str:
        """The proxy that requests to ``url`` go through; empty for none.

        Raises:
            Problem: ``proxy``.
        """
        return next(iter(self._proxies.of(url).values()), "")

    def start_afresh(self) -> None:
        """Connections that were kept open lead nowhere any more, and the proxy may be another. Requests that are under
        way go on. From any thread."""
        self._proxies.forget()
        self._generation += 1

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            sessions, self._sessions = self._sessions, []
        for session in sessions:
            session.close()
        self._local = threading.local()


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
