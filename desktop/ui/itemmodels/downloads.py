"""Downloads as rows: the queue."""

from __future__ import annotations

import math

from desktop.i18n import size_text, tr
from desktop.models.views import DownloadView
from desktop.ui.itemmodels.action_rows import ActionRow, RowAction

PAUSE = "pause"
RESUME = "resume"
CANCEL = "cancel"
UP = "up"
DOWN = "down"


def time_left_text(seconds: float) -> str:
    """``about 3 min left``: as exact as a download can be foretold."""
    if seconds < 60:
        return tr("less than a minute left")
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return tr("about a minute left|about {n} minutes left", n=minutes)
    return tr("about an hour left|about {n} hours left", n=math.ceil(minutes / 60))


def _facts(download: DownloadView) -> list[str]:
    done, total = size_text(download.bytes_done), size_text(download.bytes_total)
    facts = [total if download.state == "ready" else tr("{done} of {total}", done=done, total=total)]
    if download.files_total > 1:
        facts.append(tr("{done} of {total} files", done=download.files_done, total=download.files_total))
    if download.state == "running" and download.speed > 0:
        facts.append(tr("{size} a second", size=size_text(int(download.speed))))
        if download.seconds_left is not None:
            facts.append(time_left_text(download.seconds_left))
    return facts


def download_row(download: DownloadView, *, can_rise: bool = False, can_sink: bool = False) -> ActionRow:
    """A week or an item in the queue. ``can_rise``, ``can_sink``: something that is not here yet is before it, or
    behind it."""
    chip, tone = {
        "queued": (tr("In the queue"), "plain"),
        "running": (tr("Downloading"), "accent"),
        "paused": (tr("Paused"), "warning"),
        "ready": (tr("Ready offline"), "success"),
        "failed": (tr("Stopped"), "danger"),
    }.get(download.state, (download.state, "plain"))
    if download.state == "queued" and download.hold:
        chip = tr("Waiting")
    possible: list[RowAction] = []
    if download.state in ("queued", "running"):
        possible.append(RowAction(PAUSE, tr("Pause")))
    if download.state == "paused":
        possible.append(RowAction(RESUME, tr("Resume")))
    if download.state == "failed":
        possible.append(RowAction(RESUME, tr("Try again")))
    if can_rise:
        possible.append(RowAction(UP, tr("Move up")))
    if can_sink:
        possible.append(RowAction(DOWN, tr("Move down")))
    if download.state != "ready":
        possible.append(RowAction(CANCEL, tr("Cancel")))
    lines = [" · ".join(_facts(download))]
    if download.problem:
        lines.insert(0, " ".join(tr(part) for part in (download.problem, download.way_out) if part))
    share = download.bytes_done / download.bytes_total if download.bytes_total else 0.0
    return ActionRow(
        id=download.id,
        title=download.title,
        lines=tuple(lines),
        icon="check-circle" if download.state == "ready" else "download-simple",
        chip=chip,
        tone=tone,
        progress=None if download.state == "ready" else min(1.0, share),
        group=download.course_title,
        actions=tuple(possible),
        movable=can_rise or can_sink,
    )
