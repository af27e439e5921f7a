"""``python -m server manage prune_feeds``: for a nightly timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from server.feeds.pruning import prune_tombstones


class Command(BaseCommand):
    """Removes old tombstones."""

    help = "Remove tombstones older than 180 days from all feeds."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say how many."""
        self.stdout.write(f"{prune_tombstones()} old tombstones removed.")
