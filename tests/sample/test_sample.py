"""What ships as the sample program: complete, small, in step, and true where it can be checked."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import av
import pytest
from pytest_django import Settings

from server.authoring.programs import read_program
from tests.sample.folder import (
    COURSES,
    FILMS,
    LINE_HEIGHT,
    QUIZZES,
    READINGS,
    SAMPLE,
    TRACKS,
    cues,
    document,
    duration_ms,
    items,
    luma,
    referenced,
)

MEGABYTE = 1_000_000
CUE_LINE = 44
DARK = 150
"""The filled part of the line of time is darker than this, the rest of it lighter."""

_SQL = re.compile(r"```sql\n(.*?)```", re.DOTALL)


def _name(path: Path) -> str:
    return f"{path.parents[1].name}/{path.name}"


def test_it_is_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) <= 12 * MEGABYTE


def test_the_server_reads_it_without_a_complaint(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_FOLDER = tmp_path
    program = read_program(SAMPLE)
    assert program.report.warnings == []
    assert set(program.courses) == {"study-well", "sql-questions"}
    assert [(invitation.email, invitation.token) for invitation in program.invitations] == [
        ("learner@example.org", "welcome")
    ]


def test_every_named_file_is_there_and_no_other_ships() -> None:
    named = {path.resolve() for course in COURSES for path in referenced(course)}
    shipped = {path.resolve() for path in SAMPLE.rglob("*") if path.is_file()}
    assert shipped - named == {SAMPLE / "program.toml", SAMPLE / "LICENSE.md"}
    assert named - shipped == set()


@pytest.mark.parametrize("course", COURSES, ids=lambda path: path.name)
def test_a_course_has_three_weeks_six_lectures_and_a_whole_grade(course: Path) -> None:
    kinds = [item["kind"] for item in items(course)]
    assert len(document(course / "course.toml")["weeks"]) == 3
    assert kinds.count("video") == 6
    assert kinds.count("graded_quiz") == 3
    assert kinds.count("assignment") == 1
    assert sum(item.get("weight", 0) for item in items(course)) == 100
    assert all("due_day" in item for item in items(course) if "weight" in item)
    ids = [item["id"] for item in items(course)]
    assert len(ids) == len(set(ids))


def test_the_first_week_of_study_well_is_what_journeys_walk_through() -> None:
    course = SAMPLE / "courses" / "study-well"
    week = document(course / "course.toml")["weeks"][0]
    walked = [item for module in week["modules"] for lesson in module["lessons"] for item in lesson["items"]]
    assert [item["id"] for item in walked[:3]] == ["welcome", "why", "check-1"]
    practice = [item for item in walked if item["kind"] == "practice_quiz"]
    assert len(practice) == 2
    kinds = {question["kind"] for question in document(course / practice[0]["quiz"])["questions"]}
    assert {"single", "several", "numeric"} <= kinds


@pytest.mark.parametrize("course", COURSES, ids=lambda path: path.name)
def test_readings_show_what_readings_can_hold(course: Path) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in READINGS if path.parents[1] == course)
    assert "](../pictures/" in text
    assert "\n|--" in text
    assert "\n```" in text
    assert "\n$$" in text


@pytest.mark.parametrize("film", FILMS, ids=_name)
def test_a_lecture_has_picture_sound_and_keyframes_close_together(film: Path) -> None:
    with av.open(str(film)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        names = [stream.codec_context.codec.canonical_name for stream in (video, audio)]
        assert names == ["vp9", "opus"]
        assert (video.width, video.height) == (640, 360)
        ends = {video.index: 0.0, audio.index: 0.0}
        keys = []
        for packet in container.demux(video, audio):
            if packet.pts is None:
                continue
            at = float(packet.pts * packet.time_base)
            ends[packet.stream.index] = max(ends[packet.stream.index], at)
            if packet.stream.index == video.index and packet.is_keyframe:
                keys.append(at)
    whole = duration_ms(film) / 1000
    assert 60 <= whole <= 160
    assert all(abs(end - whole) < 0.5 for end in ends.values())
    assert keys[0] == pytest.approx(0, abs=0.01)
    assert max(after - before for before, after in zip(keys, [*keys[1:], whole], strict=True)) <= 2.5


@pytest.mark.parametrize("film", FILMS, ids=_name)
def test_the_picture_changes_and_its_line_tells_the_second(film: Path) -> None:
    whole = duration_ms(film)
    moments = (10_500, 25_500, 40_500, 55_500)
    frames = {at_ms: luma(film, at_ms) for at_ms in moments}
    for at_ms, (grey, line_size) in frames.items():
        row = grey[(360 - LINE_HEIGHT // 2) * line_size :][:640]
        filled = sum(1 for value in row if value < DARK)
        assert filled == pytest.approx(640 * (at_ms // 1000) * 1000 / whole, abs=5)
    for early, late in ((10_500, 40_500), (25_500, 55_500)):
        one, other = frames[early][0], frames[late][0]
        changed = sum(1 for a, b in zip(one, other, strict=True) if abs(a - b) > 40)
        assert changed / len(one) > 0.01


@pytest.mark.parametrize("film", FILMS, ids=_name)
def test_both_languages_have_the_same_times_within_the_film(film: Path) -> None:
    english, german = (cues(film.with_suffix(f".{language}.vtt")) for language in ("en", "de"))
    assert len(english) >= 12
    assert [(cue.start_ms, cue.end_ms) for cue in english] == [(cue.start_ms, cue.end_ms) for cue in german]
    assert all(one.lines != other.lines for one, other in zip(english, german, strict=True))
    edges = [moment for cue in english for moment in (cue.start_ms, cue.end_ms)]
    assert edges == sorted(edges)
    assert all(cue.end_ms - cue.start_ms >= 700 for cue in english)
    assert edges[-1] <= duration_ms(film)


@pytest.mark.parametrize("track", TRACKS, ids=_name)
def test_cues_fit_the_picture(track: Path) -> None:
    for cue in cues(track):
        assert len(cue.lines) <= 2
        assert all(0 < len(line) <= CUE_LINE for line in cue.lines), cue.lines


@pytest.mark.parametrize("quiz", QUIZZES, ids=_name)
def test_every_answer_to_a_quiz_is_taught_something(quiz: Path) -> None:
    for question in document(quiz)["questions"]:
        if question["kind"] in ("single", "several"):
            assert all(option.get("feedback") for option in question["options"]), question["id"]
        else:
            assert question["right_feedback"], question["id"]
            assert question["wrong_feedback"], question["id"]


@pytest.mark.parametrize("course", COURSES, ids=lambda path: path.name)
def test_every_kind_of_question_is_asked_in_a_course(course: Path) -> None:
    asked = [q["kind"] for quiz in QUIZZES if quiz.parents[1] == course for q in document(quiz)["questions"]]
    assert set(asked) == {"single", "several", "numeric", "text"}


@pytest.fixture
def rain() -> Iterator[sqlite3.Connection]:
    """The tables of the SQL course."""
    with closing(sqlite3.connect(":memory:")) as connection:
        script = SAMPLE / "courses" / "sql-questions" / "files" / "rain.sql"
        connection.executescript(script.read_text(encoding="utf-8"))
        yield connection


def test_the_sql_of_the_readings_runs(rain: sqlite3.Connection) -> None:
    texts = [path.read_text(encoding="utf-8") for path in READINGS if path.parents[1].name == "sql-questions"]
    blocks = [block for text in texts for block in _SQL.findall(text)]
    assert len(blocks) >= 15
    for block in blocks:
        for statement in re.sub(r"--[^\n]*", "", block).split(";"):
            if statement.strip():
                assert rain.execute(statement).fetchall(), statement


def _numeric_questions_with_sql() -> Iterator[dict[str, Any]]:
    for quiz in QUIZZES:
        for question in document(quiz)["questions"]:
            if question["kind"] == "numeric" and _SQL.search(question["text"]):
                yield question


def test_the_answers_of_the_sql_quizzes_are_right(rain: sqlite3.Connection) -> None:
    checked = 0
    for question in _numeric_questions_with_sql():
        match = _SQL.search(question["text"])
        assert match
        rows = rain.execute(match[1]).fetchall()
        assert question["answer"] == (len(rows) if question["unit"] == "rows" else rows[0][0]), question["id"]
        checked += 1
    assert checked >= 4


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("SELECT AVG(mm) FROM rain", 6.2),
        ("SELECT SUM(mm) FROM rain WHERE day = 'Mon'", 22),
        ("SELECT COUNT(*) FROM station AS s LEFT JOIN rain AS r ON r.station_id = s.id", 7),
        ("SELECT COUNT(*) FROM station JOIN rain", 24),
        ("SELECT COUNT(*) FROM rain WHERE day = 'Tue' OR mm > 5", 5),
        ("SELECT COUNT(*) FROM rain WHERE station_id = 1 OR station_id = 3 AND mm > 5", 4),
        ("SELECT COUNT(*) FROM rain WHERE (station_id = 1 OR station_id = 3) AND mm > 5", 2),
        ("SELECT COUNT(*) FROM station WHERE 50 < height_m < 200", 4),
    ],
)
def test_the_numbers_that_lectures_and_quizzes_say(rain: sqlite3.Connection, question: str, answer: float) -> None:
    assert rain.execute(question).fetchone()[0] == pytest.approx(answer)
