"""A line on which every byte takes a while: forwards TCP connections on the loopback interface, later."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Iterator


class SlowLine:
    """``port`` is where it listens; ``bytes`` how many have passed in both directions.

    Each piece is handed on ``one_way_s`` after it came; how much may be under way is not limited, as on a long line.
    """

    def __init__(self, to_port: int, one_way_s: float) -> None:
        self._to, self._one_way_s = to_port, one_way_s
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.bytes = 0
        self._counting = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections; those that are open end with their clients."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                # Connecting takes a round trip as well; the greeting of this proxy's own socket does not.
                time.sleep(2 * self._one_way_s)
                far = socket.create_connection(("127.0.0.1", self._to))
                for one in (near, far):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._carry(near, far)
                self._carry(far, near)

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        under_way: queue.Queue[tuple[float, bytes]] = queue.Queue()

        def take() -> None:
            for data in _pieces(source):
                with self._counting:
                    self.bytes += len(data)
                under_way.put((time.monotonic() + self._one_way_s, data))
            under_way.put((0.0, b""))

        def give() -> None:
            with contextlib.suppress(OSError):
                while True:
                    due, data = under_way.get()
                    if not data:
                        break
                    time.sleep(max(0.0, due - time.monotonic()))
                    sink.sendall(data)
            with contextlib.suppress(OSError):
                sink.shutdown(socket.SHUT_WR)

        for work in (take, give):
            threading.Thread(target=work, daemon=True).start()


def _pieces(source: socket.socket) -> Iterator[bytes]:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            yield data
