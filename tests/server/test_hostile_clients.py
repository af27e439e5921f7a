"""What clients can do to a server over a socket: be slow, send too much, send nonsense, and hang on at the end."""

from __future__ import annotations

import contextlib
import hashlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from protocol.errors import ErrorBody
from protocol.feeds import AddressAnswer, AddressRequest
from protocol.ids import Sha256
from protocol.wire import decode
from tests.server.program_folder import COURSE_ID, write_program
from tests.server.test_process import Http, enroll
from tests.server_process import ServerProcess

HEAD = b"Host: 127.0.0.1\r\nConnection: close\r\n"
SIGN_IN = b'{"email":"nobody@example.org","password":"x","device":{"id":"d","name":"n"}}'
LARGE = bytes(range(256)) * 65_536  # 16 MB: more than the sockets between us hold
WITHIN_S = 20.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One for this module; its threads are fewer than the slow clients, and it has a file to be slow with."""
    folder = write_program(tmp_path_factory.mktemp("hostile") / "program")
    (folder / "courses/basics/files/plan.txt").write_bytes(LARGE)
    with ServerProcess(folder.parent / "home", [folder], words=["--threads", "2"]) as server:
        yield server


@contextmanager
def connected(server: ServerProcess) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=WITHIN_S) as connection:
        yield connection


def read(connection: socket.socket) -> bytes:
    """All until the server hangs up; a reset after the answer, of a client that is still sending, is no matter."""
    parts: list[bytes] = []
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def ask(server: ServerProcess, request: bytes) -> tuple[int, bytes]:
    """Status and body of a request as it is written."""
    with connected(server) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough
            connection.sendall(request)
        head, _, body = read(connection).partition(b"\r\n\r\n")
    return int(head[9:12]), body


def answers(server: ServerProcess) -> bool:
    return ask(server, b"GET /v1/server HTTP/1.1\r\n" + HEAD + b"\r\n")[0] == 200


def post(headers: bytes, body: bytes = b"") -> bytes:
    return b"POST /v1/sessions HTTP/1.1\r\n" + HEAD + headers + b"\r\n" + body


@pytest.mark.parametrize(
    "unfinished",
    [b"GET /v1/server HT", b"GET /v1/server HTTP/1.1\r\nX-Slow: ", post(b"Content-Length: 1000\r\n", b"{")],
    ids=["line", "headers", "body"],
)
def test_slow_requests_keep_nobody_waiting(server: ServerProcess, unfinished: bytes) -> None:
    slow = [socket.create_connection(("127.0.0.1", server.port), timeout=WITHIN_S) for _ in range(30)]
    try:
        for connection in slow:
            connection.sendall(unfinished)
        assert answers(server)
    finally:
        for connection in slow:
            connection.close()
    assert answers(server)


def test_slow_downloads_keep_nobody_waiting_and_come_whole(server: ServerProcess) -> None:
    learner = Http(server)
    learner.join()
    learner.act(enroll())
    sha256 = Sha256(hashlib.sha256(LARGE).hexdigest())
    answer = learner.ask("POST", f"/v1/courses/{COURSE_ID}/addresses", AddressAnswer, AddressRequest(blobs=(sha256,)))
    request_ = b"GET " + answer.addresses[0].url.encode() + b" HTTP/1.1\r\n" + HEAD
    slow = [socket.create_connection(("127.0.0.1", server.port), timeout=WITHIN_S) for _ in range(12)]
    try:
        for connection in slow:
            connection.sendall(request_ + b"\r\n")
            assert connection.recv(1000).startswith(b"HTTP/1.1 200")
        assert answers(server)
        status, part = ask(server, request_ + b"Range: bytes=1000000-2999999\r\n\r\n")
        assert (status, part) == (206, LARGE[1_000_000:3_000_000])
        rest = read(slow[0])
        assert rest.endswith(LARGE[1_000_000:])
    finally:
        for connection in slow:
            connection.close()
    assert answers(server)


def test_a_body_in_pieces_is_read_as_one(server: ServerProcess) -> None:
    with connected(server) as connection:
        connection.sendall(post(b"Content-Length: %d\r\n" % len(SIGN_IN)))
        for at in range(0, len(SIGN_IN), 10):
            connection.sendall(SIGN_IN[at : at + 10])
        assert b"sign_in_refused" in read(connection)


def test_a_body_of_unknown_length(server: ServerProcess) -> None:
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(SIGN_IN), SIGN_IN)
    status, body = ask(server, post(b"Transfer-Encoding: chunked\r\n", chunks))
    assert (status, decode(body, ErrorBody).code) == (401, "sign_in_refused")


@pytest.mark.parametrize(
    "request_",
    [
        post(b"Content-Length: 1048577\r\n", b"x" * 1_048_577),
        post(b"Content-Length: 10000000000\r\n"),
        post(b"Transfer-Encoding: chunked\r\n", b"".join([b"10000\r\n", b"x" * 65_536, b"\r\n"] * 40) + b"0\r\n\r\n"),
    ],
    ids=["sent", "announced", "unannounced"],
)
def test_too_large_a_body(server: ServerProcess, request_: bytes) -> None:
    status, body = ask(server, request_)
    assert (status, decode(body, ErrorBody).code) == (413, "too_large")
    assert answers(server)


def test_a_refusal_before_django_carries_the_protocol_too(server: ServerProcess) -> None:
    with connected(server) as connection:
        connection.sendall(post(b"Content-Length: 10000000000\r\n"))
        head = read(connection).lower()
    assert b"haversack-protocol: 1" in head
    assert b"haversack-time: 2" in head


@pytest.mark.parametrize(
    "headers",
    [b"X: " + b"a" * 1_000_000 + b"\r\n", b"".join(b"X-%d: a\r\n" % number for number in range(300))],
    ids=["long", "many"],
)
def test_too_large_a_head(server: ServerProcess, headers: bytes) -> None:
    assert ask(server, b"GET /v1/server HTTP/1.1\r\n" + HEAD + headers + b"\r\n")[0] == 431
    assert answers(server)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x16\x03\x01 a greeting of TLS\r\n\r\n",
        post(b"Content-Length: -5\r\n"),
        post(b"Content-Length: 5\r\nContent-Length: 6\r\n", b"abcdef"),
        post(b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
        b"GET /v1/server HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    ],
    ids=["tls", "negative", "two lengths", "length and chunks", "another host"],
)
def test_nonsense_is_refused(server: ServerProcess, nonsense: bytes) -> None:
    status, _ = ask(server, nonsense)
    assert status == 400
    assert answers(server)


def test_odd_addresses_are_no_fault_of_the_server(server: ServerProcess) -> None:
    log = server.home / "server.log"
    before = len(log.read_text())
    for path in (b"/v1/%ff%fe", b"/v1/invitations/%00", b"/v1/%2e%2e/%2e%2e/etc/passwd", b"/v1/me?a=%ff", b"/%"):
        status, _ = ask(server, b"GET " + path + b" HTTP/1.1\r\n" + HEAD + b"\r\n")
        assert 400 <= status < 500, path
    assert "Traceback" not in log.read_text()[before:]


def test_a_header_with_an_underscore_is_not_the_one_with_a_hyphen(server: ServerProcess) -> None:
    bearer = b"Authorization: Bearer x\r\n"
    for header, said in ((b"Haversack-Protocol: 0\r\n", "protocol_too_old"), (b"Haversack_Protocol: 0\r\n", "not_")):
        status, body = ask(server, b"GET /v1/me HTTP/1.1\r\n" + HEAD + bearer + header + b"\r\n")
        assert decode(body, ErrorBody).code.startswith(said), status


def test_what_is_under_way_is_finished_at_the_end(tmp_path: Path) -> None:
    """Told to stop while requests arrive: no new ones are taken, those are answered, and the exit code is 0."""
    server = ServerProcess(tmp_path / "home").start()
    with connected(server) as connection:
        connection.sendall(post(b"Content-Length: %d\r\n" % len(SIGN_IN), SIGN_IN[:-1]))
        ended: list[int] = []
        stopping = threading.Thread(target=lambda: ended.append(server.stop()))
        stopping.start()
        assert until_refused(server.port)
        connection.sendall(SIGN_IN[-1:])
        answer = read(connection)
        stopping.join(WITHIN_S)
    assert answer.startswith(b"HTTP/1.1 401")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "sign_in_refused"
    assert ended == [0]


def test_a_client_that_hangs_on_does_not_keep_it_from_ending(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "home").start()
    with connected(server) as connection:
        connection.sendall(post(b"Content-Length: 1000\r\n", b"{"))
        started = time.monotonic()
        server.stop()
        assert time.monotonic() - started < WITHIN_S


def until_refused(port: int) -> bool:
    """Whether the port was closed in time."""
    deadline, pause = time.monotonic() + WITHIN_S, threading.Event()
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return True
        pause.wait(0.02)
    return False
