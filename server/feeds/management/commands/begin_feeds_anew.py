"""``python -m server manage begin_feeds_anew``: after an older copy of the database was restored."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from server.feeds.lives import begin_new_life


class Command(BaseCommand):
    """The server, and with it every feed, begins another life.

    The numbers after the copy was made are given a second time, to other changes: a client that had the first ones
    would never ask for the second. With another epoch its cursor is refused, and it reads everything anew; and it sends
    again what it has sent in the last months, because some of it may be lost here.
    """

    help = (
        "Have all clients read everything anew, and send again what may be lost. "
        "Needed after an older copy of the database was restored."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say how many."""
        self.stdout.write(f"{begin_new_life()} feeds begin anew.")
