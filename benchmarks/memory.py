"""How much memory the sync and the downloads take, each in a process of its own (``memory_probe``): its growth over
what it had with everything imported and the store open.

A first sync of ten courses; 5,000 small files in packs; one file of 1 GiB; and 200 rounds in which nothing is new,
what each keeps counted by Python's own ledger of allocations: the process's size moves in steps that say little.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import download_peers as peers
from benchmarks import first_sync
from benchmarks.downloads import LARGE, SMALL, Bench, Files
from benchmarks.figures import CannotMeasureError, Figure, against_limit

ROOT = Path(__file__).resolve().parent.parent
DOWNLOADER_MB = 40.0
"""Budget, at any size of file."""
SLOPE_BYTES = 256.0
"""A round may keep this much for ever: in a day of polling once a minute a third of a megabyte."""


def run() -> list[Figure]:
    """Everything, in turn.

    Raises:
        CannotMeasureError: this is not Linux, a peer is not installed, or a server did not start.
    """
    if not Path("/proc/self/clear_refs").exists():
        raise CannotMeasureError("the most that a process had in memory is asked of Linux")
    peers.require_peers()
    with tempfile.TemporaryDirectory(prefix="haversack-memory-") as name:
        work = Path(name)
        work.chmod(0o755)
        with first_sync.school(work / "school") as served:
            first = _probe("first", {"port": served.port, "home": str(work / "first")})
            polled = _probe("poll", {"port": served.port, "home": str(work / "poll")})
        return [
            against_limit("first sync, 10 courses", "MB", [first["grown_mb"]], DOWNLOADER_MB),
            _small(work),
            _large(work),
            against_limit("kept by a round that brings nothing", "B", [max(0.0, polled["slope"])], SLOPE_BYTES),
        ]


def _small(work: Path) -> Figure:
    bench = Bench(work)
    files = bench.make("small", SMALL)
    given = Files(work / "given", files.sizes)
    shutil.copytree(files.folder, given.folder)
    with bench.server(given) as (url, token):
        found = _probe("files", {"home": str(work / "a"), "sizes": files.sizes, "port": 1, "packs": [url, token]})
    return against_limit("5,000 small files in packs", "MB", [found["grown_mb"]], DOWNLOADER_MB)


def _large(work: Path) -> Figure:
    bench = Bench(work)
    files = bench.make("large", [LARGE])
    with peers.nginx(files.folder, work / "nginx") as port:
        found = _probe("files", {"home": str(work / "b"), "sizes": files.sizes, "port": port, "packs": None})
    bench.drop(files)
    return against_limit("1 GiB", "MB", [found["grown_mb"]], DOWNLOADER_MB)


def _probe(what: str, wanted: Mapping[str, Any]) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.memory_probe", what]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command,
        input=json.dumps(wanted),
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode:
        raise CannotMeasureError(f"{what} failed: {done.stderr[-1500:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
