"""``python -m server manage export_course COURSE [--to FILE]``: a course pack for a stick or a school's share."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from protocol.course_packs import SUFFIX
from server.catalog.course_packs import ALL, NONE, SMALLEST, Choice, PackError, plan_pack, write_pack
from server.catalog.models import Course
from server.programs.pack_keys import KeyLostError

TOLD_EVERY_S = 0.5


def _weeks(word: str) -> tuple[int, ...]:
    return tuple(int(part) for part in word.split(","))


def _words(word: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in word.split(",") if part.strip())


class Command(BaseCommand):
    """Writes course packs."""

    help = (
        "Write a course into one signed file that learners of its program import without a network "
        "(docs/course-packs.md). It holds content only: nothing of any learner, no keys of graded quizzes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which course, where to, and how much of it."""
        parser.add_argument("course", metavar="COURSE", help="the course's id")
        parser.add_argument(
            "--to",
            type=Path,
            metavar="FILE",
            help=f"the file to write, or a folder for it (default: COURSE{SUFFIX} here); one that is there is replaced",
        )
        parser.add_argument("--version-id", default="", metavar="SHA256", help="a version (default: the newest)")
        parser.add_argument("--weeks", type=_weeks, default=(), metavar="1,2", help="only these (default: all)")
        parser.add_argument(
            "--languages", type=_words, default=(), metavar="en,de", help="only these subtitles (default: all)"
        )
        parser.add_argument(
            "--videos",
            choices=(NONE, SMALLEST, ALL),
            default=SMALLEST,
            help="none, the smallest of each lecture (the default: what Haversack plays), or all qualities",
        )
        parser.add_argument("--without-resources", action="store_true", help="no files beside the items")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file; how far it is goes to standard error."""
        course = Course.objects.select_related("program__organization").filter(pk=options["course"]).first()
        if course is None:
            known = ", ".join(Course.objects.filter(offered=True).order_by("pk").values_list("pk", flat=True)[:20])
            raise CommandError(f"There is no course “{options['course']}”. There are: {known or 'none'}.")
        choice = Choice(
            weeks=options["weeks"],
            languages=options["languages"],
            videos=options["videos"],
            resources=not options["without_resources"],
        )
        target: Path = options["to"] or Path(f"{course.pk}{SUFFIX}")
        if target.is_dir():
            target /= f"{course.pk}{SUFFIX}"
        began = time.monotonic()
        try:
            plan = plan_pack(course, choice, options["version_id"])
            write_pack(plan, target, _Progress(self, plan.size))
        except (PackError, KeyLostError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from error
        self.stdout.write(
            f"{target}: “{plan.pack.title}”, version {plan.pack.version[:12]}, {len(plan.pack.blobs)} files, "
            f"{plan.size / 1e6:,.1f} MB, in {time.monotonic() - began:.1f} s"
        )


class _Progress:
    """A line on standard error, twice a second, where somebody watches it: a terminal."""

    def __init__(self, command: Command, size: int) -> None:
        self._command, self._size, self._told_at = command, size, 0.0

    def __call__(self, done: int) -> None:
        if not self._command.stderr.isatty():
            return
        now = time.monotonic()
        if now - self._told_at >= TOLD_EVERY_S or done == self._size:
            self._told_at = now
            ending = "\n" if done == self._size else ""
            self._command.stderr.write(f"\r{done / 1e6:,.0f} of {self._size / 1e6:,.0f} MB", ending=ending)
            self._command.stderr.flush()
