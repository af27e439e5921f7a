"""``python -m server manage replace_pack_key PROGRAM [--revoke]``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from server.programs.models import Program
from server.programs.pack_keys import replace_key


class Command(BaseCommand):
    """Makes a new key for course packs."""

    help = (
        "Sign a program's course packs with a new key from now on. Packs made before stay good, unless --revoke says "
        "that the old key fell into the wrong hands. Learners learn of it with their next sync."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and whether the old one is still to be trusted."""
        parser.add_argument("program", metavar="PROGRAM", help="the program's id")
        parser.add_argument("--revoke", action="store_true", help="packs signed with the old key are no longer good")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say the new key's id."""
        program = Program.objects.filter(pk=options["program"]).first()
        if program is None:
            raise CommandError(f"There is no program “{options['program']}”.")
        key = replace_key(program, revoke=options["revoke"])
        self.stdout.write(f"{program.pk}: packs are signed with the key {key.pk} from now on.")
