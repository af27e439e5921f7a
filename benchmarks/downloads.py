"""Downloads as the program does them (claimed from the queue, hashed, on the disk, the row written) against curl and
aria2c on the same nginx, each followed by ``sha256sum``: theirs is not on the disk when they say that it is, so curl is
measured with ``sync`` as well.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import download_peers as peers
from benchmarks.download_rows import COURSE
from benchmarks.figures import CannotMeasureError, Figure, against_limit, compare, interleave

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
LARGE = 1 << 30
MANY = [random.Random(number).randint(2_000_000, 20_000_000) for number in range(200)]
SMALL = [random.Random(number).randint(500, 8_000) for number in range(5_000)]
RESETS_EVERY = 3 * 1024 * 1024
FLAKY = 60 * 1024 * 1024
ROOM = 8 << 30
TICK_S = 1 / 60
IDLE_S = 4.0


@dataclass(frozen=True)
class Files:
    """Names (hashes) and sizes of what lies in a folder that is served."""

    folder: Path
    sizes: dict[str, int]

    def urls(self, port: int) -> list[str]:
        """Their addresses."""
        return [f"http://127.0.0.1:{port}/{name}" for name in self.sizes]


def run() -> list[Figure]:
    """Everything, in turn.

    Raises:
        CannotMeasureError: a peer is not installed, there is no room, or the server did not start.
    """
    peers.require_peers()
    with tempfile.TemporaryDirectory(prefix="haversack-downloads-") as name:
        work = Path(name)
        work.chmod(0o755)
        if shutil.disk_usage(work).free < ROOM:
            raise CannotMeasureError(f"{ROOM >> 30} GiB of room are needed in {tempfile.gettempdir()}")
        bench = Bench(work)
        return [*bench.large(), *bench.many(), *bench.small(), *bench.flaky()]


class Bench:
    """Works in a folder of its own, one kind of files after the other."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._folders: list[Path] = []

    def large(self) -> list[Figure]:
        files = self.make("large", [LARGE])
        with peers.nginx(files.folder, self._work / "nginx") as port:
            ticks: list[float] = []
            idle: list[float] = []
            with _ticking(idle):
                threading.Event().wait(IDLE_S)
            (url,) = files.urls(port)
            ours, plain, durable, aria = interleave(
                ROUNDS,
                lambda: self._ours(files, port, ticks),
                lambda: self._theirs(files, lambda to: peers.curl_piped(url, to / "file", durable=False)),
                lambda: self._theirs(files, lambda to: peers.curl_piped(url, to / "file", durable=True)),
                lambda: self._theirs(files, lambda to: peers.aria2c([url], to, 1)),
            )
        self.drop(files)
        return [
            _faster("1 GiB, on the disk", ours, "curl | sha256sum, sync", durable, 0.85),
            _faster("1 GiB, on the disk", ours, "curl | sha256sum", plain, 0.55),
            _faster("1 GiB, on the disk", ours, "aria2c, sha256sum", aria),
            against_limit("60 Hz timer meanwhile, 99 of 100 within", "ms", [_part(ticks, 0.99)], 30.0),
            compare("60 Hz timer meanwhile, 99 of 100 within", "ms", [_part(ticks, 0.99)], "idle", [_part(idle, 0.99)]),
            against_limit("60 Hz timer meanwhile, the slowest", "ms", [max(ticks)], 100.0),
        ]

    def many(self) -> list[Figure]:
        files = self.make("many", MANY)
        with peers.nginx(files.folder, self._work / "nginx") as port:
            ours, plain, aria = interleave(
                ROUNDS,
                lambda: self._ours(files, port),
                lambda: self._theirs(files, lambda to: peers.curl(files.urls(port), to)),
                lambda: self._theirs(files, lambda to: peers.aria2c(files.urls(port), to, 4)),
            )
        self.drop(files)
        return [
            _faster("200 x 2-20 MB, on the disk", ours, "curl, sha256sum", plain, 0.95),
            _faster("200 x 2-20 MB, on the disk", ours, "aria2c, sha256sum", aria),
        ]

    def small(self) -> list[Figure]:
        """Ours are asked of the program server, which makes the packs; theirs of nginx."""
        files = self.make("small", SMALL)
        given = Files(self._work / "given", files.sizes)
        shutil.copytree(files.folder, given.folder)
        with peers.nginx(files.folder, self._work / "nginx") as port, self.server(given) as (url, token):
            ours, plain, durable, aria = interleave(
                ROUNDS,
                lambda: self._ours(files, port, packs=(url, token)),
                lambda: self._theirs(files, lambda to: peers.curl(files.urls(port), to)),
                lambda: self._theirs(files, lambda to: peers.curl_durable(files.urls(port), to)),
                lambda: self._theirs(files, lambda to: peers.aria2c(files.urls(port), to, 16)),
            )
        self.drop(files)
        return [
            _faster("5,000 small in packs, on the disk", ours, "curl, sha256sum", plain, 2.0),
            _faster("5,000 small in packs, on the disk", ours, "curl, sha256sum, sync", durable),
            _faster("5,000 small in packs, on the disk", ours, "aria2c, sha256sum", aria),
        ]

    def flaky(self) -> list[Figure]:
        files = self.make("flaky", [FLAKY])
        with peers.nginx(files.folder, self._work / "nginx") as port:

            def wasted(fetch: Callable[[int], float]) -> Callable[[], float]:
                def measure() -> float:
                    with peers.ResettingLink(port, RESETS_EVERY) as link:
                        seconds.setdefault(fetch, []).append(fetch(link.port))
                        return 100 * (link.sent - FLAKY) / FLAKY

                return measure

            def by_curl(there: int) -> float:
                (url,) = files.urls(there)
                return self._theirs(files, lambda to: peers.curl_resuming(url, to / "file"))

            def by_aria2c(there: int) -> float:
                return self._theirs(files, lambda to: peers.aria2c(files.urls(there), to, 1))

            def by_us(there: int) -> float:
                return self._ours(files, there)

            seconds: dict[Callable[[int], float], list[float]] = {}
            ours, plain, aria = interleave(ROUNDS, wasted(by_us), wasted(by_curl), wasted(by_aria2c))
        self.drop(files)
        return [
            against_limit("link that resets every 3 MB: wasted", "%", ours, 1.0),
            compare("link that resets every 3 MB: wasted", "%", ours, "curl -C -", plain),
            compare("link that resets every 3 MB: wasted", "%", ours, "aria2c", aria),
            _faster("link that resets every 3 MB", seconds[by_us], "curl -C -, sha256sum", seconds[by_curl]),
        ]

    # --- one way of fetching -------------------------------------------------------------------------------------

    def _ours(
        self, files: Files, port: int, ticks: list[float] | None = None, packs: tuple[str, str] | None = None
    ) -> float:
        from benchmarks.download_ours import Ours

        with Ours(self._folder(), files.sizes, COURSE, port, packs) as ours, _ticking(ticks):
            seconds = peers.timed(ours.fetch_all)
            ours.require_all()
        self._forget_large(files)
        return seconds

    def _theirs(self, files: Files, fetch: Callable[[Path], None]) -> float:
        folder = self._folder()
        seconds = peers.timed(lambda: fetch(folder))
        self._forget_large(files)
        return seconds

    def _folder(self) -> Path:
        self._folders.append(Path(tempfile.mkdtemp(dir=self._work)))
        return self._folders[-1]

    def _forget_large(self, files: Files) -> None:
        """Small files stay until the end: for five seconds after 5,000 were removed ext4 steps over their inodes one
        by one, and the next who is measured pays for it."""
        if len(files.sizes) < len(SMALL):
            shutil.rmtree(self._folders.pop())

    def make(self, name: str, sizes: Sequence[int]) -> Files:
        """Files of these sizes, of noise that is the same each time."""
        folder = self._work / name
        folder.mkdir()
        found: dict[str, int] = {}
        piece = 8 << 20
        for number, size in enumerate(sizes):
            digest, file = hashlib.sha256(), folder / "new"
            source = random.Random(number)
            with file.open("wb") as opened:
                for begin in range(0, size, piece):
                    data = source.randbytes(min(piece, size - begin))
                    digest.update(data)
                    opened.write(data)
            file.rename(folder / digest.hexdigest())
            found[digest.hexdigest()] = size
        os.sync()  # else the first who is measured waits for this to be written
        return Files(folder, found)

    def drop(self, files: Files) -> None:
        """Remove them."""
        shutil.rmtree(files.folder)

    @contextmanager
    def server(self, files: Files) -> Iterator[tuple[str, str]]:
        """The program server with a course of these files, which are moved there; its address, and a token."""
        home = self._work / "server"
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "HAVERSACK_"))}
        environment |= {"PYTHONPATH": str(ROOT), "HAVERSACK_SERVER_HOME": str(home), "SECRET_KEY": secrets.token_hex()}
        environment["DJANGO_SETTINGS_MODULE"] = "server.settings.embedded"
        prepare = [sys.executable, "-m", "server", "manage", "--home", str(home), "migrate", "-v0"]
        subprocess.run(prepare, cwd=ROOT, env=environment, check=True, timeout=120, capture_output=True)
        rows = [sys.executable, "-m", "benchmarks.download_rows", str(files.folder)]
        made = subprocess.run(rows, cwd=ROOT, env=environment, check=False, timeout=120, capture_output=True, text=True)
        if made.returncode:
            raise CannotMeasureError(f"the rows could not be made: {made.stderr[-500:]}")
        command = [sys.executable, "-m", "server", "serve", "--home", str(home), "--until-stdin-closes"]
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        try:
            assert server.stdout is not None
            if not (line := server.stdout.readline()):
                raise CannotMeasureError("the server did not start")
            where = urlsplit(json.loads(line)["url"])
            yield f"http://{where.netloc}", json.loads(made.stdout)["token"]
        finally:
            server.terminate()
            server.communicate(timeout=30)


def _faster(
    name: str, ours: Sequence[float], peer: str, theirs: Sequence[float], budget: float | None = None
) -> Figure:
    """Speeds as downloads in a minute, so that more is better and the budget is a share of the peer's."""
    return compare(name, "/min", [60 / one for one in ours], peer, [60 / one for one in theirs], budget, "at_least")


def _part(series: Sequence[float], share: float) -> float:
    return sorted(series)[int(len(series) * share)] if series else 0.0


@contextmanager
def _ticking(ticks: list[float] | None) -> Iterator[None]:
    """A thread that wants to do a little every 60th of a second, as the window's timer does; the intervals in ms."""
    if ticks is None:
        yield
        return
    over = threading.Event()

    def tick() -> None:
        before = time.perf_counter()
        while not over.wait(TICK_S):
            now = time.perf_counter()
            ticks.append((now - before) * 1000)
            before = now

    thread = threading.Thread(target=tick)
    thread.start()
    yield
    over.set()
    thread.join()
