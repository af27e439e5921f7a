"""Parts of the storage page: what all files take by kind, and the question before files are removed."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.i18n import percent_text, size_text, tr
from desktop.models.storage_views import StorageView
from desktop.ui.itemmodels.storage import kind_text
from desktop.ui.theme.tokens import SPACE_8, SPACE_16
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.indicators import ProgressLine
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import clear
from desktop.ui.widgets.question import Question
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


class RemoveCard(Question):
    """Asks before files are removed. ``confirmed``: a ``Removal``."""

    def __init__(self) -> None:
        self.text = Label("", "strong")
        self.stays = Label(tr("Your progress, notes and answers stay, and so do texts, subtitles and quizzes."))
        yes = Button(tr("Remove"), "secondary", name="confirmRemove")
        no = Button(tr("Keep"), "quiet", name="cancelRemove")
        super().__init__((self.text, self.stays), yes, no, icon="warning", role="warning")
        self.setObjectName("removeCard")

    def ask(self, what: Removal) -> None:
        """Ask about it."""
        self.text.setText(what.text)
        self.put(what, leans_to=self.no)
