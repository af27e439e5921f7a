"""Counting failed tries, in the database so that every server process sees the same count."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from protocol import errors
from server.accounts.models import TryCount
from server.refusals import RefusedError


@dataclass(frozen=True)
class Limit:
    """At most ``failures`` within ``window``, counted from the first one."""

    name: str
    failures: int
    window: timedelta

    def key(self, who: str) -> str:
        """The row that counts ``who``; long addresses are shortened without clashing."""
        return f"{self.name}:{who if len(who) <= 120 else hashlib.sha256(who.encode()).hexdigest()}"


SIGN_IN_BY_ADDRESS = Limit("sign-in-address", 8, timedelta(minutes=15))
SIGN_IN_BY_NETWORK = Limit("sign-in-network", 60, timedelta(minutes=15))
INVITATION_BY_NETWORK = Limit("invitation-network", 60, timedelta(minutes=15))
DELIVERY_BY_NETWORK = Limit("delivery-network", 120, timedelta(minutes=15))
"""Every delivery counts, good or bad: nobody is signed in."""


def refuse_if_exhausted(*tries: tuple[Limit, str]) -> None:
    """Refuse when any of the limits is reached.

    Raises:
        RefusedError: too_many_tries, with the seconds to wait.
    """
    now = timezone.now()
    rows = {row.key: row for row in TryCount.objects.filter(key__in=[limit.key(who) for limit, who in tries])}
    for limit, who in tries:
        row = rows.get(limit.key(who))
        if row is None or row.count < limit.failures:
            continue
        left = (row.window_starts_at + limit.window - now).total_seconds()
        if left > 0:
            wait = max(1, round(left))
            raise RefusedError(
                errors.TOO_MANY_TRIES,
                "There were too many tries in a short time.",
                f"Wait {max(1, round(wait / 60))} min and try again.",
                retry_after_s=wait,
            )


def count_failure(*tries: tuple[Limit, str]) -> None:
    """Remember one failed try for each."""
    now = timezone.now()
    with transaction.atomic():
        for limit, who in tries:
            row, made = TryCount.objects.get_or_create(
                key=limit.key(who), defaults={"window_starts_at": now, "count": 1}
            )
            if made:
                continue
            if row.window_starts_at + limit.window <= now:
                TryCount.objects.filter(key=row.key).update(window_starts_at=now, count=1)
            else:
                TryCount.objects.filter(key=row.key).update(count=F("count") + 1)


def forget_failures(limit: Limit, who: str) -> None:
    """A success clears the count."""
    TryCount.objects.filter(key=limit.key(who)).delete()
