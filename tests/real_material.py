"""Assembles a program in our authoring format from real material that nobody on the project made.

The material is not part of the project: ``HAVERSACK_TEST_DATA`` names its folder. Without it tests skip and say so.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

VARIABLE = "HAVERSACK_TEST_DATA"
COURSE_ID = "real"
LECTURES = ("prosenttiarvo1.mp4", "prosenttiarvo2.mp4", "normal.mp4")
LANGUAGES = ("en", "fr", "ru", "zh-CN")
SUBTITLES = {"en": "00_", "fr": "00_", "ru": "00_", "zh-CN": "00_"}

PROGRAM = """\
id = "real"
name = "Real material"
organization = "Tests"
welcome = "Lectures, subtitles and readings that others made."

[[groups]]
title = "All"
courses = ["real"]

[[invitations]]
email = "reader@example.org"
name = "Reader"
token = "real-welcome"
"""

QUIZ = """\
title = "Check"
pass_percent = 60

[[questions]]
id = "share"
kind = "numeric"
text = "6 of 24 friends live abroad. How many percent is that?"
unit = "%"
answer = 25
tolerance = 0.5

[[questions]]
id = "base"
kind = "single"
text = "What is the base value?"
options = [
  { id = "all", text = "all friends", right = true },
  { id = "abroad", text = "the friends abroad" },
]

[[questions]]
id = "more"
kind = "several"
text = "Which are a quarter?"
options = [
  { id = "a", text = "25 %", right = true },
  { id = "b", text = "0.25", right = true },
  { id = "c", text = "2.5 %" },
]
"""


AGAIN = """\
title = "Check again"
pass_percent = 60

[[questions]]
id = "half"
kind = "single"
text = "Which share is 50 %?"
options = [
  { id = "half", text = "a half", right = true },
  { id = "fifth", text = "a fifth" },
]

[[questions]]
id = "whole"
kind = "several"
text = "Which are the whole?"
options = [
  { id = "a", text = "100 %", right = true },
  { id = "b", text = "1.0", right = true },
  { id = "c", text = "10 %" },
]

[[questions]]
id = "price"
kind = "numeric"
text = "A price of 80 rises by 5 %. What is it now?"
answer = 84
tolerance = 0
"""


def material() -> Path:
    """The folder of the material; skips the test where there is none."""
    named = os.environ.get(VARIABLE, "")
    folder = Path(named) if named else None
    if folder is None or not (folder / "README.md").is_file():
        pytest.skip(f"{VARIABLE} names no folder with the real material")
    return folder.resolve()


def _plain_markdown(text: str) -> str:
    """MDX without its components and imports, and without pictures that are elsewhere in the world."""
    text = re.sub(r"\[\[[\w-]+\]\]\s*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"<(CourseFloatingBanner|Youtube|Question|iframe)\b.*?(/>|</\1>)", "", text, flags=re.DOTALL)
    text = re.sub(r"<img\b[^>]*>", "", text)
    text = re.sub(r"!\[[^\]]*\]\(https?://[^)]*\)", "", text)
    text = re.sub(r"</?div\b[^>]*>", "", text)  # in plain Markdown what follows such a line would be HTML
    return re.sub(r"^import .*$", "", text, flags=re.MULTILINE)


def _items(number: int, lecture: str) -> str:
    tracks = "\n".join(f'{language} = "media/{language}.srt"' for language in LANGUAGES)
    return f"""
[[weeks]]
title = "Week of {lecture}"
[[weeks.modules]]
title = "Percent"
[[weeks.modules.lessons]]
title = "Lesson {number}"

[[weeks.modules.lessons.items]]
id = "lecture-{number}"
kind = "video"
title = "Lecture {lecture}"
media = "media/{lecture}"
[weeks.modules.lessons.items.tracks]
{tracks}

[[weeks.modules.lessons.items]]
id = "example-{number}"
kind = "reading"
title = "A worked example with mathematics"
file = "readings/example.html"
language = "fi"

[[weeks.modules.lessons.items]]
id = "persian-{number}"
kind = "reading"
title = "درس به زبان فارسی"
file = "readings/persian.md"
language = "fa"

[[weeks.modules.lessons.items]]
id = "chinese-{number}"
kind = "reading"
title = "简介"
file = "readings/chinese.md"
language = "zh-CN"

[[weeks.modules.lessons.items]]
id = "check-{number}"
kind = "practice_quiz"
title = "Check {number}"
quiz = "quizzes/check.toml"

[[weeks.modules.lessons.items]]
id = "again-{number}"
kind = "practice_quiz"
title = "Check again {number}"
quiz = "quizzes/again.toml"
"""


def assemble_real_program(target: Path) -> Path:
    """Write the program into ``target`` and return it. Three weeks, a real lecture and its company in each."""
    data = material()
    course = target / "courses" / COURSE_ID
    for folder in ("media", "readings", "quizzes"):
        (course / folder).mkdir(parents=True)
    (target / "program.toml").write_text(PROGRAM, encoding="utf-8")
    for lecture in LECTURES:
        shutil.copy(data / "olx/math-percent-fi/static" / lecture, course / "media" / lecture)
    for language in LANGUAGES:
        source = next((data / "transcripts" / language).glob(f"{SUBTITLES[language]}*.srt"))
        shutil.copy(source, course / "media" / f"{language}.srt")
    example = data / "olx/math-percent-fi/html/82ba1d22a5d449c9a2a4a3d37b307f8f.html"
    shutil.copy(example, course / "readings" / "example.html")
    for name, original in (("persian", "fa/1.mdx"), ("chinese", "zh-CN/1.mdx")):
        text = (data / "readings" / original).read_text(encoding="utf-8")
        (course / "readings" / f"{name}.md").write_text(_plain_markdown(text), encoding="utf-8")
    (course / "about.md").write_text("Percentages, explained in Finnish.\n", encoding="utf-8")
    (course / "quizzes" / "check.toml").write_text(QUIZ, encoding="utf-8")
    (course / "quizzes" / "again.toml").write_text(AGAIN, encoding="utf-8")
    head = f"""\
id = "{COURSE_ID}"
title = "Prosenttilaskenta"
partner = "Open course"
summary = "Percentages, with real lectures."
about = "about.md"
language = "fi"
level = "beginner"
licence = "CC BY 3.0"
"""
    body = "".join(_items(number, lecture) for number, lecture in enumerate(LECTURES, 1))
    (course / "course.toml").write_text(head + body, encoding="utf-8")
    return target
