"""Whether this network counts what is used, as the system says it."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QNetworkInformation

log = logging.getLogger(__name__)


class Metering(QObject):
    """Lives in the UI thread. Asks the system (on Linux over D-Bus): not for tests.

    Signals:
        metered_changed: another network, or another word on it.
    """

    metered_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._system: QNetworkInformation | None = None

    def begin(self) -> None:
        """Listen from now on. Where the system does not tell, no network is metered."""
        if not QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Metered):
            log.info("the system does not say whether a network is metered")
            return
        self._system = QNetworkInformation.instance()
        if self._system is not None:
            self._system.isMeteredChanged.connect(self._tell)

    @property
    def metered(self) -> bool:
        """What the system says now."""
        return self._system is not None and self._system.isMetered()

    @Slot(bool)
    def _tell(self, metered: bool) -> None:
        self.metered_changed.emit(metered)
