"""A question of a quiz: number, points, text, a way to answer, and afterwards how it was judged.

Object names: ``question-<question>``, ``option-<question>-<option>`` (a radio button or a check box),
``numeric-<question>``, ``text-<question>``, ``feedback-<question>``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.ui.theme.tokens import SPACE_4, SPACE_8, SPACE_12, SPACE_16, TYPE_BODY, TYPE_HEADING
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.question_fields import AnswerField, ChoiceField, TextField
from desktop.ui.widgets.rich_text import RichLabel
from desktop.ui.widgets.surfaces import Card
from protocol.quizzes import NUMERIC, SEVERAL, SINGLE, TEXT, Answer, Question, QuestionResult


def points_text(points: float) -> str:
    """``1 point``, ``2 points``, ``0.5 points``."""
    if points == int(points):
        return tr("{n} point|{n} points", n=int(points))
    return tr("{points} points", points=f"{points:g}")


class QuestionCard(Card):
    """Emits ``answered`` with every change of the answer."""

    answered = Signal()

    def __init__(
        self, question: Question, number: int, pictures: Mapping[str, Path], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, margin=SPACE_16)
        self.question = question
        self.setObjectName(f"question-{question.id}")
        text = RichLabel(question.html, pictures, size=TYPE_HEADING)
        self.field = _field(question, pictures)
        self.setAccessibleName(tr("Question {number}: {text}", number=number, text=text.text()))
        head = QHBoxLayout()
        head.setSpacing(SPACE_12)
        head.addWidget(Label(tr("Question {number}", number=number), "overline", "muted", wrap=False))
        head.addStretch(1)
        head.addWidget(Label(points_text(question.points), "small", "muted", wrap=False))
        self.body.addLayout(head)
        self.body.addWidget(text)
        self.body.addSpacing(SPACE_4)
        self.body.addWidget(self.field)
        self._feedback = QFrame()
        self._feedback.setObjectName(f"feedback-{question.id}")
        self._feedback_column = QVBoxLayout(self._feedback)
        self._feedback_column.setContentsMargins(0, SPACE_8, 0, 0)
        self._feedback.hide()
        self.body.addWidget(self._feedback)
        self._pictures = pictures
        self.field.changed.connect(self.answered)
        self.field.setAccessibleName(self.accessibleName())

    def answer(self) -> Answer | None:
        """What was answered; None while nothing is."""
        return self.field.answer()

    def set_answer(self, answer: Answer | None) -> None:
        """Show an answer that was given before. Emits nothing."""
        self.field.set_answer(answer)

    def point_out(self, *, wanted: bool) -> None:
        """Mark the question as one that has no answer yet."""
        self.set_ground("surface", "warning" if wanted else "border")

    def set_locked(self, *, locked: bool) -> None:
        """Submitted answers can be read and not changed."""
        self.field.set_locked(locked=locked)

    def show_result(self, result: QuestionResult | None) -> None:
        """Say right or wrong in words, sign and colour, and why; None takes it away."""
        while (item := self._feedback_column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._feedback.setVisible(result is not None)
        self.set_ground("surface", "border")
        self.field.show_right(result)
        if result is None:
            return
        tone = "success" if result.right else "danger"
        verdict = tr("Right") if result.right else tr("Not right")
        figure = tr("{points} of {total}", points=f"{result.points:g}", total=points_text(result.out_of))
        line = _Verdict(f"{verdict} · {figure}", "check-circle-fill" if result.right else "x-circle-fill", tone)
        self._feedback_column.addWidget(line)
        said = [verdict]
        if not result.right and result.right_text and self.question.kind in (NUMERIC, TEXT):
            unit = f" {self.question.unit}" if self.question.unit else ""
            said.append(tr("The answer is {text}.", text=f"{result.right_text}{unit}"))
            self._feedback_column.addWidget(Label(said[-1], "body"))
        if result.feedback:
            html = "".join(f"<div>{part}</div>" for part in result.feedback.split("\n"))
            feedback = RichLabel(html, self._pictures, size=TYPE_BODY)
            said.append(feedback.text())
            self._feedback_column.addWidget(feedback)
        self._feedback.setAccessibleName(". ".join(said))
        self.set_ground("surface", tone)


class _Verdict(QWidget):
    def __init__(self, text: str, icon_name: str, tone: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_8)
        row.addWidget(IconLabel(icon_name, role=tone))
        row.addWidget(Label(text, "strong", tone, wrap=False))
        row.addStretch(1)


class _UnknownField(AnswerField):
    """A kind of a newer version: said, and left out of the answers."""

    def __init__(self) -> None:
        super().__init__()
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(
            Label(tr("This kind of question needs a newer Haversack. You can answer the others."), "", "muted")
        )


def _field(question: Question, pictures: Mapping[str, Path]) -> AnswerField:
    if question.kind in (SINGLE, SEVERAL):
        return ChoiceField(question, pictures)
    if question.kind in (NUMERIC, TEXT):
        return TextField(question)
    return _UnknownField()
