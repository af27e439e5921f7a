"""Puts a look on the whole application and keeps it right while the program runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop.ui import preferences as kept
from desktop.ui.preferences import Preferences
from desktop.ui.theme.live import set_tokens, tokens
from desktop.ui.theme.palette import palette
from desktop.ui.theme.stylesheet import style_sheet
from desktop.ui.theme.tokens import TYPE_BODY, tokens_for

SYSTEM: Final = "system"
LIGHT: Final = "light"
DARK: Final = "dark"
MODES: Final = (SYSTEM, LIGHT, DARK)


class Theme(QObject):
    """One per application, which is made with ``application.STYLE_WORDS``.

    ``changed`` is emitted after the new look was put on.
    Widgets that paint themselves need no signal: they get a ``PaletteChange`` or ``StyleChange`` event and read
    ``tokens()`` when they paint.
    """

    changed = Signal()

    def __init__(
        self,
        app: QApplication,
        preferences: Preferences,
        accent: str = "",
        parent: QObject | None = None,
        system_is_dark: Callable[[], bool] | None = None,
    ) -> None:
        """``system_is_dark`` is asked when the system's theme counts; Qt knows it by default."""
        super().__init__(parent or app)
        self._app = app
        self._preferences = preferences
        self._accent = accent
        self._applied: object = None
        self._system_is_dark = system_is_dark or self._qt_is_dark
        self._hint_mode()
        self._apply()
        app.styleHints().colorSchemeChanged.connect(self._apply)

    @property
    def mode(self) -> str:
        """``system``, ``light`` or ``dark``."""
        wanted = self._preferences.text(kept.THEME, SYSTEM)
        return wanted if wanted in MODES else SYSTEM

    def set_mode(self, mode: str) -> None:
        """Choose the theme, now and for the next start."""
        assert mode in MODES, mode
        self._preferences.keep(kept.THEME, mode)
        self._hint_mode()
        self._apply()

    def set_text_percent(self, percent: int) -> None:
        """Choose the size of text, 100 to 200."""
        self._preferences.keep(kept.TEXT_PERCENT, max(100, min(200, percent)))
        self._apply()

    def set_reduced_motion(self, wanted: bool) -> None:
        """Choose whether anything moves."""
        self._preferences.keep(kept.REDUCED_MOTION, wanted)
        self._apply()

    def set_accent(self, accent: str) -> None:
        """The organization's accent; empty for ours."""
        self._accent = accent
        self._apply()

    def _hint_mode(self) -> None:
        # Title bars and native dialogs follow the application's wish, not only our own painting.
        scheme = {LIGHT: Qt.ColorScheme.Light, DARK: Qt.ColorScheme.Dark}.get(self.mode, Qt.ColorScheme.Unknown)
        QGuiApplication.styleHints().setColorScheme(scheme)

    def _qt_is_dark(self) -> bool:
        return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark

    @Slot()
    def _apply(self) -> None:
        dark = self._system_is_dark() if self.mode == SYSTEM else self.mode == DARK
        wanted = tokens_for(
            dark=dark,
            accent=self._accent,
            text_percent=self._preferences.number(kept.TEXT_PERCENT, 100),
            reduced_motion=self._preferences.flag(kept.REDUCED_MOTION),
        )
        if wanted == self._applied:
            return
        self._applied = wanted
        set_tokens(wanted)
        base = QFont(self._app.font())
        base.setPixelSize(wanted.scaled(TYPE_BODY))
        self._app.setFont(base)
        self._app.setPalette(palette(wanted.colours))
        self._app.setStyleSheet(style_sheet(tokens()))
        self.changed.emit()
