"""The sync over a line with a round trip of 50 ms, against the real program server on this computer.

What waits: 1,000 notes sent as the program sends them, against one request for each (the same code with batches of
one). What comes: a round of the sync after one change made elsewhere, in an account of 100 courses against an account
of one. Both take turns; the server keeps its data in SQLite, as the sample program's does. And what a device does that
was never there before (``first_sync``), and how long many changes take to be written (``applied``).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from benchmarks import applied, first_sync
from benchmarks.accounts import Account, serving, write_program
from benchmarks.figures import CannotMeasureError, Figure, compare
from benchmarks.slow_line import SlowLine
from protocol import actions

ROUND_TRIP_S = 0.05
QUEUED, ONE_BY_ONE = 1_000, 60
TIMES_FASTER = 20.0
COURSES = 100
SAME = 1.2
"""Budget: what 100 courses may cost more than one."""
DRAINS, DELTAS = 3, 15
COURSE = """\
id = "{course}"
kind = "course"
title = "Course {course}"
partner = "Open School"
summary = "A course."
about = "about.md"
welcome = "about.md"
language = "en"
level = "beginner"
licence = "CC BY 4.0"

[[weeks]]
title = "Week"

[[weeks.modules]]
title = "Module"
summary = "Texts."

[[weeks.modules.lessons]]
title = "Lesson"

[[weeks.modules.lessons.items]]
id = "text"
kind = "reading"
title = "Text"
file = "text.md"
"""


def run() -> list[Figure]:
    """What waits and what comes.

    Raises:
        CannotMeasureError: a server did not start.
    """
    with tempfile.TemporaryDirectory(prefix="haversack-sync-") as folder, ExitStack() as ending:
        one, many = (ending.enter_context(_school(Path(folder) / str(count), count)) for count in (1, COURSES))
        figures = [*_drain(one), *_delta(one, many)]
    with tempfile.TemporaryDirectory(prefix="haversack-sync-") as folder:
        return [*figures, *applied.figures(Path(folder) / "applied"), *first_sync.figures(Path(folder) / "first")]


class School:
    """A server with courses, a slow line to it, and a learner at both ends who takes all of them."""

    def __init__(self, folder: Path, port: int, link: str, ending: ExitStack) -> None:
        self.line = SlowLine(port, ROUND_TRIP_S / 2)
        ending.callback(self.line.close)
        self.far = ending.enter_context(closing(Account(folder / "far", self.line.port)))
        self.near = ending.enter_context(closing(Account(folder / "near", port)))
        self.near.join(link)
        self.near.sync()
        self.near.take_all()
        self.item = f"{self.near.services.home.view().cards[0].course_id}/text"
        self.far.sign_in()
        self.far.sync()


@contextmanager
def _school(folder: Path, courses: int) -> Iterator[School]:
    names = [f"c{number:03}" for number in range(courses)]
    program = folder / "program"
    for name in names:
        files = program / "courses" / name
        files.mkdir(parents=True)
        (files / "course.toml").write_text(COURSE.format(course=name), encoding="utf-8")
        for text in ("about.md", "text.md"):
            (files / text).write_text(f"A text of {name}.\n", encoding="utf-8")
    write_program(program, names)
    with ExitStack() as ending:
        port, link = ending.enter_context(serving(program, folder / "server"))
        yield School(folder, port, link, ending)


def _drain(school: School) -> list[Figure]:
    together: list[float] = []
    alone: list[float] = []
    for _ in range(DRAINS):
        together.append(_sent_a_second(school, QUEUED))
        usual, actions.BATCH_LIMIT = actions.BATCH_LIMIT, 1
        try:
            alone.append(_sent_a_second(school, ONE_BY_ONE))
        finally:
            actions.BATCH_LIMIT = usual
    name = f"{QUEUED:,} actions sent"
    return [compare(name, "/s", together, "one request each", alone, TIMES_FASTER, "at_least")]


def _sent_a_second(school: School, number: int) -> float:
    for index in range(number):
        school.far.services.notes.save(school.item, f"note {index}: what was said here, in my own words")
    started = time.monotonic()
    school.far.rounds.make(lambda: False)
    took = time.monotonic() - started
    left = school.far.services.outbox.waiting_count()
    if left:
        raise CannotMeasureError(f"{left} of {number} actions were not sent")
    return number / took


def _delta(one: School, many: School) -> list[Figure]:
    times: dict[School, list[float]] = {one: [], many: []}
    sizes: dict[School, list[float]] = {one: [], many: []}
    for school in (one, many):
        school.far.sync()
    for number in range(DELTAS):
        for school in (one, many):
            text = f"made elsewhere, number {number}"
            school.near.services.notes.save(school.item, text)
            school.near.sync()
            before, started = school.line.bytes, time.monotonic()
            school.far.rounds.make(lambda: False)
            times[school].append((time.monotonic() - started) * 1000)
            sizes[school].append(school.line.bytes - before)
            if text not in {note.text for note in school.far.services.notes.all(text)}:
                raise CannotMeasureError("a change made elsewhere did not come")
    peer = "1 course"
    name = f"a change, {COURSES} courses"
    return [
        compare(f"{name}: time", "ms", times[many], peer, times[one], SAME),
        compare(f"{name}: bytes", "B", sizes[many], peer, sizes[one], SAME),
    ]
