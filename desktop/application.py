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
    return QApplication([*sys.argv[:1], *STYLE_WORDS])


def look_up_fonts() -> threading.Thread:
    """Begin to find the fonts of the application, which has to outlive the thread: join it before it goes.

    The first text of a program waits until the system's fonts are read and the ones that fit are found. Qt may do that
    in any thread and needs no Python for it: on another core it costs the start nothing.
    """
    thread = threading.Thread(target=_measure_a_word, name="haversack-fonts")
    thread.start()
    return thread


def _measure_a_word() -> None:
    font = QFont()
    for weight in (QFont.Weight.Normal, QFont.Weight.DemiBold):
        font.setWeight(weight)
        QFontMetrics(font).horizontalAdvance("Haversack")
