"""Bytes there and back: the only importer of ``requests``. Imported when the network is first needed (``client``)."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import re
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
import truststore
import urllib3
from requests.adapters import HTTPAdapter

from desktop.errors import Problem
from desktop.sync import problems
from desktop.sync.proxies import Proxies, name_of

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
TUNNEL_WANTS_PASSWORD = re.compile(r"Tunnel connection failed: 407\b")
CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class Reply:
    """An answer whose body is still on its way.

    Attributes:
        status: the HTTP status.
        headers: their names in any case.
        verified: it came over a connection whose certificate was verified.
        through_proxy: a proxy that is set was asked for it.
    """

    def __init__(self, response: requests.Response, *, through_proxy: bool) -> None:
        self._response = response
        self.through_proxy = through_proxy
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
        """The whole body, unpacked, in parts of up to 256 KiB, each as soon as it is there.

        Raises:
            Problem: as ``read``.
        """
        if not self.headers.get("Content-Encoding"):
            while part := self.read():
                yield part
            return
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


class _PlainAdapter(HTTPAdapter):
    """Verifies, with the given context, a proxy that is spoken to over TLS."""

    def __init__(self, trust: Callable[[], ssl.SSLContext]) -> None:
        self._trust = trust
        super().__init__(pool_connections=4, pool_maxsize=4, max_retries=0)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """The connections through a proxy."""
        if proxy.lower().startswith("https:"):
            proxy_kwargs["proxy_ssl_context"] = self._trust()
        return super().proxy_manager_for(proxy, **proxy_kwargs)


class _TrustAdapter(_PlainAdapter):
    """Verifies the server with the context as well, and nothing else; requests would add a bundle of its own."""

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        """The key of a pool: our context takes the place of a bundle's path."""
        host, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {"ssl_context": self._trust(), "cert_reqs": "CERT_REQUIRED"}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing to set on the connection: the context says it all."""


class Transport:
    """Connections to one server after another. Thread-safe: each thread has its own session."""

    def __init__(self, headers: Mapping[str, str], password_of: Callable[[str], str | None] = lambda _: None) -> None:
        """``headers`` go with every request; ``password_of``: see ``Proxies``."""
        self._headers = headers
        # Reading the system's certificates takes 35 ms: once, and not for a server on this computer.
        self._trust = functools.cache(trust_context)
        self.proxies = Proxies(password_of)
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
        response, proxy = self._answer(method, url, headers, data)
        try:
            yield Reply(response, through_proxy=bool(proxy))
        finally:
            response.close()

    def _answer(
        self, method: str, url: str, headers: Mapping[str, str], data: bytes | None
    ) -> tuple[requests.Response, str]:
        """An answer, and the proxy that it came through: the first, or none, by which the request gets anywhere."""
        ways = self.proxies.of(url)
        for number, proxy in enumerate(ways, 1):
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
                    proxies={urlsplit(url).scheme: proxy} if proxy else {},
                )
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError) as error:
                problem = translated(error, body=False)
                if problem.code == problems.PROXY_PASSWORD:
                    self.proxies.wants_password(proxy)
                elif isinstance(problem, problems.Untaken) and number < len(ways):
                    log.info("no way through %s: %s", name_of(proxy) or "the network itself", problem.code)
                    continue
                else:
                    problem = self._seen_through(problem, url)
                raise problem from error
            if proxy and response.status_code == 407:
                self.proxies.wants_password(proxy)
            elif proxy:
                self.proxies.let_through(proxy)
            return response, proxy
        raise AssertionError("there is a way, be it the direct one")

    def _seen_through(self, problem: Problem, url: str) -> Problem:
        """A failure as it is, given what is known of proxies."""
        broken = self.proxies.broken(url) if problem.code in (problems.OFFLINE, problems.TIMEOUT) else ""
        self.proxies.did_not_get_through(url)
        if broken:
            found = problems.proxy_script(broken)
            return problems.Untaken(found.code, found.text, found.way_out, detail=found.detail)
        return problem

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
            session.mount("https://", _TrustAdapter(self._trust))
            session.mount("http://", _PlainAdapter(self._trust))
            self._local.session, self._local.generation = session, self._generation
            with self._lock:
                self._sessions.append(session)
        return session

    def proxy_of(self, url: str) -> str:
        """The proxy that requests to ``url`` go through first; empty for none.

        Raises:
            Problem: ``proxy_socks``.
        """
        return self.proxies.of(url)[0]

    def start_afresh(self) -> None:
        """Connections that were kept open lead nowhere any more, and the proxy may be another. Requests that are under
        way go on. From any thread."""
        self.proxies.forget()
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
    if any(TUNNEL_WANTS_PASSWORD.search(str(part)) for part in chain):
        return problems.proxy_password(detail)
    if has(requests.exceptions.ProxyError, urllib3.exceptions.ProxyError):
        return problems.proxy(detail)
    if has(ssl.SSLCertVerificationError, requests.exceptions.SSLError, urllib3.exceptions.SSLError):
        return problems.tls(detail)
    if has(requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError) and not has(
        urllib3.exceptions.NewConnectionError
    ):
        return problems.timeout(detail)
    return problems.truncated(detail) if body else problems.offline(detail)
