"""The sample program as its files say it: courses, items, quizzes, cues and the films' first facts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample"
COURSES = tuple(sorted(path.parent for path in SAMPLE.glob("courses/*/course.toml")))
FILMS = tuple(sorted(SAMPLE.glob("courses/*/media/*.webm")))
TRACKS = tuple(sorted(SAMPLE.glob("courses/*/media/*.vtt")))
QUIZZES = tuple(sorted(SAMPLE.glob("courses/*/quizzes/*.toml")))
READINGS = tuple(sorted(SAMPLE.glob("courses/*/readings/*.md")))
LINE_HEIGHT = 4
"""Of the line of time along the bottom of each lecture."""

_CUE = re.compile(r"\d+\n(\d\d):(\d\d):(\d\d)\.(\d{3}) --> (\d\d):(\d\d):(\d\d)\.(\d{3})\n(.+)", re.DOTALL)
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")


@dataclass(frozen=True)
class Cue:
    """When, and the lines of text."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def document(path: Path) -> dict[str, Any]:
    """A TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def items(course: Path) -> Iterator[dict[str, Any]]:
    """The items of a course, in order."""
    for week in document(course / "course.toml")["weeks"]:
        for module in week["modules"]:
            for lesson in module["lessons"]:
                yield from lesson["items"]


def cues(path: Path) -> tuple[Cue, ...]:
    """The cues of a WebVTT file, read without our own parsers."""
    head, *blocks = path.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    assert head == "WEBVTT"
    found = []
    for block in blocks:
        match = _CUE.fullmatch(block)
        assert match, f"{path.name}: {block}"
        numbers = [int(group) for group in match.groups()[:8]]
        start, end = (((h * 60 + m) * 60 + s) * 1000 + ms for h, m, s, ms in (numbers[:4], numbers[4:]))
        found.append(Cue(start, end, tuple(match[9].split("\n"))))
    return tuple(found)


def duration_ms(film: Path) -> int:
    """What the container says."""
    with av.open(str(film)) as container:
        assert container.duration is not None
        return container.duration // 1000


def luma(film: Path, at_ms: int) -> tuple[bytes, int]:
    """Brightness of the frame that is shown at a moment, row by row, and the bytes in a row."""
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        container.seek(at_ms * 1000)
        shown = None
        for frame in container.decode(stream):
            if shown is not None and frame.time * 1000 > at_ms:
                break
            shown = frame
        assert shown is not None
        plane = shown.reformat(format="gray").planes[0]
        return bytes(plane), plane.line_size


def referenced(course: Path) -> set[Path]:
    """Every file that the course names, directly or in a text."""
    names = document(course / "course.toml")
    found = {course / "course.toml"} | {course / names[key] for key in ("about", "welcome", "picture") if key in names}
    found |= {course / resource["file"] for resource in names.get("resources", ()) if "file" in resource}
    for item in items(course):
        found |= {course / item[key] for key in ("media", "poster", "file", "quiz") if key in item}
        found |= {course / track for track in item.get("tracks", {}).values()}
    for text in [path for path in found if path.suffix == ".md"]:
        found |= {(text.parent / name).resolve() for name in _PICTURE.findall(text.read_text(encoding="utf-8"))}
    return found
