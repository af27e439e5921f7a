"""What this computer remembers of how a learner likes the window. An INI file in the data folder; UI thread only."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings

THEME = "look/theme"
TEXT_PERCENT = "look/text_percent"
REDUCED_MOTION = "look/reduced_motion"
GEOMETRY = "window/geometry"
PROGRAM = "program"
"""The id of the program that was in front last."""


class Preferences(QObject):
    """Typed reads with a default: a damaged or hand-edited file never stops the program."""

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = QSettings(str(path), QSettings.Format.IniFormat, self)

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        value = self._settings.value(key, default)
        return value if isinstance(value, str) else default

    def number(self, key: str, default: int) -> int:
        """A whole number."""
        try:
            return int(str(self._settings.value(key, default)))
        except ValueError:
            return default

    def flag(self, key: str, default: bool = False) -> bool:
        """Yes or no."""
        return str(self._settings.value(key, "1" if default else "0")) == "1"

    def octets(self, key: str) -> QByteArray:
        """Bytes; empty if nothing is kept."""
        value = self._settings.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep(self, key: str, value: str | int | bool | QByteArray) -> None:
        """Remember; written to the file by Qt a moment later."""
        self._settings.setValue(key, ("1" if value else "0") if isinstance(value, bool) else value)
