"""Speed and volume of lectures: what the learner chose last is so again with the next lecture, and after a restart."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from desktop.player.session import PlayerSession
from desktop.ui.preferences import Preferences
from desktop.ui.widgets.player_bar import SPEEDS, PlayerBar

RATE, VOLUME, MUTED = "player/rate_percent", "player/volume", "player/muted"


class LectureControls(QObject):
    """Ties the bar's wishes to the session and to what is remembered."""

    def __init__(
        self, preferences: Preferences, session: PlayerSession, bar: PlayerBar, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._preferences, self._session, self._bar = preferences, session, bar
        self.set_rate(preferences.number(RATE, 100) / 100)
        volume, muted = max(0, min(100, preferences.number(VOLUME, 100))), preferences.flag(MUTED)
        session.set_volume(volume)
        session.set_muted(muted)
        bar.show_volume(volume, muted=muted)
        bar.rate_wanted.connect(self.set_rate)
        bar.volume_wanted.connect(self.set_volume)
        bar.mute_wanted.connect(self.set_muted)

    @Slot(float)
    def set_rate(self, rate: float) -> None:
        """The offered speed that is nearest to ``rate``."""
        wanted = min(SPEEDS, key=lambda speed: abs(speed - rate))
        self._session.set_rate(wanted)
        self._preferences.keep(RATE, round(wanted * 100))
        self._bar.show_rate(wanted)

    def step_rate(self, step: int) -> None:
        """The next speed (1) or the one before (-1)."""
        number = SPEEDS.index(min(SPEEDS, key=lambda speed: abs(speed - self._session.rate)))
        self.set_rate(SPEEDS[max(0, min(len(SPEEDS) - 1, number + step))])

    @Slot(int)
    def set_volume(self, percent: int) -> None:
        """How loud; whoever changes that wants to hear."""
        self._session.set_volume(percent)
        self._session.set_muted(False)
        self._preferences.keep(VOLUME, percent)
        self._preferences.keep(MUTED, value=False)
        self._bar.show_volume(percent, muted=False)

    @Slot(bool)
    def set_muted(self, muted: bool) -> None:
        """Sound off, or on again as loud as it was."""
        self._session.set_muted(muted)
        self._preferences.keep(MUTED, muted)
        self._bar.show_volume(self._bar.volume.value(), muted=muted)

    def toggle_muted(self) -> None:
        """Sound off, or on again."""
        self.set_muted(not self._preferences.flag(MUTED))
