"""The Qt application, made before the window's modules are imported: fonts are looked up in the meantime."""

from __future__ import annotations

import sys
import threading
from typing import Final

from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop.config import APP_NAME

STYLE_WORDS: Final = ("-style", "Fusion")
"""Words for ``QApplication``: the style that our sheet is made for. (``setStyle`` would do the same, but first wraps
``QStyle`` with all its enumerations for Python: 5 ms of every start.)"""


def make_application() -> QApplication:
    """Call it once, in the UI thread."""
    QGuiApplication.setApplicationName(APP_NAME)
    QGuiApplication.setApplicationDisplayName(APP_NAME)
    QGuiApplication.setDesktopFileName("haversack")
    made = QApplication([*sys.argv[:1], *STYLE_WORDS])
    threading.Thread(target=_look_up_fonts, name="haversack-fonts", daemon=True).start()
    return made


def _look_up_fonts() -> None:
    """The first text of a program waits until the system's fonts are read and the ones that fit are found. Qt may do
    that in any thread and needs no Python for it: on another core it costs the start nothing."""
    font = QFont()
    for weight in (QFont.Weight.Normal, QFont.Weight.DemiBold):
        font.setWeight(weight)
        QFontMetrics(font).horizontalAdvance("Haversack")
