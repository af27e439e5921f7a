"""The line at the bottom: how things stand with the server and the downloads, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from desktop.i18n import moment_text, percent_text, time_text, tr
from desktop.models.home_views import SyncStatus
from desktop.ui.desk import DOWNLOADS, OUTBOX, Desk
from desktop.ui.frame.stack import HELP
from desktop.ui.next_try import NextTry
from desktop.ui.theme.tokens import SPACE_4, SPACE_8
from desktop.ui.widgets.buttons import Button

if TYPE_CHECKING:
    from desktop.models.views import DownloadView

READY_SHOWN_MS = 8_000
"""How long *Downloads ready* stays."""


def needs_you(status: SyncStatus) -> str:
    """What is wanted of the learner, in few words; the Outbox and the notice have the rest."""
    if status.refused and not status.code:
        return tr("1 was refused|{n} were refused", status.refused)
    short = {
        "session_ended": tr("sign in again"),
        "not_signed_in": tr("sign in again"),
        "protocol_too_old": tr("update Haversack"),
        "protocol_too_new": tr("the server is too old"),
        "captive_portal": tr("sign in to this network"),
        "proxy": tr("the proxy lets nothing through"),
        "proxy_password": tr("the proxy wants a password"),
        "proxy_socks": tr("this kind of proxy cannot be used"),
        "proxy_script": tr("the proxy's script cannot be read"),
        "moved": tr("the server has moved"),
        "blocked": tr("the network blocks it"),
        "tls": tr("the server could not be verified"),
        "not_ours": tr("no program at this address"),
        "disk_full": tr("the disk is full"),
        "database_damaged": tr("the data is damaged"),
        "folder_unusable": tr("the data folder is locked"),
        "bug": tr("something went wrong"),
    }
    said_no = tr("the server says no") if status.code else ""
    return short.get(status.code) or said_no or tr("see the Outbox")


def held_up(status: SyncStatus) -> str:
    """What keeps the server from serving, in few words."""
    since = time_text(status.since) if status.since else ""
    if status.code in ("rate_limited", "too_many_tries"):
        return tr("Server busy since {time}", time=since) if since else tr("Server busy")
    if status.code == "too_large_on_the_way":
        return tr("The network takes nothing since {time}", time=since) if since else tr("The network takes nothing")
    return tr("Server out of order since {time}", time=since) if since else tr("Server out of order")


def status_words(status: SyncStatus) -> tuple[str, str, str]:
    """What the chip says: text, icon, tone."""
    waiting = tr("1 waiting to send|{n} waiting to send", status.waiting) if status.waiting else ""
    if status.state == "attention":
        text = tr("Needs you: {reason}", reason=needs_you(status))
        return (f"{text} · {waiting}" if waiting else text), "warning-circle", "warning"
    if status.state == "offline":
        text = tr("Offline since {time}", time=time_text(status.since)) if status.since else tr("Offline")
        return (f"{text} · {waiting}" if waiting else text), "wifi-slash", ""
    if status.state == "held_up":
        text = held_up(status)
        return (f"{text} · {waiting}" if waiting else text), "hourglass", ""
    if status.state == "syncing":
        return tr("Syncing …"), "arrows-clockwise", ""
    if status.state == "waiting" or (waiting and status.state == "stopped"):
        return waiting or tr("Waiting to send"), "cloud-arrow-up", ""
    if status.state == "up_to_date":
        when = status.last_success
        return (tr("Up to date, {time}", time=time_text(when)) if when else tr("Up to date")), "cloud-check", ""
    return tr("Not connected"), "cloud-slash", ""


class StatusBar(QFrame):
    """Sync chip, downloads chip, Help."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._said, self._away = "", False
        self.setObjectName("statusBar")
        self.sync = Button("", "chip", "cloud-slash", "syncChip")
        self.downloads = Button("", "chip", "download-simple", "downloadsChip")
        self.help = Button(tr("Help"), "chip", "question", "helpButton")
        self.help.setToolTip(tr("Help and keys (F1)"))
        self.help.setAccessibleName(tr("Help"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.sync.clicked.connect(self._open_outbox)
        self.downloads.clicked.connect(self._open_downloads)
        self.help.clicked.connect(self._open_help)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_8, SPACE_4, SPACE_8, SPACE_4)
        row.setSpacing(SPACE_4)
        row.addWidget(self.sync)
        row.addWidget(self.downloads)
        row.addStretch(1)
        row.addWidget(self.help)
        self.downloads.hide()
        self._done = QTimer(self, singleShot=True, interval=READY_SHOWN_MS)
        self._done.timeout.connect(self.downloads.hide)
        self._next = NextTry(desk, self)
        self._next.ticked.connect(self._fit)
        self.show_status(desk.status)
        desk.status_changed.connect(self.show_status)
        desk.downloads_changed.connect(self.show_downloads)

    @Slot()
    def _fit(self) -> None:
        """Where the chips need the room, the word *Help* goes first (its icon stays), then when the next try is."""
        # Where the learner is needed, waiting helps nobody.
        words = self._next.words() if self._away else ""
        self.sync.setText(f"{self._said} · {words}" if words else self._said)
        word = tr("Help")
        needed = self.help.fontMetrics().horizontalAdvance(word)
        self.help.setText(word if self._room() > 3 * needed else "")
        if words and self._room() < needed:
            self.sync.setText(self._said)

    def _room(self) -> int:
        """What the chips leave of the width."""
        chips = (chip.sizeHint().width() for chip in (self.sync, self.downloads) if not chip.isHidden())
        return self.width() - sum(chips) - 5 * SPACE_8

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width."""
        super().resizeEvent(event)
        self._fit()

    @Slot(object)
    def show_status(self, status: SyncStatus) -> None:
        """Say how the sync stands."""
        text, icon_name, tone = status_words(status)
        self._said, self._away = text, status.is_away
        self._fit()
        # Without the seconds: nobody wants to hear them counted.
        self.sync.setAccessibleName(tr("Sync: {state}. Opens the Outbox.", state=text))
        self.sync.set_icon(icon_name)
        self.sync.set_tone(tone)
        told = [tr(part) for part in (status.text, status.way_out) if part]
        if status.last_success is not None and status.state != "up_to_date":
            told.append(tr("Last synced {time}.", time=moment_text(status.last_success)))
        self.sync.setToolTip(" ".join(told))

    @Slot(object)
    def show_downloads(self, downloads: tuple[DownloadView, ...]) -> None:
        """Say how far the downloads are."""
        failed = [entry for entry in downloads if entry.state == "failed"]
        going = [entry for entry in downloads if entry.state in {"queued", "running"}]
        if failed:
            self._say_downloads(
                tr("1 download stopped|{n} downloads stopped", len(failed)), "warning-circle", "warning"
            )
        elif going:
            total = sum(entry.bytes_total for entry in going)
            percent = int(100 * sum(entry.bytes_done for entry in going) / total) if total else 0
            count = tr("1 download|{n} downloads", len(going))
            self._say_downloads(f"{count} {percent_text(percent)}", "download-simple", "")
        elif not self.downloads.isHidden() and not self._done.isActive():
            self._say_downloads(tr("Downloads ready"), "check-circle", "")
            self._done.start()
            return
        if failed or going:
            self._done.stop()

    def _say_downloads(self, text: str, icon_name: str, tone: str) -> None:
        self.downloads.setText(text)
        self.downloads.setAccessibleName(tr("{state}. Opens Downloads.", state=text))
        self.downloads.set_icon(icon_name)
        self.downloads.set_tone(tone)
        self.downloads.show()
        self._fit()

    @Slot()
    def _open_outbox(self) -> None:
        self._desk.go(OUTBOX)

    @Slot()
    def _open_downloads(self) -> None:
        self._desk.go(DOWNLOADS)

    @Slot()
    def _open_help(self) -> None:
        self._desk.go(HELP)
