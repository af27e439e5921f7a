"""When the server is tried again, in words that count down, and who has them said anew."""

from __future__ import annotations

import math
from datetime import datetime

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop.i18n import time_text, tr
from desktop.models.home_views import SyncStatus
from desktop.ui.desk import SIGNED_OUT, Desk

NEAR_S = 60
"""From here on seconds are counted."""


def next_try_words(status: SyncStatus, now: datetime, *, titled: bool = False) -> str:
    """``Next try in 12 s``, ``Next try at 10:40``, ``Trying now …``; empty where no try is to come.

    ``titled``: it stands under *Next try* already: ``in 12 s``.
    """
    if status.code in SIGNED_OUT:
        return ""
    if status.trying:
        return tr("Trying now …")
    if status.next_try is None:
        return ""
    left = math.ceil((status.next_try - now).total_seconds())
    if left <= 0:
        return tr("Trying now …")
    if left < NEAR_S:
        return tr("in {n}\u00a0s", n=left) if titled else tr("Next try in {n}\u00a0s", n=left)
    time = time_text(status.next_try)
    return tr("at {time}", time=time) if titled else tr("Next try at {time}", time=time)


class NextTry(QObject):
    """``ticked`` is emitted when the words are others: each second of the last minute, and not before that."""

    ticked = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._clock, self._status = desk.clock, desk.status
        self._timer = QTimer(self, singleShot=True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)  # a coarse one would skip a second now and then
        self._timer.timeout.connect(self._tick)
        desk.status_changed.connect(self._on_status)
        self._plan()

    def words(self, *, titled: bool = False) -> str:
        """What is to be said now; see ``next_try_words``."""
        return next_try_words(self._status, self._clock.now(), titled=titled)

    @Slot(object)
    def _on_status(self, status: SyncStatus) -> None:
        self._status = status
        self._plan()

    def _plan(self) -> None:
        status = self._status
        if status.trying or status.next_try is None or status.code in SIGNED_OUT:
            self._timer.stop()
            return
        left = (status.next_try - self._clock.now()).total_seconds()
        if left <= 0:
            self._timer.stop()
        elif left > NEAR_S:
            self._timer.start(round((left - NEAR_S) * 1000) + 1)
        else:  # just after the second that is shown has passed
            self._timer.start(round((left - math.ceil(left) + 1) * 1000) + 1)

    @Slot()
    def _tick(self) -> None:
        self._plan()
        self.ticked.emit()
