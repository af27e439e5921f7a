"""Find within what is shown: a field, how many hits, the next and the one before.

Object names: ``findField``, ``findCount``, ``findPrevious``, ``findNext``, ``findClose``.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.i18n import tr
from desktop.ui.theme.tokens import ICON_SMALL, SPACE_4
from desktop.ui.widgets.buttons import IconButton
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.search_field import SearchField


class FindBar(QWidget):
    """Signals: ``wanted`` (a text, '' for none), ``stepped`` (1 or -1), ``left`` (Escape, or closed)."""

    wanted = Signal(str)
    stepped = Signal(int)
    left = Signal()

    def __init__(self, label: str, *, closable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = SearchField(label, name="findField")
        self._count = Label("", "small", "muted", wrap=False)
        self._count.setObjectName("findCount")
        self._before = IconButton("caret-up", tr("Previous hit"), name="findPrevious", size=ICON_SMALL)
        self._after = IconButton("caret-down", tr("Next hit"), name="findNext", size=ICON_SMALL)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_4)
        row.addWidget(self.field, 1)
        for widget in (self._count, self._before, self._after):
            row.addWidget(widget)
        if closable:
            close = IconButton("x", tr("Close find"), name="findClose", size=ICON_SMALL)
            close.clicked.connect(self.close_find)
            row.addWidget(close)
        self.field.textChanged.connect(self._on_text)
        self._before.clicked.connect(self._step_back)
        self._after.clicked.connect(self._step_on)
        self.show_hits(0, 0)

    def show_hits(self, number: int, count: int) -> None:
        """Say which hit is shown, of how many. ``number`` counts from 1."""
        some = bool(self.field.text().strip())
        text = tr("{number} of {count}", number=number, count=count) if count else tr("None") if some else ""
        self._count.setText(text)
        self._count.setVisible(bool(text))
        for button in (self._before, self._after):
            button.setVisible(some)
            button.setEnabled(count > 0)

    def begin(self) -> None:
        """Type here."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    @Slot()
    def close_find(self) -> None:
        """No find any more."""
        self.field.clear()
        self.left.emit()

    @Slot(str)
    def _on_text(self, text: str) -> None:
        self.wanted.emit(text.strip())

    @Slot()
    def _step_back(self) -> None:
        self.stepped.emit(-1)

    @Slot()
    def _step_on(self) -> None:
        self.stepped.emit(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, Shift+Enter back, Escape leaves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_find()
        else:
            super().keyPressEvent(event)
