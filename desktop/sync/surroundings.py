"""What happens around the program that makes it worth looking for the server at once: another network, a wake-up."""

from __future__ import annotations

import logging
import random

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop.clock import Clock

log = logging.getLogger(__name__)

LOOK_MS = 15_000
SLEPT_S = 20.0
"""A look that comes so much too late was kept from coming by sleep, not by work."""
SETTLE_MS = 1_000
"""A network that comes up changes several times in a second; it is looked at once, when that is over."""
SPREAD_MS = 3_000
"""Computers of one office get their network back in the same moment; they must not come to the server in the same."""


class Surroundings(QObject):
    """Lives in the UI thread. ``changed`` is emitted when a network came, went or was changed for another, and when
    the computer woke from sleep; ``metered_changed`` when the network counts what is used, or does not any more.

    Attributes:
        metered: whether it does. Where the system does not tell, no network is.
    """

    changed = Signal()
    metered_changed = Signal(bool)

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.metered = False
        self._clock = clock
        self._seen = clock.now()
        self._looks = QTimer(self, interval=LOOK_MS)
        self._looks.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._looks.timeout.connect(self.look)
        self._settled = QTimer(self, singleShot=True)
        self._settled.timeout.connect(self.changed)

    def watch(self, *, network: bool = True) -> None:
        """Begin. ``network``: ask the system to tell of networks; without that only sleep is noticed."""
        self._seen = self._clock.now()
        self._looks.start()
        if network:
            self._watch_network()

    def _watch_network(self) -> None:
        from PySide6.QtNetwork import QNetworkInformation

        if not QNetworkInformation.loadDefaultBackend():
            log.info("the system does not tell of networks here")
            return
        information = QNetworkInformation.instance()
        information.reachabilityChanged.connect(self._on_network)
        information.transportMediumChanged.connect(self._on_network)
        information.isBehindCaptivePortalChanged.connect(self._on_network)
        information.isMeteredChanged.connect(self._on_metered)
        self._on_metered(information.isMetered())

    @Slot()
    def look(self) -> None:
        """Compare the clock with when it was last looked at. Both clocks of a computer may stand still in its sleep,
        or go on: the wall clock is right when it wakes, whatever the timers did."""
        now = self._clock.now()
        late_s = (now - self._seen).total_seconds() - LOOK_MS / 1000
        self._seen = now
        if late_s > SLEPT_S:
            log.info("the computer slept, or its clock was set")
            self._tell_soon()

    @Slot()
    def _on_network(self) -> None:
        self._tell_soon()

    def _tell_soon(self) -> None:
        if not self._settled.isActive():  # a network that never comes to rest must not put it off for ever
            self._settled.start(SETTLE_MS + round(SPREAD_MS * random.random()))  # noqa: S311 (no secret hangs on it)

    @Slot(bool)
    def _on_metered(self, metered: bool) -> None:
        if metered != self.metered:
            self.metered = metered
            self.metered_changed.emit(metered)
