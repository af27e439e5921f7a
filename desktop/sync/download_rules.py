"""Whether downloads may go on now: what the learner set, this hour, this network. Pure."""

from __future__ import annotations

from datetime import datetime

from desktop.models.views import DownloadRules

PAUSED, METERED, HOURS = "paused", "metered", "hours"
"""Why the queue waits. The names are those of ``DownloadView.hold``."""
DAY_MIN = 24 * 60
HOURS_EVERY_S = 60.0
"""While there are hours, the clock is looked at so often: it may be set, jump by an hour twice a year, and travel, and
what waits does not hear of that."""


def hold(rules: DownloadRules, local: datetime, *, metered: bool) -> str:
    """Why the queue waits now; empty when it does not. ``local``: the time of day where the learner is."""
    if rules.paused:
        return PAUSED
    if metered and not rules.on_metered:
        return METERED
    if not _within(rules, local.hour * 60 + local.minute):
        return HOURS
    return ""


def seconds_to_change(rules: DownloadRules, local: datetime) -> float | None:
    """Until the hours begin or end; None when they never do."""
    if rules.from_minute == rules.until_minute:
        return None
    now = local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6
    edges = (rules.from_minute * 60, rules.until_minute * 60)
    return min((edge - now) % (DAY_MIN * 60) or DAY_MIN * 60.0 for edge in edges)


def seconds_to_look(rules: DownloadRules, local: datetime) -> float | None:
    """After so many seconds the hours are looked at again; None where there are none."""
    change = seconds_to_change(rules, local)
    return None if change is None else min(change, HOURS_EVERY_S)


def _within(rules: DownloadRules, minute: int) -> bool:
    first, last = rules.from_minute, rules.until_minute
    if first == last:
        return True
    return first <= minute < last if first < last else minute >= first or minute < last
