"""A small HTTP proxy for tests: CONNECT and plain requests, with a password where one is wanted.

Names that nobody knows lead to the given port of this computer, so that a test can ask for ``learn.test``.
"""

from __future__ import annotations

import base64
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

WANTED = (
    b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=gate\r\nContent-Length: 0\r\n\r\n"
)


class SmallProxy:
    """``asked``: the first line of each request; ``refused``: how often a password was missing or wrong."""

    def __init__(self, port: int, login: str = "", context: ssl.SSLContext | None = None) -> None:
        """``port``: where every name leads; ``login``: ``user:password``; ``context``: it is spoken to over TLS."""
        self.asked: list[str] = []
        self.logins: list[str] = []
        self.refused = 0
        self.url = ""
        self._port = port
        self._login = login
        self._context = context
        self._open: set[socket.socket] = set()

    @contextmanager
    def running(self) -> Iterator[SmallProxy]:
        """Serve until the block ends."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            kind = "https://localhost" if self._context else "http://127.0.0.1"
            self.url = f"{kind}:{listening.getsockname()[1]}"
            threads: list[threading.Thread] = []

            def accept() -> None:
                with suppress(OSError):
                    while True:
                        connection, _ = listening.accept()
                        self._open.add(connection)
                        threads.append(threading.Thread(target=self._serve, args=(connection,), name="small-proxy"))
                        threads[-1].start()

            accepting = threading.Thread(target=accept, name="small-proxy-accept")
            accepting.start()
            try:
                yield self
            finally:
                listening.shutdown(socket.SHUT_RDWR)
                accepting.join()
                for connection in list(self._open):
                    with suppress(OSError):
                        connection.shutdown(socket.SHUT_RDWR)
                for thread in threads:
                    thread.join()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), self._secured(connection) as connection:
            while (head := _head(connection)) is not None:
                lines = head.decode("latin-1").split("\r\n")
                self.asked.append(lines[0])
                headers = {
                    name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
                }
                if not self._may(headers.get("proxy-authorization", "")):
                    self.refused += 1
                    connection.sendall(WANTED)
                    continue
                method, target, version = lines[0].split(" ")
                with socket.create_connection(("127.0.0.1", self._port)) as server:
                    if method == "CONNECT":
                        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    else:
                        path = urlsplit(target)
                        query = f"?{path.query}" if path.query else ""
                        kept = [line for line in lines[1:] if not line.lower().startswith("proxy-")]
                        server.sendall("\r\n".join([f"{method} {path.path}{query} {version}", *kept]).encode("latin-1"))
                    _relay(connection, server)
                return
        self._open.discard(connection)

    def _secured(self, connection: socket.socket) -> socket.socket:
        if self._context is None:
            return connection
        self._open.discard(connection)
        secured = self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        self._open.add(secured)
        return secured

    def _may(self, said: str) -> bool:
        if not self._login:
            return True
        kind, _, token = said.partition(" ")
        if kind == "Basic":
            self.logins.append(base64.b64decode(token).decode())
            return self.logins[-1] == self._login
        return False


def _head(connection: socket.socket) -> bytes | None:
    """Up to the empty line and with it; None when the other side has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65_536)
        if not part:
            return None
        data += part
    return data


def _relay(one: socket.socket, other: socket.socket) -> None:
    while True:
        for ready in select.select([one, other], [], [], 10)[0]:
            data = ready.recv(65_536)
            if not data:
                return
            (other if ready is one else one).sendall(data)
