"""``python -m server manage prune_blobs``: for a nightly timer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from server.catalog.blobs import remove_orphans
from server.catalog.models import Blob

KEPT = timedelta(days=1)


class Command(BaseCommand):
    """Removes files that belong to nothing."""

    help = "Remove files from the media folder that no blob names and that are older than a day."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say how many."""
        known = set(Blob.objects.values_list("pk", flat=True))
        self.stdout.write(f"{remove_orphans(known, KEPT)} files removed.")
