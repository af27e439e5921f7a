"""Quizzes: questions, keys, answers and results. Names follow QTI 3 interactions where it has them.

| our kind  | QTI 3 interaction                | answer                     | key                             |
|-----------|----------------------------------|----------------------------|---------------------------------|
| single    | choice, max-choices 1            | ``choices`` of one option  | ``choices`` of one option       |
| several   | choice                           | ``choices``                | ``choices``; all-or-nothing     |
| numeric   | text-entry, base-type float      | ``text`` as typed          | ``number`` and a tolerance      |
| text      | text-entry, base-type string     | ``text`` as typed          | ``texts``; case and space folded|
"""

from __future__ import annotations

from protocol.wire import Wire

SINGLE = "single"
SEVERAL = "several"
NUMERIC = "numeric"
TEXT = "text"
QUESTION_KINDS = (SINGLE, SEVERAL, NUMERIC, TEXT)


class Option(Wire, frozen=True, kw_only=True):
    """A choice. ``feedback`` is shown to those who chose it; HTML like the text."""

    id: str
    html: str
    feedback: str = ""


class Key(Wire, frozen=True, kw_only=True):
    """The right answer. ``tolerance`` is absolute, in the unit of the number."""

    choices: tuple[str, ...] = ()
    number: float | None = None
    tolerance: float = 0.0
    texts: tuple[str, ...] = ()


class Question(Wire, frozen=True, kw_only=True):
    """``key`` and the feedbacks are absent from what a client gets of a graded quiz."""

    id: str
    kind: str
    html: str
    points: float = 1.0
    options: tuple[Option, ...] = ()
    unit: str = ""
    key: Key | None = None
    right_feedback: str = ""
    wrong_feedback: str = ""


class Quiz(Wire, frozen=True, kw_only=True):
    """A quiz document."""

    title: str
    questions: tuple[Question, ...]
    pass_percent: float
    instructions_html: str = ""


class Answer(Wire, frozen=True, kw_only=True):
    """What the learner gave for one question. Unanswered questions have no answer."""

    question_id: str
    choices: tuple[str, ...] = ()
    text: str = ""


class QuestionResult(Wire, frozen=True, kw_only=True):
    """How one question was judged. ``feedback`` is HTML."""

    question_id: str
    points: float
    out_of: float
    right: bool
    feedback: str = ""
    right_choices: tuple[str, ...] = ()
    right_text: str = ""


class QuizResult(Wire, frozen=True, kw_only=True):
    """``percent`` is 0-100, rounded half up to two decimals."""

    points: float
    out_of: float
    percent: float
    passed: bool
    questions: tuple[QuestionResult, ...]


def without_keys(quiz: Quiz) -> Quiz:
    """The same quiz as a learner may hold it before it is graded."""
    return Quiz(
        title=quiz.title,
        pass_percent=quiz.pass_percent,
        instructions_html=quiz.instructions_html,
        questions=tuple(
            Question(
                id=question.id,
                kind=question.kind,
                html=question.html,
                points=question.points,
                unit=question.unit,
                options=tuple(Option(id=option.id, html=option.html) for option in question.options),
            )
            for question in quiz.questions
        ),
    )
