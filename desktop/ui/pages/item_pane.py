"""What lectures, readings and quizzes have in common as parts of the item page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.background import Job
from desktop.errors import Problem
from desktop.models.views import ItemPlace
from desktop.ui.desk import Desk
from desktop.ui.preferences import Preferences

if TYPE_CHECKING:
    from desktop.services.services import Services
    from desktop.sync.gateway import Gateway

T = TypeVar("T")


class ItemPane(QWidget):
    """Shows one item at a time. Answers that come when another item is shown already are dropped.

    Signals:
        next_wanted / previous_wanted: go to the neighbour.
        course_wanted: back to the course.
        theatre_wanted: give the whole width to the picture, or take it back.
    """

    next_wanted = Signal()
    previous_wanted = Signal()
    course_wanted = Signal()
    theatre_wanted = Signal(bool)

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.preferences = preferences
        self.item_id = ""
        self.place: ItemPlace | None = None
        self.at_ms: int | None = None
        self._fetched = False

    def show_item(self, place: ItemPlace, at_ms: int | None) -> None:
        """Show another item. ``at_ms``: at this place of it, where it has places."""
        self.item_id = place.item.item_id
        self.place = place
        self.at_ms = at_ms
        self._fetched = False
        self.begin()
        self.load()

    def refresh(self, place: ItemPlace) -> None:
        """Something changed: look again, and keep scroll, focus and what is being typed."""
        self.place = place
        self.load()

    def begin(self) -> None:
        """Another item: forget the last one."""

    def go_to(self, at_ms: int) -> None:
        """Show another place of the same item, where it has places."""

    def load(self) -> None:
        """Ask for the item's data."""

    def leave(self) -> None:
        """Another item or page takes over: stop what plays, save what is typed."""

    def ask(
        self,
        question: Callable[[Services], T],
        answer: Callable[[T], None] | None = None,
        failed: Callable[[Problem], None] | None = None,
    ) -> Job:
        """As ``Desk.ask``; answer and failure are dropped when another item is shown by then."""
        return self.desk.ask(self, question, self._while_here(answer), self._while_here(failed))

    def fetch(
        self,
        request: Callable[[Gateway], T],
        answer: Callable[[T], None] | None = None,
        failed: Callable[[Problem], None] | None = None,
    ) -> Job:
        """As ``Desk.fetch``, likewise."""
        return self.desk.fetch(self, request, self._while_here(answer), self._while_here(failed))

    def _while_here(self, call: Callable[[T], None] | None) -> Callable[[T], None] | None:
        if call is None:
            return None
        item_id = self.item_id

        def deliver(value: T) -> None:
            if self.item_id == item_id:
                call(value)

        return deliver

    def fetch_texts(self, failed: Callable[[Problem], None]) -> bool:
        """Get what is missing of the item but the video, then load again. Once per showing: returns whether it does."""
        if self._fetched:
            return False
        self._fetched = True
        item_id = self.item_id
        self.fetch(lambda gateway: gateway.fetch_item(item_id), lambda _: self.load(), failed)
        return True

    def fetch_again(self) -> None:
        """The learner wants another try."""
        self._fetched = False
        self.load()

    def complete(self) -> None:
        """The learner says the item is done."""
        item_id = self.item_id
        self.ask(lambda services: services.lectures.complete(item_id))
