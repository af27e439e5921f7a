"""Every way in which an answer can fail is told apart, over real sockets."""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import trustme

from desktop.errors import Problem
from desktop.sync import client as client_module
from desktop.sync import problems, transport
from desktop.sync.client import Client, absolute
from protocol import errors
from protocol.errors import ErrorBody
from protocol.wire import encode
from tests.desktop.sync.conftest import Installation
from tests.desktop.sync.program_server import Fault, Handler, ProgramServer, answer, cut, drop
from tests.guards.logs import ExpectLog

HTML = "text/html; charset=utf-8"
REFUSAL = encode(ErrorBody(code="not_a_member", text="No.", way_out="Ask."))


def _silent(handler: Handler) -> bool:
    silence.wait(5)
    return drop(handler)


silence = threading.Event()


@pytest.fixture
def client() -> Iterator[Client]:
    """A client that remembers when it heard from a server."""
    found = Client(lambda moment: None)
    yield found
    found.close()


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (drop, problems.OFFLINE),
        (cut, problems.TRUNCATED),
        (answer(200, b"<html>Welcome to the hotel</html>", Content_Type=HTML), problems.CAPTIVE),
        (answer(302, b"", Location="http://portal.invalid/"), problems.CAPTIVE),
        (answer(511, b"<html>", Content_Type=HTML), problems.CAPTIVE),
        (answer(200, b'{"hello": "world"}'), problems.NOT_OURS),
        (answer(404, b"<html>nginx</html>", Content_Type=HTML), problems.NOT_OURS),
        (answer(302, b"", ours=True, Location="/elsewhere"), problems.MOVED),
        (answer(403, REFUSAL), problems.BLOCKED),
        (answer(451, b"<html>", Content_Type=HTML), problems.BLOCKED),
        (answer(413, b"<html>", Content_Type=HTML), problems.TOO_LARGE),
        (answer(403, REFUSAL, ours=True), errors.NOT_A_MEMBER),
        (answer(502, b"<html>Bad gateway</html>", Content_Type=HTML), problems.SERVER_FAULT),
        (answer(503, b"", Retry_After="7"), problems.SERVER_FAULT),
        (answer(500, encode(ErrorBody(code="server_fault", text="Oh.")), ours=True), problems.SERVER_FAULT),
        (answer(407, b""), problems.PROXY),
        (answer(429, b"", Retry_After="9"), problems.RATE_LIMITED),
        (answer(200, b"{not json", ours=True), problems.NOT_OURS),
    ],
)
def test_each_fault_has_its_name(one: Installation, program: ProgramServer, fault: Fault, code: str) -> None:
    program.spoil("/v1/server", fault)
    with pytest.raises(Problem) as found:
        one.gateway.server_info(program.url)
    assert found.value.code == code
    assert found.value.way_out or code == errors.NOT_A_MEMBER


def test_nobody_listens(client: Client, program: ProgramServer) -> None:
    with pytest.raises(Problem) as found:
        client.request("GET", "http://127.0.0.1:9/v1/server")
    assert found.value.code == problems.OFFLINE
    with pytest.raises(Problem) as found:
        client.request("GET", "http://no-such-program.invalid/v1/server")
    assert found.value.code == problems.OFFLINE


def test_silence_is_a_timeout(client: Client, program: ProgramServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "READ_S", 0.2)
    program.spoil("/v1/server", _silent)
    with pytest.raises(Problem) as found:
        client.request("GET", f"{program.url}/v1/server")
    silence.set()
    assert found.value.code == problems.TIMEOUT


def test_retry_after_is_kept(client: Client, program: ProgramServer) -> None:
    program.spoil("/v1/server", answer(503, b"", Retry_After="7"))
    with pytest.raises(problems.Busy) as found:
        client.request("GET", f"{program.url}/v1/server")
    assert found.value.retry_after_s == 7


@pytest.mark.parametrize(("hours", "most"), [(1, 3601), (-1, 0)], ids=["in an hour", "an hour ago"])
def test_retry_after_may_be_a_date(client: Client, program: ProgramServer, hours: int, most: int) -> None:
    said = datetime.now(UTC) + timedelta(hours=hours)
    program.spoil("/v1/server", answer(503, b"", Retry_After=format_datetime(said, usegmt=True)))
    with pytest.raises(problems.Busy) as found:
        client.request("GET", f"{program.url}/v1/server")
    assert found.value.retry_after_s is not None
    assert max(0, most - 300) <= found.value.retry_after_s <= most


def test_retry_after_without_a_date_is_none(client: Client, program: ProgramServer) -> None:
    program.spoil("/v1/server", answer(503, b"", Retry_After="soon"))
    with pytest.raises(problems.Busy) as found:
        client.request("GET", f"{program.url}/v1/server")
    assert found.value.retry_after_s is None


def test_a_redirect_over_a_verified_connection_is_the_servers_own(monkeypatch: pytest.MonkeyPatch) -> None:
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost").configure_cert(context)
    with ca.cert_pem.tempfile() as file, ProgramServer().running(context) as program:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", file)
        client = Client(lambda moment: None)
        program.spoil("/v1/server", answer(301, b"", Location="https://new.invalid/"))
        with pytest.raises(Problem) as found:
            client.request("GET", f"{program.url}/v1/server")
        client.close()
    assert found.value.code == problems.MOVED


def test_a_company_s_folder_of_certificates_and_a_broken_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, expected_log: ExpectLog
) -> None:
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost").configure_cert(context)
    pem = tmp_path / "company.pem"
    pem.write_bytes(ca.cert_pem.bytes())
    words = ["openssl", "x509", "-noout", "-hash", "-in", str(pem)]
    name = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    folder = tmp_path / "certificates"
    folder.mkdir()
    (folder / f"{name}.0").write_bytes(pem.read_bytes())
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    expected_log("certificates")
    with ProgramServer().running(context) as program:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(broken))
        monkeypatch.setenv("CURL_CA_BUNDLE", str(folder))
        client = Client(lambda moment: None)
        with pytest.raises(problems.Refusal):
            client.request("GET", f"{program.url}/v1/me")
        client.close()


def test_connections_of_another_network_are_not_used_again(client: Client, program: ProgramServer) -> None:
    client.request("GET", f"{program.url}/v1/invitations/x")
    (first,) = program.connections
    client.request("GET", f"{program.url}/v1/invitations/x")
    assert program.connections == {first}, "kept open between requests"
    client.start_afresh()
    client.request("GET", f"{program.url}/v1/invitations/x")
    assert program.connections - {first}


def test_certificates(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    good, other = trustme.CA(), trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    good.issue_cert("localhost").configure_cert(context)
    heard: list[datetime] = []
    with (
        good.cert_pem.tempfile() as good_file,
        other.cert_pem.tempfile() as other_file,
        ProgramServer().running(context) as program,
    ):
        for file, code in ((other_file, problems.TLS), (good_file, "not_signed_in")):
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", file)
            client = Client(heard.append)
            with pytest.raises(Problem) as found:
                client.request("GET", f"{program.url}/v1/me")
            client.close()
            assert found.value.code == code
        wrong_name = program.url.replace("localhost", "127.0.0.1")
        client = Client(heard.append)
        with pytest.raises(Problem) as found:
            client.request("GET", f"{wrong_name}/v1/me")
        client.close()
        assert found.value.code == problems.TLS
    assert len(heard) == 1
    assert abs((heard[0] - datetime.now(UTC)).total_seconds()) < 30


def test_the_token_never_follows_to_another_host(one: Installation, program: ProgramServer) -> None:
    with ProgramServer().running() as other:
        program.spoil("/v1/me", answer(307, b"", Location=f"{other.url}/v1/me"))
        with pytest.raises(Problem):
            one.gateway.api.ask("GET", "/v1/me")
        assert other.asked == []


def test_an_answer_without_end_is_given_up(
    client: Client, program: ProgramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "ANSWER_LIMIT", 10_000)
    program.spoil("/v1/server", answer(200, b"x" * 300_000, ours=True))
    with pytest.raises(Problem) as found:
        client.request("GET", f"{program.url}/v1/server")
    assert found.value.code == problems.NOT_OURS


def test_one_refresh_serves_all_threads(one: Installation, program: ProgramServer) -> None:
    one.gateway.api.ask("GET", "/v1/me")
    program.expire_access()
    before = program.refreshes
    failures: list[Problem] = []

    def ask() -> None:
        try:
            one.gateway.api.ask("GET", "/v1/me")
        except Problem as problem:
            failures.append(problem)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert program.refreshes == before + 1


def test_a_refused_refresh_ends_the_session_and_an_outage_does_not(one: Installation, program: ProgramServer) -> None:
    program.expire_access()
    program.spoil("/v1/sessions/refresh", answer(502, b"<html>", Content_Type=HTML))
    with pytest.raises(Problem) as found:
        one.gateway.api.ask("GET", "/v1/me")
    assert found.value.code == problems.SERVER_FAULT
    one.gateway.api.ask("GET", "/v1/me")
    program.expire_access()
    over = encode(ErrorBody(code="session_ended", text="Over."))
    program.spoil("/v1/sessions/refresh", answer(401, over, ours=True))
    with pytest.raises(Problem) as found:
        one.gateway.api.ask("GET", "/v1/me")
    assert found.value.code == errors.SESSION_ENDED


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/v1/me", "https://learn.test/p/v1/me"),
        ("https://cdn.test/b?x=1", "https://cdn.test/b?x=1"),
        ("http://evil.test/b", None),
        ("//evil.test/b", "https://learn.test/p/evil.test/b"),
    ],
)
def test_addresses(path: str, url: str | None) -> None:
    if url is None:
        with pytest.raises(Problem):
            absolute("https://learn.test/p/", path)
    else:
        assert absolute("https://learn.test/p/", path) == url
