"""The real process over real HTTP: starting, ending, and batches that arrive at the same time."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from protocol.accounts import Device, NewAccount, Refresh, ServerInfo, Session, Tokens
from protocol.actions import (
    ENROLL,
    SAVE_NOTE,
    WATCH,
    Action,
    ActionBatch,
    ActionBatchResult,
    ClockEvidence,
    Enroll,
    SaveNote,
    Watch,
)
from protocol.feeds import AddressAnswer, AddressRequest, FeedPage
from protocol.ids import ActionId, CourseId, DeviceId, EnrollmentId, ItemId, NoteId, ProgramId, new_uuid7
from protocol.learning import Enrollment, Progress
from protocol.manifest import CourseManifest
from protocol.wire import Wire, decode, encode
from tests.server.program_folder import COURSE_ID, LECTURE, PROGRAM_ID, TOKEN
from tests.server_process import ROOT, ServerFailedError, ServerProcess

T = TypeVar("T")


class Http:
    """A learner's connection."""

    def __init__(self, server: ServerProcess) -> None:
        self._where = server.url.removeprefix("http://")
        self.token = ""

    def send(
        self, method: str, path: str, body: Wire | bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (lower-case), body."""
        connection = http.client.HTTPConnection(self._where, timeout=30)
        try:
            signed = {"Authorization": f"Bearer {self.token}"} if self.token else {}
            data = body if isinstance(body, bytes) else encode(body) if body is not None else None
            connection.request(method, path, data, {**signed, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def ask(self, method: str, path: str, kind: type[T], body: Wire | None = None) -> T:
        """A success as a wire type."""
        status, _, content = self.send(method, path, body)
        assert status < 300, content
        return decode(content, kind)

    def join(self, invitation: str = TOKEN) -> Session:
        """A new account."""
        device = Device(id=DeviceId("d1"), name="Test")
        new = NewAccount(invitation=invitation, name="Ada", password="violet harbour 7", device=device)
        session = self.ask("POST", "/v1/accounts", Session, new)
        self.token = session.tokens.access_token
        return session

    def act(self, *actions: Action) -> list[str]:
        """The outcomes of a batch."""
        answer = self.ask("POST", "/v1/actions", ActionBatchResult, ActionBatch(actions=actions))
        return [result.outcome for result in answer.results]


def action(kind: str, body: Wire, sequence: int = 1) -> Action:
    return Action(
        id=ActionId(new_uuid7()),
        kind=kind,
        subject="x",
        device_id=DeviceId("d1"),
        sequence=sequence,
        clock=ClockEvidence(made_at=datetime.now(UTC)),
        body=msgspec.Raw(encode(body)),
    )


def enroll() -> Action:
    body = Enroll(
        enrollment_id=EnrollmentId(new_uuid7()), course_id=CourseId(COURSE_ID), program_id=ProgramId(PROGRAM_ID)
    )
    return action(ENROLL, body)


def note(text: str) -> Action:
    body = SaveNote(note_id=NoteId(new_uuid7()), course_id=CourseId(COURSE_ID), item_id=ItemId(LECTURE), text=text)
    return action(SAVE_NOTE, body)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, pristine_folder: Path) -> Path:
    """The home of a server that has migrated and loaded, and ended."""
    home = tmp_path_factory.mktemp("template")
    with ServerProcess(home, [pristine_folder]):
        pass
    return home


@pytest.fixture
def home(tmp_path: Path, template: Path) -> Path:
    """A home of the test's own."""
    return Path(shutil.copytree(template, tmp_path / "a home"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, template: Path, pristine_folder: Path) -> Iterator[ServerProcess]:
    """One server for this module."""
    home = shutil.copytree(template, tmp_path_factory.mktemp("server") / "home")
    with ServerProcess(Path(home), [pristine_folder]) as server:
        yield server


@pytest.fixture(scope="module")
def learner(server: ServerProcess) -> Http:
    """Signed in and enrolled."""
    learner = Http(server)
    learner.join()
    assert learner.act(enroll()) == ["applied"]
    return learner


@pytest.fixture
def folder(pristine_folder: Path) -> Path:
    """The program's folder."""
    return pristine_folder


def test_ready_says_where_and_whom_to_invite(home: Path, folder: Path) -> None:
    with ServerProcess(home, [folder]) as server:
        assert server.ready["event"] == "ready"
        assert server.ready["pid"] == server.pid
        (invitation,) = server.invitations
        assert (invitation["email"], invitation["token"]) == ("ada@example.org", TOKEN)
        port = server.url.rpartition(":")[2]
        assert invitation["url"] == f"haversack://join?server=http%3A%2F%2F127.0.0.1%3A{port}&invitation={TOKEN}"
        assert Http(server).ask("GET", "/v1/server", ServerInfo).protocol == 1
        key = server.home / "secret-key"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        before = key.read_text()
        session = Http(server).join()
    with server:
        assert key.read_text() == before
        assert server.invitations == [], "it was used"
        again = Http(server)
        again.token = session.tokens.access_token
        assert again.send("GET", "/v1/me")[0] == 200, "a restart signs nobody out"
    assert "Traceback" not in (server.home / "server.log").read_text()


def test_it_ends_cleanly_whichever_way(home: Path) -> None:
    server = ServerProcess(home)
    for end in (server.stop, server.close_stdin):
        server.start()
        assert end() == 0
        refuses(server.port)


def test_a_killed_supervisor_takes_its_worker_along(home: Path) -> None:
    server = ServerProcess(home).start()
    server.kill_supervisor()  # the guard of left-over processes waits for the worker and fails if it stays
    with server:
        assert Http(server).send("GET", "/v1/server")[0] == 200


def refuses(port: int) -> None:
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "server", "serve", "--home", str(tmp_path / "home"), "--port", str(port)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 3
    assert f"Port {port}" in ended.stderr
    assert ended.stdout == ""


def test_a_broken_program_is_named_and_nothing_served(tmp_path: Path, home: Path) -> None:
    (tmp_path / "program").mkdir()
    (tmp_path / "program/program.toml").write_text('id = "x"\n')
    with pytest.raises(ServerFailedError, match=r"program.toml:1: “organization” is missing"):
        ServerProcess(home, [tmp_path / "program"]).start()


def test_the_commands_of_the_back_office(home: Path, folder: Path) -> None:
    def manage(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "server", "manage", "--home", str(home), *words]
        environment = {**os.environ, "DJANGO_SUPERUSER_PASSWORD": "violet harbour 7"}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        return subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False, env=environment
        )

    loaded = manage("load_program", str(folder))
    assert loaded.returncode == 0, loaded.stderr
    assert "basics" in loaded.stdout
    made = manage("createsuperuser", "--noinput", "--email", "boss@example.org", "--name", "Boss")
    assert made.returncode == 0, made.stderr


def test_the_back_office_is_served_with_its_style(server: ServerProcess) -> None:
    status, _, page = Http(server).send("GET", "/admin/login/")
    assert status == 200
    assert b"Haversack program server" in page
    style = page.partition(b'href="/static/')[2].partition(b'"')[0].decode()
    status, headers, _ = Http(server).send("GET", f"/static/{style}")
    assert (status, headers["content-type"]) == (200, 'text/css; charset="utf-8"')


def test_a_course_comes_over_the_wire(learner: Http) -> None:
    page = learner.ask("GET", "/v1/feeds/learner", FeedPage)
    enrollment = next(decode(change.body, Enrollment) for change in page.changes if change.kind == "enrollment")
    manifest = learner.ask("GET", f"/v1/manifests/{enrollment.version}", CourseManifest)
    wanted = AddressRequest(blobs=tuple(asset.sha256 for asset in manifest.assets))
    answer = learner.ask("POST", f"/v1/courses/{COURSE_ID}/addresses", AddressAnswer, wanted)
    video = max(manifest.assets, key=lambda asset: asset.size)
    url = next(address.url for address in answer.addresses if address.sha256 == video.sha256)
    status, headers, whole = learner.send("GET", url)
    assert (status, len(whole)) == (200, video.size)
    assert headers["haversack-protocol"] == "1"
    status, headers, rest = learner.send("GET", url, headers={"Range": "bytes=100-", "If-Range": headers["etag"]})
    assert (status, rest) == (206, whole[100:])
    assert headers["content-range"] == f"bytes 100-{video.size - 1}/{video.size}"
    status, headers, nothing = learner.send("HEAD", url)
    assert (status, headers["content-length"], nothing) == (200, str(video.size), b"")


def at_once(number: int, work: Any) -> list[Any]:
    """Results of ``work(index)`` in as many threads, started together."""
    gate = threading.Barrier(number)

    def run(index: int) -> Any:
        gate.wait()
        return work(index)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_the_same_batch_from_many_threads_is_applied_once(learner: Http) -> None:
    before = learner.ask("GET", "/v1/feeds/learner", FeedPage).cursor
    batch = [note(f"note {number}") for number in range(20)]
    outcomes = at_once(6, lambda _: learner.act(*batch))
    for position in range(20):
        assert sorted(result[position] for result in outcomes) == ["applied"] + ["duplicate"] * 5
    page = learner.ask("GET", f"/v1/feeds/learner?after={before}", FeedPage)
    revisions = [change.revision for change in page.changes]
    assert len(revisions) == 20
    assert revisions == list(range(revisions[0], revisions[0] + 20)), "no holes"


def test_different_batches_at_once_lose_nothing(learner: Http) -> None:
    before = learner.ask("GET", "/v1/feeds/learner", FeedPage).cursor

    def send(index: int) -> list[str]:
        watched = Watch(
            item_id=ItemId(LECTURE), course_id=CourseId(COURSE_ID), intervals=((index * 100, index * 100 + 50),)
        )
        return learner.act(note(f"from {index}"), action(WATCH, watched))

    assert at_once(8, send) == [["applied", "applied"]] * 8
    page = learner.ask("GET", f"/v1/feeds/learner?after={before}", FeedPage)
    assert sum(change.kind == "note" for change in page.changes) == 8
    (progress,) = (decode(change.body, Progress) for change in page.changes if change.kind == "progress")
    assert progress.watched == tuple((index * 100, index * 100 + 50) for index in range(8))


def test_a_reader_never_sees_a_hole_while_others_write(learner: Http) -> None:
    done = threading.Event()
    start = learner.ask("GET", "/v1/feeds/learner", FeedPage).cursor
    seen: set[str] = set()

    def read() -> None:
        cursor = start
        while True:
            last = done.is_set()
            page = learner.ask("GET", f"/v1/feeds/learner?after={cursor}&limit=5", FeedPage)
            seen.update(change.id for change in page.changes)
            cursor = page.cursor
            if last and not page.more and not page.changes:
                return

    reader = threading.Thread(target=read)
    reader.start()
    batches = [[note("x") for _ in range(4)] for _ in range(12)]
    at_once(4, lambda index: [learner.act(*batch) for batch in batches[index::4]])
    done.set()
    reader.join()
    written = {json.loads(bytes(one.body))["note_id"] for batch in batches for one in batch}
    assert written <= seen


def test_an_invitation_is_used_by_one_of_many_at_once(home: Path, folder: Path) -> None:
    with ServerProcess(home, [folder]) as server:
        outcomes = at_once(4, lambda number: try_to_join(server, f"violet harbour {number}")[0])
    assert outcomes.count(201) == 1
    assert set(outcomes) <= {201, 409, 410}


def test_who_joins_again_with_the_same_password_has_one_account(home: Path, folder: Path) -> None:
    """The answer was lost, and the program asked again."""
    with ServerProcess(home, [folder]) as server:
        answers = at_once(4, lambda _: try_to_join(server, "violet harbour 7"))
    assert [status for status, _ in answers] == [201] * 4
    assert len({decode(body, Session).account.id for _, body in answers}) == 1


def try_to_join(server: ServerProcess, password: str) -> tuple[int, bytes]:
    device = Device(id=DeviceId(new_uuid7()), name="Test")
    new = NewAccount(invitation=TOKEN, name="Ada", password=password, device=device)
    status, _, body = Http(server).send("POST", "/v1/accounts", new)
    return status, body


def test_a_kill_loses_nothing_that_was_acknowledged(home: Path) -> None:
    server = ServerProcess(home).start()
    learner = Http(server)
    session = learner.join()
    actions = [enroll(), *(note(f"{number}") for number in range(5))]
    assert learner.act(*actions) == ["applied"] * 6
    server.kill()
    with server:
        assert learner.act(*actions) == ["duplicate"] * 6
        page = learner.ask("GET", "/v1/feeds/learner", FeedPage)
        assert sum(change.kind == "note" for change in page.changes) == 5
        refreshed = Refresh(refresh_token=session.tokens.refresh_token)
        assert learner.ask("POST", "/v1/sessions/refresh", Tokens, refreshed).access_token
