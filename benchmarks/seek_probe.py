"""A lecture that plays in a window: ``python -m benchmarks.seek_probe CLIP``.

Says ``ready`` once it plays. Then each line of the standard input is a place in ms; the answer is how many ms it took
until a picture of that place was painted, and until its very frame (or one after it) was; or what was wrong.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication

from benchmarks.seek_clip import FPS, frame_of
from desktop.player.backend import PlayerState
from desktop.player.session import PlayerSession
from desktop.player.vlc_backend import VlcBackend
from desktop.ui.widgets.video import VideoSurface

NEAR_FRAMES = 5
"""A fifth of a second: a picture this close to the wanted one is of that place."""
GIVE_UP_MS = 10_000


class Probe(QObject):
    """Lives in the UI thread; ``asked`` may be emitted from any."""

    asked = Signal(int)
    left = Signal()
    _painted = Signal()

    def __init__(self, clip: Path) -> None:
        super().__init__()
        self._session = PlayerSession(VlcBackend(arguments=("--aout=dummy",)), parent=self)
        self._surface = VideoSurface()
        self._surface.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self._surface.resize(800, 450)
        self._surface.set_source(self._session)
        self._surface.installEventFilter(self)
        self._wanted_ms: int | None = None
        self._began_ns = 0
        self._near_ms: float | None = None
        self._ready = False
        self.asked.connect(self._seek, Qt.ConnectionType.QueuedConnection)
        self._painted.connect(self._look, Qt.ConnectionType.QueuedConnection)
        self._session.state_changed.connect(self._on_state)
        self._surface.show()
        self._session.load(clip)

    @Slot(object)
    def _on_state(self, state: PlayerState) -> None:
        if state is PlayerState.PLAYING and not self._ready:
            self._ready = True
            print("ready", flush=True)

    @Slot(int)
    def _seek(self, at_ms: int) -> None:
        self._wanted_ms = at_ms
        self._near_ms = None
        self._began_ns = time.perf_counter_ns()
        self._session.seek_to(at_ms)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The surface is about to be painted; the event loop goes on when it was."""
        if event.type() == QEvent.Type.Paint and self._wanted_ms is not None:
            self._painted.emit()
        return False

    @Slot()
    def _look(self) -> None:
        if self._wanted_ms is None:
            return
        took_ms = (time.perf_counter_ns() - self._began_ns) / 1e6
        shown = frame_of(self._surface.grab(self._surface.picture_rect()).toImage())
        away = shown - self._wanted_ms * FPS // 1000
        if self._near_ms is None and -NEAR_FRAMES <= away <= NEAR_FRAMES:
            self._near_ms = took_ms
        if self._near_ms is not None and 0 <= away <= 2 * NEAR_FRAMES:
            self._wanted_ms = None
            print(f"{self._near_ms:.2f} {took_ms:.2f}", flush=True)
        elif took_ms > GIVE_UP_MS:
            print(f"a seek to {self._wanted_ms} ms shows frame {shown}", flush=True)
            self._wanted_ms = None


def main() -> int:
    """Play until the standard input closes."""
    application = QApplication(sys.argv[:1])
    probe = Probe(Path(sys.argv[1]))
    probe.left.connect(application.quit, Qt.ConnectionType.QueuedConnection)

    def listen() -> None:
        for line in sys.stdin:
            probe.asked.emit(int(line))
        probe.left.emit()

    threading.Thread(target=listen, daemon=True).start()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
