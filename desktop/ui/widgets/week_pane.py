"""A week: what is left to do, its modules with their rows, and how to take it along."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.i18n import minutes_text, tr
from desktop.models.views import LessonView, ModuleView, WeekView
from desktop.ui.theme.tokens import SPACE_4, SPACE_8, SPACE_12, SPACE_16
from desktop.ui.widgets.indicators import Chip
from desktop.ui.widgets.item_row import ColumnHeads, ItemRowButton
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import FlowLayout, clear
from desktop.ui.widgets.surfaces import Card
from desktop.ui.widgets.week_download import WeekDownload

Shape = tuple[tuple[str, str, tuple[tuple[str, tuple[str, ...]], ...]], ...]


def shape_of(week: WeekView) -> Shape:
    """What the week is made of, without its state: while it is the same, rows are updated in place."""
    return tuple(
        (
            module.title,
            module.summary,
            tuple((lesson.title, tuple(item.item_id for item in lesson.items)) for lesson in module.lessons),
        )
        for module in week.modules
    )


class WeekPane(QWidget):
    """``opened`` is emitted with an item's id."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: Shape | None = None
        self._rows: dict[str, ItemRowButton] = {}
        self.overline = Label("", "overline", "muted")
        self.title = Label("", "title")
        chips = QWidget()
        self.left = FlowLayout(chips, SPACE_8)
        self.download = WeekDownload()
        self.modules = QVBoxLayout()
        self.modules.setSpacing(SPACE_16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_12)
        heads = QVBoxLayout()
        heads.setSpacing(SPACE_4)
        heads.addWidget(self.overline)
        heads.addWidget(self.title)
        column.addLayout(heads)
        column.addWidget(chips)
        column.addWidget(self.download)
        column.addLayout(self.modules)

    def show_week(self, week: WeekView) -> None:
        """Show it; rows that stay keep focus and place."""
        self.overline.setText(tr("Week {number}", number=week.number))
        self.title.setText(week.title)
        clear(self.left)
        facts = [(tr("About {time}", time=minutes_text(week.minutes)), "clock")] if week.minutes else []
        if week.state == "done":
            facts.append((tr("All required items done"), "check-circle"))
        else:
            if week.videos_left_minutes:
                facts.append((tr("Videos {time} left", time=minutes_text(week.videos_left_minutes)), "play-circle"))
            if week.readings_left_minutes:
                facts.append((tr("Readings {time} left", time=minutes_text(week.readings_left_minutes)), "book-open"))
        for text, icon_name in facts:
            self.left.addWidget(Chip(text, "success" if icon_name == "check-circle" else "plain", icon_name))
        self.download.show_week(week)
        shape = shape_of(week)
        if shape == self._shape:
            for module in week.modules:
                for lesson in module.lessons:
                    for item in lesson.items:
                        self._rows[item.item_id].show_item(item)
            return
        self._shape = shape
        self._rows = {}
        clear(self.modules)
        for module in week.modules:
            self.modules.addWidget(self._module(module))

    def _module(self, module: ModuleView) -> Card:
        card = Card(margin=SPACE_8)
        head = QVBoxLayout()
        head.setContentsMargins(SPACE_12, SPACE_8, SPACE_12, SPACE_4)
        head.setSpacing(SPACE_4)
        head.addWidget(Label(module.title, "heading"))
        if module.summary:
            head.addWidget(Label(module.summary, "body", "muted"))
        card.body.addLayout(head)
        card.body.addWidget(ColumnHeads())
        card.body.setSpacing(SPACE_4)
        for lesson in module.lessons:
            self._add_lesson(card, lesson, alone=len(module.lessons) == 1 and lesson.title == module.title)
        return card

    def _add_lesson(self, card: Card, lesson: LessonView, *, alone: bool) -> None:
        if lesson.title and not alone:
            label = Label(lesson.title, "strong")
            label.setContentsMargins(SPACE_12, SPACE_8, SPACE_12, 0)
            card.body.addWidget(label)
        for item in lesson.items:
            row = ItemRowButton(item)
            row.opened.connect(self.opened)
            self._rows[item.item_id] = row
            card.body.addWidget(row)
