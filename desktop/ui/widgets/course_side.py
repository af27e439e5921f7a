"""The list at the left of a course: overview, weeks with how far they are, what else there is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.models.views import OutlineView, WeekView
from desktop.ui.theme.tokens import SPACE_4, SPACE_8, SPACE_12
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import clear, margins
from desktop.ui.widgets.side_bar import SideBar, SideEntry


def week_percent(week: WeekView) -> float:
    """Done items of a week in percent."""
    states = [item.state for module in week.modules for lesson in module.lessons for item in lesson.items]
    return 100 * states.count("done") / len(states) if states else 0


class CourseSide(SideBar):
    """``chosen`` is emitted with a section: overview, week-<n>, notes, resources, info."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Label("", "strong")
        self.title.setContentsMargins(margins(SPACE_12, 0, 0, SPACE_8))
        self._weeks = QVBoxLayout()
        self._weeks.setSpacing(SPACE_4)
        self._entries: dict[str, SideEntry] = {}
        column = self.column
        column.addWidget(self.title)
        column.addWidget(self._entry("overview", tr("Overview"), "squares-four"))
        column.addLayout(self._weeks)
        column.addWidget(self._entry("notes", tr("Notes"), "note-pencil"))
        column.addWidget(self._entry("resources", tr("Resources"), "paperclip"))
        column.addWidget(self._entry("info", tr("Course info"), "info"))
        column.addStretch(1)

    def _entry(self, section: str, title: str, icon_name: str) -> SideEntry:
        entry = SideEntry(title, icon_name, f"courseSide-{section}")
        entry.setAccessibleName(title)
        entry.clicked.connect(partial(self._choose, section))
        self._entries[section] = entry
        return entry

    def _choose(self, section: str, *_: object) -> None:
        self.chosen.emit(section)

    def show_outline(self, view: OutlineView) -> None:
        """The weeks of the course as they are now."""
        self.title.setText(view.title)
        wanted = [f"week-{week.number}" for week in view.weeks]
        if [name for name in self._entries if name.startswith("week-")] != wanted:
            self._entries = {name: entry for name, entry in self._entries.items() if not name.startswith("week-")}
            clear(self._weeks)
            for week in view.weeks:
                section = f"week-{week.number}"
                entry = self._entry(section, tr("Week {number}", number=week.number), "")
                entry.setObjectName(f"weekRow-{week.number}")
                self._weeks.addWidget(entry)
        states = {"done": tr("done"), "current": tr("under way"), "todo": tr("to come")}
        for week in view.weeks:
            entry = self._entries[f"week-{week.number}"]
            entry.show_progress(week.title, week_percent(week), done=week.state == "done")
            entry.setAccessibleName(f"{entry.text()}: {week.title}, {states.get(week.state, week.state)}")

    def mark(self, section: str) -> None:
        """The section that is shown."""
        for name, entry in self._entries.items():
            entry.setChecked(name == section)
