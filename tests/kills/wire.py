"""The line between a client and a server, which calls somebody when so many bytes have passed."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable


class Wire:
    """Forwards TCP connections on the loopback interface. ``port`` is where it listens."""

    def __init__(self, to_port: int) -> None:
        self._to = to_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._left = 0
        self._at_end: Callable[[], None] | None = None
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self._begin(self._accept)

    def arm(self, number: int, at_end: Callable[[], None]) -> None:
        """Call ``at_end``, in the thread that carries them, when ``number`` more bytes have passed, either way."""
        with self._lock:
            self._left, self._at_end = number, at_end

    def disarm(self) -> bool:
        """Call nobody any more. Returns whether somebody was still to be called."""
        with self._lock:
            waited, self._at_end = self._at_end is not None, None
            return waited

    def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            sockets = tuple(self._open)
        for one in sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)

    def _begin(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self._to), timeout=10)
                except OSError:
                    near.close()  # nobody is there: as a server that was killed looks
                    continue
                far.settimeout(None)
                with self._lock:
                    self._open |= {near, far}
                self._begin(lambda here=near, there=far: self._carry(here, there))  # type: ignore[misc]
                self._begin(lambda here=far, there=near: self._carry(here, there))  # type: ignore[misc]

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(16_384):
                while data:
                    part, call = self._measure(data)
                    sink.sendall(part)
                    data = data[len(part) :]
                    if call is not None:
                        call()
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        with self._lock:
            self._open -= {source, sink}

    def _measure(self, data: bytes) -> tuple[bytes, Callable[[], None] | None]:
        """How much may pass until somebody is to be called, and who."""
        with self._lock:
            if self._at_end is None:
                return data, None
            if len(data) < self._left:
                self._left -= len(data)
                return data, None
            part, call, self._at_end = data[: self._left], self._at_end, None
            return part, call
