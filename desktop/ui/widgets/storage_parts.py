"""Parts of the storage page: what all files take by kind, and the question before files are removed."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import percent_text, size_text, tr
from desktop.models.storage_views import StorageView
from desktop.ui.itemmodels.storage import kind_text
from desktop.ui.theme.tokens import SPACE_4, SPACE_8, SPACE_12, SPACE_16
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.folder_card import button_row
from desktop.ui.widgets.indicators import ProgressLine
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.layouts import clear
from desktop.ui.widgets.surfaces import Card


class UseCard(Card):
    """All that is used, by kind, with what is besides on the disk."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("useCard")
        self.total = Label("", "heading")
        self.total.setObjectName("storageSummary")
        self.besides = Label("", "body", "muted")
        self.besides.setObjectName("storageBesides")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE_16)
        self._grid.setVerticalSpacing(SPACE_8)
        self._grid.setColumnStretch(1, 1)
        self.body.addWidget(self.total)
        self.body.addLayout(self._grid)
        self.body.addWidget(self.besides)

    def show_use(self, view: StorageView) -> None:
        """Say it."""
        self.total.setText(tr("Your courses take {size}", size=size_text(view.bytes_used)))
        clear(self._grid)
        for row, (kind, size) in enumerate(view.kinds):
            percent = round(100 * size / view.bytes_used) if view.bytes_used else 0
            bar = ProgressLine(tr("{kind}: {percent}", kind=kind_text(kind), percent=percent_text(percent)), percent)
            self._grid.addWidget(Label(kind_text(kind), wrap=False), row, 0)
            self._grid.addWidget(bar, row, 1, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(
                Label(size_text(size), "body", "muted", wrap=False), row, 2, Qt.AlignmentFlag.AlignRight
            )
        self.besides.setText(" ".join(_besides(view)))


def _besides(view: StorageView) -> list[str]:
    parts = []
    if view.bytes_free is not None:
        floor, free = size_text(view.floor), size_text(view.bytes_free)
        parts.append(
            tr("{free} are free for downloads; {floor} more are kept free, as the rules say.", free=free, floor=floor)
        )
    if view.bytes_shared:
        parts.append(tr("{size} that several courses use are counted once.", size=size_text(view.bytes_shared)))
    if view.bytes_catalog:
        parts.append(tr("{size} are pictures of the catalog.", size=size_text(view.bytes_catalog)))
    if view.bytes_others:
        parts.append(tr("Other learners of this computer have {size} more.", size=size_text(view.bytes_others)))
    return parts


class Removal(NamedTuple):
    """What is to be removed, and the question in words. ``week`` is 0 for all of a course; without a course it is about
    all ``finished`` weeks, or everything."""

    text: str
    course_id: str = ""
    week: int = 0
    finished: bool = False


class RemoveCard(Card):
    """Asks before files are removed, in place. ``confirmed``: a ``Removal``."""

    confirmed = Signal(object)

    def __init__(self) -> None:
        super().__init__(margin=SPACE_12, fill="warning_soft", edge="warning_soft")
        self.setObjectName("removeCard")
        self._asked: Removal | None = None
        self.text = Label("", "strong")
        self.stays = Label(tr("Your progress, notes and answers stay, and so do texts, subtitles and quizzes."))
        self.remove = Button(tr("Remove"), "secondary", name="confirmRemove")
        self.keep = Button(tr("Keep"), "quiet", name="cancelRemove")
        words = QVBoxLayout()
        words.setSpacing(SPACE_4)
        for widget in (self.text, self.stays):
            words.addWidget(widget)
        words.addSpacing(SPACE_8)
        words.addWidget(button_row(self.remove, self.keep))
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(IconLabel("warning", role="warning"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.body.addLayout(row)
        self.remove.clicked.connect(self._confirm)
        self.keep.clicked.connect(self.hide)
        self.hide()

    def ask(self, what: Removal) -> None:
        """Ask about it."""
        self._asked = what
        self.text.setText(what.text)
        self.show()
        self.keep.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc keeps the files."""
        if event.key() == Qt.Key.Key_Escape:
            self.keep.click()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _confirm(self) -> None:
        what, self._asked = self._asked, None
        self.hide()
        if what is not None:
            self.confirmed.emit(what)
