"""A head that counts, and one row per entity with its newest state."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone

from protocol.ids import new_uuid7


def new_epoch() -> str:
    """Names one life of a feed: cursors of another life are refused."""
    return secrets.token_hex(6)


class ServerLife(models.Model):
    """One row: which server this is, and which of its lives.

    A database that is restored from an older copy begins another life: what clients were told since the copy is not
    known here any more; see ``lives``.
    """

    server_id = models.CharField(max_length=36, default=new_uuid7, editable=False)
    life = models.CharField(max_length=20, default=new_epoch)
    began_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "server lives"

    def __str__(self) -> str:
        return self.life


class FeedHead(models.Model):
    """The counter of a feed. ``floor``: cursors below it may have missed tombstones that were removed."""

    name = models.CharField(primary_key=True, max_length=100)
    epoch = models.CharField(max_length=20, default=new_epoch)
    sequence = models.PositiveBigIntegerField(default=0)
    floor = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.sequence}"


class FeedChange(models.Model):
    """The newest state of one entity in one feed; ``body`` (JSON) is null for a deleted one."""

    feed = models.ForeignKey(FeedHead, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=40)
    entity_id = models.CharField(max_length=200)
    revision = models.PositiveBigIntegerField()
    body = models.TextField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "kind", "entity_id"], name="one_change_per_entity"),
            models.UniqueConstraint(fields=["feed", "revision"], name="one_change_per_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.feed_id} {self.kind} {self.entity_id} at {self.revision}"
