"""Two writers of one feed on connections of their own, as two server processes are, and a reader beside them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection

from protocol.feeds import FeedPage
from server.feeds.reading import read_page
from server.feeds.writing import open_feed

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("HAVERSACK_TEST_DATABASE", "").startswith("postgres"),
        reason="two connections to one database: test_on_postgresql.py runs it",
    ),
]
FEED = "learner:two-writers"
WITHIN_S = 20.0
T = TypeVar("T")


def on_own_connection(work: Callable[[], T]) -> Callable[[], T]:
    """``work`` for a thread; the connection it opens is closed with it."""

    def run() -> T:
        try:
            return work()
        finally:
            connection.close()

    return run


@pytest.fixture
def others() -> Iterator[ThreadPoolExecutor]:
    """Threads that have ended when the test has."""
    with ThreadPoolExecutor(4) as pool:
        yield pool


def page(cursor: str = "", limit: int = 500) -> FeedPage:
    return read_page(FEED, "learner", cursor, limit)


def write(*names: str) -> None:
    with open_feed(FEED) as feed:
        for name in names:
            feed.put("note", name, {"text": name})


def somebody_waits() -> bool:
    """Whether a connection waits for a lock of another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def until(condition: Callable[[], bool]) -> bool:
    """Whether it came true in time."""
    deadline, pause = time.monotonic() + WITHIN_S, threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            return False
        pause.wait(0.01)
    return True


def test_the_second_writer_waits_and_a_reader_sees_no_hole(others: ThreadPoolExecutor) -> None:
    write("before")
    start = page().cursor
    told, commit = threading.Event(), threading.Event()

    def first() -> None:
        with open_feed(FEED) as feed:
            feed.put("note", "first", {"text": "first"})
            told.set()
            assert commit.wait(WITHIN_S)

    one = others.submit(on_own_connection(first))
    assert told.wait(WITHIN_S)
    two = others.submit(on_own_connection(lambda: write("second")))
    try:
        waits = until(lambda: two.done() or somebody_waits())
        assert waits
        assert not two.done(), "the second has a number after the first's, and was told before it"
        assert page(start).changes == ()
        assert page(start).cursor == start, "a cursor beyond what is not committed yet would lose it"
    finally:
        commit.set()
    one.result(WITHIN_S)
    two.result(WITHIN_S)
    changes = page(start).changes
    assert [change.id for change in changes] == ["first", "second"]
    assert changes[1].revision == changes[0].revision + 1


def test_a_writer_that_fails_leaves_no_gap(others: ThreadPoolExecutor) -> None:
    write("before")
    start = page()

    def failing() -> None:
        with open_feed(FEED) as feed:
            feed.put("note", "never", {"text": "never"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        others.submit(on_own_connection(failing)).result(WITHIN_S)
    write("after")
    (change,) = page(start.cursor).changes
    assert (change.id, change.revision) == ("after", start.changes[-1].revision + 1)


def test_readers_follow_many_writers_number_by_number(others: ThreadPoolExecutor) -> None:
    """Each entity is written once, so that any missing number is a hole that a client would never see filled."""
    each, writers = 40, 3
    write("before")
    start = page()
    total = start.changes[-1].revision + each * writers

    def work(index: int) -> Callable[[], None]:
        def run() -> None:
            for number in range(each):
                write(f"{index}.{number}")

        return run

    working: list[Future[None]] = [others.submit(on_own_connection(work(index))) for index in range(writers)]
    cursor, last = start.cursor, start.changes[-1].revision
    while last < total:
        finished = all(one.done() for one in working)
        found = page(cursor, limit=7)
        assert [change.revision for change in found.changes] == list(range(last + 1, last + 1 + len(found.changes)))
        last, cursor = last + len(found.changes), found.cursor
        if finished and not found.changes:
            break
    for one in working:
        one.result(WITHIN_S)
    assert last == total


def test_the_first_two_writers_of_a_new_feed(others: ThreadPoolExecutor) -> None:
    gate = threading.Barrier(4)

    def first(index: int) -> Callable[[], None]:
        def run() -> None:
            gate.wait(WITHIN_S)
            write(str(index))

        return run

    for one in [others.submit(on_own_connection(first(index))) for index in range(4)]:
        one.result(WITHIN_S)
    assert [change.revision for change in page().changes] == [1, 2, 3, 4]
