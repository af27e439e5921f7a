"""The field to search with. Apart from the other fields, which bring what the first paint has no need of."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.i18n import tr
from desktop.ui.theme.icons import icon
from desktop.ui.theme.tokens import SPACE_8
from desktop.ui.widgets.key_cap import key_cap_size, paint_key_cap
from desktop.ui.widgets.lines import is_right_to_left

LEADING, TRAILING = QLineEdit.ActionPosition.LeadingPosition, QLineEdit.ActionPosition.TrailingPosition


class SearchField(QLineEdit):
    """One line with a magnifying glass and a cross to empty it.

    ``key`` is drawn at its end while it is empty: what to press to come here.
    """

    def __init__(self, label: str, name: str = "", parent: QWidget | None = None, *, key: str = "") -> None:
        super().__init__(parent)
        self._key = key
        self.setPlaceholderText(label)
        self.setAccessibleName(label)
        self.setProperty("variant", "search")
        if name:
            self.setObjectName(name)
        self._glass = QAction(self)
        self._cross = QAction(tr("Empty the search"), self)
        self._cross.setVisible(False)
        self._cross.triggered.connect(self.empty)
        self.addAction(self._glass, LEADING)
        self.addAction(self._cross, TRAILING)
        self.textChanged.connect(self._on_text)
        self._tint()

    @Slot()
    def empty(self) -> None:
        """As if the learner had deleted the text."""
        self.clear()
        self.textEdited.emit("")

    @Slot(str)
    def _on_text(self, text: str) -> None:
        self._cross.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, and the key that leads here."""
        super().paintEvent(event)
        if not self._key or self.text() or self.hasFocus():
            return
        size = key_cap_size(self._key)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        words = self.placeholderText()
        against = is_right_to_left(words) != mirrored  # words begin where the key would stand
        needed = self.fontMetrics().horizontalAdvance(words) + size.width() + 3 * SPACE_8 + self.height()
        if against or needed > self.width():
            return
        painter = QPainter(self)
        left = SPACE_8 if mirrored else self.width() - size.width() - SPACE_8
        paint_key_cap(
            painter, QRectF(left, (self.height() - size.height()) / 2, size.width(), size.height()), self._key
        )
        painter.end()

    def _tint(self) -> None:
        self._glass.setIcon(icon("magnifying-glass", "muted", 16))
        self._cross.setIcon(icon("x", "muted", 16))

    def changeEvent(self, event: QEvent) -> None:
        """The look changed: the icon follows."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()
