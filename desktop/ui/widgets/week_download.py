"""*Download week*: what it takes said first, then how far it is, then that it is ready."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import percent_text, size_text, tr
from desktop.models.views import DownloadPlan, DownloadView, WeekView
from desktop.ui.theme.tokens import SPACE_8, SPACE_12
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.indicators import Chip, ProgressLine
from desktop.ui.widgets.labels import Label


class WeekDownload(QWidget):
    """``plan_wanted``: the learner pressed *Download week*; ``confirmed``: they know what it takes and want it."""

    plan_wanted = Signal()
    confirmed = Signal()
    details_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._week: WeekView | None = None
        self._entry: DownloadView | None = None
        self._plan: DownloadPlan | None = None
        self.button = Button(tr("Download week"), "secondary", "download-simple", "downloadWeek")
        self.button.clicked.connect(self.plan_wanted)
        self.confirm = Button(tr("Download"), "primary", name="confirmDownload")
        self.confirm.clicked.connect(self._confirm)
        self.cancel = Button(tr("Not now"), "quiet", name="cancelDownload")
        self.cancel.clicked.connect(self._cancel)
        self.details = Button(tr("Details"), "quiet", name="downloadDetails")
        self.details.clicked.connect(self.details_wanted)
        self.chip = Chip()
        self.chip.setObjectName("weekReady")
        self.words = Label("", "small", "muted")
        self.bar = ProgressLine(tr("Download of this week"))
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(self.chip)
        row.addWidget(self.words, 1)
        for button in (self.details, self.cancel, self.confirm, self.button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_12)
        column.addLayout(row)
        column.addWidget(self.bar)

    def show_week(self, week: WeekView) -> None:
        """The week as the store knows it. Another week forgets what was asked for the one before."""
        if self._week is None or self._week.number != week.number or self._week.title != week.title:
            self._plan = self._entry = None
        self._week = week
        if self._entry is not None and week.offline in {"ready", "none"}:
            self._entry = None
        self._show()

    def show_plan(self, plan: DownloadPlan) -> None:
        """Say what it takes."""
        self._plan = plan
        self._show()
        if plan.fits:
            self.confirm.setFocus()

    def show_entry(self, entry: DownloadView | None) -> None:
        """What the queue says of this week now."""
        self._entry = entry
        self._show()

    def _show(self) -> None:
        week, plan = self._week, self._plan
        if week is None:
            return
        ready = week.offline == "ready"
        running = not ready and self._running(week)
        asking = plan is not None and not ready and not running
        self.chip.setVisible(ready)
        self.chip.set_chip(tr("Works offline"), "success", "check-circle")
        self.bar.setVisible(running)
        self.details.setVisible(running)
        self.button.setVisible(not ready and not running and not asking)
        self.button.setEnabled(bool(week.bytes_total))
        self.cancel.setVisible(asking)
        self.confirm.setVisible(asking and plan is not None and plan.fits)
        if ready:
            self.words.setText(size_text(week.bytes_total))
        elif running:
            self._show_progress(week)
        elif plan is not None:
            self.words.setText(_plan_text(plan))
        elif week.bytes_ready:
            ready_size, whole = size_text(week.bytes_ready), size_text(week.bytes_total)
            self.words.setText(tr("{ready} of {whole} are on this computer", ready=ready_size, whole=whole))
        else:
            self.words.setText("")
        self.words.set_tone("danger" if asking and plan is not None and not plan.fits else "muted")

    def _running(self, week: WeekView) -> bool:
        if self._entry is not None:
            return self._entry.state in {"queued", "running", "paused", "failed"}
        return week.offline == "queued"

    def _show_progress(self, week: WeekView) -> None:
        entry = self._entry
        done, total = (entry.bytes_done, entry.bytes_total) if entry else (week.bytes_ready, week.bytes_total)
        percent = int(100 * done / total) if total else 0
        self.bar.setValue(percent)
        self.bar.set_role("warning" if entry is not None and entry.state == "failed" else "accent")
        sizes = tr("{done} of {total}", done=size_text(done), total=size_text(total))
        if entry is not None and entry.state == "failed":
            self.words.setText(" ".join(tr(part) for part in (entry.problem, entry.way_out) if part))
        elif entry is not None and entry.state == "paused":
            self.words.setText(tr("Paused at {percent}", percent=percent_text(percent)))
        elif entry is not None and entry.state == "running":
            self.words.setText(f"{tr('Downloading')} · {percent_text(percent)} · {sizes}")
        else:
            self.words.setText(f"{tr('Waiting to download')} · {sizes}")

    @Slot()
    def _confirm(self) -> None:
        self._plan = None
        self.confirmed.emit()

    @Slot()
    def _cancel(self) -> None:
        self._plan = None
        self._show()
        self.button.setFocus()


def _plan_text(plan: DownloadPlan) -> str:
    missing, free = size_text(plan.bytes_missing), size_text(plan.bytes_free)
    if not plan.fits:
        return tr("This week takes {size}, but only {free} are free. Make room first.", size=missing, free=free)
    files = tr("1 file|{n} files", plan.files)
    return tr("{files}, {size}. {free} are free here.", files=files, size=missing, free=free)
