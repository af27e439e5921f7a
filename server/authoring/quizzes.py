"""Quizzes of authors to quiz documents with keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from protocol.quizzes import NUMERIC, QUESTION_KINDS, SEVERAL, SINGLE, TEXT, Key, Option, Question, Quiz
from server.authoring.files import PicturesOf
from server.authoring.mistakes import Report
from server.authoring.tables import Table, read_document
from server.authoring.texts import TOO_DEEP, TooDeepError, markdown_to_html, phrase_to_html


def read_quiz(path: Path, pictures: PicturesOf, report: Report) -> Quiz | None:
    """The quiz with its keys; None when nothing can be made of the file. Mistakes are reported."""
    table = read_document(path, report)
    if table is None:
        return None
    title = table.text("title", required=True)
    pass_percent = table.number("pass_percent", required=True)
    if pass_percent > 100:
        table.mistake("“pass_percent” can't be above 100", "pass_percent")
    instructions = _html(table, "instructions", pictures, markdown_to_html)
    seen: dict[str, int] = {}
    questions = []
    for question_table in table.tables("questions", required=True):
        question = _question(question_table, pictures)
        if question.id in seen:
            question_table.mistake(f"the id “{question.id}” is taken by the question on line {seen[question.id]}", "id")
        seen[question.id] = question_table.line("id")
        questions.append(question)
    table.finish()
    return Quiz(
        title=title,
        pass_percent=pass_percent,
        instructions_html=instructions,
        questions=tuple(questions),
    )


def _phrase(table: Table, key: str, pictures: PicturesOf, *, required: bool = False) -> str:
    return _html(table, key, pictures, phrase_to_html, required=required)


def _html(
    table: Table,
    key: str,
    pictures: PicturesOf,
    to_html: Callable[[str, PicturesOf, int], str],
    *,
    required: bool = False,
) -> str:
    text = table.text(key, required=required)
    try:
        return to_html(text, pictures, table.line(key)) if text else ""
    except TooDeepError:
        table.mistake(TOO_DEEP, key)
        return ""


def _question(table: Table, pictures: PicturesOf) -> Question:
    kind = table.choice("kind", QUESTION_KINDS, required=True)
    options: tuple[Option, ...] = ()
    key = Key()
    if kind in (SINGLE, SEVERAL):
        options, key = _options(table, kind, pictures)
    elif kind == NUMERIC:
        key = Key(number=table.number("answer", least=-1e15, required=True), tolerance=table.number("tolerance"))
    elif kind == TEXT:
        answers = table.texts("answers")
        if not answers:
            table.mistake('“answers” is missing; list what counts as right: answers = ["…"]', "answers")
        key = Key(texts=answers)
    points = table.number("points", 1.0)
    if points <= 0:
        table.mistake("“points” must be above 0", "points")
    question = Question(
        id=table.slug("id"),
        kind=kind,
        html=_phrase(table, "text", pictures, required=True),
        points=points,
        options=options,
        unit=table.text("unit") if kind == NUMERIC else "",
        key=key,
        right_feedback=_phrase(table, "right_feedback", pictures),
        wrong_feedback=_phrase(table, "wrong_feedback", pictures),
    )
    if kind:
        table.finish()
    return question


def _options(table: Table, kind: str, pictures: PicturesOf) -> tuple[tuple[Option, ...], Key]:
    options, right, seen = [], [], set()
    for option in table.tables("options", required=True):
        option_id = option.slug("id")
        if option_id in seen:
            option.mistake(f"the id “{option_id}” is taken by another option", "id")
        seen.add(option_id)
        if option.flag("right", default=False):
            right.append(option_id)
        options.append(
            Option(
                id=option_id,
                html=_phrase(option, "text", pictures, required=True),
                feedback=_phrase(option, "feedback", pictures),
            )
        )
        option.finish()
    if options and len(options) < 2:
        table.mistake("a choice needs at least two options", "options")
    elif options and kind == SINGLE and len(right) != 1:
        table.mistake(f"exactly one option must be right, and {len(right)} are; mark one with right = true", "options")
    elif options and not right:
        table.mistake("no option is right; mark at least one with right = true", "options")
    return tuple(options), Key(choices=tuple(right))
