"""A reading: rich text in a column of comfortable width, with its own text size and find."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QResizeEvent, QTextBlockFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import MEASURE, SPACE_8, SPACE_24, TYPE_HEADING
from desktop.ui.widgets.rich_text import PictureDocument, document_style, open_link, prepared
from desktop.ui.widgets.utf16 import Units
from protocol.folding import occurrences

SMALLEST, LARGEST, STEP = 80, 200, 10
"""The learner's text size for readings, in percent of the program's."""
REFIT_MS = 120
LEADING = 0.4
"""Room between lines, as a share of a line's height."""


class RichText(QTextBrowser):
    """Signals: ``hits_changed`` (number of the current hit from 1, 0 for none; how many)."""

    hits_changed = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._html = ""
        self._percent = 100
        self._direction = Qt.LayoutDirection.LeftToRight
        self._hits: list[tuple[int, int]] = []
        self._hit = -1
        self._filled_width = 0
        self._pictured = PictureDocument(self)
        self.setDocument(self._pictured)
        self._pictured.setDocumentMargin(SPACE_8)
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._on_link)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._refit = QTimer(self, singleShot=True, interval=REFIT_MS)
        self._refit.timeout.connect(self._refill)

    def show_html(self, html: str, direction: str, pictures: Mapping[str, Path]) -> None:
        """Show a text. ``direction``: ltr, rtl. The same text again leaves scroll and selection alone."""
        wanted = Qt.LayoutDirection.RightToLeft if direction == "rtl" else Qt.LayoutDirection.LeftToRight
        if (html, wanted, dict(pictures)) == (self._html, self._direction, dict(self._pictured.pictures)):
            return
        changed = html != self._html
        self._html, self._direction = html, wanted
        self._pictured.pictures = dict(pictures)
        self._refill()
        if changed:
            self.verticalScrollBar().setValue(0)
            self.find_text("")

    def set_percent(self, percent: int) -> int:
        """Text size in percent; returns what it became."""
        self._percent = max(SMALLEST, min(LARGEST, percent))
        self._fit_margins()
        self._refill()
        return self._percent

    def find_text(self, wanted: str) -> None:
        """Light every hit and go to the first one from here on."""
        text = self._pictured.toPlainText()
        units = Units(text)
        self._hits = [(units.at(start), units.at(end)) for start, end in occurrences(text, wanted)]
        here = self.cursorForPosition(self.viewport().rect().topLeft()).position()
        self._hit = next((n for n, (start, _) in enumerate(self._hits) if start >= here), 0) if self._hits else -1
        self._show_hits()

    def step_hit(self, step: int) -> None:
        """The next hit (1) or the one before (-1), round and round."""
        if self._hits:
            self._hit = (self._hit + step) % len(self._hits)
            self._show_hits()

    def _show_hits(self) -> None:
        colours = tokens().colours
        selections = []
        for number, (start, end) in enumerate(self._hits):
            cursor = QTextCursor(self._pictured)
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            lit = QTextEdit.ExtraSelection()
            current = number == self._hit
            lit.cursor = cursor
            lit.format.setBackground(QColor(colours.warning if current else colours.warning_soft))
            lit.format.setForeground(QColor(colours.canvas if current else colours.text))
            selections.append(lit)
            if current:
                shown = QTextCursor(self._pictured)
                shown.setPosition(start)
                self.setTextCursor(shown)
                self.ensureCursorVisible()
        self.setExtraSelections(selections)
        self.hits_changed.emit(self._hit + 1, len(self._hits))

    def column_width(self) -> int:
        """How wide the text is, in pixels."""
        return self._column()

    def _column(self) -> int:
        whole = self.width() - self.verticalScrollBar().sizeHint().width()
        return min(max(200, whole - 2 * SPACE_24), round(tokens().scaled(MEASURE) * max(100, self._percent) / 100))

    def _fit_margins(self) -> None:
        whole = self.width() - self.verticalScrollBar().sizeHint().width()
        side = max(SPACE_24, (whole - self._column()) // 2)
        self.setViewportMargins(side, 0, side, 0)

    @Slot()
    def _refill(self) -> None:
        scroll = self.verticalScrollBar()
        share = scroll.value() / scroll.maximum() if scroll.maximum() else 0.0
        base = font(TYPE_HEADING)
        base.setPixelSize(max(8, round(base.pixelSize() * self._percent / 100)))
        self._pictured.setDefaultFont(base)
        self._pictured.setDefaultStyleSheet(document_style(base.pixelSize()))
        option = QTextOption()
        option.setTextDirection(self._direction)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._pictured.setDefaultTextOption(option)
        self._filled_width = self._column()
        self._pictured.setHtml(prepared(self._html, self._pictured.pictures, self._filled_width - 2 * SPACE_8))
        self._lead_lines()
        scroll.setValue(round(share * scroll.maximum()))
        if self._hits:
            self._show_hits()

    def _lead_lines(self) -> None:
        """Room between the lines: what makes a long text readable. Code and tables keep their own.

        A fixed distance: a share of the line's height would leave half of a picture's height empty below it.
        """
        cursor = QTextCursor(self._pictured)
        block = self._pictured.begin()
        distance = QFontMetricsF(self._pictured.defaultFont()).height() * LEADING
        cursor.beginEditBlock()
        while block.isValid():
            cursor.setPosition(block.position())
            if cursor.currentTable() is None:
                form = block.blockFormat()
                form.setLineHeight(distance, QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value)
                cursor.setBlockFormat(form)
            block = block.next()
        cursor.endEditBlock()

    @Slot(QUrl)
    def _on_link(self, url: QUrl) -> None:
        open_link(url)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The column stays centred; pictures are fitted again once the size stands still."""
        self._fit_margins()
        super().resizeEvent(event)
        if self._column() != self._filled_width and "<img" in self._html:
            self._refit.start()

    def changeEvent(self, event: QEvent) -> None:
        """The look changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._html:
            self._refill()
