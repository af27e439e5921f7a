"""The transcript under the learner's hands: a click or Enter goes to a line, the current one is followed until somebody
scrolls, and what is selected can be copied."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from desktop.i18n import tr
from desktop.ui.widgets.menu import Menu
from desktop.ui.widgets.transcript_lines import AIR, TranscriptLines
from protocol.cues.writing import plain_lines

COPY_WITH_TIMES = QKeySequence(Qt.Modifier.CTRL | Qt.Modifier.SHIFT | Qt.Key.Key_C)

SCROLL_KEYS = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}
)


class TranscriptView(TranscriptLines):
    """``cue_chosen`` is emitted with the number of a cue."""

    cue_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transcriptList")
        self._asked = 0
        """The line that the menu is of."""
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.verticalScrollBar().actionTriggered.connect(self._on_scrolled_by_hand)
        self._times.chosen.connect(self.choose_at)

    def choose_at(self, y: int) -> None:
        """Choose the line at a height of the viewport."""
        for block in self._visible():
            if self._line_rect(block).top() <= y <= self._line_rect(block).bottom():
                self._choose(block.blockNumber())
                return

    def _choose(self, number: int) -> None:
        if 0 <= number < self.cue_count():
            self.set_following(following=True)
            self.cue_chosen.emit(number)

    def _on_scrolled_by_hand(self, _action: int) -> None:
        self.set_following(following=False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The learner reads elsewhere: do not pull the text away."""
        if self.verticalScrollBar().maximum() > 0:
            self.set_following(following=False)
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the second of the line the cursor is on; up and down go from line to line."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.textCursor().blockNumber())
            return
        if QKeySequence(event.keyCombination()) == COPY_WITH_TIMES:
            self.copy_with_times(self.textCursor().blockNumber())
            return
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and plain:
            event.ignore()  # the player's: five seconds back or on
            return
        if event.key() in SCROLL_KEYS:
            self.set_following(following=False)
        if plain and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            cursor = self.textCursor()
            if not self._by_keys and self._current >= 0:
                cursor.setPosition(self.document().findBlockByNumber(self._current).position())
            self._by_keys = True
            step = QTextCursor.MoveOperation.NextBlock
            if event.key() == Qt.Key.Key_Up:
                step = QTextCursor.MoveOperation.PreviousBlock
            cursor.movePosition(step)
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
            self.viewport().update()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """By the keyboard: begin at the line that is spoken, and mark it; a click marks nothing but what plays."""
        super().focusInEvent(event)
        self._by_keys = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
        )
        block = self.document().findBlockByNumber(max(0, self._current))
        if self._by_keys and block.isValid():
            scrolled = self.verticalScrollBar().value()
            self.setTextCursor(QTextCursor(block))
            self.verticalScrollBar().setValue(scrolled)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The pointer works now: the line that the keys were on is marked no longer."""
        super().mousePressEvent(event)
        self._by_keys = False
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click goes to the second of the line; a selection that was drawn stays one."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.choose_at(event.position().toPoint().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the line under the pointer."""
        super().mouseMoveEvent(event)
        self._hover(self.cursorForPosition(event.position().toPoint()).blockNumber())

    def leaveEvent(self, event: QEvent) -> None:
        """No line is under the pointer."""
        super().leaveEvent(event)
        self._hover(-1)

    def copy_with_times(self, line: int) -> None:
        """Put the lines that are selected, or else ``line``, on the clipboard, each with its time before it."""
        if not self.cue_count():
            return
        cursor = self.textCursor()
        first = last = max(0, min(line, self.cue_count() - 1))
        if cursor.hasSelection():
            first = self.document().findBlock(cursor.selectionStart()).blockNumber()
            last = self.document().findBlock(cursor.selectionEnd() - 1).blockNumber()
        text = plain_lines(self._track, range(first, last + 1), times=True)
        QGuiApplication.clipboard().setText(text.rstrip("\n"))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be copied: by a click with the right button, or by the menu key for the line of the cursor."""
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        line = (self.textCursor() if by_key else self.cursorForPosition(event.pos())).blockNumber()
        self._asked = line
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(tr("Copy"), self.copy)
        copy.setObjectName("transcriptCopy")
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setEnabled(self.textCursor().hasSelection())
        timed = menu.addAction(tr("Copy with times"), self._copy_asked)
        timed.setObjectName("transcriptCopyTimes")
        timed.setShortcut(COPY_WITH_TIMES)
        everything = menu.addAction(tr("Select all"), self.selectAll)
        everything.setObjectName("transcriptSelectAll")
        everything.setShortcut(QKeySequence.StandardKey.SelectAll)
        place = self.cue_rect(line).bottomLeft() if by_key and self.cue_count() else event.pos()
        menu.popup(self.viewport().mapToGlobal(QPoint(place)))

    @Slot()
    def _copy_asked(self) -> None:
        self.copy_with_times(self._asked)

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802 (Qt's name)
        """What is copied has no air in it.

        The data is Qt's own with another text: the clipboard outlives Python, and data made in Python crashes the
        program at its very end.
        """
        data = super().createMimeDataFromSelection()
        text = data.text().replace(AIR, "")  # asking makes Qt fill in all formats; only then can they be replaced
        for kind in data.formats():
            data.removeFormat(kind)
        data.setText(text)
        return data
