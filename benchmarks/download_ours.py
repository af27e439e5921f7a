"""The program's own downloads, without a window: a store, the queue, two threads."""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import insert, select

from benchmarks.figures import CannotMeasureError
from desktop.clock import SystemClock
from desktop.models.files import assets, download_files, downloads
from desktop.services.services import open_services
from desktop.sync.api import Api
from desktop.sync.blobs import BlobFetcher
from desktop.sync.client import Client
from desktop.sync.downloads import DownloadQueue
from desktop.sync.packs import PackFetcher
from desktop.sync.tokens import TokenKeeper
from desktop.sync.worker import DOWNLOAD_THREADS


class _Addresses:
    """Files by their names at nginx."""

    def __init__(self, port: int) -> None:
        self._port = port

    def address(self, course_id: str, sha256: str, *, renew: bool = False) -> str:  # noqa: ARG002
        """Where it is."""
        return f"http://127.0.0.1:{self._port}/{sha256}"


class _Token(TokenKeeper):
    """One that was given."""

    def __init__(self, token: str) -> None:
        self._token = token

    def access(self, of: str = "") -> str:  # noqa: ARG002
        """It."""
        return self._token


class Ours:
    """Everything queued as one entry. ``packs``: the server's address and a token, where small files come in packs."""

    def __init__(
        self, home: Path, sizes: dict[str, int], course_id: str, port: int, packs: tuple[str, str] | None
    ) -> None:
        clock = SystemClock()
        self._sizes = sizes
        self._services = open_services(home, "learner", clock, lambda _: None, home / "assets")
        self._client = Client(lambda _: None)
        fetcher = BlobFetcher(self._client, _Addresses(port), home / "assets")
        found = None
        if packs is not None:
            url, token = packs
            found = PackFetcher(Api(self._client, _Token(token), lambda: url), fetcher)
        self._fill(course_id)
        self._queue = DownloadQueue(self._services.store, fetcher, packs=found)

    def __enter__(self) -> Ours:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self._services.close()

    def _fill(self, course_id: str) -> None:
        store = self._services.store
        with store.write(set()) as connection:
            blob = {"media_type": "video/mp4", "course_id": course_id, "state": "missing"}
            connection.execute(
                insert(assets), [{"sha256": sha, "size": size, **blob} for sha, size in self._sizes.items()]
            )
            entry = {"id": "all", "course_id": course_id, "scope": "course", "title": "All", "state": "queued"}
            connection.execute(insert(downloads).values(**entry, position=1, made_at=store.clock.now()))
            files = [{"download_id": "all", "sha256": sha, "position": at} for at, sha in enumerate(self._sizes)]
            connection.execute(insert(download_files), files)

    def fetch_all(self) -> None:
        """Until the queue is empty, with as many threads as the program has."""
        threads = [threading.Thread(target=self._drain) for _ in range(DOWNLOAD_THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _drain(self) -> None:
        while self._queue.fetch_next(lambda: False):
            pass

    def require_all(self) -> None:
        """Pass when everything is here.

        Raises:
            CannotMeasureError: something is missing: then the time says nothing.
        """
        with self._services.store.read() as connection:
            missing = connection.execute(select(assets.c.sha256).where(assets.c.state != "ready")).scalars().all()
        if missing:
            raise CannotMeasureError(f"{len(missing)} of {len(self._sizes)} files did not come")
