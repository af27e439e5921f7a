"""How long 10,000 changes take from the pages of a feed, as they come over the wire, to the disk: the pull itself, with
the answers at hand."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.change_rows import notes
from benchmarks.figures import CannotMeasureError, Figure, against_limit
from desktop.clock import SystemClock
from desktop.services.services import open_services
from desktop.sync.api import Api
from desktop.sync.client import Answer, Taker
from desktop.sync.pull import pull_feed
from protocol.feeds import LEARNER_FEED, PAGE_LIMIT, Change, FeedPage
from protocol.learning import NOTE
from protocol.wire import encode

CHANGES, COURSES, ROUNDS, LIMIT_MS = 10_000, 10, 3, 1000.0


class _Pages(Api):
    """A server whose answers are at hand."""

    def __init__(self, pages: list[bytes]) -> None:
        self._pages = iter(pages)

    def ask(
        self,
        method: str,  # noqa: ARG002
        path: str,  # noqa: ARG002
        value: Any = None,  # noqa: ARG002
        headers: Mapping[str, str] | None = None,  # noqa: ARG002
        into: Taker | None = None,  # noqa: ARG002
    ) -> Answer:
        """The next one."""
        return Answer(200, {}, next(self._pages))


def figures(work: Path) -> list[Figure]:
    """Each time into an empty store.

    Raises:
        CannotMeasureError: not all of them are there.
    """
    pages = _pages()
    took: list[float] = []
    for number in range(ROUNDS):
        home = work / str(number)
        with closing(open_services(home, "learner", SystemClock(), lambda _: None, home / "assets")) as services:
            began = time.perf_counter()
            pulled = pull_feed(services.store, _Pages(pages), LEARNER_FEED, lambda: False)
            took.append((time.perf_counter() - began) * 1000)
            if pulled.changes != CHANGES:
                raise CannotMeasureError(f"{pulled.changes} of {CHANGES} changes were applied")
    return [against_limit(f"{CHANGES:,} changes applied", "ms", took, LIMIT_MS)]


def _pages() -> list[bytes]:
    changes = [
        Change(kind=NOTE, id=note.id, revision=number, body=msgspec.Raw(encode(note)))
        for number, note in enumerate(notes(CHANGES, COURSES), 1)
    ]
    parts = [tuple(changes[start : start + PAGE_LIMIT]) for start in range(0, CHANGES, PAGE_LIMIT)]
    return [
        encode(FeedPage(feed=LEARNER_FEED, changes=part, cursor=f"e.{number}", more=number < len(parts)))
        for number, part in enumerate(parts, 1)
    ]
