"""A week as the description lists it: number, title, what it holds and how long it takes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import minutes_text, tr
from desktop.models.views import SyllabusWeekView
from desktop.ui.theme.tokens import SPACE_4, SPACE_12, SPACE_16
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.surfaces import Card


class SyllabusRow(Card):
    """See the module."""

    def __init__(self, week: SyllabusWeekView, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=SPACE_12)
        number = Label(str(week.number), "title", "accent", wrap=False)
        number.setAccessibleName(tr("Week {number}", number=week.number))
        counts = [
            tr("1 video|{n} videos", week.videos) if week.videos else "",
            tr("1 reading|{n} readings", week.readings) if week.readings else "",
            tr("1 quiz|{n} quizzes", week.quizzes) if week.quizzes else "",
            tr("1 other activity|{n} other activities", week.others) if week.others else "",
        ]
        words = QVBoxLayout()
        words.setSpacing(SPACE_4)
        words.addWidget(Label(week.title, "strong"))
        if week.summary:
            words.addWidget(Label(week.summary))
        words.addWidget(Label(" · ".join(part for part in counts if part), "small", "muted"))
        row = QHBoxLayout()
        row.setSpacing(SPACE_16)
        row.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        if week.minutes:
            minutes = Label(minutes_text(week.minutes), "small", "muted", wrap=False)
            row.addWidget(minutes, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
