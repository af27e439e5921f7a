"""Keys for which work is sealed, and what was delivered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class SealingKeyPair(models.Model):
    """An X25519 key pair, both parts as hexadecimal digits. The newest is given to devices; older ones open what was
    sealed for them before. It lies beside what it protects: who has the database has the learners' work anyway."""

    id = models.CharField(primary_key=True, max_length=16)
    public = models.CharField(max_length=64)
    private = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.id


class Delivery(models.Model):
    """A file of work that was taken, by its reference; ``times`` it came. What it held is in the ledger."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(max_length=64)
    device_id = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    times = models.PositiveIntegerField(default=1)
    actions = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["user", "reference"], name="delivery_once")]

    def __str__(self) -> str:
        return self.reference
