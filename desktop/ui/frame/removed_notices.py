"""What a rule of the learner removed is said, with the way to have it again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from desktop.errors import Problem
from desktop.i18n import size_text, tr
from desktop.ui.desk import Desk, Notice

if TYPE_CHECKING:
    from desktop.models.trip_views import RemovedWeek
    from desktop.services.services import Services

TOPIC = "weeks-removed"


def removed_text(weeks: tuple[RemovedWeek, ...]) -> str:
    """Which weeks, and how much room that made."""
    size = size_text(sum(week.freed for week in weeks))
    if len(weeks) == 1:
        week = weeks[0]
        return tr(
            "Week {number} of “{course}” is finished: {size} were freed.",
            number=week.number,
            course=week.course_title,
            size=size,
        )
    return tr(
        "{n} week is finished: {size} were freed.|{n} weeks are finished: {size} were freed.", len(weeks), size=size
    )


class RemovedNotices(QObject):
    """Listens to the desk. Lives in the UI thread."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        desk.weeks_removed.connect(self._say)

    @Slot(object)
    def _say(self, weeks: tuple[RemovedWeek, ...]) -> None:
        again = partial(self._fetch_again, weeks)
        self._desk.say(Notice(TOPIC, removed_text(weeks), "info", tr("Download again"), again, stays=True))

    def _fetch_again(self, weeks: tuple[RemovedWeek, ...]) -> None:
        def queue(services: Services) -> None:
            for week in weeks:
                services.downloads.queue_week(week.course_id, week.number)

        self._desk.unsay(TOPIC)
        self._desk.ask(self, queue, self._queued, self._failed)

    def _queued(self, _: None) -> None:
        self._desk.wake_sync()

    def _failed(self, problem: Problem) -> None:
        text = " ".join(tr(part) for part in (problem.text, problem.way_out) if part)
        self._desk.say(Notice(TOPIC, text, "error"))
