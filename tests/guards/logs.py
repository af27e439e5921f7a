"""A log record at WARNING or above fails a test that did not say it expects one."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Protocol

import pytest

# A refused request (4xx) is what many tests are about, and their subject is the answer.
QUIET_BELOW = {"django.request": logging.ERROR}


class ExpectLog(Protocol):
    """``expected_log(pattern)``: a record whose text matches is expected; at least one must come."""

    def __call__(self, pattern: str, *, optional: bool = False) -> None:
        """``optional``: it may come, but need not (a race that the program survives either way)."""


class _Watch(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < QUIET_BELOW.get(record.name, logging.WARNING):
            return
        text = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            text += f" ({record.exc_info[1]!r})"
        self.lines.append(f"{record.levelname} {record.name}: {text}")


watch = _Watch()


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker that names expected records."""
    config.addinivalue_line("markers", "expected_log(*patterns): log records at WARNING or above that must come")


@pytest.fixture(autouse=True)
def logs_only_what_is_expected(request: pytest.FixtureRequest) -> Iterator[ExpectLog]:
    """Collect what is logged during set-up, test and tear-down; compare with what was expected."""
    expected: list[tuple[re.Pattern[str], bool]] = []

    def expect(pattern: str, *, optional: bool = False) -> None:
        expected.append((re.compile(pattern), optional))

    for marker in request.node.iter_markers("expected_log"):
        for pattern in marker.args:
            expect(pattern)
    watch.lines.clear()
    root = logging.getLogger()
    before = list(root.handlers)
    root.addHandler(watch)
    yield expect
    root.removeHandler(watch)
    left = [handler for handler in root.handlers if handler not in before]
    for handler in left:
        root.removeHandler(handler)
        handler.close()
    surprises = [line for line in watch.lines if not any(pattern.search(line) for pattern, _ in expected)]
    if surprises:
        pytest.fail("not expected in the log:\n" + "\n".join(surprises), pytrace=False)
    absent = [
        pattern.pattern
        for pattern, optional in expected
        if not optional and not any(pattern.search(line) for line in watch.lines)
    ]
    if absent:
        pytest.fail(f"expected in the log, but it never came: {absent}", pytrace=False)
    if left:
        pytest.fail(f"log handlers left behind: {left}", pytrace=False)


@pytest.fixture
def expected_log(logs_only_what_is_expected: ExpectLog) -> ExpectLog:
    """Say from within a test which log records are expected."""
    return logs_only_what_is_expected
