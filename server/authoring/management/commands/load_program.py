"""``python -m server manage load_program FOLDER``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from server.authoring.loading import load_program
from server.authoring.mistakes import MistakesError


class Command(BaseCommand):
    """Loads program folders."""

    help = "Load a program from its folder (docs/authoring.md). Nothing is imported unless everything is right."

    def add_arguments(self, parser: CommandParser) -> None:
        """One folder or several."""
        parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load each, or say all that is wrong with the first that can't be loaded."""
        for folder in options["folders"]:
            try:
                loaded = load_program(folder)
            except MistakesError as error:
                count = len(error.mistakes)
                raise CommandError(
                    f"{error}\n{count} mistake{'s' if count > 1 else ''} in {folder}; nothing was imported."
                ) from error
            self.stdout.write(loaded.summary())
