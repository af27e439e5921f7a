"""One start, watched from inside: ``python -m benchmarks.start_probe BEGAN_NS (empty | program COURSES WORD ...)``.

``BEGAN_NS`` is ``time.monotonic_ns()`` of the moment before this process was started. ``program`` starts the real
program by its own command line, with WORD ... as its words, for a learner of COURSES courses; ``empty`` shows a
``QMainWindow`` of the same size with nothing in it. Prints what was seen as one line of JSON
(``benchmarks.startup.Moments`` and more) and ends.

Imports as little as it can before either begins: what it imports is paid by both.
"""

from __future__ import annotations

import linecache
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtWidgets
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QMainWindow

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.app import Haversack

TICK_MS = 5
QUIET_NS = 500_000_000
"""The UI is watched for this long after everything is ready: what was put off until then counts too."""
LIMIT_NS = 60_000_000_000
SIZE = (1180, 780)


class Probe(QObject):
    """Watches ``window`` from before it is shown until ``is_ready`` has held for ``QUIET_NS``; then prints and quits.

    The first paint has ended when the event loop goes on after the first paint event of the window: by then all of its
    widgets were painted and flushed to the screen. From there a timer ticks; the longest time between two ticks is the
    worst gap: for so long no click would have been answered.
    """

    _paint_began = Signal()

    def __init__(self, began_ns: int, window: QMainWindow, look: Callable[[], dict[str, object]]) -> None:
        """``look`` is called once, after the first paint: what is there to be seen."""
        super().__init__()
        self._began_ns, self._window, self._look = began_ns, window, look
        self._found: dict[str, object] = {}
        self._ready_ns = self._last_ns = self._worst_ns = 0
        self._ready_cpu_ms = 0.0
        self._tick = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._paint_began.connect(self._painted, Qt.ConnectionType.QueuedConnection)
        window.installEventFilter(self)

    def is_ready(self) -> bool:
        """Whether nothing more is to come."""
        return True

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The window begins to be painted."""
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            self._paint_began.emit()
        return False

    def _since(self, now_ns: int) -> float:
        return (now_ns - self._began_ns) / 1e6

    @Slot()
    def _painted(self) -> None:
        self._last_ns = now = time.monotonic_ns()
        self._found = {"first_paint_ms": self._since(now), "first_paint_cpu_ms": _cpu_ms(), **self._look()}
        self._tick.start()

    @Slot()
    def _on_tick(self) -> None:
        now = time.monotonic_ns()
        self._worst_ns = max(self._worst_ns, now - self._last_ns)
        self._last_ns = now
        if not self._ready_ns:
            if self.is_ready():
                self._ready_ns, self._ready_cpu_ms = now, _cpu_ms()
            elif now - self._began_ns > LIMIT_NS:
                self._end(ready=False)
        elif now - self._ready_ns > QUIET_NS:
            self._end(ready=True)

    def _end(self, *, ready: bool) -> None:
        import json  # now: at the start it would be a gift to one of the two

        self._tick.stop()
        print(
            json.dumps(
                self._found
                | {
                    "ready": ready,
                    "ready_ms": self._since(self._ready_ns),
                    "ready_cpu_ms": self._ready_cpu_ms,
                    "worst_gap_ms": self._worst_ns / 1e6,
                    "memory_mb": _memory_mb(),
                }
            ),
            flush=True,
        )
        self._window.close()
        QCoreApplication.quit()


class ProgramProbe(Probe):
    """Watches the real program."""

    def __init__(self, began_ns: int, program: Haversack, courses: int) -> None:
        self._program, self._courses = program, courses
        super().__init__(began_ns, program.window, self._look_at_home)

    def _look_at_home(self) -> dict[str, object]:
        """What was imported, from which sources, and what was wrapped for Python; how many cards there are, and whether
        they fill the view."""
        imported, sources = sorted(sys.modules), sorted(linecache.cache)
        wrapped = sorted(name for name in vars(QtWidgets) if name.startswith("Q"))
        from desktop.ui.pages.home import HomePage
        from desktop.ui.widgets.course_card import CourseCardWidget

        page = self._program.window.pages.current_page()
        assert isinstance(page, HomePage)
        viewport = page.sheet.viewport()
        cards = page.findChildren(CourseCardWidget)
        bottom = max((card.mapTo(viewport, card.rect().bottomLeft()).y() for card in cards), default=0)
        filled = bottom + page.list.spacing() >= viewport.height()
        return {
            "imported": imported,
            "sources": sources,
            "wrapped": wrapped,
            "cards": len(cards),
            "filled": filled,
        }

    def is_ready(self) -> bool:
        """The store is open, the home on the screen comes from it with every card, and the sync worker runs."""
        from desktop.ui.widgets.course_card import CourseCardWidget

        program = self._program
        pages, services = program.window.pages, program.opened.services
        if program.worker is None or services is None or program.runner.busy() or pages.place_is_snapshot():
            return False
        return len(pages.findChildren(CourseCardWidget)) == self._courses


def _cpu_ms() -> float:
    """What all threads of this process have used of the processors since it was begun."""
    return time.process_time_ns() / 1e6


def _memory_mb() -> float:
    """What of this process is in memory (RSS); 0 where the system does not tell it so."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
    except (OSError, StopIteration):
        return 0.0
    return int(kilobytes) / 1024


def show_empty(began_ns: int) -> int:
    """A window with nothing in it."""
    qt = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(*SIZE)
    probe = Probe(began_ns, window, dict)
    window.show()
    code = qt.exec()
    del probe
    return code


def show_program(began_ns: int, courses: int, words: list[str]) -> int:
    """The program itself."""
    from desktop.cli import main

    probes: list[Probe] = []
    return main(words, lambda program: probes.append(ProgramProbe(began_ns, program, courses)))


if __name__ == "__main__":
    began, what, *words = int(sys.argv[1]), *sys.argv[2:]
    sys.exit(show_empty(began) if what == "empty" else show_program(began, int(words[0]), words[1:]))
