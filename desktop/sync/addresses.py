"""Signed addresses of blobs, asked for in batches and kept until shortly before they expire."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from urllib.parse import quote

from desktop.clock import Clock
from desktop.errors import Problem, mark
from desktop.sync.api import Api
from desktop.sync.client import server_time
from protocol import errors
from protocol.feeds import AddressAnswer, AddressRequest
from protocol.ids import Sha256

AT_ONCE = 200
SPARE = timedelta(seconds=30)


class SignedAddresses:
    """Thread-safe. ``neighbours`` names blobs of a course that will be wanted soon, to be asked for together."""

    def __init__(self, api: Api, clock: Clock, neighbours: Callable[[str], Iterable[str]] = lambda _: ()) -> None:
        self._api = api
        self._clock = clock
        self._neighbours = neighbours
        self._known: dict[str, tuple[str, int]] = {}
        """By blob: its address, and until when by the monotonic clock (ms) it is good."""
        self._lock = threading.Lock()

    def address(self, course_id: str, sha256: str, *, renew: bool = False) -> str:
        """An absolute address that works now.

        Raises:
            Problem: the way to the server, a refusal (``not_enrolled``), or ``not_found`` when the course has no
                such blob.
        """
        with self._lock:
            found = self._known.get(sha256)
            if renew or found is None or found[1] < self._clock.monotonic_ms():
                self._ask(course_id, sha256)
                found = self._known.get(sha256)
            if found is None:
                raise Problem(
                    errors.NOT_FOUND,
                    mark("The program does not have this file any more."),
                    mark("Open the course again; it may have a new version."),
                    detail=sha256,
                )
            return self._api.url(found[0])

    def _ask(self, course_id: str, sha256: str) -> None:
        self._known.pop(sha256, None)
        wanted = list(dict.fromkeys([sha256, *self._neighbours(course_id)]))[:AT_ONCE]
        request = AddressRequest(blobs=tuple(Sha256(blob) for blob in wanted))
        path = f"/v1/courses/{quote(course_id, safe='')}/addresses"
        answer = self._api.ask("POST", path, request)
        server_now = server_time(answer.headers) or self._clock.now()
        # By the server's clock alone: ours may be wrong by a day, and each file would ask for all addresses anew.
        asked_ms = self._clock.monotonic_ms()
        for given in self._api.read(answer, AddressAnswer).addresses:
            lasts = given.expires_at - server_now - SPARE
            self._known[given.sha256] = (given.url, asked_ms + lasts // timedelta(milliseconds=1))
