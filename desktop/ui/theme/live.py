"""The look of this moment, for whoever paints. Set by ``theme.Theme`` alone; UI thread."""

from __future__ import annotations

from PySide6.QtGui import QFont, QGuiApplication

from desktop.ui.theme.tokens import Tokens

_current = Tokens()


def tokens() -> Tokens:
    """The look of this moment."""
    return _current


def set_tokens(wanted: Tokens) -> None:
    """Make ``wanted`` the look of this moment; ``Theme`` then restyles what is on the screen."""
    global _current
    _current = wanted


def font(size: int, *, strong: bool = False) -> QFont:
    """The system's font at a size of the type scale (``TYPE_…``), grown by the learner's text size."""
    found = QFont(QGuiApplication.font())
    found.setPixelSize(_current.scaled(size))
    found.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    return found
