"""Packs while they come: what has come counts, whatever happens to the rest."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from desktop.errors import Problem
from desktop.models.blobs import blob_path
from desktop.sync import problems
from desktop.sync.blobs import Blob, StoppedError
from desktop.sync.packs import ARRIVING, FIRST, LEAST
from tests.desktop.sync.conftest import Installation
from tests.desktop.sync.program_server import ProgramServer
from tests.fault_proxy import Fault, FaultProxy

SIZE = 20_000


@pytest.fixture
def wanted(program: ProgramServer) -> list[Blob]:
    """Forty files of 20 kB at the server."""
    source = random.Random(1)
    contents = [source.randbytes(SIZE) for _ in range(40)]
    program.blobs |= {hashlib.sha256(data).hexdigest(): data for data in contents}
    return [Blob(hashlib.sha256(data).hexdigest(), SIZE, "sql") for data in contents]


@pytest.fixture
def line(program: ProgramServer, one: Installation) -> Iterator[FaultProxy]:
    """Between the program and its server."""
    direct = program.url
    with FaultProxy(urlsplit(direct).port or 0) as proxy:
        program.url = proxy.url
        yield proxy
        program.url = direct
        one.gateway._client.close()


def require_here(one: Installation, ready: set[str]) -> None:
    """They lie under their names with their content, and nothing is half-way."""
    folder = one.gateway.fetcher.folder
    for sha256 in ready:
        assert hashlib.sha256(blob_path(folder, sha256).read_bytes()).hexdigest() == sha256
    assert not list((folder / ARRIVING).glob("*"))


def test_what_came_before_the_line_broke_is_kept(one: Installation, line: FaultProxy, wanted: list[Blob]) -> None:
    packs = one.gateway.packs
    line.spoil(Fault(close_after=400_000))
    came = packs.fetch(wanted)
    assert isinstance(came.broken, Problem)
    assert came.broken.code == problems.TRUNCATED
    assert 10 < len(came.ready) < 20
    assert came.ready == {blob.sha256 for blob in wanted[: len(came.ready)]}
    assert came.singly == set()
    assert packs.room == FIRST // 2
    require_here(one, came.ready)
    passed = line.passed
    rest = packs.fetch(wanted[len(came.ready) :])
    assert rest.broken is None
    assert came.ready | rest.ready == {blob.sha256 for blob in wanted}
    assert line.passed - passed < SIZE * (len(rest.ready) + 1), "nothing comes twice"
    require_here(one, came.ready | rest.ready)


def test_a_line_that_brings_nothing_is_a_problem(one: Installation, line: FaultProxy, wanted: list[Blob]) -> None:
    line.spoil(*[Fault(close_after=600)] * 2)
    with pytest.raises(Problem) as caught:
        one.gateway.packs.fetch(wanted)
    assert caught.value.code == problems.TRUNCATED
    require_here(one, set())


def test_who_stops_in_the_middle_keeps_what_came(one: Installation, wanted: list[Blob]) -> None:
    asked = itertools.count()
    came = one.gateway.packs.fetch(wanted, lambda: next(asked) < 3)
    assert isinstance(came.broken, StoppedError)
    assert 0 < len(came.ready) < 40
    require_here(one, came.ready)


def test_a_slow_line_makes_packs_smaller(
    one: Installation, wanted: list[Blob], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.sync.packs.LONG_S", 0.0)
    monkeypatch.setattr("desktop.sync.packs.SHORT_S", 0.0)
    packs = one.gateway.packs
    for _ in range(8):
        assert len(packs.fetch(wanted).ready) == 40
    assert packs.room == LEAST
