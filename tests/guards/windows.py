"""Windows and running timers do not outlive the test that made them. Costs nothing where Qt is not used."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from tests.guards.leftovers import report

if TYPE_CHECKING:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QWidget

# Qt keeps one of each for the whole program.
QT_KEEPS = {"QTipLabel", "QWhatsThat"}
T = TypeVar("T")
_started: weakref.WeakSet[QTimer] = weakref.WeakSet()


@pytest.fixture(autouse=True)
def leaves_no_window_or_timer(request: pytest.FixtureRequest) -> Iterator[None]:
    """Close what is open, deliver deferred deletes, collect; then nothing may be left."""
    if not _uses_qt(request):
        yield
        return
    _note_timers()
    # Held as they are: Qt hands out a new Python object for a window whose old one was let go.
    windows_before = _windows()
    timers_before = _timers()
    yield
    _deliver_deletes()
    if len(_new(_windows(), windows_before)) + len(_new(_timers(), timers_before)):
        # What only a finished fixture's value or a cycle of garbage holds is not left behind.
        request.node.funcargs.clear()
        gc.collect()
        _deliver_deletes()
    timers = _new(_timers(), timers_before)
    windows = _new(_windows(), windows_before)
    left = [f"timer of {_owner(timer)}" for timer in timers] + [_name(window) for window in windows]
    for timer in timers:
        timer.stop()
    for window in windows:
        window.close()
        window.deleteLater()
    _deliver_deletes()
    report(request, left, "windows or running timers")


def _uses_qt(request: pytest.FixtureRequest) -> bool:
    if "qapp" in request.fixturenames:
        request.getfixturevalue("qapp")
    widgets = sys.modules.get("PySide6.QtWidgets")
    return widgets is not None and widgets.QApplication.instance() is not None


def _note_timers() -> None:
    """From the first test with Qt on, every timer started from Python is remembered."""
    from PySide6.QtCore import QTimer

    if hasattr(QTimer.start, "__wrapped__"):
        return
    start = QTimer.start

    def noted_start(self: QTimer, *arguments: Any) -> None:
        _started.add(self)
        start(self, *arguments)

    noted_start.__wrapped__ = start  # type: ignore[attr-defined]
    QTimer.start = noted_start  # type: ignore[method-assign]


def _timers() -> list[QTimer]:
    import shiboken6

    return [timer for timer in list(_started) if shiboken6.isValid(timer) and timer.isActive()]


def _windows() -> list[QWidget]:
    """Windows that belong to nobody: one with a parent goes when its parent goes."""
    from PySide6.QtWidgets import QApplication

    return [
        window
        for window in QApplication.topLevelWidgets()
        if window.parent() is None and window.metaObject().className() not in QT_KEEPS
    ]


def _new(things: list[T], before: list[T]) -> list[T]:
    known = set(map(id, before))
    return [thing for thing in things if id(thing) not in known]


def _deliver_deletes() -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _name(window: QWidget) -> str:
    return f"{type(window).__name__} {window.objectName() or window.windowTitle()!r}"


def _owner(timer: QTimer) -> str:
    parent = timer.parent()
    return type(parent).__name__ if parent is not None else "nobody"
