"""Threads and processes that a test started have ended when it has.

What fixtures of a wider scope keep (a server for a module, say) is there before the test and does not count.
"""

from __future__ import annotations

import os
import secrets
import select
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

MARK = "HAVERSACK_TESTS_MARK"
_mark = secrets.token_hex(8)
_failed = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long an end that is under way may take: a process that was told to go, a pool that was shut down."""
    parser.addini("leftover_grace_s", "seconds that threads and processes have to end after a test", default="5")


def _deadline(request: pytest.FixtureRequest) -> float:
    return time.monotonic() + float(request.config.getini("leftover_grace_s"))


def pytest_configure() -> None:
    """Mark every process that will be started from here, and those that it starts."""
    os.environ[MARK] = _mark


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember whether the test itself failed: then what it left is a consequence, tidied up without a word."""
    outcome = yield
    if outcome.get_result().failed:  # type: ignore[attr-defined]
        item.stash[_failed] = True


def report(request: pytest.FixtureRequest, left: list[str], what: str) -> None:
    """Fail the test for what it left, unless it has failed already."""
    if left and not request.node.stash.get(_failed, False):
        pytest.fail(f"{what} left behind: {', '.join(left)}", pytrace=False)


@pytest.fixture(autouse=True)
def leaves_no_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test whose threads are still alive after a moment of grace."""
    before = set(threading.enumerate())
    yield
    left: list[str] = []
    until = _deadline(request)
    for thread in threading.enumerate():
        # A thread of C's (libVLC's, Qt's) that once called Python is listed for ever and cannot be waited for.
        if thread in before or isinstance(thread, threading._DummyThread):
            continue
        thread.join(max(0.0, until - time.monotonic()))
        if thread.is_alive():
            left.append(thread.name)
    report(request, left, "threads")


@pytest.fixture(autouse=True)
def leaves_no_process(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test whose processes, or theirs, still run after a moment of grace; end them."""
    before = _numbers()
    yield
    left: list[str] = []
    until = _deadline(request)
    for number in sorted(_numbers() - before):
        if not _is_ours(number) or _ends(number, until - time.monotonic()):
            continue
        left.append(_command(number))
        os.kill(number, signal.SIGKILL)
    report(request, left, "processes")


def _numbers() -> set[int]:
    """All processes of this machine; none where the system does not list them in ``/proc``."""
    if not Path("/proc/self/environ").exists():
        return set()
    return {int(name) for name in os.listdir("/proc") if name.isdigit()}  # noqa: PTH208 (before and after every test)


def _is_ours(number: int) -> bool:
    """Whether the process carries our mark and still runs (one that has ended shows no environment)."""
    if number == os.getpid():
        return False
    try:
        return f"{MARK}={_mark}".encode() in Path(f"/proc/{number}/environ").read_bytes()
    except OSError:
        return False


def _ends(number: int, within_s: float) -> bool:
    """Wait for the end of a process that need not be a child."""
    try:
        handle = os.pidfd_open(number)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], max(0.0, within_s))[0])
    finally:
        os.close(handle)


def _command(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return str(number)
