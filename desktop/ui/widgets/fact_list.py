"""Facts as icon, name and value, one below the other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.ui.theme.tokens import SPACE_12
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.layouts import clear


class FactList(QWidget):
    """See the module."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_12)
        self._grid.setVerticalSpacing(SPACE_12)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: list[tuple[str, str, str]]) -> None:
        """Icon, name, value."""
        clear(self._grid)
        for row, (icon_name, name, value) in enumerate(facts):
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(Label(name, "small", "muted"))
            words.addWidget(Label(value))
            self._grid.addWidget(IconLabel(icon_name), row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addLayout(words, row, 1)
