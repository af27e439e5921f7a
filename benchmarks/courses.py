"""Courses of the size of real ones, with made-up content: a lecture's subtitles, a week's texts and pictures.

The sizes are the means of what was measured of open courses: 8 kB a file of subtitles in each of three languages, 9 kB
a text, 100 kB a picture. The lectures' own pictures and sound are a second long: nobody needs them to read a course.
"""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import av
from av.video.stream import VideoStream

WEEKS, LECTURES, TEXTS, PICTURES = 5, 4, 4, 2
LANGUAGES = ("en", "de", "fr")
WORDS = """water table index river learn measure often because which between under year small large count people
village clinic record budget answer question before after several little number reading careful plan"""

HEAD = """\
id = "{name}"
kind = "course"
title = "Course {name}"
partner = "Open School"
summary = "A course of five weeks."
about = "about.md"
welcome = "about.md"
language = "en"
level = "beginner"
picture = "tile.png"
licence = "CC BY 4.0"
"""
RESOURCE = """
[[resources]]
title = "File {number}"
file = "file-{number}.zip"
"""
WEEK = """
[[weeks]]
title = "Week {week}"

[[weeks.modules]]
title = "Module {week}"
summary = "Lectures and texts."

[[weeks.modules.lessons]]
title = "Lesson {week}"
"""
ITEM = """
[[weeks.modules.lessons.items]]
id = "{key}"
title = "{title}"
"""
QUESTION = """
[[questions]]
id = "q{number}"
kind = "single"
text = "{text}"
options = [
  {{ id = "a", text = "{a}", right = true, feedback = "{b}" }},
  {{ id = "b", text = "{b}", feedback = "{a}" }},
]
"""


def write_course(folder: Path, name: str, clip: Path, resources: int = 0, resource_bytes: int = 0) -> None:
    """A course in ``folder / name`` with ``clip`` as each of its lectures, other texts for each name, and so many files
    beside the items."""
    source = random.Random(name)
    course = folder / name
    course.mkdir(parents=True)
    lines = [HEAD.format(name=name)]
    _write(course / "about.md", _prose(source, 2_000))
    (course / "tile.png").write_bytes(_picture(source, 160, 90))
    for number in range(resources):
        lines.append(RESOURCE.format(number=number))
        (course / f"file-{number}.zip").write_bytes(source.randbytes(resource_bytes))
    for week in range(1, WEEKS + 1):
        lines.append(WEEK.format(week=week))
        lines += _lectures(course, source, week, clip)
        lines += _texts(course, source, week)
    (course / "course.toml").write_text("".join(lines), encoding="utf-8")


def _lectures(course: Path, source: random.Random, week: int, clip: Path) -> Iterator[str]:
    for number in range(LECTURES):
        key = f"v{week}-{number}"
        (course / f"{key}{clip.suffix}").hardlink_to(clip)
        yield ITEM.format(key=key, title=f"Lecture {number} of week {week}")
        yield f'kind = "video"\nmedia = "{key}{clip.suffix}"\n[weeks.modules.lessons.items.tracks]\n'
        for language in LANGUAGES:
            _write(course / f"{key}.{language}.vtt", _cues(source))
            yield f'{language} = "{key}.{language}.vtt"\n'


def _texts(course: Path, source: random.Random, week: int) -> Iterator[str]:
    for number in range(TEXTS):
        key = f"r{week}-{number}"
        text = _prose(source, 9_000)
        if number < PICTURES:
            (course / f"{key}.png").write_bytes(_picture(source, 240, 140))
            text += f"\n\n![A picture]({key}.png)\n"
        _write(course / f"{key}.md", text)
        yield ITEM.format(key=key, title=f"Text {number} of week {week}") + f'kind = "reading"\nfile = "{key}.md"\n'
    questions = [
        QUESTION.format(number=number, text=_sentence(source), a=_sentence(source), b=_sentence(source))
        for number in range(8)
    ]
    _write(course / f"q{week}.toml", f'title = "Quiz {week}"\npass_percent = 60\n' + "".join(questions))
    yield ITEM.format(key=f"q{week}", title=f"Quiz of week {week}")
    yield f'kind = "graded_quiz"\nquiz = "q{week}.toml"\nweight = {100 // WEEKS}\ndue_day = {7 * week}\n'


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _sentence(source: random.Random) -> str:
    words = source.choices(WORDS.split(), k=source.randint(7, 14))
    return " ".join(words).capitalize() + "."


def _prose(source: random.Random, size: int) -> str:
    parts, length = ["# A text\n"], 0
    while length < size:
        paragraph = " ".join(_sentence(source) for _ in range(6))
        parts.append(paragraph)
        length += len(paragraph)
    return "\n\n".join(parts) + "\n"


def _cues(source: random.Random) -> str:
    parts = ["WEBVTT"]
    for number in range(85):
        begin, end = (f"00:{at // 60:02}:{at % 60:02}.000" for at in (number * 4, number * 4 + 4))
        parts.append(f"{begin} --> {end}\n{_sentence(source)}")
    return "\n\n".join(parts) + "\n"


def _picture(source: random.Random, width: int, height: int) -> bytes:
    """A PNG of noise, three bytes a pixel."""
    rows = b"".join(b"\0" + source.randbytes(width * 3) for _ in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def short_clip(path: Path) -> Path:
    """A grey lecture of a second, in 2 kB. Returns ``path``."""
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        video = container.add_stream("libx264", rate=5)
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = 64, 36, "yuv420p"
        for number in range(5):
            frame = av.VideoFrame(64, 36, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([100 + number]) * plane.buffer_size)
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return path
