"""Files that were made to do harm are refused like mistakes: named with file and line, and nothing is imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server import program_folder
from tests.server.breaking import (
    CHECK,
    COURSE,
    CUES,
    TILE,
    WHY,
    Change,
    Row,
    both,
    link,
    png,
    refused_at,
    replace,
    svg,
    write,
)
from tests.server.program_folder import VTT

PICTURE = "courses/basics/pictures/x.png"
SUB = "courses/basics/media/intro.de.srt"

TABLE: list[Row] = [
    # out of the folder
    ("link to a secret", link(WHY, "/etc/passwd"), COURSE, 45, "outside"),
    ("link to a secret in the program", link("courses/basics/about.md", "../../program.toml"), COURSE, 6, "outside"),
    ("link as course.toml", link(COURSE, "/etc/passwd"), COURSE, 1, "missing"),
    ("link as program.toml", link("program.toml", "/etc/passwd"), "program.toml", 1, "missing"),
    ("link in a circle", link(WHY, "why.md"), COURSE, 45, "circle"),
    ("link to nowhere", link(WHY, "nowhere.md"), COURSE, 45, "no file"),
    ("a course that is a link", link("courses/other", "/etc"), "courses/other", 1, "out of the program's folder"),
    ("up in the middle", replace(COURSE, "readings/why.md", "readings/../../../program.toml"), COURSE, 45, "outside"),
    ("up in a picture", replace(WHY, "../pictures/desk.svg", "..%2f..%2f..%2flogo.svg"), WHY, 5, "outside"),
    ("another host", replace(WHY, "../pictures/desk.svg", "//evil.example/x.png"), WHY, 5, "not a file of the course"),
    ("a drive", replace(COURSE, "readings/why.md", "C:/why.md"), COURSE, 45, "relative"),
    ("a folder as a file", replace(COURSE, "readings/why.md", "readings"), COURSE, 45, "no file"),
    ("a name too long", replace(COURSE, "readings/why.md", "a" * 300 + ".md"), COURSE, 45, "can't be the name"),
    ("NUL in a name", replace(COURSE, "readings/why.md", "why\\u0000.md"), COURSE, 45, "NUL"),
    ("NUL in a picture's name", replace(WHY, "desk.svg", "desk%00.svg"), WHY, 5, "can't be the name"),
    # encodings
    ("UTF-16", write("program.toml", program_folder.PROGRAM.encode("utf-16")), "program.toml", 1, "UTF-16"),
    ("UTF-16 cues", write(CUES, VTT.encode("utf-16")), CUES, 1, "UTF-16"),
    ("UTF-16 without a mark", write(WHY, "Why\nnot".encode("utf-16-le")), WHY, 1, "NUL"),
    ("Latin-1 below CR", write(WHY, b"a\rb\r\xe4"), WHY, 3, "UTF-8"),
    ("NUL in a text", write(WHY, "a\n\nb\0"), WHY, 3, "NUL"),
    ("NUL in a title", replace(COURSE, '"The basics"', '"The \\u0000 basics"'), COURSE, 3, "NUL"),
    ("NUL in a list", replace(COURSE, '["Asking"]', '["As\\u0000king"]'), COURSE, 10, "NUL"),
    # too much
    ("a title too long", replace(COURSE, "The basics", "x" * 301), COURSE, 3, "at most 300"),
    ("a name too long for a program", replace("program.toml", "Evening school", "x" * 201), "program.toml", 2, "200"),
    ("an organization too long", replace("program.toml", '"Town library"', f'"{"x" * 201}"'), "program.toml", 3, "200"),
    ("a language too long", replace(COURSE, '"en"', f'"en{"-abcdefgh" * 5}"'), COURSE, 8, "language tag"),
    ("a text too large", write(WHY, b"word " * 400_001), WHY, 1, "2 MB"),
    ("a quiz too large", write(CHECK, b"# x\n" * 500_001), CHECK, 1, "2 MB"),
    ("cues too large", write(CUES, b"WEBVTT\n\n" + b"x\n" * 1_000_000), CUES, 1, "2 MB"),
    ("a drawing too large", write(TILE, svg(" " * 2_000_001)), TILE, 1, "2 MB"),
    ("a line too long", write(CHECK, "\n" + ".".join("a" * 11_000) + " = 1\n"), CHECK, 2, "20000 characters"),
    ("days beyond time", replace(COURSE, "due_day = 7", "due_day = 99999999999"), COURSE, 68, "whole number"),
    ("not a number", replace(COURSE, "weight = 60", "weight = nan"), COURSE, 67, "must be a number"),
    (
        "a picture that swells",
        both(write(PICTURE, png(60_000, 60_000)), replace(WHY, "desk.svg", "x.png")),
        WHY,
        5,
        "too large",
    ),
    # nested
    ("arrays in arrays", write(CHECK, "a = " + "[" * 9_000 + "]" * 9_000), CHECK, 1, "nested too deeply"),
    ("elements in elements", write(WHY, "<div>" * 100_000), WHY, 1, "nested more than 200"),
    ("elements in a question", replace(CHECK, "Which of", "<b>" * 300), CHECK, 7, "nested more than 200"),
    (
        "entities in entities",
        write(TILE, '<!DOCTYPE svg [<!ENTITY a "bbbb"><!ENTITY c "&a;&a;&a;&a;">]>\n' + svg("&c;&c;")),
        TILE,
        1,
        "swell",
    ),
    # not what the ending says
    ("a page as a film", write("courses/basics/media/intro.mp4", b"<html>" * 1000), COURSE, 36, "broken"),
    ("a program as a film", write("courses/basics/media/intro.mp4", b"\x7fELF" + bytes(5000)), COURSE, 36, "broken"),
    ("a picture as a film", write("courses/basics/media/intro.mp4", png(64, 48)), COURSE, 36, "use video"),
    ("cues without an arrow", write(SUB, "1\n00:00:01,000 00:00:02,000\nx\n"), SUB, 1, "no cue"),
    ("a time without minutes", write(SUB, "1\n1,000 --> 2,000\nx\n"), SUB, 2, "00:01:02.500"),
    ("a page as cues", write(CUES, "<html>WEBVTT</html>"), CUES, 1, "WEBVTT"),
]


@pytest.mark.parametrize(("change", "file", "line", "said"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_would_do_harm_is_named_with_its_place(
    db: None, folder: Path, change: Change, file: str, line: int, said: str
) -> None:
    refused_at(folder, change, file, line, said)
