"""When the ring around what has the focus is drawn: for those who use the keyboard, not after a click.

Like ``:focus-visible`` on the web. Qt's reasons do not tell: when what has the focus is hidden or greyed, it goes on as
if Tab had been pressed. So keys and clicks are noted, by the window (``InputWatch``) and by the buttons.
UI thread only.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton

_UNCHANGED = frozenset({Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason})

_keyboard = False


def came_by_pointer() -> None:
    """The learner pressed a button of the mouse."""
    global _keyboard
    _keyboard = False


def came_by_keyboard() -> None:
    """The learner pressed a key that moves or activates."""
    global _keyboard
    _keyboard = True


def by_keyboard() -> bool:
    """Whether the learner moves about with keys now."""
    return _keyboard


def shows_ring(reason: Qt.FocusReason, *, before: bool) -> bool:
    """Whether focus that came for ``reason`` is shown; ``before`` is how it was when the widget had it last."""
    if reason in _UNCHANGED:
        return before
    if reason == Qt.FocusReason.ShortcutFocusReason:
        came_by_keyboard()
    return _keyboard and reason != Qt.FocusReason.MouseFocusReason


class InputWatch(QObject):
    """An event filter for a window of the system (``QWindow``): it sees keys and clicks before the widgets do.

    On the application it would be asked for every event of every widget.
    """

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note what is in use. Typing into a field says nothing of how the learner moves."""
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress:
            came_by_pointer()
        elif kind == QEvent.Type.KeyPress and event.key() in _MOVING:  # type: ignore[attr-defined]  # a QKeyEvent
            came_by_keyboard()
        return False


_MOVING = frozenset(
    {
        Qt.Key.Key_Tab,
        Qt.Key.Key_Backtab,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_F6,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
    }
)


class PaintedButton(QAbstractButton):
    """A button that draws itself; ``ring()`` says whether to draw the focus."""

    _ring = False

    def ring(self) -> bool:
        """Whether it has the focus and shows it."""
        return self._ring and self.hasFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember how the focus came."""
        self._ring = shows_ring(event.reason(), before=self._ring)
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The pointer is in use."""
        came_by_pointer()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses as Space does; Qt leaves that to the system's habits, and few have them."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            came_by_keyboard()
            self.click()
        else:
            super().keyPressEvent(event)
