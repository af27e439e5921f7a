"""The transcript: a line for each cue, its time beside it, the current one lit and followed.

One block of a ``QPlainTextEdit`` for each cue: measured on 10,000 cues it is built in a fraction of what a list view
with wrapped rows takes, scrolls without a stutter, and its text can be selected and copied. What is lit is painted
below the text for the visible lines only, so that nothing depends on the length of the lecture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from desktop.i18n import clock_text
from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import RADIUS_SMALL, SPACE_4, SPACE_8, TYPE_BODY, TYPE_SMALL

if TYPE_CHECKING:
    from desktop.player.transcript import Cue

AIR = "\u200b"
"""Begins every line, in a larger font: ``QPlainTextEdit`` knows no space between blocks."""
AIR_SCALE = 1.5
SCROLL_KEYS = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}
)


@dataclass(frozen=True, slots=True)
class LineHit:
    """A hit of a find: cue number, first and last+1 character of its text."""

    cue: int
    start: int
    end: int


class _Times(QWidget):
    """The times beside the lines."""

    def __init__(self, view: TranscriptView) -> None:
        super().__init__(view)
        self._view = view
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._view.paint_times(self, event.rect())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._view.choose_at(event.position().toPoint().y())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._view.wheelEvent(event)


class TranscriptView(QPlainTextEdit):
    """Signals: ``cue_chosen`` (number of a cue), ``following_changed`` (whether the current line is kept in sight)."""

    cue_chosen = Signal(int)
    following_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transcriptList")
        self._cues: tuple[Cue, ...] = ()
        self._current = -1
        self._hovered = -1
        self._following = True
        self._by_keys = False
        self._hits: tuple[LineHit, ...] = ()
        self._hit = -1
        self._first_hit: dict[int, int] = {}
        self._rtl = False
        self._gutter = 48
        self._times = _Times(self)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setProperty("variant", "bare")
        self.setCursorWidth(0)  # the line is marked, not a place in it
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUndoRedoEnabled(False)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.verticalScrollBar().actionTriggered.connect(self._on_scrolled_by_hand)
        self.updateRequest.connect(self._on_update)
        # Not from within the scrolling: changing selections while Qt moves the text ended in a crash.
        self._light_soon = QTimer(self, singleShot=True, interval=0)
        self._light_soon.timeout.connect(self._light_hits)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.document().setDocumentMargin(SPACE_4)

    # --- what is shown ------------------------------------------------------------------------------------------

    def show_cues(self, cues: Sequence[Cue], *, rtl: bool) -> None:
        """Show another transcript."""
        self._cues, self._rtl = tuple(cues), rtl
        self._current = self._hovered = self._hit = -1
        self._hits, self._first_hit = (), {}
        self.setExtraSelections([])
        self._fill()
        self.set_following(following=True)

    def _fill(self) -> None:
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.RightToLeft if self._rtl else Qt.LayoutDirection.LeftToRight)
        option.setAlignment(Qt.AlignmentFlag.AlignRight if self._rtl else Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document = self.document()
        document.setDefaultTextOption(option)
        document.setDefaultFont(font(TYPE_BODY))
        air = QTextCharFormat()
        tall = font(TYPE_BODY)
        tall.setPixelSize(round(tall.pixelSize() * AIR_SCALE))
        air.setFont(tall)
        # New text takes the format at the cursor, and at the beginning of a line that is the air's.
        self.setTextCursor(QTextCursor(document))
        self.setCurrentCharFormat(QTextCharFormat())
        self.setPlainText("\n".join(AIR + cue.text.replace("\n", " ") for cue in self._cues))
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        block = document.begin()
        while block.isValid():
            cursor.setPosition(block.position())
            cursor.setPosition(block.position() + min(1, block.length() - 1), QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(air)
            block = block.next()
        cursor.endEditBlock()
        longest = max((cue.start_ms for cue in self._cues), default=0)
        metrics = self._times.fontMetrics()
        self._times.setFont(font(TYPE_SMALL))
        metrics = self._times.fontMetrics()
        self._gutter = metrics.horizontalAdvance(clock_text(max(longest, 600_000))) + 2 * SPACE_8
        self._place_times()
        self.viewport().update()
        self._times.update()

    def cue_count(self) -> int:
        """How many lines."""
        return len(self._cues)

    def current(self) -> int:
        """The lit line; -1 for none."""
        return self._current

    def set_current(self, number: int) -> None:
        """Light a line (-1: none), and bring it into sight while following."""
        if number == self._current:
            return
        before, self._current = self._current, number
        for changed in (before, number):
            self._update_line(changed)
        if self._following and number >= 0:
            self._bring(number)

    def following(self) -> bool:
        """Whether the current line is kept in sight."""
        return self._following

    def set_following(self, *, following: bool) -> None:
        """Keep the current line in sight, or leave the scrolling to the learner."""
        if following != self._following:
            self._following = following
            self.following_changed.emit(following)
        if following and self._current >= 0:
            self._bring(self._current)

    def show_hits(self, hits: Sequence[LineHit], current: int) -> None:
        """Light the hits of a find and bring the ``current`` one (-1: none) into sight."""
        changed = hits is not self._hits
        self._hits, self._hit = tuple(hits), current
        if changed:
            self._first_hit = {}
            for number, hit in enumerate(self._hits):
                self._first_hit.setdefault(hit.cue, number)
        if 0 <= current < len(self._hits):
            self.set_following(following=False)
            self._bring(self._hits[current].cue)
        self._light_hits()

    def cue_rect(self, number: int) -> QRect:
        """Where a line is in the viewport, after scrolling it into sight."""
        block = self.document().findBlockByNumber(number)
        rect = self._line_rect(block)
        if rect.top() < 0 or rect.bottom() > self.viewport().height():
            self._bring(number)
            rect = self._line_rect(block)
        return rect

    # --- finding the way ----------------------------------------------------------------------------------------

    def _line_rect(self, block: QTextBlock) -> QRect:
        rect = self.blockBoundingGeometry(block).translated(self.contentOffset())
        return QRect(0, round(rect.top()), self.viewport().width(), round(rect.height()))

    def _bring(self, number: int) -> None:
        block = self.document().findBlockByNumber(number)
        if not block.isValid():
            return
        rect = self._line_rect(block)
        height = self.viewport().height()
        if rect.top() >= height * 0.12 and rect.bottom() <= height * 0.72:
            return
        # A quarter from the top: what was said stays in sight, and more of what comes. Measured block by block, because
        # those that were never seen are not wrapped yet and count as one line in the scroll bar's figures.
        top, above = block, 0.0
        while above < height / 4 and top.previous().isValid():
            top = top.previous()
            above += self.blockBoundingRect(top).height()
        self.verticalScrollBar().setValue(top.firstLineNumber())

    def _visible(self) -> list[QTextBlock]:
        block = self.firstVisibleBlock()
        bottom = self.viewport().height()
        found = []
        while block.isValid() and self._line_rect(block).top() <= bottom:
            found.append(block)
            block = block.next()
        return found

    def choose_at(self, y: int) -> None:
        """Choose the line at a height of the viewport."""
        for block in self._visible():
            if self._line_rect(block).top() <= y <= self._line_rect(block).bottom():
                self._choose(block.blockNumber())
                return

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self._cues):
            self.set_following(following=True)
            self.cue_chosen.emit(number)

    # --- hands --------------------------------------------------------------------------------------------------

    def _on_scrolled(self, _value: int) -> None:
        self._light_soon.start()

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

    def _hover(self, number: int) -> None:
        if number != self._hovered:
            before, self._hovered = self._hovered, number
            for changed in (before, number):
                self._update_line(changed)

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

    # --- painting -----------------------------------------------------------------------------------------------

    def _update_line(self, number: int) -> None:
        block = self.document().findBlockByNumber(number) if number >= 0 else QTextBlock()
        if block.isValid():
            rect = self._line_rect(block).adjusted(0, -3, 0, 3)
            self.viewport().update(rect)
            self._times.update(0, rect.top(), self._times.width(), rect.height())

    def _light_hits(self) -> None:
        if not self._hits:
            if self.extraSelections():
                self.setExtraSelections([])
            return
        colours = tokens().colours
        selections = []
        for block in self._visible():
            number = self._first_hit.get(block.blockNumber(), len(self._hits))
            while number < len(self._hits) and self._hits[number].cue == block.blockNumber():
                hit = self._hits[number]
                cursor = QTextCursor(block)
                cursor.setPosition(block.position() + len(AIR) + hit.start)
                cursor.setPosition(block.position() + len(AIR) + hit.end, QTextCursor.MoveMode.KeepAnchor)
                lit = QTextEdit.ExtraSelection()
                lit.cursor = cursor
                current = number == self._hit
                lit.format.setBackground(QColor(colours.warning if current else colours.warning_soft))
                lit.format.setForeground(QColor(colours.canvas if current else colours.text))
                selections.append(lit)
                number += 1
        self.setExtraSelections(selections)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The grounds of the lit lines, then the text."""
        colours = tokens().colours
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cursor_line = self.textCursor().blockNumber() if self.hasFocus() and self._by_keys else -1
        for block in self._visible():
            number = block.blockNumber()
            rect = QRectF(self._line_rect(block)).adjusted(1, 3, -1, 1)
            if number == self._current:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colours.accent_soft))
                painter.drawRoundedRect(rect, RADIUS_SMALL, RADIUS_SMALL)
            elif number == self._hovered:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colours.hover))
                painter.drawRoundedRect(rect, RADIUS_SMALL, RADIUS_SMALL)
            if number == cursor_line:
                painter.setPen(QPen(QColor(colours.accent), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(rect, RADIUS_SMALL, RADIUS_SMALL)
        painter.end()
        super().paintEvent(event)

    def paint_times(self, widget: QWidget, exposed: QRect) -> None:
        """The times of the visible lines; called by the strip beside the text."""
        colours = tokens().colours
        painter = QPainter(widget)
        painter.fillRect(exposed, QColor(colours.canvas))
        small = font(TYPE_SMALL)
        strong = font(TYPE_SMALL, strong=True)
        for block in self._visible():
            number = block.blockNumber()
            if number >= len(self._cues):
                break
            line = block.layout().lineAt(0)
            top = self._line_rect(block).top()
            baseline = round(top + (line.ascent() if line.isValid() else 12) + 1)
            current = number == self._current
            painter.setFont(strong if current else small)
            painter.setPen(QColor(colours.accent if current else colours.muted))
            text = clock_text(self._cues[number].start_ms)
            width = painter.fontMetrics().horizontalAdvance(text)
            left = SPACE_8 if self._rtl else widget.width() - SPACE_8 - width
            painter.drawText(left, baseline, text)
        painter.end()

    def _on_update(self, rect: QRect, dy: int) -> None:
        if dy:
            self._times.scroll(0, dy)
        else:
            self._times.update(0, rect.y(), self._times.width(), rect.height())

    def _place_times(self) -> None:
        self.setViewportMargins(0 if self._rtl else self._gutter, 0, self._gutter if self._rtl else 0, 0)
        inside = self.viewport().geometry()
        left = inside.right() + 1 if self._rtl else inside.left() - self._gutter
        self._times.setGeometry(left, inside.top(), self._gutter, inside.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines wrap anew; the one that is lit stays in sight."""
        super().resizeEvent(event)
        self._place_times()
        if self._following and self._current >= 0:
            self._bring(self._current)

    def changeEvent(self, event: QEvent) -> None:
        """The look changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._cues:
            first, line = self.firstVisibleBlock().blockNumber(), self.textCursor().blockNumber()
            self._fill()
            self.setTextCursor(QTextCursor(self.document().findBlockByNumber(line)))
            self.verticalScrollBar().setValue(self.document().findBlockByNumber(first).firstLineNumber())
            self._light_soon.start()

    def minimumSizeHint(self) -> QSize:
        """A few words."""
        return QSize(200, 80)
