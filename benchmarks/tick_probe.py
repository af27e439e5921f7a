"""The program, watched from inside: ``python -m benchmarks.tick_probe CHANGES WORD ...``: how many changes will come,
and the words of its own command line.

Once the first sync has ended it measures some seconds in which nothing happens, opens a lecture and says ``playing``.
After a line on standard input it measures everything else at once, prints ``benchmarks.tick.Seen`` as JSON and ends.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal, Slot
from sqlalchemy import func, select

from desktop.cli import main
from desktop.models.learning import notes
from desktop.models.queue import READY
from desktop.player.backend import PlayerState
from desktop.ui import desk as places

if TYPE_CHECKING:
    from desktop.app import Haversack
    from desktop.services.services import Services
    from desktop.ui.pages.lecture import LecturePane

TICK_MS, CLICK_EVERY, LOOK_EVERY = 16, 6, 30
"""A tick is 60 times a second; a click each 6th tick, a look each 30th."""
IDLE_S, PLAY_FIRST_S, LEAST_S, MOST_S = 5.0, 3.0, 12.0, 90.0
LECTURE, LARGE = "large/v1-0", "large"


class Probe(QObject):
    """Lives in the UI thread. ``told`` may be emitted from any."""

    told = Signal()

    def __init__(self, program: Haversack, changes: int) -> None:
        super().__init__()
        self._changes = changes
        self._program = program
        self._series: list[float] | None = None
        self._idle: list[float] = []
        self._ticks: list[float] = []
        self._clicks: list[float] = []
        self._number = 0
        self._last = self._began = 0.0
        self._changes_ms = 0.0
        self._before = self._now = (0, 0)
        self._pane: LecturePane | None = None
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self._wait = QTimer(self, interval=100)
        self._wait.timeout.connect(self._look_whether_ready)
        self._wait.start()
        self.told.connect(self._all_at_once, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def _look_whether_ready(self) -> None:
        if self._program.worker is not None and self._program.desk.status.state == "up_to_date":
            self._wait.stop()
            self._measure(self._idle)
            QTimer.singleShot(int(IDLE_S * 1000), self, self._open)

    def _listen(self) -> None:
        sys.stdin.readline()
        self.told.emit()

    def _measure(self, series: list[float] | None) -> None:
        self._series, self._last = series, time.perf_counter()
        if series is None:
            self._timer.stop()
        else:
            self._timer.start()

    @Slot()
    def _open(self) -> None:
        self._measure(None)
        self._program.desk.go(places.ITEM, item_id=LECTURE)
        self._wait.timeout.disconnect()
        self._wait.timeout.connect(self._look_whether_it_plays)
        self._wait.start()

    @Slot()
    def _look_whether_it_plays(self) -> None:
        from desktop.ui.pages.lecture import LecturePane

        self._pane = self._program.window.findChild(LecturePane)
        if self._pane is None or not self._pane.session.duration_ms:
            if self._pane is not None and self._pane.media.has_source():
                self._pane.session.play()
            return
        if self._pane.session.state is not PlayerState.PLAYING:
            self._pane.session.play()
            return
        self._wait.stop()
        QTimer.singleShot(int(PLAY_FIRST_S * 1000), self, self._count)

    @Slot()
    def _count(self) -> None:
        self._program.desk.ask(self, _counts, self._counted)

    def _counted(self, before: tuple[int, int]) -> None:
        self._before = self._now = before
        print("playing", flush=True)
        threading.Thread(target=self._listen, daemon=True).start()

    @Slot()
    def _all_at_once(self) -> None:
        self._began = time.perf_counter()
        self._began_ms = self._pane.session.position_ms if self._pane is not None else 0
        self._measure(self._ticks)
        self._program.desk.ask(self, lambda services: services.downloads.queue_course(LARGE))
        if self._program.worker is not None:
            self._program.worker.wake()

    @Slot()
    def _on_tick(self) -> None:
        now = time.perf_counter()
        if self._series is None:
            return
        self._series.append((now - self._last) * 1000)
        self._last = now
        if self._series is not self._ticks:
            return
        self._number += 1
        if self._number % CLICK_EVERY == 0:
            self._click()
        if self._number % LOOK_EVERY == 0:
            self._program.desk.ask(self, _counts, self._look)

    def _click(self) -> None:
        """As the star of a course: what is clicked is on the disk when the store answers."""
        clicked = time.perf_counter()

        def keep(services: Services) -> None:
            services.lectures.set_position("c00/v1-0", self._number)
            self._clicks.append((time.perf_counter() - clicked) * 1000)

        self._program.desk.ask(self, keep)

    def _look(self, counts: tuple[int, int]) -> None:
        took = time.perf_counter() - self._began
        if counts[0] > self._now[0]:
            self._changes_ms = took * 1000
        self._now = counts
        came = counts[0] - self._before[0] >= self._changes
        over = came and took > LEAST_S and not any(view.state != READY for view in self._program.desk.downloads)
        if self._series is not None and (over or took > MOST_S):
            self._end()

    def _end(self) -> None:
        self._measure(None)
        played = self._pane.session.position_ms - self._began_ms if self._pane is not None else 0
        seen = {
            "idle": self._idle[1:],
            "ticks": self._ticks[1:],
            "clicks": self._clicks,
            "changes": self._now[0] - self._before[0],
            "changes_ms": self._changes_ms,
            "downloaded": self._now[1] - self._before[1],
            "played_ms": played,
        }
        print(json.dumps(seen), flush=True)
        self._program.window.close()
        QCoreApplication.quit()


def _counts(services: Services) -> tuple[int, int]:
    """Notes that came, and bytes that are here of the entries of the queue."""
    with services.store.read() as connection:
        number = connection.execute(select(func.count()).select_from(notes)).scalar_one()
    return number, sum(entry.bytes_done for entry in services.downloads.view().entries)


if __name__ == "__main__":
    probes: list[Probe] = []
    sys.exit(main(sys.argv[2:], lambda program: probes.append(Probe(program, int(sys.argv[1])))))
