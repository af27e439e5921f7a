"""The keys of the lecture page, wherever on it the focus is.

The widget that has the focus would take some of them first (a list looks for the letter that is typed). So the page
looks at the keys of the focused widget before it does, and leaves it those that are its own: whatever is typed into a
field, Space and Enter on a button, arrows in lists, sliders and tabs.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid


class Command(Enum):
    """What a key asks for."""

    TOGGLE = "toggle"
    BACK_5 = "back_5"
    ON_5 = "on_5"
    BACK_10 = "back_10"
    ON_10 = "on_10"
    FRAME_BACK = "frame_back"
    FRAME_ON = "frame_on"
    SLOWER = "slower"
    FASTER = "faster"
    CAPTIONS = "captions"
    MUTE = "mute"
    FULL_SCREEN = "full_screen"
    THEATRE = "theatre"
    NOTE = "note"
    NEXT = "next"
    PREVIOUS = "previous"
    FIND = "find"
    CHEAT_SHEET = "cheat_sheet"
    LEAVE = "leave"
    TENTH = "tenth"


_LETTERS = {
    "k": Command.TOGGLE,
    " ": Command.TOGGLE,
    "j": Command.BACK_10,
    "l": Command.ON_10,
    ",": Command.FRAME_BACK,
    ".": Command.FRAME_ON,
    "<": Command.SLOWER,
    ">": Command.FASTER,
    "c": Command.CAPTIONS,
    "m": Command.MUTE,
    "f": Command.FULL_SCREEN,
    "t": Command.THEATRE,
    "n": Command.NOTE,
    "/": Command.FIND,
    "?": Command.CHEAT_SHEET,
}


def command_of(key: int, text: str, *, shift: bool) -> tuple[Command, int] | None:
    """What a key asks for, and its figure (of ``TENTH``: 0 to 9).

    By the text it writes, so that it is the same on every keyboard layout.
    """
    if shift and text.lower() in ("n", "p"):
        return (Command.NEXT if text.lower() == "n" else Command.PREVIOUS), 0
    if len(text) == 1 and text in "0123456789":
        return Command.TENTH, int(text)
    by_letter = _LETTERS.get(text.lower())
    if by_letter is not None:
        return by_letter, 0
    by_key = {
        Qt.Key.Key_Left.value: Command.BACK_5,
        Qt.Key.Key_Right.value: Command.ON_5,
        Qt.Key.Key_Escape.value: Command.LEAVE,
    }.get(key)
    return (by_key, 0) if by_key is not None else None


def _is_written_into(widget: QWidget) -> bool:
    if isinstance(widget, QPlainTextEdit | QTextEdit | QLineEdit):
        return not widget.isReadOnly()
    return isinstance(widget, QAbstractSpinBox) or (isinstance(widget, QComboBox) and widget.isEditable())


def belongs_to(widget: QWidget, key: int) -> bool:
    """Whether the focused widget needs this key for itself."""
    keys = Qt.Key
    if _is_written_into(widget):
        return True
    if isinstance(widget, QAbstractButton | QComboBox) and key in (keys.Key_Space, keys.Key_Return, keys.Key_Enter):
        return True
    sideways = key in (keys.Key_Left, keys.Key_Right)
    return sideways and isinstance(widget, QAbstractSlider | QAbstractItemView)


class PlayerKeys(QObject):
    """Watches the focused widget while it is inside one of ``roots``. Emits ``pressed`` (``Command``, figure)."""

    pressed = Signal(object, int)

    def __init__(self, inside: Callable[[QWidget], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inside = inside
        self._watched: QWidget | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus)

    @Slot("QWidget*", "QWidget*")
    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        # The widget that had the focus may be gone already: that is why it has it no more.
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = None
        if now is not None and self._inside(now):
            now.installEventFilter(self)
            self._watched = now

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that are the page's."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        modifiers = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if modifiers != Qt.KeyboardModifier.NoModifier or not isinstance(watched, QWidget):
            return False
        if belongs_to(watched, event.key()):
            return False
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        found = command_of(event.key(), event.text(), shift=shift)
        if found is None:
            return False
        self.pressed.emit(*found)
        return True
