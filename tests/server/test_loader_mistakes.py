"""Every mistake of an author is named with its file and line, all of them at once, and nothing is imported."""

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
from tests.server import program_folder
from tests.server.program_folder import VTT, tiny_clip

COURSE = "courses/basics/course.toml"
CHECK = "courses/basics/quizzes/check.toml"
EXAM = "courses/basics/quizzes/exam.toml"
WHY = "courses/basics/readings/why.md"
CUES = "courses/basics/media/intro.en.vtt"
CLIP = "courses/basics/media/intro.webm"
TILE = "courses/basics/pictures/tile.svg"

FIRST_ITEM = program_folder.COURSE[
    program_folder.COURSE.index("[[weeks.modules.lessons.items]]") : program_folder.COURSE.index(
        '[[weeks.modules.lessons.items]]\nid = "why"'
    )
]


def replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Change a text; its place is where the mistake is."""

    def change(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, (name, old)
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def write(name: str, content: str | bytes) -> Callable[[Path], None]:
    """A file with this content."""

    def change(folder: Path) -> None:
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)

    return change


def remove(name: str) -> Callable[[Path], None]:
    """Without a file or a folder."""

    def change(folder: Path) -> None:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return change


def both(*changes: Callable[[Path], None]) -> Callable[[Path], None]:
    """One after the other."""

    def change(folder: Path) -> None:
        for one in changes:
            one(folder)

    return change


def svg(inside: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">\n{inside}\n</svg>\n'


def link(name: str, target: str | Path) -> Callable[[Path], None]:
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


PICTURE = "courses/basics/pictures/x.png"
SUB = "courses/basics/media/intro.de.srt"

HOSTILE: list[tuple[str, Callable[[Path], None], str, int, str]] = [
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
    ("cues of a wrong order", write(SUB, "1\n00:00:01,000 -> 00:00:02,000\nx\n"), SUB, 1, "no cue"),
    ("a time without minutes", write(SUB, "1\n1,000 --> 2,000\nx\n"), SUB, 2, "00:01:02.500"),
    ("a page as cues", write(CUES, "<html>WEBVTT</html>"), CUES, 1, "WEBVTT"),
]
TABLE: list[tuple[str, Callable[[Path], None], str, int, str]] = [
    # program.toml
    ("no program", remove("program.toml"), "program.toml", 1, "missing"),
    ("not TOML", replace("program.toml", 'name = "Evening school"', "name = Evening"), "program.toml", 2, "not TOML"),
    ("unfinished TOML", write("program.toml", 'id = "x"\nname = "'), "program.toml", 2, "not TOML"),
    ("not UTF-8", write("program.toml", b'id = "a"\nname = "\xe4"\n'), "program.toml", 2, "UTF-8"),
    ("unknown key", replace("program.toml", "welcome =", "welcom ="), "program.toml", 4, "Did you mean “welcome”?"),
    ("no name", replace("program.toml", 'name = "Evening school"\n', ""), "program.toml", 1, "“name” is missing"),
    ("bad id", replace("program.toml", '"evening-school"', '"Evening School"'), "program.toml", 1, "can't be an id"),
    ("bad address", replace("program.toml", "support@example.org", "support"), "program.toml", 5, "e-mail address"),
    ("bad accent", replace("program.toml", "#2f6f5e", "green"), "program.toml", 10, "colour"),
    ("bad logo", replace("program.toml", "logo.svg", "loge.svg"), "program.toml", 11, "Did you mean “logo.svg”?"),
    (
        "no such course",
        replace("program.toml", '["basics"]', '[\n"basics",\n"missing",\n]'),
        "program.toml",
        17,
        "missing",
    ),
    ("bad token", replace("program.toml", '"come-in"', '"come in"'), "program.toml", 20, "token"),
    ("no course", remove("courses"), "program.toml", 1, "no course"),
    (
        "group without title",
        replace("program.toml", 'title = "Start here"', ""),
        "program.toml",
        13,
        "“title” is missing",
    ),
    # course.toml
    ("no course.toml", remove(COURSE), COURSE, 1, "missing"),
    ("wrong type", replace(COURSE, 'title = "The basics"', "title = 5"), COURSE, 3, "text in quotes"),
    ("bad level", replace(COURSE, '"beginner"', '"begginer"'), COURSE, 9, "Did you mean “beginner”?"),
    ("bad language", replace(COURSE, 'language = "en"', 'language = "english language"'), COURSE, 8, "language tag"),
    ("bad skills", replace(COURSE, '["Asking"]', '"Asking"'), COURSE, 10, "list of texts"),
    ("bad date", replace(COURSE, 'licence = "CC BY 4.0"', 'starts = "tomorrow"'), COURSE, 12, "date like"),
    ("about is missing", remove("courses/basics/about.md"), COURSE, 6, "no file “about.md”"),
    (
        "about has a picture",
        write("courses/basics/about.md", "a\n\n![x](x.png)\n"),
        "courses/basics/about.md",
        3,
        "pictures",
    ),
    (
        "resource with both",
        replace(COURSE, 'file = "files/plan.txt"', 'file = "files/plan.txt"\nurl = "https://e.org"'),
        COURSE,
        18,
        "either",
    ),
    (
        "resource with a bad url",
        replace(COURSE, 'file = "files/plan.txt"', 'url = "javascript:alert(1)"'),
        COURSE,
        20,
        "https://",
    ),
    ("no kind", replace(COURSE, 'kind = "reading"\n', ""), COURSE, 41, "“kind” is missing"),
    ("unknown kind", replace(COURSE, 'kind = "reading"', 'kind = "redaing"'), COURSE, 43, "Did you mean “reading”?"),
    (
        "unknown key of an item",
        replace(COURSE, 'file = "readings/why.md"', 'fiel = "readings/why.md"'),
        COURSE,
        45,
        "Did you mean “file”?",
    ),
    ("missing file", replace(COURSE, "readings/why.md", "readings/wy.md"), COURSE, 45, "Did you mean “why.md”?"),
    ("outside", replace(COURSE, "readings/why.md", "../../program.toml"), COURSE, 45, "outside"),
    ("absolute", replace(COURSE, "readings/why.md", "/etc/passwd"), COURSE, 45, "relative"),
    ("backslashes", replace(COURSE, '"readings/why.md"', "'readings\\why.md'"), COURSE, 45, "relative"),
    (
        "weight of a reading",
        replace(COURSE, 'file = "readings/why.md"', 'file = "readings/why.md"\nweight = 3'),
        COURSE,
        46,
        "not known here",
    ),
    ("id twice", replace(COURSE, 'id = "why"', 'id = "intro"'), COURSE, 42, "taken by the item on line 33"),
    ("weights", replace(COURSE, "weight = 40", "weight = 30"), COURSE, 76, "sum to 90"),
    ("a day before the first", replace(COURSE, "due_day = 14", "due_day = 0"), COURSE, 77, "from 1 on"),
    ("a flag in quotes", replace(COURSE, "required = false", 'required = "no"'), COURSE, 87, "true or false"),
    (
        "no items",
        replace(
            COURSE,
            FIRST_ITEM,
            '[[weeks.modules.lessons]]\ntitle = "More"\n',
        ),
        COURSE,
        29,
        "“items” is missing",
    ),
    # media and cues
    ("empty medium", write(CLIP, b""), COURSE, 36, "empty"),
    ("broken medium", write(CLIP, b"<html>not found</html>" * 100), COURSE, 36, "broken"),
    (
        "truncated medium",
        write("courses/basics/media/intro.mp4", tiny_clip("mp4", "libx264")[:900]),
        COURSE,
        36,
        "broken",
    ),
    ("codec", write("courses/basics/media/intro.mp4", tiny_clip("mp4", "mpeg4")), COURSE, 36, "mpeg4"),
    ("kind of file", write("courses/basics/media/intro.avi", b"RIFF"), COURSE, 36, "not a medium"),
    ("cues without a head", write(CUES, VTT.replace("WEBVTT", "")), CUES, 1, "WEBVTT"),
    ("cues with a bad time", write(CUES, "WEBVTT\n\n00:00.000 --> later\nx\n"), CUES, 3, "00:01:02.500"),
    ("no cues", write(CUES, "WEBVTT\n\nnothing\n"), CUES, 1, "no cue"),
    ("cues in another encoding", write(CUES, b"WEBVTT\n\n00:00.000 --> 00:01.000\n\xe4\n"), CUES, 4, "UTF-8"),
    ("language of cues", replace(COURSE, "de = ", '"deutsch!" = '), COURSE, 39, "language tag"),
    (
        "cues of another kind",
        replace(COURSE, "media/intro.de.srt", "files/plan.txt"),
        "courses/basics/files/plan.txt",
        1,
        ".srt",
    ),
    # readings and pictures
    ("missing picture", replace(WHY, "desk.svg", "disk.svg"), WHY, 5, "Did you mean “desk.svg”?"),
    (
        "picture from the web",
        replace(WHY, "../pictures/desk.svg", "https://e.org/x.png"),
        WHY,
        5,
        "not a file of the course",
    ),
    ("no picture", replace(WHY, "../pictures/desk.svg", "why.md"), WHY, 5, "not a picture"),
    (
        "broken png",
        both(write("courses/basics/pictures/x.png", b"GIF89a"), replace(WHY, "desk.svg", "x.png")),
        WHY,
        5,
        "broken",
    ),
    ("script in a drawing", write(TILE, svg("<script>alert(1)</script>")), TILE, 2, "<script>"),
    ("handler in a drawing", write(TILE, svg('<rect\nonclick="x()"/>')), TILE, 2, "onclick"),
    ("link out of a drawing", write(TILE, svg('<image xlink:href="https://e.org/x.png"/>')), TILE, 2, "leads outside"),
    ("style out of a drawing", write(TILE, svg("<rect fill=\"url( 'https://e.org/#a' )\"/>")), TILE, 2, "outside"),
    ("entities in a drawing", write(TILE, '<!DOCTYPE svg [\n<!ENTITY a "b">]>\n' + svg("&a;")), TILE, 2, "entity"),
    ("a broken drawing", write(TILE, svg("<g>")), TILE, 3, "broken"),
    ("a page as a drawing", write(TILE, "<html/>"), TILE, 1, "not a drawing"),
    # quizzes
    ("no right option", replace(CHECK, ", right = true", ""), CHECK, 8, "exactly one option"),
    ("two right options", replace(CHECK, 'text = "That one"', 'text = "That one", right = true'), CHECK, 8, "2 are"),
    (
        "several without a right one",
        both(replace(EXAM, "right = true, feedback", "feedback"), replace(EXAM, ", right = true", "")),
        EXAM,
        8,
        "no option is right",
    ),
    ("option id twice", replace(CHECK, '{ id = "b"', '{ id = "a"'), CHECK, 10, "taken by another option"),
    ("question id twice", replace(CHECK, 'id = "q2"', 'id = "q1"'), CHECK, 15, "taken by the question on line 5"),
    ("numeric without an answer", replace(CHECK, "answer = 1.5\n", ""), CHECK, 14, "“answer” is missing"),
    ("text without answers", replace(EXAM, 'answers = ["secret-word"]', ""), EXAM, 14, "“answers” is missing"),
    ("above all", replace(CHECK, "pass_percent = 50", "pass_percent = 150"), CHECK, 2, "above 100"),
    ("unknown kind of question", replace(CHECK, '"numeric"', '"number"'), CHECK, 16, "Did you mean “numeric”?"),
    ("option with a wrong key", replace(CHECK, "feedback =", "feedbak ="), CHECK, 10, "Did you mean “feedback”?"),
    (
        "one option",
        replace(CHECK, '  { id = "b", text = "That one", feedback = "Look again." },\n', ""),
        CHECK,
        8,
        "two options",
    ),
    (
        "keys of a graded quiz in a practice quiz",
        replace(COURSE, 'quiz = "quizzes/check.toml"', 'quiz = "quizzes/exam.toml"'),
        COURSE,
        66,
        "learners would have its keys",
    ),
    ("no questions", write(CHECK, 'title = "x"\npass_percent = 1\n'), CHECK, 1, "“questions” is missing"),
]


@pytest.fixture
def folder(tmp_path: Path, pristine_folder: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(pristine_folder, tmp_path / "program"))


@pytest.mark.parametrize(
    ("change", "file", "line", "said"),
    [row[1:] for row in TABLE + HOSTILE],
    ids=[row[0] for row in TABLE + HOSTILE],
)
def test_a_mistake_is_named_with_its_place(
    db: None, folder: Path, change: Callable[[Path], None], file: str, line: int, said: str
) -> None:
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


def test_all_mistakes_come_at_once_in_order(db: None, folder: Path) -> None:
    replace("program.toml", "welcome =", "welcom =")(folder)
    replace(COURSE, "readings/why.md", "readings/wy.md")(folder)
    replace(CHECK, "answer = 1.5\n", "")(folder)
    write(CUES, "WEBVTT\n")(folder)
    with pytest.raises(MistakesError) as caught:
        load_program(folder)
    assert [f"{mistake.file}:{mistake.line}" for mistake in caught.value.mistakes] == [
        f"{COURSE}:45",
        f"{CUES}:1",
        f"{CHECK}:14",
        "program.toml:4",
    ]


def test_no_such_folder(db: None, tmp_path: Path) -> None:
    with pytest.raises(MistakesError, match="no such folder"):
        load_program(tmp_path / "nowhere")


def test_a_course_of_another_program(program: Program, folder: Path) -> None:
    replace("program.toml", 'id = "evening-school"', 'id = "rival"')(folder)
    replace("program.toml", 'token = "come-in"', "")(folder)
    with pytest.raises(MistakesError, match=r"courses/basics/course.toml:1: .*evening-school"):
        load_program(folder)
    assert not Program.objects.filter(pk="rival").exists()


def test_a_token_of_another_program(program: Program, folder: Path) -> None:
    replace("program.toml", 'id = "evening-school"', 'id = "rival"')(folder)
    (folder / "courses/basics").rename(folder / "courses/other")
    replace("courses/other/course.toml", 'id = "basics"', 'id = "other"')(folder)
    replace("program.toml", '["basics"]', '["other"]')(folder)
    with pytest.raises(MistakesError, match="token"):
        load_program(folder)
