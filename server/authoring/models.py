"""Which folders were loaded, so that an unchanged one is skipped at the next start."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class LoadedFolder(models.Model):
    """The state of a program folder when it was last loaded without a mistake."""

    path = models.CharField(primary_key=True, max_length=1000)
    fingerprint = models.CharField(max_length=64)
    program = models.ForeignKey("programs.Program", on_delete=models.CASCADE, related_name="+")
    loaded_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.path
