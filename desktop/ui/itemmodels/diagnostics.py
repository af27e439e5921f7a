"""The sync's account of itself as rows: steps of the network test, rounds, what became of each action."""

from __future__ import annotations

from datetime import datetime

from desktop.i18n import locale, short_moment_text, tr
from desktop.models.views import ActionRecord, NetworkStep, SyncRound
from desktop.ui.itemmodels.action_rows import ActionRow
from desktop.ui.itemmodels.outbox import ICONS, action_text


def took_text(took_ms: int) -> str:
    """``38 ms`` or ``2.4 s``."""
    if took_ms < 1000:
        return tr("{n} ms", n=took_ms)
    return tr("{seconds} s", seconds=locale().toString(took_ms / 1000, "f", 1))


def step_row(step: NetworkStep) -> ActionRow:
    """A step of the network test."""
    title = {
        "proxy": tr("Proxy"),
        "name": tr("Name of the server"),
        "server": tr("Program server"),
        "signed_in": tr("Your sign-in"),
    }.get(step.name, step.name)
    done = {"proxy": tr("none is used"), "signed_in": tr("is accepted")}.get(step.name, "")
    lines = [done if step.name == "signed_in" else step.detail or done] if step.state == "ok" else []
    if step.state == "failed" or step.code:
        lines = [" ".join(tr(part) for part in (step.text, step.way_out) if part)]
    chip, tone = {
        "ok": (tr("Works"), "success"),
        "failed": (tr("Fails"), "danger"),
    }.get(step.state, (tr("Not tried"), "plain"))
    icon = {"ok": "check-circle", "failed": "x-circle"}.get(step.state, "circle")
    took = took_text(step.took_ms) if step.state != "skipped" else ""
    return ActionRow(step.name, title, tuple(line for line in (*lines, took) if line), icon=icon, chip=chip, tone=tone)


def state_words(record: ActionRecord) -> tuple[str, str]:
    """What became of an action, and the tone of it."""
    return {
        "waiting": (tr("Waiting"), "plain"),
        "sending": (tr("Sending"), "accent"),
        "applied": (tr("Sent"), "success"),
        "settled": (tr("Sent and seen"), "success"),
        "refused": (tr("Refused"), "danger"),
        "set_aside": (tr("Set aside"), "plain"),
        "ahead": (tr("Waits for an update of the server"), "plain"),
    }.get(record.state, (record.state, "plain"))


def record_row(record: ActionRecord, now: datetime) -> ActionRow:
    """An action of the log."""
    chip, tone = state_words(record)
    facts = [tr("made {time}", time=short_moment_text(record.made_at, now))]
    if record.tries:
        facts.append(tr("handed over once|handed over {n} times", record.tries))
    if record.sent_at is not None:
        facts.append(tr("sent {time}", time=short_moment_text(record.sent_at, now)))
    if record.code:
        facts.append(record.code)
    icon = ICONS.get(record.kind, "question")
    return ActionRow(
        record.id, action_text(record.kind, record.title), (" · ".join(facts),), icon=icon, chip=chip, tone=tone
    )


def round_row(number: int, found: SyncRound, now: datetime) -> ActionRow:
    """A round of the sync. ``number`` makes its id."""
    failed = bool(found.code)
    return ActionRow(
        f"round-{number}",
        tr("Failed: {code}", code=found.code) if failed else tr("Went through"),
        (f"{short_moment_text(found.at, now)} · {took_text(found.took_ms)}",),
        icon="warning-circle" if failed else "check-circle",
    )
