"""``python -m benchmarks.memory_probe (first | poll | files)``: does one thing and prints how this process grew.

Standard input is what it needs as JSON; the answer is one line of JSON: ``grown_mb``, the most that was in memory over
what was before, or for ``poll`` ``slope``, the bytes that a round keeps.
"""

from __future__ import annotations

import gc
import json
import sys
import tracemalloc
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.accounts import Account
from benchmarks.download_ours import Ours
from benchmarks.download_rows import COURSE
from benchmarks.first_sync import sync_all

WARM, ROUNDS = 50, 200


class Growth:
    """From when it is made: the most that this process has in memory over what it has now."""

    def __init__(self) -> None:
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the high-water mark begins here
        self._before_kb = _memory_kb("VmRSS")

    def mb(self) -> float:
        """So far."""
        return (_memory_kb("VmHWM") - self._before_kb) / 1024


def _memory_kb(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(name)))


def first(wanted: dict[str, Any]) -> dict[str, float]:
    """A first sync with all downloads that come by themselves."""
    with closing(Account(Path(wanted["home"]), wanted["port"])) as device:
        device.sign_in()
        growth = Growth()
        sync_all(device)
        return {"grown_mb": growth.mb()}


def poll(wanted: dict[str, Any]) -> dict[str, float]:
    """Rounds of a device that has everything. What a round keeps is the growth of Python's allocations from the first
    rounds, which fill caches, to the last, by their number."""
    with closing(Account(Path(wanted["home"]), wanted["port"])) as device:
        device.sign_in()
        device.sync()
        tracemalloc.start()
        for _ in range(WARM):
            device.rounds.make(lambda: False)
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(ROUNDS - WARM):
            device.rounds.make(lambda: False)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
        return {"slope": (after - before) / (ROUNDS - WARM)}


def files(wanted: dict[str, Any]) -> dict[str, float]:
    """Downloads as one entry of the queue."""
    packs = tuple(wanted["packs"]) if wanted["packs"] else None
    with Ours(Path(wanted["home"]), wanted["sizes"], COURSE, wanted["port"], packs) as ours:
        growth = Growth()
        ours.fetch_all()
        ours.require_all()
        return {"grown_mb": growth.mb()}


if __name__ == "__main__":
    print(json.dumps({"first": first, "poll": poll, "files": files}[sys.argv[1]](json.load(sys.stdin))))
