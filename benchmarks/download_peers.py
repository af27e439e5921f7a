"""What downloads are measured against: nginx that serves a folder, a link that resets, curl and aria2c."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.figures import CannotMeasureError

NEEDED = {"nginx": "nginx-light", "curl": "curl", "aria2c": "aria2"}


def require_peers() -> None:
    """Pass when all of them are installed.

    Raises:
        CannotMeasureError: names the Debian packages that are missing.
    """
    environment = f"{os.environ.get('PATH', '')}:/usr/sbin"
    missing = [package for name, package in NEEDED.items() if shutil.which(name, path=environment) is None]
    if missing:
        raise CannotMeasureError(f"install {' '.join(missing)} (Debian's names) to compare with them")


def free_port() -> int:
    """One that nobody listens at in this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def nginx(folder: Path, work: Path) -> Iterator[int]:
    """nginx on the loopback interface, with ``folder`` as its root; gives the port."""
    port = free_port()
    work.mkdir(parents=True, exist_ok=True)
    paths = "".join(f"{name}_temp_path {work}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (work / "nginx.conf").write_text(
        f"daemon off; pid {work}/pid; error_log {work}/error.log; worker_processes 1; {_user()} events {{}}\n"
        f"http {{ access_log off; sendfile on; keepalive_requests 100000; {paths}\n"
        f"server {{ listen 127.0.0.1:{port}; root {folder}; }} }}\n"
    )
    binary = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or "nginx"
    process = subprocess.Popen([binary, "-c", str(work / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _user() -> str:
    return "user root;" if os.name == "posix" and os.geteuid() == 0 else ""


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise CannotMeasureError("nginx did not start")


LINK_SPEED = 25_000_000
"""Bytes a second of the link that resets: fast for one that does."""


class ResettingLink:
    """A way to a port on which each connection breaks after so many bytes. ``sent``: bytes that went through."""

    def __init__(self, port: int, after: int) -> None:
        self._there = port
        self._after = after
        self.sent = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._up = threading.Event()
        self._thread = threading.Thread(target=self._run, name="link")

    def __enter__(self) -> ResettingLink:
        self._thread.start()
        self._up.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._there)
            up = asyncio.ensure_future(self._pass(reader, there_writer))
            left = self._after
            writer.transport.set_write_buffer_limits(0)  # what is drained is with the system
            while left > 0 and (part := await there_reader.read(min(65536, left))):
                writer.write(part)
                await writer.drain()
                self.sent += len(part)
                left -= len(part)
                await asyncio.sleep(len(part) / LINK_SPEED)
            up.cancel()
            there_writer.transport.abort()
        with contextlib.suppress(OSError):
            found = writer.get_extra_info("socket")
            # A reset and no farewell: what the receiver has not read yet is lost to it.
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    @staticmethod
    async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while part := await reader.read(65536):
                writer.write(part)
                await writer.drain()


def timed(work: Callable[[], None]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def curl(urls: Sequence[str], folder: Path) -> None:
    """Fetch all, one after the other over one connection, then hash them."""
    lines = [f'url = "{url}"\noutput = "{folder / url.rpartition("/")[2]}"' for url in urls]
    run_quietly(["curl", "-sS", "--fail", "-K", "-"], "\n".join(lines))
    _hash(folder)


def curl_durable(urls: Sequence[str], folder: Path) -> None:
    """As ``curl``, and have it all on the disk."""
    curl(urls, folder)
    run_quietly(["sync", "-f", str(folder)])


def curl_piped(url: str, target: Path, *, durable: bool) -> None:
    """Fetch one file and hash it while it comes."""
    script = 'curl -sS --fail "$1" | tee "$2" | sha256sum' + (' && sync "$2"' if durable else "")
    run_quietly(["sh", "-c", script, "sh", url, str(target)])


def curl_resuming(url: str, target: Path) -> None:
    """Fetch one file over a link that breaks, taking it up where it broke off."""
    words = ["curl", "-sS", "--fail", "-C", "-", "-o", str(target), url]
    while subprocess.run(words, stderr=subprocess.DEVNULL, check=False, timeout=120).returncode:
        pass
    _hash(target.parent)


def aria2c(urls: Sequence[str], folder: Path, connections: int) -> None:
    """Fetch all with so many at a time, then hash them."""
    words = ["aria2c", "-q", f"-j{connections}", "-x1", "-m0", "--retry-wait=0", "--file-allocation=none"]
    run_quietly([*words, "-d", str(folder), "-i", "-"], "\n".join(urls))
    _hash(folder)


def _hash(folder: Path) -> None:
    """With as many processes as there are processors."""
    names = "\0".join(str(path) for path in folder.iterdir())
    run_quietly(["xargs", "-0", "-P", str(os.cpu_count() or 1), "-n", "20", "sha256sum"], names)


def run_quietly(words: Sequence[str], text: str = "") -> None:
    done = subprocess.run(words, input=text.encode(), capture_output=True, check=False, timeout=600)
    if done.returncode:
        raise CannotMeasureError(f"{words[0]} failed: {done.stderr.decode()[-300:]}")
