"""``python -m server manage replace_sealing_key``: a new key for work that comes by file."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from server.deliveries.keys import replace_key


class Command(BaseCommand):
    """Devices seal for the new key from their next contact on; what was sealed for the old one is taken for a year."""

    help = "Make a new key for which learners' computers seal work that comes by file."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say which."""
        made, forgotten = replace_key()
        self.stdout.write(f"The new key is {made}; {forgotten} old ones were forgotten.")
