"""How answers are judged: pure, the same on the server and for practice quizzes offline."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from protocol.quizzes import (
    NUMERIC,
    SEVERAL,
    SINGLE,
    TEXT,
    Answer,
    Key,
    Question,
    QuestionResult,
    Quiz,
    QuizResult,
)


class NotGradableError(ValueError):
    """The quiz holds no keys, or a question is of a kind this version does not know."""


def parse_number(text: str) -> float | None:
    """The number a learner typed, or None.

    A decimal comma is taken as a point when there is no point; spaces (also narrow ones), and the minus sign of
    typographers are understood, and so is scientific notation. Grouping is not: ``1,000.5`` is not a number.
    """
    folded = "".join(text.split()).replace("\u2212", "-")
    if "." not in folded and folded.count(",") == 1:
        folded = folded.replace(",", ".")
    if "_" in folded:
        return None
    try:
        number = float(folded)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def fold_text(text: str) -> str:
    """Case, compatibility forms and runs of white space do not matter in a short answer."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _is_right(question: Question, key: Key, answer: Answer) -> bool:
    if question.kind in (SINGLE, SEVERAL):
        return set(answer.choices) == set(key.choices)
    if question.kind == NUMERIC:
        number = parse_number(answer.text)
        if number is None or key.number is None:
            return False
        # The slack keeps 0.1 + 0.2 within 0.3 ± 0: binary fractions are not the learner's fault.
        slack = 1e-9 * max(1.0, abs(key.number))
        return abs(number - key.number) <= key.tolerance + slack
    if question.kind == TEXT:
        return fold_text(answer.text) in {fold_text(text) for text in key.texts}
    raise NotGradableError(f"question {question.id} is of the unknown kind {question.kind!r}")


def is_answered(question: Question, answer: Answer | None) -> bool:
    """Whether the learner gave anything at all."""
    if answer is None:
        return False
    return bool(answer.choices) if question.kind in (SINGLE, SEVERAL) else bool(answer.text.strip())


def _judge(question: Question, answer: Answer | None) -> QuestionResult:
    if question.key is None:
        raise NotGradableError(f"question {question.id} holds no key")
    answered = answer is not None and is_answered(question, answer)
    right = answer is not None and answered and _is_right(question, question.key, answer)
    chosen = set(answer.choices) if answer else set()
    said = [option.feedback for option in question.options if option.id in chosen and option.feedback]
    said.append(question.right_feedback if right else question.wrong_feedback)
    number = question.key.number
    return QuestionResult(
        question_id=question.id,
        points=question.points if right else 0.0,
        out_of=question.points,
        right=right,
        feedback="\n".join(filter(None, said)),
        right_choices=question.key.choices,
        right_text=f"{number:g}" if number is not None else next(iter(question.key.texts), ""),
    )


def round_percent(value: float) -> float:
    """Half up to two decimals, as people expect: 83.335 is 83.34."""
    return float(Decimal(repr(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def grade(quiz: Quiz, answers: Iterable[Answer]) -> QuizResult:
    """Judge every question; the unanswered ones get no points. The last answer to a question counts.

    Raises:
        NotGradableError: a question has no key or is of an unknown kind.
    """
    by_question = {answer.question_id: answer for answer in answers}
    results = tuple(_judge(question, by_question.get(question.id)) for question in quiz.questions)
    points = sum(result.points for result in results)
    out_of = sum(result.out_of for result in results)
    percent = round_percent(100.0 * points / out_of) if out_of else 0.0
    return QuizResult(
        points=points, out_of=out_of, percent=percent, passed=percent >= quiz.pass_percent, questions=results
    )
