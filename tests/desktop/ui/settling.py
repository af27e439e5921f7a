"""Waiting until everything that was asked is answered and painted, and what a scene of the gallery is."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtTest import QTest

from desktop.ui.window import MainWindow
from tests.desktop.ui.fakes import Bench

Scene = Callable[[Bench, MainWindow], None]


def settle(bench: Bench) -> None:
    """Let everything that was asked be answered and painted."""
    deadline = time.monotonic() + 5
    QTest.qWait(10)  # pictures are asked for after the paint that misses them
    while bench.runner.busy() and time.monotonic() < deadline:
        QTest.qWait(10)
    QTest.qWait(80)
