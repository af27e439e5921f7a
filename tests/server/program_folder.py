"""A small program in the authoring format, with real (tiny) media, to load and to break."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path

import av
from av.video.stream import VideoStream

PROGRAM_ID = "evening-school"
COURSE_ID = "basics"
LECTURE = "basics/intro"
READING = "basics/why"
PRACTICE = "basics/check"
EXAM = "basics/exam"
PLAN = "basics/plan"
TOOL = "basics/lab"
LECTURE_MS = 2000
TOKEN = "come-in"

PROGRAM = """\
id = "evening-school"
name = "Evening school"
organization = "Town library"
welcome = "Learn at your own pace."
support_email = "support@example.org"
admin_email = "admin@example.org"

[brand]
name = "Town library"
accent = "#2f6f5e"
logo = "logo.svg"

[[groups]]
title = "Start here"
courses = ["basics"]

[[invitations]]
email = "ada@example.org"
name = "Ada"
token = "come-in"
"""

COURSE = """\
id = "basics"
kind = "course"
title = "The basics"
partner = "Town library"
summary = "What everybody asks first."
about = "about.md"
welcome = "welcome.md"
language = "en"
level = "beginner"
skills = ["Asking"]
picture = "pictures/tile.svg"
licence = "CC BY 4.0"

[[instructors]]
name = "The library's team"
title = "Course team"

[[resources]]
title = "Plan"
file = "files/plan.txt"

[[weeks]]
title = "First week"

[[weeks.modules]]
title = "Beginning"
summary = "How to begin."

[[weeks.modules.lessons]]
title = "Start"

[[weeks.modules.lessons.items]]
id = "intro"
kind = "video"
title = "Introduction"
media = "media/intro.webm"
[weeks.modules.lessons.items.tracks]
en = "media/intro.en.vtt"
de = "media/intro.de.srt"

[[weeks.modules.lessons.items]]
id = "why"
kind = "reading"
title = "Why ask"
file = "readings/why.md"

[[weeks.modules.lessons.items]]
id = "check"
kind = "practice_quiz"
title = "Check yourself"
quiz = "quizzes/check.toml"

[[weeks]]
title = "Second week"

[[weeks.modules]]
title = "Ending"

[[weeks.modules.lessons]]
title = "Show it"

[[weeks.modules.lessons.items]]
id = "exam"
kind = "graded_quiz"
title = "Show what you know"
quiz = "quizzes/exam.toml"
weight = 60
due_day = 7
max_attempts = 2

[[weeks.modules.lessons.items]]
id = "plan"
kind = "assignment"
title = "Plan your month"
file = "readings/plan.md"
weight = 40
due_day = 14
reviews_required = 2
review_due_day = 17

[[weeks.modules.lessons.items]]
id = "lab"
kind = "external_tool"
title = "Look around"
file = "readings/plan.md"
minutes = 30
required = false
"""

CHECK = """\
title = "Check yourself"
pass_percent = 50

[[questions]]
id = "q1"
kind = "single"
text = "Which of *these*?"
options = [
  { id = "a", text = "This one", right = true },
  { id = "b", text = "That one", feedback = "Look again." },
]
right_feedback = "Yes."

[[questions]]
id = "q2"
kind = "numeric"
text = "How many?"
answer = 1.5
tolerance = 0.1
"""

EXAM_TOML = """\
title = "Exam"
pass_percent = 60

[[questions]]
id = "q1"
kind = "several"
text = "Which ones? $x_1 < x_2$"
options = [
  { id = "a", text = "One", right = true, feedback = "secret-feedback" },
  { id = "b", text = "Two", right = true },
  { id = "c", text = "Three" },
]

[[questions]]
id = "q2"
kind = "text"
text = "What is the word?"
answers = ["secret-word"]
"""

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="{}"/></svg>\n'
VTT = "WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n\n00:01.000 --> 00:02.000\nGood-bye.\n"
SRT = "1\n00:00:00,000 --> 00:00:01,000\nHallo.\n\n2\n00:00:01,000 --> 00:00:02,000\nAuf Wiedersehen.\n"


@cache
def tiny_clip(kind: str = "webm", codec: str = "libvpx", *, seconds: int = 2, keyframes_every: int = 10) -> bytes:
    """A grey film of 64x48 pixels at 10 frames a second."""
    target = BytesIO()
    with av.open(target, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=10, options={"sc_threshold": "0"} if codec == "libx264" else {})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.gop_size = keyframes_every
        stream.time_base = Fraction(1, 10)
        for number in range(seconds * 10):
            frame = av.VideoFrame(64, 48, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([16 + number % 3]) * plane.buffer_size)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()


def write_program(folder: Path) -> Path:
    """Write the program; returns its folder."""
    texts = {
        "program.toml": PROGRAM,
        "logo.svg": SVG.format("red"),
        "courses/basics/course.toml": COURSE,
        "courses/basics/about.md": "Everything **important**.\n",
        "courses/basics/welcome.md": "Welcome!\n",
        "courses/basics/files/plan.txt": "Monday: ask.\n",
        "courses/basics/media/intro.en.vtt": VTT,
        "courses/basics/media/intro.de.srt": SRT,
        "courses/basics/pictures/tile.svg": SVG.format("green"),
        "courses/basics/pictures/desk.svg": SVG.format("blue"),
        "courses/basics/readings/why.md": "# Why\n\nBecause $a_1 < b$.\n\n![A desk](../pictures/desk.svg)\n",
        "courses/basics/readings/plan.md": "Plan your month.\n\n![A desk](../pictures/desk.svg)\n",
        "courses/basics/quizzes/check.toml": CHECK,
        "courses/basics/quizzes/exam.toml": EXAM_TOML,
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    (folder / "courses/basics/media/intro.webm").write_bytes(tiny_clip())
    return folder
