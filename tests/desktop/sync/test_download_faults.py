"""Downloads over a network that does what networks do: nothing wrong is ever called ready, and in the end all is here.

``HAVERSACK_FAULT_ROUNDS`` draws so many random sequences of faults more (a few in a normal run).
"""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from desktop.errors import Problem
from desktop.models.blobs import blob_path
from desktop.models.files import assets
from desktop.services.services import Services
from desktop.sync import downloads as downloads_module
from desktop.sync import transport
from desktop.sync.downloads import DownloadQueue
from tests.desktop.course import VIDEO_BYTES, Course
from tests.desktop.sync.conftest import Installation
from tests.desktop.sync.program_server import ProgramServer
from tests.desktop.sync.test_push_pull import enrolled, never
from tests.fault_proxy import Fault, FaultProxy, page

ROUNDS = int(os.environ.get("HAVERSACK_FAULT_ROUNDS", "4"))
TRIES = 200

FAULTS = {
    "late": [Fault(latency_s=0.02)],
    "slow": [Fault(bytes_per_s=1_500_000)],
    "reset before anything": [Fault(refuse=True)] * 4,
    "reset in the head": [Fault(reset_after=40)] * 4,
    "reset in the body": [Fault(reset_after=120_000)] * 12,
    "closed in the head": [Fault(close_after=25)] * 4,
    "closed in the body": [Fault(close_after=100_000)] * 12,
    "half closed": [Fault(half_close_after=90_000)] * 4,
    "stalled in the head": [Fault(stall_after=10)] * 2,
    "stalled in the body": [Fault(stall_after=150_000)] * 3,
    "corrupted head": [Fault(corrupt_at=3)] * 2,
    "corrupted body": [Fault(corrupt_at=30_000)],
    "corrupted early": [Fault(corrupt_at=1_500)],
    "burst of 502": [Fault(answer=page("502 Bad Gateway"))] * 5,
    "burst of 503": [Fault(answer=page("503 Service Unavailable", b"", "text/plain"))] * 5,
    "500 that says it is JSON": [Fault(answer=page("500 Internal Server Error", b"{}", "application/json"))] * 3,
    "captive portal": [Fault(answer=page("200 OK", b"<html>Sign in to this hotel</html>"))] * 3,
    "redirect to a page": [Fault(answer=page("302 Found\r\nLocation: http://hotel.example/"))] * 3,
    "empty answer": [Fault(answer=page("200 OK", b"", "application/octet-stream"))] * 3,
    "not HTTP": [Fault(answer=b"220 mail.example.org ESMTP\r\n\r\n")] * 3,
}


@pytest.fixture
def services(one: Installation, program: ProgramServer, course: Course) -> Services:
    """Enrolled; a course waits to be downloaded."""
    services = enrolled(one, program, course)
    services.downloads.queue_course("sql")
    return services


@pytest.fixture
def network(program: ProgramServer, services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    """Between the program and its server; a read gives up after a fraction of the usual time."""
    monkeypatch.setattr(transport, "READ_S", 0.4)
    monkeypatch.setattr(downloads_module, "TOLD_EVERY_S", 0.0)
    direct = program.url
    with FaultProxy(urlsplit(direct).port or 0) as proxy:
        program.url = proxy.url
        yield proxy
        program.url = direct


def require_ready_is_true(services: Services) -> int:
    """Every row that says ready has a file with its hash (invariant 3). Returns how many there are."""
    with services.store.read() as connection:
        ready = connection.execute(select(assets.c.sha256).where(assets.c.state == "ready")).scalars().all()
    for sha256 in ready:
        data = blob_path(services.store.assets, sha256).read_bytes()
        assert hashlib.sha256(data).hexdigest() == sha256
    return len(ready)


def download_all(one: Installation, services: Services) -> int:
    """As the worker does it, but without its pauses. Returns how many tries failed."""
    one.gateway._client.close()  # connections from before the network was spoilt
    queue = DownloadQueue(services.store, one.gateway.fetcher, packs=one.gateway.packs)
    failed = 0
    for _ in range(TRIES):
        try:
            while queue.fetch_next(never):
                require_ready_is_true(services)
            waiting = queue._postponed._cases
            if not waiting:
                return failed
            for case in waiting.values():
                case.until = 0.0
        except Problem:
            failed += 1
        require_ready_is_true(services)
        for entry in services.downloads.view().entries:
            if entry.state == "failed":
                services.downloads.resume(entry.id)
    raise AssertionError(f"not here after {TRIES} tries: {services.downloads.view().entries}")


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault(
    one: Installation, program: ProgramServer, course: Course, services: Services, network: FaultProxy, name: str
) -> None:
    network.spoil(*FAULTS[name])
    download_all(one, services)
    assert not network.faults, "the fault was not met as often as it should be"
    (entry,) = services.downloads.view().entries
    assert entry.state == "ready"
    assert require_ready_is_true(services) == len(course.blobs)
    assert list(services.store.assets.glob("**/*.part")) == []


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_any_sequence_of_faults(
    one: Installation, program: ProgramServer, course: Course, services: Services, network: FaultProxy, seed: int
) -> None:
    chance = random.Random(seed)
    network.spoil(*(chance.choice(chance.choice(list(FAULTS.values()))) for _ in range(12)))
    download_all(one, services)
    assert require_ready_is_true(services) == len(course.blobs)


def test_a_reset_every_so_often_costs_no_byte_twice(
    one: Installation, program: ProgramServer, course: Course, services: Services, network: FaultProxy
) -> None:
    """A way that is fast enough to read what it brings before it breaks."""
    network.otherwise = Fault(reset_after=130_000, bytes_per_s=4_000_000)
    network.passed = 0
    download_all(one, services)
    assert network.passed < 2 * VIDEO_BYTES * 1.01 + 60_000
