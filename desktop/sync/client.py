"""Questions to the program server and its answers; every failure is told apart (see ``problems``).

What carries them (``transport``) is imported with the first question: a start need not wait for it.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from desktop.errors import Problem
from desktop.sync import problems
from protocol import (
    CLIENT_HEADER,
    DIGEST_HEADER,
    PROTOCOL_HEADER,
    PROTOCOL_VERSION,
    SERVER_TIME_HEADER,
    errors,
)
from protocol.errors import ErrorBody
from protocol.wire import WireError, decode, digest, encode

if TYPE_CHECKING:
    from desktop.sync.transport import Reply, Transport

WHOLE_S = 90.0
"""An answer that only trickles is given up after this."""
ANSWER_LIMIT = 16 * 1024 * 1024
"""Bytes of an answer that is kept in memory. Pages have 200 kB, the largest manifests a few MB."""
OLDEST_SERVER_PROTOCOL = 1
Taker = Callable[[Iterator[bytes]], None]
"""Takes the body of an answer while it comes."""


@dataclass(frozen=True)
class Answer:
    """A whole answer of status 2xx or 304."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """Requests to one server after another. Thread-safe."""

    def __init__(
        self,
        heard: Callable[[datetime], None],
        version: str = "",
        password_of: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        """``heard`` is told the server's time at each answer; ``version`` is ours, for the server's log;
        ``password_of`` gives what was typed for a proxy (``proxies.login``)."""
        self._heard = heard
        self._password_of = password_of
        self._headers = {CLIENT_HEADER: f"Haversack/{version or '0'}", "Accept": "application/json"}
        self._made: Transport | None = None
        self._lock = threading.Lock()

    def _transport(self) -> Transport:
        from desktop.sync.transport import Transport

        with self._lock:
            if self._made is None:
                self._made = Transport(self._headers, self._password_of)
            return self._made

    def request(
        self,
        method: str,
        url: str,
        *,
        bearer: str = "",
        value: Any = None,
        headers: Mapping[str, str] | None = None,
        into: Taker | None = None,
    ) -> Answer:
        """One request; ``value`` is sent as the protocol's JSON, bytes as they are. With ``into`` the body of an answer
        of status 200 goes there, in pieces as they come, and the answer that is returned has none.

        Raises:
            Problem: see ``problems``; a ``Refusal`` when the program server itself said no.
        """
        began = time.monotonic()
        with self._open(method, url, bearer, value, headers) as reply:
            if into is None or reply.status != 200 or not is_ours(reply):
                return self._judge(reply, b"".join(self._limited(reply, began)))
            answer = self._judge(reply, b"")
            into(self._limited(reply))
            return answer

    @contextlib.contextmanager
    def stream(self, url: str, headers: Mapping[str, str]) -> Iterator[Reply]:
        """A GET whose answer (200, 206 or 416) is read by the caller.

        Raises:
            Problem: as ``request``.
        """
        with self._open("GET", url, "", None, {**headers, "Accept-Encoding": "identity"}) as reply:
            if reply.status not in (200, 206, 416):
                body = b"".join(self._limited(reply, time.monotonic()))
                if not is_ours(reply):
                    # A web server or an object store that sends files in the program's place, in its own words.
                    if reply.status in (404, 410):
                        raise problems.file_missing(f"HTTP {reply.status}")
                    if reply.status == 403:
                        raise problems.address_refused("HTTP 403")
                self._judge(reply, body)
                raise problems.not_ours(f"HTTP {reply.status} for a file")
            yield reply

    def proxy_of(self, url: str) -> str:
        """The proxy that requests to ``url`` go through; empty for none.

        Raises:
            Problem: ``proxy_socks``.
        """
        return self._transport().proxy_of(url)

    def proxy_trouble(self, url: str) -> Problem | None:
        """Why nobody knows the proxy for ``url`` although a script of the network should say; None when all is well."""
        broken = self._transport().proxies.broken(url)
        return problems.proxy_script(broken) if broken else None

    def asking_proxy(self) -> str:
        """Host and port of the proxy that wants a password; empty if none does."""
        return self._made.proxies.asking if self._made is not None else ""

    def start_afresh(self) -> None:
        """The network is another one, or the computer slept: connections that were kept open lead nowhere, and the
        proxy may be another. Requests that are under way go on. From any thread."""
        if self._made is not None:
            self._made.start_afresh()

    def close(self) -> None:
        """Close the connections of all threads."""
        if self._made is not None:
            self._made.close()

    def _open(
        self, method: str, url: str, bearer: str, value: Any, headers: Mapping[str, str] | None
    ) -> contextlib.AbstractContextManager[Reply]:
        sent = {PROTOCOL_HEADER: str(PROTOCOL_VERSION), **(headers or {})}
        if bearer:
            sent["Authorization"] = f"Bearer {bearer}"
        data = None
        if value is not None:
            data = value if isinstance(value, bytes) else encode(value)
            sent.setdefault("Content-Type", "application/json")
            sent[DIGEST_HEADER] = digest(data)
        return self._transport().open(method, url, sent, data)

    @staticmethod
    def _limited(reply: Reply, began: float | None = None) -> Iterator[bytes]:
        """The body, as long as an answer may be; as long as it may take, where it ``began`` at a moment that counts."""
        size = 0
        for part in reply.parts():
            size += len(part)
            if size > ANSWER_LIMIT:
                raise problems.not_ours(f"an answer of more than {ANSWER_LIMIT} bytes")
            if began is not None and time.monotonic() - began > WHOLE_S:
                raise problems.timeout("the answer only trickled")
            yield part

    def _judge(self, reply: Reply, body: bytes) -> Answer:
        require_whole(reply, body)
        status, ours = reply.status, PROTOCOL_HEADER in reply.headers
        if ours:
            self._listen(reply.headers)
        if 300 <= status < 400 and status != 304:
            detail = f"HTTP {status} to {reply.headers.get('Location', '')[:120]}"
            # No portal can show the server's certificate: what comes over a verified connection is its own word.
            raise problems.moved(detail) if reply.verified or ours else problems.captive_portal(detail)
        if status == 407 and reply.through_proxy:
            raise problems.proxy_password(f"HTTP {status}")
        if status >= 400:
            raise failure(status, reply.headers, body, ours=ours)
        if not ours:
            raise problems.captive_portal("a page came") if is_html(reply) else problems.not_ours("no header")
        return Answer(status, reply.headers, body)

    def _listen(self, headers: Mapping[str, str]) -> None:
        spoken = headers.get(PROTOCOL_HEADER, "")
        if spoken.isascii() and spoken.isdecimal() and int(spoken[:6]) < OLDEST_SERVER_PROTOCOL:
            raise problems.too_new(f"the server speaks {spoken[:6]}")
        moment = server_time(headers)
        if moment is not None:
            self._heard(moment)


def failure(status: int, headers: Mapping[str, str], body: bytes, *, ours: bool) -> Problem:
    """What an answer of status 400 or more means. Only the program server's own words are a refusal."""
    retry_after_s = _seconds(headers.get("Retry-After", ""))
    detail = f"HTTP {status}"
    if ours:
        with contextlib.suppress(WireError):
            said = decode(body, ErrorBody)
            if said.code == errors.CHANGED_ON_THE_WAY:
                return problems.truncated(said.code)
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


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """The server's clock as it answered, None where it did not say."""
    try:
        moment = datetime.fromisoformat(headers.get(SERVER_TIME_HEADER, ""))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def is_ours(reply: Reply) -> bool:
    """Whether the program server itself answers, and not something that stands before it or in its place."""
    return PROTOCOL_HEADER in reply.headers


def require_whole(reply: Reply, body: bytes) -> None:
    """See that a body is what the server sent, where it says what that was. Over TLS nothing else can come; over plain
    HTTP a token or a number with another digit would be believed, and kept.

    An answer that ended before its head did is taken by the standard library for one whose head ends there: what is
    missing then is any word of how long the body is.

    Raises:
        Problem: ``truncated``.
    """
    length_said = "Content-Length" in reply.headers or "Transfer-Encoding" in reply.headers
    if reply.status in (200, 201) and not body and not length_said:
        raise problems.truncated("in the head of the answer")
    said = reply.headers.get(DIGEST_HEADER)
    if said is not None and said != digest(body):
        raise problems.truncated("bytes were changed on the way")


def is_html(reply: Reply) -> bool:
    """Whether what comes says of itself that it is a page."""
    return "html" in reply.headers.get("Content-Type", "").lower()


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
