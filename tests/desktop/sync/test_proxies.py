"""Through what a request goes, and when it is asked again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory

from desktop.errors import Problem
from desktop.sync import problems, proxies
from desktop.sync.client import Client
from desktop.sync.proxies import Proxies, find_proxy, is_local
from tests.desktop.sync.program_server import ProgramServer

DEAD = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the tests' own environment says of proxies."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@contextmanager
def proxy(reply: bytes) -> Iterator[tuple[str, list[str]]]:
    """Something that answers every request with ``reply``; its address, and the first lines it was sent."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with connection:
                        heard.append(connection.recv(65_536).decode().partition("\r\n")[0])
                        connection.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", heard
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


@pytest.mark.parametrize(
    ("environment", "url", "found"),
    [
        ({}, "https://learn.test/", ""),
        ({"https_proxy": DEAD}, "https://learn.test/", DEAD),
        ({"https_proxy": "gate:3128"}, "https://learn.test/", "http://gate:3128"),
        ({"http_proxy": DEAD}, "https://learn.test/", ""),
        ({"all_proxy": DEAD}, "https://learn.test/", DEAD),
        ({"https_proxy": DEAD, "no_proxy": ".test"}, "https://learn.test/", ""),
        ({"http_proxy": DEAD}, "http://127.0.0.1:8000/", ""),
        ({"http_proxy": DEAD}, "http://localhost:8000/", ""),
        ({"http_proxy": DEAD}, "http://[::1]:8000/", ""),
    ],
)
def test_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str, found: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert find_proxy(url) == found


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (QNetworkProxy.ProxyType.HttpProxy, "http://me:p%40ss@gate.test:3128"),
        (QNetworkProxy.ProxyType.Socks5Proxy, "socks5://me:p%40ss@gate.test:3128"),
        (QNetworkProxy.ProxyType.NoProxy, ""),
    ],
)
def test_else_the_system_says(monkeypatch: pytest.MonkeyPatch, kind: QNetworkProxy.ProxyType, found: str) -> None:
    said = [QNetworkProxy(kind, "gate.test", 3128, "me", "p@ss")]
    monkeypatch.setattr(QNetworkProxyFactory, "systemProxyForQuery", lambda _: said)
    assert find_proxy("https://learn.test/") == found


def test_it_is_asked_once_for_each_server_until_the_network_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(url: str) -> str:
        asked.append(url)
        return DEAD

    monkeypatch.setattr(proxies, "find_proxy", ask)
    known = Proxies()
    for path in ("/a", "/b"):
        assert known.of(f"https://learn.test{path}") == {"https": DEAD}
    assert len(asked) == 1
    known.of("https://other.test/")
    known.forget()
    known.of("https://learn.test/a")
    assert len(asked) == 3


def test_requests_go_through_it_and_the_computer_itself_is_never_behind_it(
    monkeypatch: pytest.MonkeyPatch, program: ProgramServer
) -> None:
    page = b"<html>Pay first</html>"
    reply = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page)
    with proxy(reply) as (address, heard):
        monkeypatch.setenv("http_proxy", address)
        client = Client(lambda moment: None)
        with pytest.raises(Problem) as found:
            client.request("GET", "http://learn.test/v1/server")
        assert found.value.code == problems.CAPTIVE
        assert heard == ["GET http://learn.test/v1/server HTTP/1.1"]
        client.request("GET", f"{program.url}/v1/invitations/x")
        client.close()
    assert len(heard) == 1


@pytest.mark.parametrize(
    ("address", "reply"),
    [(DEAD, b""), ("", b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")],
    ids=["nobody there", "wants a password"],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_does_not_work_is_said_to_be_one(
    monkeypatch: pytest.MonkeyPatch, address: str, reply: bytes, scheme: str
) -> None:
    with proxy(reply) as (working, _):
        monkeypatch.setenv(f"{scheme}_proxy", address or working)
        client = Client(lambda moment: None)
        with pytest.raises(Problem) as found:
            client.request("GET", f"{scheme}://learn.test/v1/server")
        client.close()
    assert found.value.code == problems.PROXY
    if scheme == "https":
        assert isinstance(found.value, problems.Untaken), "nothing left this computer"


def test_a_kind_that_cannot_be_used_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "socks5://gate.test:1080")
    client = Client(lambda moment: None)
    with pytest.raises(Problem) as found:
        client.request("GET", "https://learn.test/v1/server")
    client.close()
    assert found.value.code == problems.PROXY


def test_what_is_local() -> None:
    assert all(is_local(host) for host in ("localhost", "127.0.0.1", "127.3.2.1", "::1"))
    assert not any(is_local(host) for host in ("learn.test", "10.0.0.1", "", "localhost.test"))
