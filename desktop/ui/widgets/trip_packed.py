"""A trip that is packed, or is being packed: how far it is, and what helps when it does not go on.

Object names: ``tripState``, ``tripProgress``, ``tripWords``, ``tripHold``, ``tripWeeks``, ``fetchAgain``,
``cancelTrip``, ``endTrip``, ``endCard``, ``confirmEnd``, ``keepTrip``, ``showQueue``.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import day_text, tr
from desktop.models.trip_views import TripView
from desktop.models.views import DownloadView
from desktop.ui.itemmodels.trips import Live, hold_text, live_text, packed_row
from desktop.ui.theme.tokens import SPACE_12
from desktop.ui.widgets.action_list import ActionList
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.indicators import Chip, ProgressLine
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import button_row
from desktop.ui.widgets.question import Question
from desktop.ui.widgets.surfaces import Card

CHIPS = {"packing": "accent", "paused": "warning", "stopped": "danger", "ready": "success"}


class EndCard(Question):
    """Asks before a trip that is not over is given up for another one."""

    def __init__(self) -> None:
        title = Label(tr("End this trip and pack for another one?"), "strong")
        stays = Label(tr("Its files stay on this computer. Its list of weeks and its check go."))
        yes = Button(tr("End this trip"), "secondary", name="confirmEnd")
        no = Button(tr("Keep it"), "quiet", name="keepTrip")
        super().__init__((title, stays), yes, no, icon="warning", role="warning")
        self.setObjectName("endCard")

    def ask(self) -> None:
        """Ask."""
        self.put(None, leans_to=self.no)


class TripPacked(QWidget):
    """The trip as a whole; ``weeks`` is the list of its parts, for whoever lays it out. Signals say what the learner
    wants: ``week_wanted`` (id of a course, number of a week), and the buttons."""

    week_wanted = Signal(str, int)
    fetch_wanted = Signal()
    cancel_wanted = Signal()
    end_wanted = Signal()
    queue_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trip: TripView | None = None
        self._live: dict[str, DownloadView] = {}
        self._hold = ""
        self._title = Label("", "heading")
        self._chip = Chip()
        self._chip.setObjectName("tripState")
        self._bar = ProgressLine(tr("Packing for the trip"))
        self._bar.setObjectName("tripProgress")
        self._words = Label("", "body", "muted")
        self._words.setObjectName("tripWords")
        self._why = Label("", "small", "warning")
        self._why.setObjectName("tripHold")
        self.fetch = Button(tr("Fetch what is missing"), "primary", "download-simple", "fetchAgain")
        self.queue = Button(tr("Show the queue"), "quiet", name="showQueue")
        self.cancel = Button(tr("Cancel this trip"), "quiet", "x", "cancelTrip")
        self.end = Button(tr("Pack for another trip"), "quiet", "suitcase", "endTrip")
        head = QHBoxLayout()
        head.setSpacing(SPACE_12)
        head.addWidget(self._title, 1)
        head.addWidget(self._chip)
        buttons = button_row(self.fetch, self.queue, self.cancel, self.end)
        self.question = EndCard()
        card = Card()
        card.body.addLayout(head)
        for widget in (self._bar, self._words, self._why, buttons, self.question):
            card.body.addWidget(widget)
        self.weeks = ActionList()
        self.weeks.setObjectName("tripWeeks")
        self.weeks.setAccessibleName(tr("Weeks of this trip"))
        self.weeks.fit_height()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self.fetch.clicked.connect(self.fetch_wanted)
        self.queue.clicked.connect(self.queue_wanted)
        self.cancel.clicked.connect(self.cancel_wanted)
        self.end.clicked.connect(self._on_end)
        self.question.confirmed.connect(lambda _: self.end_wanted.emit())
        self.weeks.row_activated.connect(self._open)
        self.weeks.action_wanted.connect(self._open)

    def show_trip(self, trip: TripView) -> None:
        """The trip as the store knows it."""
        if self._trip is None or self._trip.id != trip.id:
            self.question.hide()
        self._trip = trip
        self._show()

    def show_live(self, downloads: Iterable[DownloadView], *, offline: bool) -> None:
        """What arrives right now; ``offline``: there is no network."""
        self._live = {entry.id: entry for entry in downloads}
        holds = {entry.hold for entry in self._live.values()} - {""}
        self._hold = "paused" if "paused" in holds else "network" if offline else next(iter(sorted(holds)), "")
        if self._trip is not None:
            self._show()

    def _show(self) -> None:
        trip = self._trip
        assert trip is not None
        until = day_text(trip.ends_at)
        self._title.setText(tr("This trip was until {day}", day=until) if trip.over else tr("Until {day}", day=until))
        words = {
            "packing": tr("Being packed"),
            "paused": tr("Paused"),
            "stopped": tr("Something is missing"),
            "ready": tr("All of it is here"),
        }
        self._chip.set_chip(words.get(trip.state, trip.state), CHIPS.get(trip.state, "plain"))
        live = self._figures(trip)
        self._bar.setVisible(trip.state != "ready")
        self._bar.setValue(int(100 * live.done / live.total) if live.total else 100)
        self._bar.set_role("warning" if trip.state == "stopped" else "accent")
        self._words.setText(live_text(live))
        why = hold_text(live.hold) if trip.state == "packing" else ""
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self.fetch.setVisible(trip.state in ("stopped", "paused"))
        self.queue.setVisible(trip.state != "ready")
        self.cancel.setVisible(not trip.over and trip.state != "ready")
        self.end.setVisible(trip.over or trip.state == "ready")
        self.weeks.show_rows(
            [packed_row(week, week.bytes_done + self._arriving(week.download_id)) for week in trip.weeks]
        )

    @Slot()
    def _on_end(self) -> None:
        """A trip that is over has nothing left that anybody would miss."""
        if self._trip is not None and self._trip.over:
            self.end_wanted.emit()
        else:
            self.question.ask()

    def _arriving(self, download_id: str) -> int:
        """Bytes that came since the store was asked."""
        live = self._live.get(download_id)
        known = (
            next((week for week in self._trip.weeks if week.download_id == download_id), None) if self._trip else None
        )
        return max(0, live.bytes_done - known.bytes_done) if live is not None and known is not None else 0

    def _figures(self, trip: TripView) -> Live:
        mine = [self._live[week.download_id] for week in trip.weeks if week.download_id in self._live]
        done = min(trip.bytes_total, trip.bytes_done + sum(self._arriving(week.download_id) for week in trip.weeks))
        speed = sum(entry.speed for entry in mine)
        left = (trip.bytes_total - done) / speed if speed > 0 and trip.state == "packing" else None
        return Live(done, trip.bytes_total, left, self._hold)

    @Slot(str)
    @Slot(str, str)
    def _open(self, row_id: str, _key: str = "") -> None:
        course_id, _, number = row_id.rpartition("/")
        self.week_wanted.emit(course_id, int(number))
