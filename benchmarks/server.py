"""The program server as an organization runs it: PostgreSQL and two processes, asked over the loopback interface."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.figures import CannotMeasureError, Figure, against_limit, compare
from benchmarks.postgresql import PrivateCluster

ROOT = Path(__file__).resolve().parent.parent
LEARNERS = 20
DELTA_BYTES = 50_000
CONNECTIONS = 12
"""Learners who ask at the same moment; each asks again as soon as it has its answer."""
SECONDS = 5.0
ROUNDS = 3
WORKERS, THREADS = 2, 4
DELTAS_A_SECOND, POLLS_A_SECOND, P99_MS, MEMORY_MB = 300.0, 400.0, 60.0, 300.0


@dataclass(frozen=True)
class Load:
    """What one round found."""

    a_second: float
    p99_ms: float
    bytes_each: float


def run() -> list[Figure]:
    """50 kB deltas and idle polls, in turn.

    Raises:
        CannotMeasureError: there is no PostgreSQL here, or the server did not start.
    """
    with tempfile.TemporaryDirectory(prefix="haversack-benchmark-") as folder, PrivateCluster() as cluster:
        environment = _environment(cluster, Path(folder))
        tokens = _rows(environment)
        with _serving(environment) as (host, port, supervisor):
            deltas = [_request(host, token, "") for token in tokens]
            polls = [_request(host, token, _cursor(host, port, token)) for token in tokens]
            _ask_all(host, port, deltas, 1.0)
            found = [
                (_ask_all(host, port, deltas, SECONDS), _ask_all(host, port, polls, SECONDS)) for _ in range(ROUNDS)
            ]
            memory = _memory_mb(supervisor)
    size = statistics.median(delta.bytes_each for delta, _ in found)
    if not 0.8 * DELTA_BYTES < size < 1.2 * DELTA_BYTES:
        raise CannotMeasureError(f"a delta has {size:.0f} bytes and not about {DELTA_BYTES}")
    return [
        compare(
            "deltas of 50 kB", "/s", [one.a_second for one, _ in found], "limit", [DELTAS_A_SECOND], 1.0, "at_least"
        ),
        against_limit("delta, 99 of 100 within", "ms", [one.p99_ms for one, _ in found], P99_MS),
        compare("idle polls", "/s", [one.a_second for _, one in found], "limit", [POLLS_A_SECOND], 1.0, "at_least"),
        against_limit("idle poll, 99 of 100 within", "ms", [one.p99_ms for _, one in found], P99_MS),
        *([against_limit("memory of all processes", "MB", [memory], MEMORY_MB)] if memory else []),
    ]


def _environment(cluster: PrivateCluster, folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "HAVERSACK_"))}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "server.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "127.0.0.1",
        "MEDIA_FOLDER": str(folder / "media"),
        "DATABASE_URL": cluster.dsn(),
    }


def _rows(environment: dict[str, str]) -> list[str]:
    command = [sys.executable, "-m", "benchmarks.server_rows", str(LEARNERS), str(DELTA_BYTES)]
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    if made.returncode:
        raise CannotMeasureError(f"the rows could not be made: {made.stderr.strip()[-500:]}")
    return list(json.loads(made.stdout)["tokens"])


@contextmanager
def _serving(environment: dict[str, str]) -> Iterator[tuple[str, int, int]]:
    command = [sys.executable, "-m", "server", "serve", "--until-stdin-closes"]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS)]
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert server.stdout is not None
        assert server.stderr is not None
        if not (line := server.stdout.readline()):
            raise CannotMeasureError(f"the server did not start: {server.stderr.read().decode()[-500:]}")
        where = urlsplit(json.loads(line)["url"])
        yield str(where.hostname), int(where.port or 0), server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)


def _request(host: str, token: str, cursor: str) -> bytes:
    known = f'If-None-Match: "{cursor}"\r\n' if cursor else ""
    return (
        f"GET /v1/feeds/learner?after={cursor}&limit=500 HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Proto: https\r\n"
        f"X-Forwarded-For: 192.0.2.1\r\nAuthorization: Bearer {token}\r\n{known}\r\n"
    ).encode()


class _Connection:
    """HTTP/1.1 with as little work of our own as can be: the client shares the processors with the server."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body."""
        self._socket.sendall(request)
        head, body = b"", b""
        while not body and b"\r\n\r\n" not in head:
            if not (part := self._socket.recv(262_144)):
                raise CannotMeasureError("the server closed a connection")
            head += part
        head, _, body = head.partition(b"\r\n\r\n")
        fields = head.lower().partition(b"content-length:")
        length = int(fields[2].partition(b"\r\n")[0]) if fields[1] else 0
        parts, have = [body], len(body)
        while have < length:
            part = self._socket.recv(262_144)
            parts.append(part)
            have += len(part)
        return int(head[9:12]), b"".join(parts)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def _cursor(host: str, port: int, token: str) -> str:
    connection = _Connection(host, port)
    try:
        status, body = connection.ask(_request(host, token, ""))
    finally:
        connection.close()
    if status != 200:
        raise CannotMeasureError(f"the server answered {status}: {body[:300]!r}")
    return str(json.loads(body)["cursor"])


def _ask_all(host: str, port: int, requests: list[bytes], seconds: float) -> Load:
    """Every connection asks one request after the other, all of the learners in turn."""
    taken: list[list[float]] = [[] for _ in range(CONNECTIONS)]
    sizes: list[int] = []
    faults: list[str] = []
    end = time.monotonic() + seconds

    def ask(index: int) -> None:
        connection, number = _Connection(host, port), index
        try:
            while (started := time.monotonic()) < end:
                status, body = connection.ask(requests[number % len(requests)])
                taken[index].append(time.monotonic() - started)
                if status not in (200, 304):
                    faults.append(f"{status}: {body[:200]!r}")
                    return
                sizes.append(len(body))
                number += CONNECTIONS
        except (OSError, CannotMeasureError) as error:
            faults.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(index,)) for index in range(CONNECTIONS)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise CannotMeasureError(f"the server failed under load: {faults[0]}")
    times = sorted(second for one in taken for second in one)
    passed = time.monotonic() - started
    return Load(len(times) / passed, times[int(len(times) * 0.99)] * 1000, statistics.mean(sizes))


def _memory_mb(supervisor: int) -> float:
    """Proportional set size of the server's processes: what two of them share counts once. 0 where /proc is absent."""
    numbers = [supervisor]
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children")
    if not children.exists():
        return 0.0
    numbers += map(int, children.read_text().split())
    kilobytes = 0
    for number in numbers:
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                kilobytes += int(line.split()[1])
    return kilobytes / 1000
