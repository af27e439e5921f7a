"""When the ring around what has the focus is drawn: for those who use the keyboard, not after a click.

Like ``:focus-visible`` on the web. The buttons tell how they were reached last; focus that the program moves itself
(another page, a form that opens) is shown to whoever came by keyboard. UI thread only.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton

_BY_POINTER = frozenset({Qt.FocusReason.MouseFocusReason})
_UNCHANGED = frozenset({Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason})
_BY_KEYBOARD = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)

_keyboard = False


def came_by_pointer() -> None:
    """The learner pressed a button of the mouse."""
    global _keyboard
    _keyboard = False


def came_by_keyboard() -> None:
    """The learner pressed a key that moves or activates."""
    global _keyboard
    _keyboard = True


def shows_ring(reason: Qt.FocusReason, *, before: bool) -> bool:
    """Whether focus that came for ``reason`` is shown; ``before`` is how it was when the widget had it last."""
    if reason in _UNCHANGED:
        return before
    if reason in _BY_POINTER:
        came_by_pointer()
    elif reason in _BY_KEYBOARD:
        came_by_keyboard()
    return _keyboard


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
