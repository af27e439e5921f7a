"""A question in place, in the page that it is about, instead of a dialog in front of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.theme.tokens import SPACE_4, SPACE_8, SPACE_12
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.labels import IconLabel
from desktop.ui.widgets.layouts import button_row
from desktop.ui.widgets.surfaces import Card


class Question(Card):
    """Hidden until it asks. ``confirmed`` brings what it was asked about; *no*, or Esc, hides it again.

    ``role``: accent, or warning where something would be lost.
    """

    confirmed = Signal(object)

    def __init__(self, words: tuple[QWidget, ...], yes: Button, no: Button, *, icon: str, role: str) -> None:
        super().__init__(margin=SPACE_12, fill=f"{role}_soft", edge=f"{role}_soft")
        self.yes, self.no = yes, no
        self._about: object = None
        said = QVBoxLayout()
        said.setSpacing(SPACE_4)
        for word in words:
            said.addWidget(word)
        said.addSpacing(SPACE_8)
        said.addWidget(button_row(yes, no))
        row = QHBoxLayout()
        row.setSpacing(SPACE_12)
        row.addWidget(IconLabel(icon, role=role), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(said, 1)
        self.body.addLayout(row)
        yes.clicked.connect(self._confirm)
        no.clicked.connect(self.hide)
        self.hide()

    def put(self, about: object, *, leans_to: Button) -> None:
        """Ask about something; the focus goes to the button of the answer that is meant to be the easy one."""
        self._about = about
        self.show()
        leans_to.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc is no."""
        if event.key() == Qt.Key.Key_Escape:
            self.no.click()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _confirm(self) -> None:
        self.hide()
        self.confirmed.emit(self._about)
