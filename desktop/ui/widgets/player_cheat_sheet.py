"""The keys of the lecture page, on a sheet. Object name ``cheatSheet``."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.ui.theme.tokens import SPACE_8, SPACE_16, SPACE_24
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.labels import Label


def keys_of_the_page() -> tuple[tuple[str, str], ...]:
    """Keys and what they do."""
    return (
        (tr("Space, K"), tr("Play, pause")),
        (tr("J, L"), tr("Ten seconds back, on")),
        (tr("←, →"), tr("Five seconds back, on")),
        ("0 – 9", tr("To a tenth of the lecture")),
        (", .", tr("A frame back, on")),
        ("< >", tr("Slower, faster")),
        ("C", tr("Captions")),
        ("M", tr("Mute")),
        ("F", tr("Full screen")),
        ("T", tr("Theatre: only the picture")),
        ("N", tr("Write a note at this second")),
        (tr("Ctrl+Enter"), tr("Save the note")),
        (tr("Shift+N, Shift+P"), tr("Next, previous item")),
        ("/", tr("Find in the transcript")),
        (tr("Enter"), tr("In the transcript: to the second of the line")),
        ("?", tr("This sheet")),
    )


class CheatSheet(QDialog):
    """Open it with ``open()``: nothing waits for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cheatSheet")
        self.setWindowTitle(tr("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_24)
        grid.setVerticalSpacing(SPACE_8)
        for row, (keys, text) in enumerate(keys_of_the_page()):
            grid.addWidget(Label(keys, "strong", wrap=False), row, 0)
            grid.addWidget(Label(text, "body", wrap=False), row, 1)
        close = Button(tr("Close"), "primary", name="closeCheatSheet")
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_24, SPACE_24, SPACE_24, SPACE_24)
        column.setSpacing(SPACE_16)
        column.addWidget(Label(tr("Keys"), "title"))
        column.addLayout(grid)
        column.addLayout(foot)
