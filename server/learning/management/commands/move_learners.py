"""``python -m server manage move_learners``: for a nightly timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from server.catalog.models import Course
from server.learning.moving import move_learners


class Command(BaseCommand):
    """Moves whoever is left on an older version: the load that should have done it was interrupted, or somebody
    enrolled in that very moment."""

    help = "Move learners who have not completed their course to its newest version."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say how many."""
        moved = sum(move_learners(course) for course in Course.objects.exclude(version=None))
        self.stdout.write(f"{moved} learners moved to the newest version of their course.")
