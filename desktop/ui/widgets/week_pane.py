"""A week: what is left to do, its modules with their rows, and how to take it along."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.i18n import minutes_text, tr
from desktop.models.views import DownloadView, LessonView, ModuleView, WeekView
from desktop.ui.theme.tokens import SPACE_4, SPACE_8, SPACE_12, SPACE_16
from desktop.ui.widgets.download_line import DownloadLine
from desktop.ui.widgets.download_menu import week_scope
from desktop.ui.widgets.indicators import Chip
from desktop.ui.widgets.item_row import ColumnHeads, ItemRowButton
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import FlowLayout, clear
from desktop.ui.widgets.surfaces import Card

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
    """Signals: ``opened`` with an item's id; ``menu_wanted`` with an item's id and where on the screen."""

    opened = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: tuple[bool, Shape] | None = None
        self._rows: dict[str, ItemRowButton] = {}
        self.overline = Label("", "overline", "muted")
        self.title = Label("", "title")
        chips = QWidget()
        self.left = FlowLayout(chips, SPACE_8)
        self.download = DownloadLine()
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
        self.download.show_subject(week_scope(week.number), week.offline, week.bytes_total, week.bytes_ready)
        due = any(item.due_at is not None for module in week.modules for les in module.lessons for item in les.items)
        shape = (due, shape_of(week))
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
            self.modules.addWidget(self._module(module, due=due))

    def show_downloads(self, bringing: Callable[[str], DownloadView | None]) -> None:
        """Say of each row how its download stands. ``bringing``: what brings an item here."""
        for item_id, row in self._rows.items():
            row.show_download(bringing(item_id))

    def _module(self, module: ModuleView, *, due: bool) -> Card:
        card = Card(margin=SPACE_8)
        head = QVBoxLayout()
        head.setContentsMargins(SPACE_12, SPACE_8, SPACE_12, SPACE_4)
        head.setSpacing(SPACE_4)
        head.addWidget(Label(module.title, "heading"))
        if module.summary:
            head.addWidget(Label(module.summary, "body", "muted"))
        card.body.addLayout(head)
        card.body.addWidget(ColumnHeads(due=due))
        card.body.setSpacing(SPACE_4)
        for lesson in module.lessons:
            self._add_lesson(card, lesson, alone=len(module.lessons) == 1 and lesson.title == module.title, due=due)
        return card

    def _add_lesson(self, card: Card, lesson: LessonView, *, alone: bool, due: bool) -> None:
        if lesson.title and not alone:
            label = Label(lesson.title, "strong")
            label.setContentsMargins(SPACE_12, SPACE_8, SPACE_12, 0)
            card.body.addWidget(label)
        for item in lesson.items:
            row = ItemRowButton(item, due=due)
            row.opened.connect(self.opened)
            row.menu_wanted.connect(self.menu_wanted)
            self._rows[item.item_id] = row
            card.body.addWidget(row)
