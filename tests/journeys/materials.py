"""What a journey is made on: the sample program that ships, or real material that nobody on the project made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop.config import resources
from tests import real_material
from tests.real_material import assemble_real_program

SAMPLE = resources() / "sample"


@dataclass(frozen=True)
class Line:
    """A line of the transcript and the millisecond at which its cue begins."""

    words: str
    at_ms: int


@dataclass(frozen=True)
class QuizTask:
    """A quiz as it is answered: boxes to click, fields to fill, what it says then.

    ``says``: object name and a part of what is to be read there afterwards.
    """

    item_id: str
    title: str
    clicks: tuple[str, ...]
    typed: tuple[tuple[str, str], ...]
    says: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Material:
    """A program, and where in it the learner goes.

    Attributes:
        program: its folder in our authoring format.
        media: the lecture's file, as the author has it.
        plays: from this line on the picture moves within a few seconds.
        jump: a line to click while the lecture stands.
        note: a line shortly before 0:21, or at it.
        offline: a line to click without a server.
        find: a word of the transcript; ``found`` is a line with it.
        other_language: of the transcript: a part of its name, and words of it.
        readings: each its item, its title and a part of its text.
    """

    program: Path
    course_id: str
    lecture: str
    lecture_title: str
    media: Path
    plays: Line
    jump: Line
    note: Line
    offline: Line
    find: str
    found: Line
    other_language: tuple[str, str]
    readings: tuple[tuple[str, str, str], ...]
    quiz: QuizTask
    quiz_offline: QuizTask


def sample(_folder: Path) -> Material:
    """*Study well offline*, as it ships."""
    return Material(
        program=SAMPLE,
        course_id="study-well",
        lecture="study-well/welcome",
        lecture_title="Welcome: why we forget, and what helps",
        media=SAMPLE / "courses/study-well/media/welcome.webm",
        plays=Line("Let us begin with an honest look", 8_169),
        jump=Line("Left alone, a memory fades", 30_849),
        note=Line("Your numbers will differ", 21_420),
        offline=Line("Space your study", 44_434),
        find="plan",
        found=Line("And plan, so that what you need", 51_356),
        other_language=("Deutsch", "Vergessen"),
        readings=(("study-well/why", "The forgetting curve, read with care", "Ebbinghaus"),),
        quiz=QuizTask(
            "study-well/check-1",
            "Check yourself: forgetting",
            (
                "option-shape-even",
                "option-depends-known",
                "option-depends-meaning",
                "option-depends-reviews",
            ),
            (("numeric-saved", "39.6"),),
            (("quizResult", "67"), ("question-shape", "Most of the loss comes in the first hours")),
        ),
        quiz_offline=QuizTask(
            "study-well/check-2",
            "Check yourself: spacing",
            (
                "option-feels-fresh",
                "option-dates-d2",
                "option-dates-d4",
                "option-dates-d15",
                "option-missed-now",
            ),
            (("numeric-minutes", "110"), ("text-opposite", "cramming")),
            (("quizResult", "100"), ("question-feels", "The ease goes away with the freshness")),
        ),
    )


def real(folder: Path) -> Material:
    """Real lectures, subtitles and readings; assembled in ``folder`` if they are not there yet."""
    program = folder if (folder / "program.toml").is_file() else assemble_real_program(folder)
    course = real_material.COURSE_ID
    return Material(
        program=program,
        course_id=course,
        lecture=f"{course}/lecture-1",
        lecture_title=f"Lecture {real_material.LECTURES[0]}",
        media=program / f"courses/{course}/media/{real_material.LECTURES[0]}",
        plays=Line("fine-tune it on your own data set", 32_250),
        jump=Line("So second, we'll dive deeper", 36_960),
        note=Line("As you can see, it's divided in three", 19_950),
        offline=Line("We're actively working on the last one", 42_360),
        find="transformer",
        found=Line("of how to use a Transformer model", 30_120),
        other_language=("中文", "欢迎来到"),
        readings=(
            (f"{course}/example-1", "A worked example with mathematics", "Esimerkki"),
            (f"{course}/persian-1", "درس به زبان فارسی", "مقدمه"),
        ),
        quiz=QuizTask(
            f"{course}/check-1",
            "Check 1",
            ("option-base-abroad", "option-more-a", "option-more-b"),
            (("numeric-share", "25"),),
            (("quizResult", "67"),),
        ),
        quiz_offline=QuizTask(
            f"{course}/again-1",
            "Check again 1",
            ("option-half-half", "option-whole-a", "option-whole-b"),
            (("numeric-price", "84"),),
            (("quizResult", "100"),),
        ),
    )


MATERIALS = {"sample": sample, "real": real}
