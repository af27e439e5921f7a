"""Parts of the quiz page: its facts in a line, the result, what is unanswered, earlier tries."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import moment_text, percent_text, tr
from desktop.models.views import AttemptView, ItemRow, QuizView
from desktop.ui.theme.tokens import ICON_LARGE, SPACE_4, SPACE_8, SPACE_12, SPACE_16
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.layouts import clear
from desktop.ui.widgets.lesson_next import NextCard
from desktop.ui.widgets.surfaces import Card, SectionHeader


def quiz_facts(view: QuizView, *, taking: bool) -> str:
    """``Quiz · 6 questions · 80 % to pass · best 83 % · attempt 2``."""
    assert view.quiz is not None
    facts = [
        tr("Graded quiz") if view.graded else tr("Practice quiz"),
        tr("{n} question|{n} questions", n=len(view.quiz.questions)),
        tr("{percent} to pass", percent=percent_text(view.quiz.pass_percent)),
    ]
    if view.best_percent is not None:
        facts.append(tr("best {percent}", percent=percent_text(view.best_percent)))
    facts.append(tr("attempt {number}", number=len(view.attempts) + (1 if taking else 0)))
    if view.attempts_left is not None:
        facts.append(tr("{n} attempt left|{n} attempts left", n=view.attempts_left))
    return " · ".join(facts)


def _verdict(attempt: AttemptView, pass_percent: float) -> tuple[str, str, str, str]:
    """Icon, tone, headline and sentence."""
    if attempt.refused:
        return "warning-circle", "danger", tr("This attempt was not accepted"), attempt.refused
    result = attempt.result
    if result is None:
        return (
            "clock",
            "accent",
            tr("Submitted, grade pending"),
            tr("Your answers are kept. The grade appears here as soon as the program has sent it."),
        )
    figure = percent_text(result.percent)
    points = tr("{points} of {total} points", points=f"{result.points:g}", total=f"{result.out_of:g}")
    if result.passed:
        return "check-circle-fill", "success", tr("Passed with {percent}", percent=figure), points
    need = tr("{percent} are needed to pass.", percent=percent_text(pass_percent))
    return "arrow-counter-clockwise", "warning", tr("{percent}: not passed yet", percent=figure), f"{points}. {need}"


class ResultCard(Card):
    """How a try went, with *Retake* and what comes next. Object name ``quizResult``. Emits ``retake_wanted``."""

    retake_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("quizResult")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._icon = IconLabel("check-circle", ICON_LARGE, "accent")
        self.headline = Label("", "title")
        self._text = Label("", "body", "muted")
        self._retake = Button(tr("Retake"), "secondary", "arrow-counter-clockwise", name="retakeQuiz")
        self._retake.clicked.connect(self.retake_wanted)
        self.next = NextCard()
        words = QVBoxLayout()
        words.setSpacing(SPACE_4)
        words.addWidget(self.headline)
        words.addWidget(self._text)
        row = QHBoxLayout()
        row.setSpacing(SPACE_16)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._retake, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(row)
        self.body.addWidget(self.next)

    def show_attempt(self, attempt: AttemptView, pass_percent: float, attempts_left: int | None) -> None:
        """Show a try."""
        icon_name, tone, headline, text = _verdict(attempt, pass_percent)
        self._icon.set_icon(icon_name, tone)
        self.set_ground("surface", tone)
        self.headline.setText(headline)
        more = attempts_left is None or attempts_left > 0
        left = "" if more else tr("No attempts are left.")
        self._text.setText(" ".join(part for part in (text, left) if part))
        self.setAccessibleName(f"{headline}. {self._text.text()}")
        self._retake.setVisible(more)
        done = attempt.result is None or attempt.result.passed
        self.next.setVisible(done and not attempt.refused)

    def show_next(self, item: ItemRow | None) -> None:
        """What comes after the quiz."""
        self.next.show_next(item)


class UnansweredCard(Card):
    """Lists what has no answer before the quiz is submitted. Signals: ``anyway``, ``go_to`` (number from 0)."""

    anyway = Signal()
    go_to = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=SPACE_12, fill="warning_soft", edge="warning_soft")
        self.setObjectName("unansweredCard")
        self._first = 0
        self._text = Label("", "body")
        self._go = Button(tr("Show the first"), "secondary", name="goToUnanswered")
        self._anyway = Button(tr("Submit anyway"), "quiet", name="submitAnyway")
        self._go.clicked.connect(self._on_go)
        self._anyway.clicked.connect(self.anyway)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(IconLabel("warning", role="warning"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        row.addWidget(self._go)
        row.addWidget(self._anyway)
        self.body.addLayout(row)
        self.hide()

    def show_missing(self, numbers: list[int]) -> None:
        """Name the questions at ``numbers`` (from 0)."""
        self._first = numbers[0]
        listed = ", ".join(str(number + 1) for number in numbers)
        self._text.setText(
            tr("Question {list} has no answer yet.|Questions {list} have no answer yet.", n=len(numbers), list=listed)
        )
        self.setAccessibleName(self._text.text())
        self.show()
        self._go.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_go(self) -> None:
        self.go_to.emit(self._first)


class AttemptList(QWidget):
    """All tries, newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[AttemptView, ...] = ()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE_4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(SectionHeader(tr("Your attempts")))
        column.addLayout(self._rows)
        self.hide()

    def show_attempts(self, attempts: tuple[AttemptView, ...]) -> None:
        """Show ``attempts``, newest first."""
        self.setVisible(bool(attempts))
        if attempts == self._shown:
            return
        self._shown = attempts
        clear(self._rows)
        for number, attempt in zip(range(len(attempts), 0, -1), attempts, strict=True):
            if attempt.refused:
                outcome = attempt.refused
            elif attempt.result is None:
                outcome = tr("grade pending")
            else:
                verdict = tr("passed") if attempt.result.passed else tr("not passed")
                outcome = f"{percent_text(attempt.result.percent)}, {verdict}"
            when = moment_text(attempt.submitted_at)
            label = Label(
                tr("Attempt {number} · {when} · {outcome}", number=number, when=when, outcome=outcome), "", "muted"
            )
            label.setObjectName(f"attempt-{number}")
            self._rows.addWidget(label)
