"""How a week or a course is taken along: what it takes said first, then how far it is, then that it is ready.

Object names, for a week: ``downloadWeek``, ``confirmDownload``, ``cancelDownload``, ``weekReady``, ``weekControl``,
``weekMore``; for a course the same with ``Course``: ``downloadCourse``, ``confirmDownloadCourse``, …
"""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import size_text, tr
from desktop.models.views import DownloadPlan, DownloadView
from desktop.ui.theme.tokens import SPACE_8, SPACE_12
from desktop.ui.widgets.buttons import Button, IconButton
from desktop.ui.widgets.download_menu import (
    FETCH,
    NEXT,
    DownloadMenu,
    choices,
    is_changed,
    percent_of,
    state_words,
)
from desktop.ui.widgets.indicators import Chip, ProgressLine
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import FlowLayout

UNDER_WAY = frozenset({"queued", "running", "paused", "failed"})


class DownloadLine(QWidget):
    """Signals: ``plan_wanted``: the learner wants to know what it takes; ``chosen``: the key of something to do
    (``download_menu``).

    Attributes:
        entry: what the queue says of it, or of what it comes with.
    """

    plan_wanted = Signal()
    chosen = Signal(str)

    def __init__(self, *, course: bool = False, parent: QWidget | None = None) -> None:
        """``course``: the whole of one, not a week."""
        super().__init__(parent)
        self._course = course
        self._scope = ""
        self._offline, self._total, self._here = "none", 0, 0
        self.entry: DownloadView | None = None
        self._plan: DownloadPlan | None = None
        self._wanted = FETCH
        self._sent = False
        kind, tail = ("course", "Course") if course else ("week", "")
        words = tr("Download course") if course else tr("Download week")
        self._words = words
        self.button = Button(words, "secondary", "download-simple", f"download{kind.capitalize()}")
        self.confirm = Button(tr("Download"), "primary", name=f"confirmDownload{tail}")
        self.cancel = Button(tr("Not now"), "quiet", name=f"cancelDownload{tail}")
        self.control = Button("", "quiet", "pause", f"{kind}Control")
        more = tr("More about the download of this course") if course else tr("More about the download of this week")
        self.more = IconButton("dots-three", more, f"{kind}More")
        self.menu = DownloadMenu(self)
        self.more.setMenu(self.menu)
        self.chip = Chip()
        self.chip.setObjectName(f"{kind}Ready")
        self.words = Label("", "small", "muted")
        self.bar = ProgressLine(tr("Download of this course") if course else tr("Download of this week"))
        self.button.clicked.connect(self._ask)
        self.confirm.clicked.connect(self._confirm)
        self.cancel.clicked.connect(self._cancel)
        self.control.clicked.connect(self._do_first)
        self.menu.chosen.connect(self._choose)
        said = QHBoxLayout()
        said.setSpacing(SPACE_8)
        said.addWidget(self.chip)
        said.addWidget(self.words, 1)
        # A whole course has a card of its own, in which large words and buttons need not fit beside each other.
        buttons = FlowLayout() if course else said
        for button in (self.cancel, self.confirm, self.button, self.control, self.more):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_12)
        column.addLayout(said)
        column.addWidget(self.bar)
        if course:
            column.addLayout(buttons)

    def show_subject(self, scope: str, offline: str, total: int, here: int) -> None:
        """What the store knows: none, part, queued or ready; bytes. Another scope forgets what was asked before."""
        if scope != self._scope:
            self._plan = self.entry = None
            self._sent = False
        self._scope, self._offline, self._total, self._here = scope, offline, total, here
        self._show()

    def show_plan(self, plan: DownloadPlan) -> None:
        """Say what it takes."""
        self._plan = plan
        self._show()
        if plan.fits and self.confirm.isVisible():
            self.confirm.setFocus()

    def show_entry(self, entry: DownloadView | None) -> None:
        """What the queue says of it now."""
        if entry != self.entry:
            self.entry = entry
            self._sent = False
            self._show()

    def _show(self) -> None:
        ready, entry = self._offline == "ready", self.entry
        # What comes by itself (a lecture of the week, a week of the course) is no reason not to want all of it.
        asked_for = self._sent and self._offline == "queued"
        running = not ready and ((entry is not None and entry.state in UNDER_WAY) or asked_for)
        asking = self._plan is not None and not ready and not running
        changed = is_changed(entry, self._offline)
        self.chip.setVisible(ready or changed)
        if changed:
            self.chip.set_chip(tr("Changed"), "warning", "arrows-clockwise")
        else:
            self.chip.set_chip(tr("Works offline"), "success", "check-circle")
        self.bar.setVisible(running)
        self.button.setVisible(not ready and not running and not asking)
        self.button.setText(tr("Fetch again") if changed else self._words)
        self.button.setEnabled(bool(self._total))
        self.cancel.setVisible(asking)
        self.confirm.setVisible(asking and self._plan is not None and self._plan.fits)
        self._show_controls(running=running, quiet=asking or not self._total)
        self._show_words(running=running, asking=asking)

    def _show_controls(self, *, running: bool, quiet: bool) -> None:
        found = choices(self.entry, self._scope, self._offline)
        steered = running and self.entry is not None
        self.control.setVisible(steered)
        if steered:
            self.control.setText(found[0].text)
            self.control.set_icon(found[0].icon)
        beside = found[1:] if steered else [one for one in found if one.key != FETCH]
        self.more.setVisible(not quiet)
        self.menu.show_choices(beside)

    def _show_words(self, *, running: bool, asking: bool) -> None:
        plan = self._plan
        tone = "muted"
        here, whole = size_text(self._here), size_text(self._total)
        if self._offline == "ready":
            text = whole
        elif running:
            text, tone = self._progress()
        elif asking and plan is not None:
            text, tone = self._plan_text(plan), "muted" if plan.fits else "danger"
        elif self._here:
            text = tr("{ready} of {whole} are on this computer", ready=here, whole=whole)
        else:
            text = whole if self._course and self._total else ""
        self.words.setText(text)
        self.words.set_tone(tone)

    def _progress(self) -> tuple[str, str]:
        entry = self.entry
        done, total = (entry.bytes_done, entry.bytes_total) if entry else (self._here, self._total)
        failed = entry is not None and entry.state == "failed"
        self.bar.setValue(percent_of(entry) if entry else int(100 * done / total) if total else 0)
        self.bar.set_role("warning" if failed else "accent")
        if entry is not None and failed:
            return " ".join(tr(part) for part in (entry.problem, entry.way_out) if part) or tr("Stopped"), "danger"
        sizes = tr("{done} of {total}", done=size_text(done), total=size_text(total))
        return f"{state_words(entry, 'queued')} · {sizes}", "muted"

    def _plan_text(self, plan: DownloadPlan) -> str:
        missing, free = size_text(plan.bytes_missing), size_text(plan.bytes_free)
        if plan.fits:
            files = tr("1 file|{n} files", plan.files)
            return tr("{files}, {size}. {free} are free here.", files=files, size=missing, free=free)
        if self._course:
            return tr("This course takes {size}, but only {free} are free. Make room first.", size=missing, free=free)
        return tr("This week takes {size}, but only {free} are free. Make room first.", size=missing, free=free)

    # --- what the learner wants ---------------------------------------------------------------------------------

    @Slot()
    def _ask(self) -> None:
        self._wanted = FETCH
        self.plan_wanted.emit()

    @Slot()
    def _confirm(self) -> None:
        self._plan, self._sent = None, True
        self.chosen.emit(self._wanted)

    @Slot()
    def _cancel(self) -> None:
        self._plan = None
        self._show()
        self.button.setFocus()

    @Slot()
    def _do_first(self) -> None:
        self._choose(choices(self.entry, self._scope, self._offline)[0].key)

    @Slot(str)
    def _choose(self, key: str) -> None:
        fresh = self.entry is None or self.entry.state == "ready"
        if key == NEXT and fresh:  # what it takes is said first
            self._wanted = NEXT
            self.plan_wanted.emit()
        else:
            self.chosen.emit(key)
