"""The Outbox as rows: every action in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from desktop.i18n import short_moment_text, tr
from desktop.models.views import OutboxEntry
from desktop.ui.itemmodels.action_rows import ActionRow, RowAction
from protocol import actions

UNDO = "undo"
RETRY = "retry"
COPY = "copy"
EDIT = "edit"
SET_ASIDE = "set_aside"
AHEAD = "ahead"

ICONS = {
    actions.ENROLL: "sign-in",
    actions.UNENROLL: "sign-out",
    actions.SAVE_COURSE: "bookmark-simple",
    actions.RESET_DEADLINES: "calendar",
    actions.OPEN_ITEM: "eye",
    actions.COMPLETE_ITEM: "check-circle",
    actions.WATCH: "play-circle",
    actions.SET_POSITION: "map-pin",
    actions.SAVE_NOTE: "note-pencil",
    actions.DELETE_NOTE: "trash",
    actions.SUBMIT_ATTEMPT: "puzzle-piece",
}


def action_text(kind: str, title: str) -> str:
    """What the learner did, in a sentence. A kind of a newer version is named as it is."""
    texts = {
        actions.ENROLL: tr("Enrolled in “{title}”", title=title),
        actions.UNENROLL: tr("Left “{title}”", title=title),
        actions.SAVE_COURSE: tr("Changed what is saved for later: “{title}”", title=title),
        actions.RESET_DEADLINES: tr("Reset the deadlines of “{title}”", title=title),
        actions.OPEN_ITEM: tr("Opened “{title}”", title=title),
        actions.COMPLETE_ITEM: tr("Completed “{title}”", title=title),
        actions.WATCH: tr("Watched “{title}”", title=title),
        actions.SET_POSITION: tr("Stopped in “{title}”", title=title),
        actions.SAVE_NOTE: tr("Wrote a note in “{title}”", title=title),
        actions.DELETE_NOTE: tr("Deleted a note in “{title}”", title=title),
        actions.SUBMIT_ATTEMPT: tr("Submitted “{title}”", title=title),
    }
    return texts.get(kind) or tr("{kind}: “{title}”", kind=kind.replace("_", " "), title=title)


def detail_text(kind: str, detail: str, stopped_at: str = "") -> str:
    """The figure or word that belongs to an action, in words; what was written as it was written."""
    if kind == actions.SET_POSITION:
        return tr("at {time}", time=detail)
    if kind == actions.WATCH:
        watched = tr("{time} of it", time=detail)
        return f"{watched} · {tr('stopped at {time}', time=stopped_at)}" if stopped_at else watched
    if kind == actions.SUBMIT_ATTEMPT and detail.isdigit():
        return tr("{n} answer|{n} answers", n=int(detail))
    if kind == actions.SAVE_COURSE:
        return {"saved": tr("saved for later"), "removed": tr("no longer saved for later")}.get(detail, detail)
    return detail


def _state(entry: OutboxEntry) -> tuple[str, str]:
    return {
        "waiting": (tr("Waiting"), "plain"),
        "sending": (tr("Sending"), "accent"),
        "sent": (tr("Sent"), "success"),
        "refused": (tr("Needs you"), "danger"),
        "set_aside": (tr("Set aside"), "plain"),
        "ahead": (tr("Waits for an update"), "plain"),
    }.get(entry.state, (entry.state, "plain"))


def outbox_row(entry: OutboxEntry, now: datetime) -> ActionRow:
    """An action on its way."""
    chip, tone = _state(entry)
    facts = [entry.course_title] if entry.course_title else []
    facts.append(short_moment_text(entry.made_at, now))
    if entry.sent_at is not None:
        facts.append(tr("sent {time}", time=short_moment_text(entry.sent_at, now)))
    if entry.filed_at is not None:
        facts.append(tr("on its way by file since {time}", time=short_moment_text(entry.filed_at, now)))
    lines = [detail_text(entry.kind, entry.detail, entry.stopped_at)] if entry.detail else []
    if entry.state == AHEAD:
        lines.append(tr("Your program's server is too old for this. It is sent by itself once that has been updated."))
    elif entry.reason:
        lines.append(" ".join(part for part in (tr(entry.reason), tr(entry.way_out) if entry.way_out else "") if part))
    return ActionRow(
        id=entry.id,
        title=action_text(entry.kind, entry.subject_title),
        lines=(*lines, " · ".join(facts)),
        icon=ICONS.get(entry.kind, "question"),
        chip=chip,
        tone=tone,
        actions=tuple(_possible(entry)),
    )


def _possible(entry: OutboxEntry) -> Iterator[RowAction]:
    refused = entry.state in ("refused", "set_aside")
    if entry.can_undo:
        yield RowAction(UNDO, tr("Undo"))
    if refused:
        yield RowAction(RETRY, tr("Send again"))
    if refused and entry.kind == actions.SAVE_NOTE:
        yield RowAction(EDIT, tr("Edit and send"))
    if refused and entry.kind == actions.SUBMIT_ATTEMPT:
        yield RowAction(EDIT, tr("Change the answers"))
    if entry.has_text:
        yield RowAction(COPY, tr("Copy text"))
    if entry.state == "refused":
        yield RowAction(SET_ASIDE, tr("Set aside"))
