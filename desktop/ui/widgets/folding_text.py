"""A long text that shows its beginning until one wants more."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import SPACE_4
from desktop.ui.widgets.buttons import Button

_STYLE = """
a {{ color: {accent}; }}
p, li {{ line-height: 135%; }}
p {{ margin-top: 0; margin-bottom: 10px; }}
ul, ol {{ margin-top: 0; margin-bottom: 10px; margin-left: 0; -qt-list-indent: 1; }}
li {{ margin-bottom: 3px; }}
"""
FOLDED_HEIGHT = 168
VEIL_HEIGHT = 56


class Veil(QWidget):
    """Lets a text fade where it goes on."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """From nothing to the ground of the page."""
        clear, full = QColor(tokens().colours.canvas), QColor(tokens().colours.canvas)
        clear.setAlpha(0)
        fade = QLinearGradient(0, 0, 0, self.height())
        fade.setColorAt(0, clear)
        fade.setColorAt(1, full)
        painter = QPainter(self)
        painter.fillRect(self.rect(), fade)
        painter.end()


class FoldingText(QWidget):
    """Sanitized HTML without a scroll bar of its own. ``name`` is the object name of *More*."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._html, self._open = "", False
        self.text = QTextBrowser()
        self.text.setOpenExternalLinks(True)
        self.text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.text.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.text.viewport().setAutoFillBackground(False)
        self.text.document().setDocumentMargin(0)
        self.text.document().setIndentWidth(22)
        self.more = Button(tr("More"), "link", "caret-down", name)
        self.more.setProperty("tone", "accent")
        self.more.clicked.connect(self._toggle)
        self.veil = Veil(self.text)
        row = QHBoxLayout()
        row.addWidget(self.more)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_4)
        column.addWidget(self.text)
        column.addLayout(row)

    def set_html(self, html: str) -> None:
        """Another text; the same one again changes nothing."""
        if html != self._html:
            self._html = html
            self._render()

    def fold(self) -> None:
        """Show the beginning only."""
        self._open = False
        self._fit()

    def _render(self) -> None:
        colours = tokens().colours
        self.text.document().setDefaultStyleSheet(_STYLE.format(accent=colours.accent))
        self.text.setHtml(self._html)
        self.text.setAccessibleName(self.text.toPlainText()[:200])
        self._fit()

    def _fit(self) -> None:
        self.text.document().setTextWidth(self.text.viewport().width())
        whole = round(self.text.document().size().height()) + 2
        folded = tokens().scaled(FOLDED_HEIGHT)
        long = whole > folded * 1.25
        self.more.setVisible(long)
        self.more.setText(tr("Less") if self._open else tr("More"))
        self.more.set_icon("caret-up" if self._open else "caret-down")
        self.text.setFixedHeight(whole if self._open or not long else folded)
        self.veil.setVisible(long and not self._open)
        self.veil.setGeometry(0, folded - VEIL_HEIGHT, self.width(), VEIL_HEIGHT)

    @Slot()
    def _toggle(self) -> None:
        self._open = not self._open
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has other lines. Measured once the text's own viewport has its new width."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)

    def changeEvent(self, event: QEvent) -> None:
        """The look changed: so do the colours of links."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._html:
            self._render()
