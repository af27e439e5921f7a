"""Notices what is shown as a window of its own and should not be."""

from __future__ import annotations

import traceback

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget


class WindowWatch(QObject):
    """An event filter for the application. ``stray``: what was shown as a plain window besides ``window``.

    A part of a page that is shown before it has a place flashes up as a window of its own and takes the focus away.
    Menus, lists to choose from, tool tips and dialogs are windows of other types.
    """

    def __init__(self, window: QWidget | None, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self.stray: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at what is shown."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            plain = watched.windowType() in (Qt.WindowType.Window, Qt.WindowType.Widget)
            if plain and watched is not self._window:
                self.stray.append(f"{watched!r} at {''.join(traceback.format_stack(limit=4))}")
        return False
