"""Every mistake of an author is named with its file and line, all of them at once, and nothing is imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.authoring.loading import load_program
from server.authoring.mistakes import MistakesError
from server.programs.models import Program
from tests.server import program_folder
from tests.server.breaking import (
    CHECK,
    CLIP,
    COURSE,
    CUES,
    EXAM,
    TILE,
    WHY,
    Change,
    Row,
    both,
    refused_at,
    remove,
    replace,
    svg,
    write,
)
from tests.server.program_folder import VTT, tiny_clip

FIRST_ITEM = program_folder.COURSE[
    program_folder.COURSE.index("[[weeks.modules.lessons.items]]") : program_folder.COURSE.index(
        '[[weeks.modules.lessons.items]]\nid = "why"'
    )
]

TABLE: list[Row] = [
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


@pytest.mark.parametrize(("change", "file", "line", "said"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_a_mistake_is_named_with_its_place(
    db: None, folder: Path, change: Change, file: str, line: int, said: str
) -> None:
    refused_at(folder, change, file, line, said)


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
