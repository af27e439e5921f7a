"""The check before a trip: begun, under way, and what it found.

Object names: ``checkTrip``, ``cancelCheck``, ``checkProgress``, ``checkWords``, ``readyLine``, ``checkedAt``,
``notWorking``, ``goodToKnow``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import short_moment_text, tr
from desktop.models.trip_views import Report, TripView
from desktop.ui.itemmodels.action_rows import ActionRow
from desktop.ui.itemmodels.trips import finding_row
from desktop.ui.theme.tokens import ICON_MEDIUM, SPACE_8, SPACE_12
from desktop.ui.widgets.action_list import ActionList
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.indicators import ProgressLine
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.surfaces import Card, SectionHeader


class TripCheck(QWidget):
    """``check_wanted``, ``cancel_wanted``; ``action_wanted``: id of a row and key of an action of it."""

    check_wanted = Signal()
    cancel_wanted = Signal()
    action_wanted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel("shield-check", ICON_MEDIUM, "muted")
        self._line = Label("", "strong")
        self._line.setObjectName("readyLine")
        self._words = Label("", "body", "muted")
        self._words.setObjectName("checkWords")
        self._at = Label("", "small", "muted")
        self._at.setObjectName("checkedAt")
        self._bar = ProgressLine(tr("Check of the trip"))
        self._bar.setObjectName("checkProgress")
        self.begin = Button("", "primary", name="checkTrip")
        self.stop = Button(tr("Stop the check"), "secondary", name="cancelCheck")
        words = QVBoxLayout()
        words.setSpacing(SPACE_8)
        for widget in (self._line, self._words, self._bar, self._at):
            words.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(SPACE_12)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addWidget(self.begin)
        row.addWidget(self.stop)
        card = Card()
        card.body.addLayout(row)
        self._bad_header = SectionHeader(tr("Will not work offline"))
        self.bad = self._list("notWorking", tr("What will not work offline"))
        self._good_header = SectionHeader(tr("Good to know"))
        self.good = self._list("goodToKnow", tr("Good to know before you leave"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_12)
        for part in (card, self._bad_header, self.bad, self._good_header, self.good):
            column.addWidget(part)
        self.begin.clicked.connect(self.check_wanted)
        self.stop.clicked.connect(self.cancel_wanted)

    def _list(self, name: str, label: str) -> ActionList:
        made = ActionList()
        made.setObjectName(name)
        made.setAccessibleName(label)
        made.fit_height()
        made.action_wanted.connect(self.action_wanted)
        return made

    def show_progress(self, done: int, total: int, title: str) -> None:
        """The check is under way."""
        self._icon.set_icon("shield-check", "muted")
        self._line.setText(tr("Looking at what is packed"))
        self._words.setText(tr("{done} of {total}: {title}", done=min(done + 1, total), total=total, title=title))
        self._words.setVisible(bool(title))
        self._bar.setValue(int(100 * done / total) if total else 0)
        self._set_running(running=True)
        self._show_rows((), ())

    def show_trip(self, trip: TripView, remarks: Sequence[ActionRow], now: datetime) -> None:
        """What the last check found, if nothing came since. ``remarks``: rows that are good to know besides."""
        self._set_running(running=False)
        report = None if trip.outdated else trip.report
        if report is None:
            self._show_unchecked(trip)
            self._show_rows((), remarks if trip.state == "ready" else ())
            return
        bad = [finding_row(finding) for finding in report.findings if not finding.works]
        good = [finding_row(finding) for finding in report.findings if finding.works]
        self._show_verdict(report)
        self._at.setText(_checked_text(report, now))
        self._at.setVisible(True)
        self.begin.setText(tr("Check again"))
        self.begin.set_variant("secondary")
        self._show_rows(bad, (*remarks, *good))

    def _show_unchecked(self, trip: TripView) -> None:
        self._icon.set_icon("shield-check", "muted")
        self._line.setText(tr("Not checked yet"))
        said = tr("Before you leave, every file is opened and what will not work without a network is listed.")
        if trip.report is not None:
            self._line.setText(tr("Something came since the last check"))
        elif trip.state != "ready":
            said = tr("Once all of it is here, have it checked: every file is opened.")
        self._words.setText(said)
        self._words.setVisible(True)
        self._at.setVisible(False)
        self.begin.setText(tr("Check that it works offline"))
        self.begin.set_variant("primary" if trip.state == "ready" else "secondary")

    def _show_verdict(self, report: Report) -> None:
        all_well = report.ready == report.items
        self._icon.set_icon("check-circle" if all_well else "warning", "success" if all_well else "warning")
        line = tr(
            "Ready: {ready} of {n} item works offline|Ready: {ready} of {n} items work offline",
            report.items,
            ready=report.ready,
        )
        self._line.setText(line)
        self._words.setText("" if all_well else tr("See below why, and what helps."))
        self._words.setVisible(not all_well)

    def _set_running(self, *, running: bool) -> None:
        self._bar.setVisible(running)
        self.stop.setVisible(running)
        self.begin.setVisible(not running)
        if running:
            self._at.setVisible(False)

    def _show_rows(self, bad: Sequence[ActionRow], good: Sequence[ActionRow]) -> None:
        for header, rows, shown in ((self._bad_header, self.bad, bad), (self._good_header, self.good, good)):
            rows.show_rows(shown)
            header.setVisible(bool(shown))
            rows.setVisible(bool(shown))


def _checked_text(report: Report, now: datetime) -> str:
    files = tr("1 file was opened|{n} files were opened", report.verified + report.trusted)
    return tr("Checked {moment}. {files}.", moment=short_moment_text(report.at, now), files=files)
