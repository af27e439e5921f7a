"""The keys of the lecture page, on a sheet. Object name ``cheatSheet``."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import SPACE_8, SPACE_16, SPACE_24
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.key_cap import KeyCap
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import FlowLayout
from desktop.ui.widgets.player_keys import Command
from desktop.ui.widgets.scroll import PageScroll

SHEET_WIDTH, SHEET_HEIGHT = 640, 760


@dataclass(frozen=True, slots=True)
class KeyLine:
    """Keys that belong together, what they do, and which commands of the page that is."""

    keys: tuple[str, ...]
    text: str
    commands: tuple[Command, ...] = ()


def keys_of_the_page() -> tuple[tuple[str, tuple[KeyLine, ...]], ...]:
    """Every key of a lecture, in groups with a title."""
    playing = (
        KeyLine((tr("Space"), "K"), tr("Play, pause"), (Command.TOGGLE,)),
        KeyLine(("J", "L"), tr("10 seconds back, forward"), (Command.BACK_10, Command.ON_10)),
        KeyLine(("←", "→"), tr("5 seconds back, forward"), (Command.BACK_5, Command.ON_5)),
        KeyLine((",", "."), tr("A frame back, forward"), (Command.FRAME_BACK, Command.FRAME_ON)),
        KeyLine(("0", "…", "9"), tr("To the beginning, to a tenth, … to nine tenths"), (Command.TENTH,)),
        KeyLine(("<", ">"), tr("Slower, faster"), (Command.SLOWER, Command.FASTER)),
        KeyLine(("M",), tr("Sound off, on"), (Command.MUTE,)),
    )
    picture = (
        KeyLine(("F",), tr("Full screen"), (Command.FULL_SCREEN,)),
        KeyLine(("T",), tr("Theatre: only the picture, in the window"), (Command.THEATRE,)),
        KeyLine(("C",), tr("Captions"), (Command.CAPTIONS,)),
        KeyLine((tr("Esc"),), tr("Leave full screen or theatre"), (Command.LEAVE,)),
    )
    texts = (
        KeyLine(("N",), tr("Write a note at this second"), (Command.NOTE,)),
        KeyLine((tr("Ctrl+Enter"),), tr("Save the note")),
        KeyLine(("/",), tr("Find in the transcript"), (Command.FIND,)),
        KeyLine(("↑", "↓", tr("Enter")), tr("In the transcript: choose a line, go to its second")),
        KeyLine((tr("Ctrl+Shift+C"),), tr("In the transcript: copy with times")),
        KeyLine((tr("Shift+N"), tr("Shift+P")), tr("Next, previous item"), (Command.NEXT, Command.PREVIOUS)),
        KeyLine(("?",), tr("This sheet"), (Command.CHEAT_SHEET,)),
    )
    return (tr("Playing"), playing), (tr("Picture"), picture), (tr("Notes, transcript, course"), texts)


def fill_with_keys(grid: QGridLayout, groups: tuple[tuple[str, tuple[KeyLine, ...]], ...]) -> None:
    """Put groups of keys into a grid: key caps at the left, what they do beside them."""
    grid.setHorizontalSpacing(SPACE_24)
    grid.setVerticalSpacing(SPACE_8)
    grid.setColumnStretch(1, 1)
    for title, lines in groups:
        if grid.rowCount() > 1:
            grid.setRowMinimumHeight(grid.rowCount(), SPACE_8)
        grid.addWidget(Label(title, "small", "muted"), grid.rowCount(), 0, 1, 2)
        for line in lines:
            row = grid.rowCount()
            caps = QWidget()
            flow = FlowLayout(caps)
            for key in line.keys:
                flow.addWidget(KeyCap(key))
            grid.addWidget(caps, row, 0)
            grid.addWidget(Label(line.text), row, 1)


class CheatSheet(QDialog):
    """Open it with ``open()``: nothing waits for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cheatSheet")
        self.setWindowTitle(tr("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        scroll = PageScroll(SHEET_WIDTH)
        scroll.body.addWidget(Label(tr("Keys of a lecture"), "title"))
        grid = QGridLayout()
        fill_with_keys(grid, keys_of_the_page())
        scroll.body.addLayout(grid)
        close = Button(tr("Close"), "primary", name="closeCheatSheet")
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.setContentsMargins(SPACE_24, SPACE_8, SPACE_24, SPACE_16)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addLayout(foot)
        room = self.screen().availableSize() * 0.9
        self.resize(min(room.width(), tokens().scaled(SHEET_WIDTH)), min(room.height(), tokens().scaled(SHEET_HEIGHT)))
        close.setFocus()
