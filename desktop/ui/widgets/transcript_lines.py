"""A transcript as lines: a block of text for each cue, its time beside it, what is lit painted below the text.

One block of a ``QPlainTextEdit`` for each cue: measured on 10,000 cues it is built in a fraction of what a list view
with wrapped rows takes, scrolls without a stutter, and its text can be selected and copied. What is lit is painted
below the text for the visible lines only, so that nothing depends on the length of the lecture.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
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
from desktop.ui.widgets.utf16 import Units
from protocol.cues.finding import Hits
from protocol.cues.track import Track
from protocol.cues.transcript import NO_TRANSCRIPT

AIR = "\u200b"
"""Begins every line, in a larger font: ``QPlainTextEdit`` knows no space between blocks."""
AIR_SCALE = 1.5


_BLOCK_ENDS = str.maketrans("\n\u2029\ufdd0\ufdd1", "    ")
"""What would begin another block, and every number behind it would be wrong."""


class _Times(QWidget):
    """The times beside the lines. ``chosen`` is emitted with the height of a click."""

    chosen = Signal(int)

    def __init__(self, view: TranscriptLines) -> None:
        super().__init__(view)
        self._view = view
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._view.paint_times(self, event.rect())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(event.position().toPoint().y())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._view.wheelEvent(event)


class TranscriptLines(QPlainTextEdit):
    """``following_changed`` is emitted with whether the current line is kept in sight."""

    following_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._track = NO_TRANSCRIPT.track
        self._current = -1
        self._hovered = -1
        self._following = True
        self._by_keys = False
        """Whether the line that the cursor is on is marked."""
        self._hits: Hits = NO_TRANSCRIPT.finder.find("")
        self._hit = -1
        self._rtl = False
        self._gutter = 48
        self._times = _Times(self)
        self.setReadOnly(True)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setProperty("variant", "bare")
        self.setCursorWidth(0)  # the line is marked, not a place in it
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUndoRedoEnabled(False)
        self.updateRequest.connect(self._on_update)
        # Not from within the scrolling: changing selections while Qt moves the text ended in a crash.
        self._light_soon = QTimer(self, singleShot=True, interval=0)
        self._light_soon.timeout.connect(self._light_hits)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.document().setDocumentMargin(SPACE_4)

    # --- what is shown ------------------------------------------------------------------------------------------

    def show_track(self, track: Track, *, rtl: bool) -> None:
        """Show another transcript."""
        self._track, self._rtl = track, rtl
        self._current = self._hovered = self._hit = -1
        self._hits = NO_TRANSCRIPT.finder.find("")
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
        self.setPlainText("\n".join(AIR + text.translate(_BLOCK_ENDS) for text in self._track.texts))
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        block = document.begin()
        while block.isValid():
            cursor.setPosition(block.position())
            cursor.setPosition(block.position() + min(1, block.length() - 1), QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(air)
            block = block.next()
        cursor.endEditBlock()
        longest = self._track.starts_ms[-1] if len(self._track) else 0
        metrics = self._times.fontMetrics()
        self._times.setFont(font(TYPE_SMALL))
        metrics = self._times.fontMetrics()
        self._gutter = metrics.horizontalAdvance(clock_text(max(longest, 600_000))) + 2 * SPACE_8
        self._place_times()
        self.viewport().update()
        self._times.update()

    def cue_count(self) -> int:
        """How many lines."""
        return len(self._track)

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

    def show_hits(self, hits: Hits, current: int) -> None:
        """Light the hits of a find and bring the ``current`` one (-1: none) into sight."""
        self._hits, self._hit = hits, current
        if 0 <= current < len(self._hits):
            self.set_following(following=False)
            self._bring(self._hits[current][0].cue)
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

    # --- painting -----------------------------------------------------------------------------------------------

    def _hover(self, number: int) -> None:
        if number != self._hovered:
            before, self._hovered = self._hovered, number
            for changed in (before, number):
                self._update_line(changed)

    def _on_scrolled(self, _value: int) -> None:
        self._light_soon.start()

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
        visible = self._visible()
        first, last = (visible[0].blockNumber(), visible[-1].blockNumber()) if visible else (0, -1)
        for number, hit in self._hits.within(first, last):
            block = visible[hit.cue - first]
            start = block.position() + len(AIR)
            units = Units(self._track.texts[hit.cue])
            cursor = QTextCursor(block)
            cursor.setPosition(start + units.at(hit.start))
            cursor.setPosition(start + units.at(hit.end), QTextCursor.MoveMode.KeepAnchor)
            lit = QTextEdit.ExtraSelection()
            lit.cursor = cursor
            current = number == self._hit
            lit.format.setBackground(QColor(colours.warning if current else colours.warning_soft))
            lit.format.setForeground(QColor(colours.canvas if current else colours.text))
            selections.append(lit)
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
            if number >= len(self._track):
                break
            line = block.layout().lineAt(0)
            top = self._line_rect(block).top()
            baseline = round(top + (line.ascent() if line.isValid() else 12) + 1)
            current = number == self._current
            painter.setFont(strong if current else small)
            painter.setPen(QColor(colours.accent if current else colours.muted))
            text = clock_text(self._track.starts_ms[number])
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
        if event.type() == QEvent.Type.PaletteChange and len(self._track):
            first, line = self.firstVisibleBlock().blockNumber(), self.textCursor().blockNumber()
            self._fill()
            self.setTextCursor(QTextCursor(self.document().findBlockByNumber(line)))
            self.verticalScrollBar().setValue(self.document().findBlockByNumber(first).firstLineNumber())
            self._light_soon.start()

    def minimumSizeHint(self) -> QSize:
        """A few words."""
        return QSize(200, 80)
