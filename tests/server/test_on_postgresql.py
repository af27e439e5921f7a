"""The tests marked ``postgres`` once more, on PostgreSQL: a private cluster, and a run of their own.

``HAVERSACK_TEST_DATABASE=postgresql://…`` runs all of ``tests/server`` on a database of your own (docs/deploy.md).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from benchmarks.postgresql import PrivateCluster, why_not
from tests.server_process import ROOT

pytestmark = [
    pytest.mark.skipif("HAVERSACK_TEST_DATABASE" in os.environ, reason="this run is on a database of its own"),
    pytest.mark.skipif(bool(why_not()), reason=why_not() or "-"),
]


@pytest.fixture(scope="module")
def cluster() -> Iterator[PrivateCluster]:
    """A database server for this module."""
    with PrivateCluster() as cluster:
        yield cluster


@pytest.mark.timeout(600)
def test_the_marked_tests_pass_on_postgresql(cluster: PrivateCluster) -> None:
    command = [sys.executable, "-m", "pytest", "tests/server", "-m", "postgres", "-q", "-p", "no:cacheprovider"]
    environment = {**os.environ, "HAVERSACK_TEST_DATABASE": cluster.dsn("haversack")}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=570, check=False)
    assert ended.returncode == 0, ended.stdout[-8000:] + ended.stderr[-2000:]
    # No test that speaks of PostgreSQL alone may have been skipped here
    assert "skipped" not in ended.stdout.splitlines()[-1], ended.stdout[-2000:]
