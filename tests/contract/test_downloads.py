"""Downloads from the real server: in few requests, over its death, and with nginx sending the files in its place."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from desktop.errors import Problem
from desktop.models.blobs import blob_path, part_path
from desktop.models.files import assets
from desktop.services.services import Services
from desktop.sync.downloads import DownloadQueue
from desktop.sync.packs import PackFetcher
from tests.contract.conftest import Client
from tests.contract.test_client_learning import COURSE, sync
from tests.server_process import ServerProcess

Make = Callable[[str], Client]
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def enrolled(one: Client) -> Services:
    """A member who is enrolled; the whole course waits to be downloaded."""
    services = one.join()
    sync(one)
    services.enrollment.enroll(services.learner.view().programs[0].id, COURSE)
    sync(one)
    services.downloads.queue_course(COURSE)
    return services


def drain(one: Client, packs: PackFetcher | None, stopping: Callable[[], bool] = lambda: False) -> None:
    """Until there is nothing to fetch."""
    queue = DownloadQueue(one.services.store, one.gateway.fetcher, packs=packs)
    while not stopping() and queue.fetch_next(stopping):
        pass


def require_whole(services: Services) -> None:
    """The entry is ready and every file is what its name says."""
    (entry,) = services.downloads.view().entries
    assert (entry.state, entry.problem) == ("ready", "")
    with services.store.read() as connection:
        ready = connection.execute(select(assets.c.sha256).where(assets.c.state == "ready")).scalars().all()
    assert len(ready) >= entry.files_total > 10
    for sha256 in ready:
        with blob_path(services.store.assets, sha256).open("rb") as file:
            assert hashlib.file_digest(file, "sha256").hexdigest() == sha256


def test_small_files_come_in_packs(client: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    one = client("one")
    services = enrolled(one)
    brought: list[int] = []
    fetch = one.gateway.packs.fetch

    def counted(*arguments: object) -> object:
        came = fetch(*arguments)  # type: ignore[arg-type]
        brought.append(len(came.ready))
        assert came.singly == set()
        return came

    monkeypatch.setattr(one.gateway.packs, "fetch", counted)
    drain(one, one.gateway.packs)
    require_whole(services)
    assert len(brought) <= 4
    assert sum(brought) > 10


def test_the_server_dies_in_the_middle_and_comes_back(client: Make, server: ServerProcess) -> None:
    one = client("one")
    services = enrolled(one)
    with services.store.read() as connection:
        largest = connection.execute(select(assets.c.sha256, assets.c.size).order_by(assets.c.size.desc())).first()
    assert largest is not None
    part = part_path(services.store.assets, largest.sha256)

    def killed() -> bool:
        if server.running and part.exists() and part.stat().st_size:
            server.kill()
        return False

    one.gateway.fetcher.throttle.set(2_000_000)
    services.downloads.change_rules({"speed_limit": 2_000_000})
    with pytest.raises(Problem):
        drain(one, None, killed)
    assert not server.running
    assert services.downloads.view().entries[0].state == "queued"
    services.downloads.change_rules({"speed_limit": 0})
    server.start()
    drain(one, one.gateway.packs)
    require_whole(services)


@pytest.fixture
def nginx(server: ServerProcess, tmp_path: Path) -> Iterator[str]:
    """In front of the server: it sends the blobs itself, with names of its own for their versions, as HTML, and
    without a header of the protocol. Its address."""
    if NGINX is None:
        pytest.skip("nginx is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path / "nginx"
    folder.mkdir()
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/log; {user} events {{}}\nhttp {{ access_log off;"
        + "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
        + f"""
        server {{
            listen 127.0.0.1:{port};
            location / {{ proxy_pass {server.url}; proxy_set_header Host $host; }}
            location ~ ^/v1/blobs/(..)(.*)$ {{ alias {server.home}/media/$1/$1$2; default_type text/html; }}
        }} }}"""
    )
    process = subprocess.Popen([NGINX, "-c", str(folder / "conf")], stderr=subprocess.DEVNULL)
    for _ in range(500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert process.poll() is None, (folder / "log").read_text()
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


def test_behind_nginx(client: Make, nginx: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file by itself, stopped once in the middle; what arrived is not asked for again."""
    one = client("one")
    monkeypatch.setattr(one.gateway, "_base_url", lambda _: nginx)
    services = enrolled(one)
    with services.store.write(set()) as connection:
        largest = connection.execute(select(assets.c.sha256, assets.c.size).order_by(assets.c.size.desc())).first()
        # Pictures of the catalog, whose size nobody says: this nginx would call them pages, which they cannot be.
        connection.execute(update(assets).where(assets.c.size < 0).values(state="failed"))
    assert largest is not None
    part = part_path(services.store.assets, largest.sha256)
    services.downloads.change_rules({"speed_limit": 4_000_000})
    drain(one, None, lambda: part.exists() and part.stat().st_size > 0)
    here = part.stat().st_size
    assert 0 < here < largest.size
    services.downloads.change_rules({"speed_limit": 0})
    begun: list[int] = []
    stream = one.gateway._client.stream

    def noted(url: str, headers: dict[str, str]) -> object:
        if largest.sha256 in url:
            begun.append(int(headers.get("Range", "bytes=0-")[6:-1]))
        return stream(url, headers)

    monkeypatch.setattr(one.gateway._client, "stream", noted)
    drain(one, None)
    require_whole(services)
    assert begun == [here]
