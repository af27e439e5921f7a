"""Waiting until everything that was asked is answered and painted, and what a scene of the gallery is."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.ui.window import MainWindow
from tests.desktop.ui.fakes import Bench

STEADY_LOOKS = 7
"""So often in a row everything has to be where it was."""
Scene = Callable[[Bench, MainWindow], None]


def settle(bench: Bench) -> None:
    """Let everything that was asked be answered, laid out and painted."""
    deadline = time.monotonic() + 5
    QTest.qWait(10)  # pictures are asked for after the paint that misses them
    while bench.runner.busy() and time.monotonic() < deadline:
        QTest.qWait(10)
    # A layout within a layout takes several turns of the event loop, and those are slow on a busy computer.
    before: list[object] = []
    steady = 0
    while steady < STEADY_LOOKS and time.monotonic() < deadline:
        QTest.qWait(10)
        now: list[object] = [widget.geometry().getRect() for widget in QApplication.allWidgets() if widget.isVisible()]
        steady = steady + 1 if now == before else 0
        before = now
