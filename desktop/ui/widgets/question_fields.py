"""Ways to answer a question: choices, a number, a short text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.ui.theme.icons import paint_icon
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import ICON, RADIUS_SMALL, SPACE_4, SPACE_8, SPACE_12
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import margins
from desktop.ui.widgets.question_marks import RadioMark, TickBox
from desktop.ui.widgets.rich_text import RichLabel
from protocol.grading import parse_number
from protocol.quizzes import NUMERIC, SINGLE, Answer, Option, Question, QuestionResult


class AnswerField(QWidget):
    """Where an answer is given. ``changed`` is emitted by what the learner does, never by ``set_answer``."""

    changed = Signal()

    def answer(self) -> Answer | None:
        """None while nothing is answered."""
        return None

    def set_answer(self, answer: Answer | None) -> None:
        """Show ``answer``."""

    def show_right(self, result: QuestionResult | None) -> None:
        """Mark what would have been right, as far as the result tells."""

    def set_locked(self, *, locked: bool) -> None:
        """Whether the answer can be read only."""
        self.setEnabled(not locked)


class OptionRow(QFrame):
    """An option: its button and its text; a click anywhere on the row counts."""

    def __init__(self, question: Question, option: Option, pictures: Mapping[str, Path]) -> None:
        super().__init__()
        self.option = option
        self._mark = ""
        self.button: QRadioButton | QCheckBox = RadioMark() if question.kind == SINGLE else TickBox()
        self.button.setObjectName(f"option-{question.id}-{option.id}")
        text = RichLabel(option.html, pictures, passive=True)
        self._words = text.text()
        self.button.setAccessibleName(self._words)
        self._sign = _Sign()
        row = QHBoxLayout(self)
        row.setContentsMargins(margins(SPACE_8, SPACE_8, SPACE_12, SPACE_8))
        row.setSpacing(SPACE_8)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(text, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.button.toggled.connect(self.update)

    def set_mark(self, mark: str) -> None:
        """'' nothing, right: this is (part of) the answer, wrong: it was chosen and is not."""
        self._mark = mark
        self._sign.set_mark(mark)
        said = {"right": tr("right"), "wrong": tr("not right")}.get(mark, "")
        self.button.setAccessibleName(f"{self._words} ({said})" if said else self._words)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click beside the button is a click on it."""
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and inside and self.isEnabled():
            self.button.setFocus(Qt.FocusReason.MouseFocusReason)
            self.button.click()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground says what is chosen, after judging what was right."""
        colours = tokens().colours
        ground, edge = "", colours.border
        if self.button.isChecked():
            ground, edge = colours.accent_soft, colours.accent
        elif self.underMouse() and self.isEnabled():
            ground = colours.hover
        if self._mark:
            role = "success" if self._mark == "right" else "danger"
            ground, edge = getattr(colours, f"{role}_soft"), getattr(colours, role)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(edge), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_SMALL, RADIUS_SMALL)
        painter.end()


class _Sign(QWidget):
    """A tick or a cross at the end of an option's row; empty before the quiz is judged."""

    def __init__(self) -> None:
        super().__init__()
        self._mark = ""
        side = tokens().scaled(ICON)
        self.setFixedSize(side, side)

    def set_mark(self, mark: str) -> None:
        self._mark = mark
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._mark:
            return
        colours = tokens().colours
        name, colour = ("check", colours.success) if self._mark == "right" else ("x", colours.danger)
        painter = QPainter(self)
        paint_icon(painter, self.rect(), name, colour)
        painter.end()


class ChoiceField(AnswerField):
    """One of several options, or several of them."""

    def __init__(self, question: Question, pictures: Mapping[str, Path]) -> None:
        super().__init__()
        self._question = question
        # Check boxes are in no group: of a group, even of one that is not exclusive, Qt leaves one button to Tab.
        self._group = QButtonGroup(self) if question.kind == SINGLE else None
        self._quiet = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        if question.kind != SINGLE:
            column.addWidget(Label(tr("Choose all that apply."), "small", "muted"))
        self.rows = [OptionRow(question, option, pictures) for option in question.options]
        for row in self.rows:
            if self._group is not None:
                self._group.addButton(row.button)
            column.addWidget(row)
            row.button.toggled.connect(self._on_toggled)

    @Slot(bool)
    def _on_toggled(self, checked: bool) -> None:
        # Of a radio group two buttons change at once: the one that goes on speaks for both.
        if not self._quiet and (checked or self._group is None):
            self.changed.emit()

    def answer(self) -> Answer | None:
        """The chosen options, in their order."""
        chosen = tuple(row.option.id for row in self.rows if row.button.isChecked())
        return Answer(question_id=self._question.id, choices=chosen) if chosen else None

    def set_answer(self, answer: Answer | None) -> None:
        """Choose what was chosen."""
        self._quiet = True
        if self._group is not None:
            self._group.setExclusive(False)
        for row in self.rows:
            row.button.setChecked(answer is not None and row.option.id in answer.choices)
        if self._group is not None:
            self._group.setExclusive(True)
        self._quiet = False

    def show_right(self, result: QuestionResult | None) -> None:
        """Mark the right options, and the chosen wrong ones."""
        for row in self.rows:
            if result is None or not result.right_choices:
                row.set_mark("")
            elif row.option.id in result.right_choices:
                row.set_mark("right")
            else:
                row.set_mark("wrong" if row.button.isChecked() else "")


class TextField(AnswerField):
    """A number with its unit, or a short text."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._question = question
        self._numeric = question.kind == NUMERIC
        self.line = QLineEdit()
        self.line.setObjectName(f"{'numeric' if self._numeric else 'text'}-{question.id}")
        self.line.setPlaceholderText(tr("A number") if self._numeric else tr("Your answer"))
        self.line.setAccessibleName(
            tr("Answer in {unit}", unit=question.unit) if question.unit else self.line.placeholderText()
        )
        self.line.setMaximumWidth(tokens().scaled(200 if self._numeric else 420))
        self._hint = Label("", "small", "warning")
        self._hint.hide()
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(self.line, 1)
        if question.unit:
            row.addWidget(Label(question.unit, wrap=False))
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_4)
        column.addLayout(row)
        column.addWidget(self._hint)
        self.line.textEdited.connect(self._on_edited)
        self.line.editingFinished.connect(self._check)

    @Slot(str)
    def _on_edited(self, _text: str) -> None:
        self._hint.hide()
        self.changed.emit()

    @Slot()
    def _check(self) -> None:
        # Said while it can still be mended: what is no number can never be right.
        wrong = self._numeric and bool(self.line.text().strip()) and parse_number(self.line.text()) is None
        self._hint.setText(tr("This is not a number. Write digits, such as 1.5.") if wrong else "")
        self._hint.setVisible(wrong)

    def answer(self) -> Answer | None:
        """The text as it was typed."""
        text = self.line.text()
        return Answer(question_id=self._question.id, text=text) if text.strip() else None

    def set_answer(self, answer: Answer | None) -> None:
        """Show what was typed."""
        text = answer.text if answer is not None else ""
        if text != self.line.text():
            self.line.setText(text)

    def set_locked(self, *, locked: bool) -> None:
        """A submitted text stays legible and can be copied."""
        self.line.setReadOnly(locked)
