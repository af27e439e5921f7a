"""As an organization runs it: production settings, PostgreSQL, two processes, and a web server in front."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.postgresql import PrivateCluster, why_not
from protocol.accounts import Device, ServerInfo, SignIn
from protocol.feeds import FeedPage
from protocol.ids import DeviceId
from protocol.wire import Wire
from tests.server.test_process import Http, at_once, enroll, note
from tests.server_process import ROOT, ServerFailedError, ServerProcess

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")
PROXY = {"Host": "learn.example.org", "X-Forwarded-Proto": "https"}


class Proxied(Http):
    """Through a web server that says whom it speaks for."""

    def __init__(self, server: ServerProcess, caller: str = "192.0.2.1") -> None:
        super().__init__(server)
        self.caller = caller

    def send(
        self, method: str, path: str, body: Wire | bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """With the headers of the proxy."""
        return super().send(method, path, body, {**PROXY, "X-Forwarded-For": self.caller, **(headers or {})})


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What docs/deploy.md asks for, with an empty database."""
    with PrivateCluster() as cluster:
        yield {
            "DJANGO_SETTINGS_MODULE": "server.settings.production",
            "SECRET_KEY": "k" * 30 + "0123456789abcdefghijklmnopqrstuvwxyz",
            "ALLOWED_HOSTS": "learn.example.org",
            "DATABASE_URL": cluster.dsn(),
            "MEDIA_FOLDER": str(tmp_path_factory.mktemp("production") / "media"),
        }


def manage(environment: dict[str, str], *words: str) -> str:
    command = [sys.executable, "-m", "server", "manage", *words]
    ended = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=100, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def server(
    environment: dict[str, str], pristine_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    """Two processes. Before the database is ready, it says so and does not touch it."""
    home = tmp_path_factory.mktemp("production") / "log"
    words = ["--workers", "2", "--threads", "4"]
    server = ServerProcess(home, words=words, environment=environment, embedded=False)
    with pytest.raises(ServerFailedError, match="manage migrate"):
        server.start()
    assert "no issues" in manage(environment, "check", "--deploy", "--fail-level", "WARNING")
    manage(environment, "migrate")
    manage(environment, "collectstatic", "--noinput")
    assert "basics" in manage(environment, "load_program", str(pristine_folder))
    with server:
        yield server


@pytest.fixture(scope="module")
def learner(server: ServerProcess) -> Proxied:
    """Signed in and enrolled."""
    learner = Proxied(server)
    learner.join()
    assert learner.act(enroll()) == ["applied"]
    return learner


def test_it_answers_by_its_name_and_over_https_alone(server: ServerProcess) -> None:
    assert Proxied(server).ask("GET", "/v1/server", ServerInfo).protocol == 1
    assert Proxied(server).send("GET", "/v1/server", headers={"Host": "evil.example"})[0] == 400
    status, headers, _ = Proxied(server).send("GET", "/v1/server", headers={"X-Forwarded-Proto": "http"})
    assert (status, headers["location"]) == (301, "https://learn.example.org/v1/server")
    status, headers, _ = Proxied(server).send("GET", "/admin/login/")
    assert status == 200
    assert "max-age=31536000" in headers["strict-transport-security"]
    assert "Secure" in headers["set-cookie"]


def test_the_same_batch_at_both_processes_is_applied_once(learner: Proxied) -> None:
    before = learner.ask("GET", "/v1/feeds/learner", FeedPage).cursor
    batch = [note(f"note {number}") for number in range(10)]
    outcomes = at_once(8, lambda _: learner.act(*batch))
    for position in range(10):
        assert sorted(result[position] for result in outcomes) == ["applied"] + ["duplicate"] * 7
    changes = learner.ask("GET", f"/v1/feeds/learner?after={before}", FeedPage).changes
    revisions = [change.revision for change in changes]
    assert revisions == list(range(revisions[0], revisions[0] + 10)), "no holes"


def test_wrong_passwords_are_counted_by_both_processes_together(server: ServerProcess, learner: Proxied) -> None:
    def try_one(index: int) -> int:
        wanted = SignIn(email="ada@example.org", password="wrong", device=Device(id=DeviceId("x"), name="x"))
        return Proxied(server, f"198.51.100.{index}").send("POST", "/v1/sessions", wanted)[0]

    outcomes = at_once(4, lambda index: [try_one(index * 8 + number) for number in range(8)])
    found = [status for one in outcomes for status in one]
    assert set(found) == {401, 429}
    # Those that are being judged at the moment the limit is reached still are: one a thread of the server's at most
    assert 8 <= found.count(401) <= 8 + 4
    assert learner.send("GET", "/v1/me")[0] == 200, "who is signed in is not locked out by somebody else's tries"


def test_the_log_on_standard_error_holds_no_fault(server: ServerProcess, learner: Proxied) -> None:
    said = (server.home / "stderr.log").read_text()
    assert "Too Many Requests: /v1/sessions" in said, "it is the log"
    assert "Internal Server Error" not in said
    assert "could not be" not in said
