"""Old tombstones are removed; cursors from before them are told to start anew."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from server.feeds.models import FeedChange, FeedHead

TOMBSTONES_KEPT = timedelta(days=180)


def prune_tombstones() -> int:
    """Remove tombstones older than ``TOMBSTONES_KEPT``. Returns how many."""
    old = FeedChange.objects.filter(body=None, changed_at__lt=timezone.now() - TOMBSTONES_KEPT)
    removed = 0
    for row in list(old.values("feed_id").annotate(newest=Max("revision"))):
        with transaction.atomic():
            head = FeedHead.objects.select_for_update().get(name=row["feed_id"])
            count, _ = old.filter(feed_id=head.name, revision__lte=row["newest"]).delete()
            FeedHead.objects.filter(name=head.name).update(floor=max(head.floor, row["newest"]))
            removed += count
    return removed
