"""A web server whose lectures are bad, each in its own way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGE = b"<!doctype html><title>Sign in</title><p>Welcome to the hotel"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    clip = b""
    over: threading.Event


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        kind = self.path.strip("/").partition("?")[0]
        clip = self.server.clip
        if kind == "absent":
            self._answer(404, "text/html", PAGE, len(PAGE))
        elif kind == "page":
            self._answer(200, "text/html", PAGE, len(PAGE))
        elif kind == "half":
            self._answer(200, "video/mp4", clip[: len(clip) // 2], len(clip))
        elif kind == "stalls":
            self._answer(200, "video/mp4", clip[:2_000], len(clip))
            self.server.over.wait(60)
        else:
            self._answer(200, "video/mp4", clip, len(clip))

    def _answer(self, code: int, kind: str, body: bytes, length: int) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""

    def handle(self) -> None:
        """A player that goes away in the middle is nothing to report."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True


@contextmanager
def media_server(clip: Path) -> Iterator[str]:
    """Serve ``clip`` well at /good, and badly at /absent, /page, /half and /stalls. Yields the address."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.clip = clip.read_bytes()
        server.over = threading.Event()
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="media-server")
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.over.set()
            server.shutdown()
            thread.join()
