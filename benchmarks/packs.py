"""Course packs: the export of 1 GiB (every blob hashed, signed, on the disk) against ``tar`` with and without
``sha256sum``, and the import (hashed, on the disk, in the database) against ``cp`` and ``sha256sum``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figures import CannotMeasureError, Figure, against_limit, compare, interleave

ROOT = Path(__file__).resolve().parent.parent
SIZE = 1 << 30
LECTURES = 64
"""Files of 16 MiB."""
SMALL, SMALL_SIZE = 5_000, 40 << 20
"""Files of 8 kB."""
ROUNDS = 3
ROOM = 8 << 30
MEMORY = 24.0


@dataclass
class Prepared:
    """A server with a course, and the pack of it."""

    work: Path
    pack: Path
    media: Path
    key: str
    process: subprocess.Popen[str]
    grown: list[float] = field(default_factory=list)
    """MB by which the importing process grew."""

    def export(self) -> float:
        """Seconds."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("again\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def import_pack(self) -> float:
        """Seconds, into an empty data folder."""
        home = self.work / "desktop"
        words = [sys.executable, "-m", "benchmarks.pack_import", str(home), self.key, str(self.pack)]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
        shutil.rmtree(home, ignore_errors=True)
        if done.returncode:
            raise CannotMeasureError(f"the import failed: {done.stderr[-500:]}")
        took, grown = map(float, done.stdout.split())
        self.grown.append(grown / 1e6)
        return took


@contextmanager
def prepared(work: Path, count: int, size: int) -> Iterator[Prepared]:
    """A course of ``count`` files and ``size`` bytes, exported once."""
    pack = work / "large.haversack"
    words = [sys.executable, "-m", "benchmarks.pack_server", str(work / "server"), str(count), str(size), str(pack)]
    process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline() or "{}")
        if not told:
            raise CannotMeasureError("the server could not be prepared")
        made = Prepared(work, pack, Path(told["media"]), told["key"], process)
        made.export()
        yield made
    finally:
        process.communicate("")


def run() -> list[Figure]:
    """Everything, in turn.

    Raises:
        CannotMeasureError: there is no room, or something could not be prepared.
    """
    with tempfile.TemporaryDirectory(prefix="haversack-packs-") as name:
        if shutil.disk_usage(name).free < ROOM:
            raise CannotMeasureError(f"{ROOM >> 30} GiB of room are needed in {tempfile.gettempdir()}")
        return [*_large(Path(name) / "large"), *_small(Path(name) / "small")]


def _large(work: Path) -> list[Figure]:
    work.mkdir()
    with prepared(work, LECTURES, SIZE) as made:
        exported, checked, packed = interleave(
            ROUNDS, made.export, lambda: _packed(made, checked=True), lambda: _packed(made, checked=False)
        )
        imported, plain, durable = interleave(
            ROUNDS,
            made.import_pack,
            lambda: _copied(made, durable=False),
            lambda: _copied(made, durable=True),
        )
    return [
        _faster("export of 1 GiB, hashed and signed", exported, "sha256sum each, tar, sync", checked),
        _faster("export of 1 GiB, hashed and signed", exported, "tar, sync", packed),
        _faster("import of 1 GiB, on the disk", imported, "cp, sha256sum, sync", durable),
        _faster("import of 1 GiB, on the disk", imported, "cp, sha256sum", plain),
        against_limit("memory by which an import of 1 GiB grows", "MB", [max(made.grown)], MEMORY),
    ]


def _small(work: Path) -> list[Figure]:
    work.mkdir()
    with prepared(work, SMALL, SMALL_SIZE) as made:
        imported, peers = interleave(ROUNDS, made.import_pack, lambda: _unpacked(made))
    return [_faster("import of 5,000 x 8 kB, on the disk", imported, "tar x, sha256sum each, sync", peers)]


def _faster(name: str, ours: Sequence[float], peer: str, theirs: Sequence[float]) -> Figure:
    """Speeds, so that more is better; no budget was set for these."""
    return compare(name, "1/s", [1 / second for second in ours], peer, [1 / second for second in theirs])


def _timed(*commands: Sequence[str | Path]) -> float:
    began = time.perf_counter()
    for command in commands:
        subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _packed(made: Prepared, *, checked: bool) -> float:
    target = made.work / "copy.tar"
    commands: list[Sequence[str | Path]] = [("tar", "cf", target, "-C", made.media, "."), ("sync", target)]
    if checked:
        commands.insert(0, _sums_of(made.media))
    took = _timed(*commands)
    target.unlink()
    return took


def _copied(made: Prepared, *, durable: bool) -> float:
    target = made.work / "copy"
    commands = [("cp", made.pack, target), ("sha256sum", target)]
    took = _timed(*commands, *([("sync", target)] if durable else []))
    target.unlink()
    return took


def _unpacked(made: Prepared) -> float:
    target = made.work / "unpacked"
    target.mkdir()
    took = _timed(
        ("tar", "xf", made.pack, "-C", target),
        _sums_of(target),
        ("sync", "-f", target),
    )
    shutil.rmtree(target)
    return took


def _sums_of(folder: Path) -> Sequence[str]:
    return "sh", "-c", f"find '{folder}' -type f -print0 | xargs -0 sha256sum"
