"""The course of ``tests.server.program_folder`` in three versions that differ where it hurts."""

from __future__ import annotations

from pathlib import Path

from server.authoring.programs import ProgramSource, read_program
from tests.server.program_folder import write_program

_ITEM = "[[weeks.modules.lessons.items]]\n"
_CHECK = f"""{_ITEM}id = "check"
kind = "practice_quiz"
title = "Check yourself"
quiz = "quizzes/check.toml"
"""
_MORE = f"""{_ITEM}id = "more"
kind = "reading"
title = "More of it"
file = "readings/why.md"
"""


def three_versions(folder: Path) -> tuple[ProgramSource, ...]:
    """As written; without the practice quiz, with another reading and another due day; with another exam that may be
    taken once more, and the practice quiz back."""
    first = write_program(folder / "one")
    second = write_program(folder / "two")
    _change(second, ("course.toml", _CHECK, _MORE), ("course.toml", "due_day = 7", "due_day = 9"))
    third = write_program(folder / "three")
    _change(
        third,
        ("course.toml", "due_day = 14", "due_day = 20"),
        ("course.toml", "max_attempts = 2", "max_attempts = 3"),
        ("quizzes/exam.toml", "What is the word?", "Which word is it?"),
        ("course.toml", 'title = "Introduction"', 'title = "How it begins"'),
    )
    return tuple(read_program(place) for place in (first, second, third))


def _change(folder: Path, *changes: tuple[str, str, str]) -> None:
    for name, before, after in changes:
        file = folder / "courses/basics" / name
        text = file.read_text()
        assert before in text, (name, before)
        file.write_text(text.replace(before, after))
