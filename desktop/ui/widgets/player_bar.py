"""The controls of the player.

Object names: ``playButton``, ``scrubBar``, ``playerTime``, ``speedButton`` (its entries ``speed-<rate>``),
``muteButton``, ``volumeSlider``, ``captionsButton`` (its entries ``captions-off``, ``captions-<language>``),
``theatreButton``, ``fullScreenButton``.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QWidget

from desktop.i18n import clock_text, tr
from desktop.models.views import TrackView
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import ICON, SPACE_4, SPACE_8, SPACE_12
from desktop.ui.widgets.buttons import IconButton
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.menu import Menu
from desktop.ui.widgets.player_scrub_bar import ScrubBar
from desktop.ui.wording import language_text

SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 3.0)
LARGE_ICON = ICON + 4
ROOM_FOR_VOLUME, ROOM_FOR_THEATRE = 440, 360


def speed_text(rate: float) -> str:
    """``1.25×``."""
    return f"{rate:g}×"


def track_text(track: TrackView) -> str:
    """A language as the track calls itself, else by its own name."""
    return track.label or language_text(track.language)


class SpeedButton(QToolButton):
    """Says the speed and opens the list of speeds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("speedButton")
        self.setProperty("variant", "icon")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class PlayerBar(QWidget):
    """Signals are wishes: what the player really does comes back through the ``show_…`` methods."""

    toggle_wanted = Signal()
    seek_wanted = Signal(int)
    rate_wanted = Signal(float)
    volume_wanted = Signal(int)
    mute_wanted = Signal(bool)
    captions_wanted = Signal(str)
    theatre_wanted = Signal()
    full_screen_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._muted = self._is_full = False
        self._duration = 0
        self.play = IconButton("play-fill", tr("Play (Space)"), name="playButton", size=LARGE_ICON)
        self.show_playing(playing=False)
        self.scrub = ScrubBar()
        self._time = Label("", "small", "muted", wrap=False)
        self._time.setObjectName("playerTime")
        self._speed = SpeedButton()
        self._speeds = QActionGroup(self)
        self._mute = IconButton("speaker-high", tr("Mute (M)"), name="muteButton")
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setObjectName("volumeSlider")
        self.volume.setAccessibleName(tr("Volume"))
        self.volume.setRange(0, 100)
        self.volume.setFixedWidth(tokens().scaled(72))
        for widget in (self.volume, self._speed):  # a figure and a scale, the same in every script
            widget.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._captions = IconButton("closed-captioning", tr("Captions (C)"), name="captionsButton")
        self._captions_menu = Menu(self)
        self._captions.setMenu(self._captions_menu)
        self._languages = QActionGroup(self)
        self._theatre = IconButton("arrows-out-line-horizontal", tr("Theatre (T)"), name="theatreButton")
        self._full = IconButton("corners-out", tr("Full screen (F)"), name="fullScreenButton")
        self._make_speed_menu()
        self._lay_out()
        self._connect()
        self.show_rate(1.0)
        self.show_times(0, 0)

    def _make_speed_menu(self) -> None:
        menu = Menu(self)
        for rate in SPEEDS:
            action = menu.addAction(speed_text(rate))
            action.setObjectName(f"speed-{rate:g}")
            action.setData(rate)
            action.setCheckable(True)
            self._speeds.addAction(action)
        self._speed.setMenu(menu)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_8, SPACE_4, SPACE_8, SPACE_4)
        row.setSpacing(SPACE_4)
        row.addWidget(self.play)
        row.addWidget(self.scrub, 1)
        row.addSpacing(SPACE_4)
        row.addWidget(self._time)
        row.addSpacing(SPACE_12)
        for widget in (self._speed, self._mute, self.volume, self._captions, self._theatre, self._full):
            row.addWidget(widget)

    def _connect(self) -> None:
        self.play.clicked.connect(self.toggle_wanted)
        self.scrub.seek_wanted.connect(self.seek_wanted)
        self._speeds.triggered.connect(self._on_speed)
        self._mute.clicked.connect(self._on_mute)
        self.volume.valueChanged.connect(self.volume_wanted)
        self._languages.triggered.connect(self._on_captions)
        self._theatre.clicked.connect(self.theatre_wanted)
        self._full.clicked.connect(self.full_screen_wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the way through the lecture comes before what keys do as well."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """The text's size changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_full"):
            self.volume.setFixedWidth(tokens().scaled(72))
            self._fit()

    def _fit(self) -> None:
        self.volume.setVisible(self.width() >= tokens().scaled(ROOM_FOR_VOLUME))
        self._theatre.setVisible(not self._is_full and self.width() >= tokens().scaled(ROOM_FOR_THEATRE))

    # --- what is so ---------------------------------------------------------------------------------------------

    def show_playing(self, *, playing: bool, ended: bool = False) -> None:
        """The button says what it will do."""
        self.play.set_icon("pause-fill" if playing else "arrow-counter-clockwise" if ended else "play-fill", "text")
        again = tr("Play again (Space)") if ended else tr("Play (Space)")
        self.play.set_label(tr("Pause (Space)") if playing else again)

    def show_times(self, position_ms: int, duration_ms: int) -> None:
        """Where the lecture stands."""
        if duration_ms != self._duration or not self._time.text():
            self._duration = duration_ms
            self.scrub.show_duration(duration_ms)
        self.scrub.show_position(position_ms)
        text = f"{clock_text(position_ms)} / {clock_text(duration_ms)}"
        if text != self._time.text():
            self._time.setText(text)

    def show_rate(self, rate: float) -> None:
        """The speed."""
        self._speed.setText(speed_text(rate))
        self._speed.setAccessibleName(tr("Speed: {speed}", speed=speed_text(rate)))
        self._speed.setToolTip(tr("Speed (< and >)"))
        for action in self._speeds.actions():
            action.setChecked(action.data() == rate)

    def show_volume(self, percent: int, *, muted: bool) -> None:
        """How loud."""
        self._muted = muted
        silent = muted or percent == 0
        self._mute.set_icon("speaker-slash" if silent else "speaker-low" if percent < 50 else "speaker-high")
        self._mute.set_label(tr("Sound on (M)") if muted else tr("Mute (M)"))
        if self.volume.value() != percent:
            self.volume.blockSignals(True)  # noqa: FBT003 (Qt's own)
            self.volume.setValue(percent)
            self.volume.blockSignals(False)  # noqa: FBT003

    def show_tracks(self, tracks: Sequence[TrackView], chosen: str) -> None:
        """Which languages there are; ``chosen`` is the one on the picture, '' for none."""
        self._captions_menu.clear()
        for action in self._languages.actions():
            self._languages.removeAction(action)
        for language, text in (("", tr("Off")), *((track.language, track_text(track)) for track in tracks)):
            action = QAction(text, self._captions_menu)
            action.setObjectName(f"captions-{language or 'off'}")
            action.setData(language)
            action.setCheckable(True)
            action.setChecked(language == chosen)
            self._languages.addAction(action)
            self._captions_menu.addAction(action)
        self._captions.setEnabled(bool(tracks))
        self._captions.set_icon(
            "closed-captioning-fill" if chosen else "closed-captioning", "accent" if chosen else "muted"
        )
        self._captions.set_label(tr("Captions: {state} (C)", state=tr("on") if chosen else tr("off")))

    def show_theatre(self, *, theatre: bool) -> None:
        """Whether the picture has the whole window."""
        self._theatre.set_icon("arrows-in-line-horizontal" if theatre else "arrows-out-line-horizontal")
        self._theatre.set_label(tr("Leave theatre (T)") if theatre else tr("Theatre (T)"))

    def show_full_screen(self, *, full: bool) -> None:
        """Whether the picture has the whole screen; then there is no window to be a theatre in."""
        self._is_full = full
        self._fit()
        self._full.set_icon("corners-in" if full else "corners-out")
        self._full.set_label(tr("Leave full screen (F)") if full else tr("Full screen (F)"))

    def show_usable(self, *, usable: bool) -> None:
        """Whether there is anything to play."""
        self.play.setEnabled(usable)
        self.scrub.setEnabled(usable)

    # --- what is wanted -----------------------------------------------------------------------------------------

    @Slot(QAction)
    def _on_speed(self, action: QAction) -> None:
        self.rate_wanted.emit(float(action.data()))

    @Slot()
    def _on_mute(self) -> None:
        self.mute_wanted.emit(not self._muted)

    @Slot(QAction)
    def _on_captions(self, action: QAction) -> None:
        self.captions_wanted.emit(str(action.data()))
