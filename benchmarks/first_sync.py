"""The first sync of a device that was never there before, in an account of ten courses, by the program's own worker:
until the home can be used, and until everything but the lectures' pictures and sound can be read offline.

Beside it the same files by curl from the same server, one request each over one connection, neither hashed nor on the
disk.
"""

from __future__ import annotations

import contextlib
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
from sqlalchemy import func, select

from benchmarks import download_peers as peers
from benchmarks.accounts import Account, Served, serving, write_program
from benchmarks.courses import short_clip, write_course
from benchmarks.figures import CannotMeasureError, Figure, compare
from desktop.clock import SystemClock
from desktop.models.courses import item_assets
from desktop.models.files import assets
from desktop.sync.transport import Transport
from desktop.sync.worker import SyncWorker
from protocol.feeds import AddressAnswer, AddressRequest
from protocol.ids import Sha256

COURSES, NOTES, ROUNDS = 10, 300, 3
GIVE_UP_S = 120.0


class First(msgspec.Struct):
    """What a first sync took: seconds, requests, seconds of the processors in this process."""

    home_s: float
    readable_s: float
    requests: int
    cpu_s: float


def figures(work: Path) -> list[Figure]:
    """Three devices in turn with curl.

    Raises:
        CannotMeasureError: curl is missing, the server did not start, or not everything came.
    """
    peers.require_peers()
    with school(work) as served:
        found: list[First] = []
        curl_s: list[float] = []
        files = 0
        for number in range(ROUNDS):
            with closing(Account(work / f"device-{number}", served.port)) as device:
                device.sign_in()
                found.append(sync_all(device))
                urls = _addresses(device)
                files = len(urls)
                folder = work / f"curl-{number}"
                folder.mkdir()
                curl_s.append(peers.timed(lambda urls=urls, to=folder: _curl(urls, to)))  # type: ignore[misc]
    what = f"first sync, {COURSES} courses"
    return [
        compare(f"{what}: home usable", "s", [one.home_s for one in found], f"{files} files by curl", curl_s),
        compare(
            f"{what}: all readable offline", "s", [one.readable_s for one in found], f"{files} files by curl", curl_s
        ),
        compare(f"{what}: processor time", "s", [one.cpu_s for one in found], f"{files} files by curl", curl_s),
        compare(f"{what}: requests", "", [float(one.requests) for one in found], "one request each", [float(files)]),
    ]


@contextlib.contextmanager
def school(work: Path) -> Iterator[Served]:
    """A server with courses of which Ada takes all; she has opened some items and taken notes, on another device."""
    work.mkdir(parents=True, exist_ok=True)
    names = [f"c{number:02}" for number in range(COURSES)]
    clip = short_clip(work / "clip.mp4")
    for name in names:
        write_course(work / "program" / "courses", name, clip)
    write_program(work / "program", names)
    with serving(work / "program", work / "server") as served:
        with closing(Account(work / "near", served.port)) as near:
            near.join(served.link)
            near.sync()
            near.take_all()
            for number in range(NOTES):
                item = f"c{number % COURSES:02}/r{number // COURSES % 5 + 1}-0"
                near.services.notes.save(item, f"note {number}: what was said here, in my own words")
                near.services.lectures.opened(item)
            near.sync()
        yield served


@contextlib.contextmanager
def _counted() -> Iterator[list[str]]:
    """The requests that are made meanwhile."""
    made: list[str] = []
    plain = Transport.open

    def counting(self: Transport, method: str, url: str, *rest: Any) -> Any:
        made.append(url)
        return plain(self, method, url, *rest)

    Transport.open = counting  # type: ignore[method-assign, assignment]
    try:
        yield made
    finally:
        Transport.open = plain  # type: ignore[method-assign]


def sync_all(device: Account) -> First:
    """Run the worker until everything that comes by itself is here.

    Raises:
        CannotMeasureError: it did not come.
    """
    store = device.services.store
    moved = threading.Condition()

    def tell(_: object) -> None:
        with moved:
            moved.notify_all()

    def wait_for(done: Callable[[], bool]) -> float:
        while not done():
            with moved:
                moved.wait(0.05)
            if time.monotonic() - began > GIVE_UP_S:
                raise CannotMeasureError("the first sync did not end")
        return time.monotonic() - began

    worker = SyncWorker(device.services, device.gateway, SystemClock())
    end = store.subscribe(tell)
    with _counted() as made:
        cpu_s, began = _cpu_s(), time.monotonic()
        worker.start()
        try:
            home_s = wait_for(lambda: _home_is_there(device))
            readable_s = wait_for(lambda: _all_is_there(device))
        finally:
            end()
            worker.stop(20_000)
        return First(home_s, readable_s, len(made), _cpu_s() - cpu_s)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _home_is_there(device: Account) -> bool:
    """Each card knows its course."""
    cards = device.services.home.view().cards
    return len(cards) >= COURSES and all(card.ready and card.next_step for card in cards)


def _all_is_there(device: Account) -> bool:
    with device.services.store.read() as connection:
        texts = select(item_assets.c.sha256).where(item_assets.c.bulky.is_(False))
        missing = select(func.count()).where(assets.c.sha256.in_(texts), assets.c.state != "ready")
        return connection.execute(missing).scalar_one() == 0


def _addresses(device: Account) -> list[str]:
    """Of everything that came."""
    with device.services.store.read() as connection:
        rows = connection.execute(select(assets.c.course_id, assets.c.sha256).where(assets.c.state == "ready")).all()
    api = device.gateway.api_of(device.services.store.account_id)
    urls: list[str] = []
    for course in sorted({row.course_id for row in rows if row.course_id}):
        mine = [Sha256(row.sha256) for row in rows if row.course_id == course]
        for start in range(0, len(mine), 200):
            request = AddressRequest(blobs=tuple(mine[start : start + 200]))
            answer = api.post(f"/v1/courses/{quote(course)}/addresses", request, AddressAnswer)
            urls += [api.url(one.url) for one in answer.addresses]
    return urls


def _curl(urls: list[str], folder: Path) -> None:
    lines = [f'url = "{url}"\noutput = "{folder / str(number)}"' for number, url in enumerate(urls)]
    peers.run_quietly(["curl", "-sS", "--fail", "-K", "-"], "\n".join(lines))
