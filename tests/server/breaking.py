"""Ways to break a program's folder, and how it is then refused."""

from __future__ import annotations

import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from server.authoring.loading import load_program
from server.authoring.mistakes import MistakesError
from server.catalog.models import Blob, Course
from server.feeds.models import FeedHead
from server.programs.models import Organization, Program

COURSE = "courses/basics/course.toml"
CHECK = "courses/basics/quizzes/check.toml"
EXAM = "courses/basics/quizzes/exam.toml"
WHY = "courses/basics/readings/why.md"
CUES = "courses/basics/media/intro.en.vtt"
CLIP = "courses/basics/media/intro.webm"
TILE = "courses/basics/pictures/tile.svg"

Change = Callable[[Path], None]
Row = tuple[str, Change, str, int, str]
"""What is wrong, the change that makes it so, the file and line it is named with, what is said of it."""


def replace(name: str, old: str, new: str) -> Change:
    """Change a text; its place is where the mistake is."""

    def change(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, (name, old)
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def write(name: str, content: str | bytes) -> Change:
    """A file with this content."""

    def change(folder: Path) -> None:
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)

    return change


def remove(name: str) -> Change:
    """Without a file or a folder."""

    def change(folder: Path) -> None:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return change


def both(*changes: Change) -> Change:
    """One after the other."""

    def change(folder: Path) -> None:
        for one in changes:
            one(folder)

    return change


def svg(inside: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">\n{inside}\n</svg>\n'


def link(name: str, target: str | Path) -> Change:
    """A symbolic link in the place of a file."""

    def change(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)

    return change


def png(width: int, height: int) -> bytes:
    """The head of a picture that claims a size, and hardly any content."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def refused_at(folder: Path, change: Change, file: str, line: int, said: str) -> None:
    """Break a folder and load it: the mistake is named with its place, and nothing is imported."""
    change(folder)
    medium = next((folder / "courses").rglob("media/intro.[ma][pv][4i]"), None)
    if medium is not None:
        replace(COURSE, "media/intro.webm", f"media/{medium.name}")(folder)
    with pytest.raises(MistakesError) as caught:
        load_program(folder)
    here = [mistake for mistake in caught.value.mistakes if (mistake.file, mistake.line) == (file, line)]
    assert any(said in mistake.text for mistake in here), str(caught.value)
    for model in (Program, Organization, Course, Blob, FeedHead):
        assert not model.objects.exists(), "nothing half-imported"
