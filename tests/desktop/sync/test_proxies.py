"""Through what a request goes, and when it is asked again."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme
from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory

from desktop.errors import Problem
from desktop.sync import problems
from desktop.sync.client import Client
from desktop.sync.proxies import Proxies, Way, find_way, is_local, login, name_of, of_qt
from desktop.sync.proxy_script import ProxyScripts
from desktop.sync.transport import Transport
from tests.desktop.sync.program_server import ProgramServer
from tests.small_proxy import SmallProxy

DEAD = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the tests' own environment says of proxies."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def client() -> Iterator[Client]:
    """One that nothing was typed for."""
    found = Client(lambda moment: None)
    yield found
    found.close()


def port_of(program: ProgramServer) -> int:
    """Where it listens."""
    port = urlsplit(program.url).port
    assert port is not None
    return port


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
    assert find_way(url, ProxyScripts()).proxies == (found,)


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (QNetworkProxy.ProxyType.HttpProxy, "http://me:p%40ss@gate.test:3128"),
        (QNetworkProxy.ProxyType.Socks5Proxy, "socks5://me:p%40ss@gate.test:3128"),
        (QNetworkProxy.ProxyType.NoProxy, ""),
    ],
)
def test_qt_says_where_it_asks_the_system(
    monkeypatch: pytest.MonkeyPatch, kind: QNetworkProxy.ProxyType, found: str
) -> None:
    said = [QNetworkProxy(kind, "gate.test", 3128, "me", "p@ss")]
    monkeypatch.setattr(QNetworkProxyFactory, "systemProxyForQuery", lambda _: said)
    assert of_qt("https://learn.test/") == (found,)


@pytest.mark.skipif(sys.platform != "linux", reason="desktops of Linux")
def test_the_desktop_says_where_the_environment_does_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written = "[Proxy Settings]\nProxyType=1\nhttpsProxy=http://gate.test 3128\n"
    (tmp_path / "kioslaverc").write_text(written)
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "KDE")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    known = Proxies()
    assert known.of("https://learn.test/") == ("http://gate.test:3128",)
    assert known.of("https://localhost/") == ("",)
    (tmp_path / "kioslaverc").write_text(written.replace("gate", "other"))
    assert known.of("https://learn.test/x") == ("http://gate.test:3128",), "asked once"
    known.forget()
    assert known.of("https://learn.test/") == ("http://other.test:3128",)
    (tmp_path / "kioslaverc").unlink()
    known.did_not_get_through("https://learn.test/")
    assert known.of("https://learn.test/") == ("",), "set anew, perhaps, by who saw that it does not work"


def test_it_is_asked_once_for_each_server_until_the_network_changes() -> None:
    asked: list[str] = []

    def ask(url: str, _: ProxyScripts) -> Way:
        asked.append(url)
        return Way((DEAD,))

    known = Proxies(find=ask)
    for path in ("/a", "/b"):
        assert known.of(f"https://learn.test{path}") == (DEAD,)
    assert len(asked) == 1
    known.of("https://other.test/")
    known.forget()
    known.of("https://learn.test/a")
    assert len(asked) == 3


def test_requests_go_through_it_and_the_computer_itself_is_never_behind_it(
    monkeypatch: pytest.MonkeyPatch, program: ProgramServer, client: Client
) -> None:
    with SmallProxy(port_of(program)).running() as gate:
        monkeypatch.setenv("http_proxy", gate.url)
        with pytest.raises(problems.Refusal) as found:
            client.request("GET", "http://learn.test/v1/me")
        assert found.value.code == "not_signed_in", "the program's own words, through the proxy"
        assert gate.asked == ["GET http://learn.test/v1/me HTTP/1.1"]
        client.request("GET", f"{program.url}/v1/invitations/x")
    assert len(gate.asked) == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_where_nobody_is_is_said_to_be_one(
    monkeypatch: pytest.MonkeyPatch, client: Client, scheme: str
) -> None:
    monkeypatch.setenv(f"{scheme}_proxy", DEAD)
    with pytest.raises(Problem) as found:
        client.request("GET", f"{scheme}://learn.test/v1/server")
    assert found.value.code == problems.PROXY
    assert isinstance(found.value, problems.Untaken), "nothing left this computer"


@pytest.fixture
def company() -> Iterator[tuple[ssl.SSLContext, str]]:
    """What a server behind the company's authority shows, and the authority's certificate."""
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost", "learn.test").configure_cert(context)
    with ca.cert_pem.tempfile() as file:
        yield context, file


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tunnel"])
def test_a_password_is_asked_for_kept_and_given(
    monkeypatch: pytest.MonkeyPatch, company: tuple[ssl.SSLContext, str], secure: bool
) -> None:
    context, authority = company
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority)
    typed: dict[str, str] = {}
    with ExitStack() as stack:
        program = stack.enter_context(ProgramServer().running(context if secure else None))
        gate = stack.enter_context(SmallProxy(port_of(program), "ada:pässw€rd").running())
        scheme = "https" if secure else "http"
        monkeypatch.setenv(f"{scheme}_proxy", gate.url)
        client = Client(lambda moment: None, password_of=typed.get)
        stack.callback(client.close)
        url = f"{scheme}://learn.test/v1/me"

        def code() -> str:
            with pytest.raises(Problem) as found:
                client.request("GET", url)
            return found.value.code

        assert code() == problems.PROXY_PASSWORD
        name = name_of(gate.url)
        assert client.asking_proxy() == name
        assert gate.logins == []
        typed[name] = login("ada", "wrong")
        client.start_afresh()
        assert [code(), code(), code()] == [problems.PROXY_PASSWORD] * 3
        assert gate.logins == ["ada:wrong"], "a wrong one is not sent again: that locks accounts"
        typed[name] = login("ada", "pässw€rd")
        client.start_afresh()
        assert code() == "not_signed_in", "the program's own words"
        assert client.asking_proxy() == ""


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tunnel"])
def test_a_proxy_that_is_spoken_to_over_tls_is_verified_by_the_company_s_authority(
    monkeypatch: pytest.MonkeyPatch, company: tuple[ssl.SSLContext, str], secure: bool
) -> None:
    context, authority = company
    scheme = "https" if secure else "http"
    with ExitStack() as stack:
        program = stack.enter_context(ProgramServer().running(context if secure else None))
        gate = stack.enter_context(SmallProxy(port_of(program), context=context).running())
        monkeypatch.setenv(f"{scheme}_proxy", gate.url)
        for known, code in (("", None), (authority, "not_signed_in")):
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", known)
            client = Client(lambda moment: None)
            with pytest.raises(Problem) as found:
                client.request("GET", f"{scheme}://learn.test/v1/me")
            client.close()
            assert found.value.code == code or (code is None and found.value.code in (problems.PROXY, problems.TLS))
    assert len(gate.asked) == 1


def test_a_password_in_the_settings_is_sent_as_browsers_send_it(
    monkeypatch: pytest.MonkeyPatch, program: ProgramServer, client: Client
) -> None:
    with SmallProxy(port_of(program), "ada:pässw€rd").running() as gate:
        monkeypatch.setenv("http_proxy", gate.url.replace("//", "//ada:p%C3%A4ssw%E2%82%ACrd@"))
        with pytest.raises(problems.Refusal):
            client.request("GET", "http://learn.test/v1/me")
    assert gate.refused == 0


def test_a_socks_proxy_is_refused_with_words_and_another_is_taken_before(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setenv("all_proxy", "socks5://gate.test:1080")
    with pytest.raises(Problem) as found:
        client.request("GET", "https://learn.test/v1/server")
    assert found.value.code == problems.PROXY_SOCKS
    known = Proxies(find=lambda url, scripts: Way(("socks5://gate.test:1080", DEAD)))
    assert known.of("https://learn.test/") == (DEAD,)


def test_the_next_way_is_taken_when_the_first_leads_nowhere(
    monkeypatch: pytest.MonkeyPatch, program: ProgramServer
) -> None:
    with SmallProxy(port_of(program)).running() as gate:
        transport = Transport({})
        monkeypatch.setattr(transport, "proxies", Proxies(find=lambda url, scripts: Way((DEAD, gate.url, ""))))
        with transport.open("GET", "http://learn.test/v1/server", {}, None) as reply:
            assert reply.status == 200
        transport.close()
    assert len(gate.asked) == 1


def test_what_is_local() -> None:
    assert all(is_local(host) for host in ("localhost", "127.0.0.1", "127.3.2.1", "::1"))
    assert not any(is_local(host) for host in ("learn.test", "10.0.0.1", "", "localhost.test"))
