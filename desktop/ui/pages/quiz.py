"""A quiz: practice with feedback at once, graded with a grade that the server gives.

Object names: ``quizFacts``, ``question-<id>`` and its parts (see ``widgets.question_card``), ``honourBox``,
``submitQuiz``, ``unansweredCard``, ``submitAnyway``, ``goToUnanswered``, ``quizResult``, ``retakeQuiz``,
``attempt-<n>``, ``nextItem``.
"""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import tr
from desktop.models.views import AttemptView, ItemPlace, QuizView
from desktop.ui.desk import Desk, Notice
from desktop.ui.pages.item_pane import ItemPane
from desktop.ui.pages.quiz_parts import AttemptList, ResultCard, UnansweredCard, quiz_facts
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import SPACE_12, SPACE_16, SPACE_24
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import clear
from desktop.ui.widgets.question_card import QuestionCard
from desktop.ui.widgets.question_dots import QuestionDots
from desktop.ui.widgets.question_marks import TickBox
from desktop.ui.widgets.rich_text import RichLabel
from desktop.ui.widgets.scroll import PageScroll
from desktop.ui.widgets.states import Stateful
from desktop.ui.widgets.surfaces import Divider
from protocol.quizzes import Answer, Quiz

SAVE_AFTER_MS = 300
TAB = Qt.FocusPolicy.TabFocus
QUIZ_WIDTH = 760


class QuizPane(ItemPane):
    """Takes a quiz, or shows how the last try went. Which of the two: ``taking``."""

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self.taking = True
        self._view: QuizView | None = None
        self._quiz: Quiz | None = None
        self._judged: AttemptView | None = None
        self._busy = False
        self._started_at: datetime | None = None
        self._cards: list[QuestionCard] = []
        self._save_soon = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._save_soon.timeout.connect(self._save_draft)
        self._facts = Label("", "body", "muted")
        self._facts.setObjectName("quizFacts")
        self._result = ResultCard()
        self._instructions = QVBoxLayout()
        self._questions = QVBoxLayout()
        self._questions.setSpacing(SPACE_16)
        self._honour = TickBox(tr("The answers are my own work."))
        self._honour.setObjectName("honourBox")
        self._attempts = AttemptList()
        self._dots = QuestionDots()
        self._progress = Label("", "small", "muted", wrap=False)
        self._submit = Button(tr("Submit"), "primary", name="submitQuiz")
        self._unanswered = UnansweredCard()
        self._scroll = PageScroll(QUIZ_WIDTH)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        body = self._scroll.body
        body.addWidget(self._facts)
        body.addWidget(self._result)
        body.addLayout(self._instructions)
        body.addLayout(self._questions)
        body.addWidget(self._attempts)
        self._foot = QWidget()
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(0)
        foot.addWidget(Divider())
        inner = QVBoxLayout()
        inner.setContentsMargins(SPACE_24, SPACE_12, SPACE_24, SPACE_12)
        inner.setSpacing(SPACE_12)
        inner.addWidget(self._unanswered)
        inner.addWidget(self._honour)  # beside what it holds up, not at the end of a long page
        row = QHBoxLayout()
        row.setSpacing(SPACE_12)
        row.addWidget(self._dots)
        row.addWidget(self._progress)
        row.addStretch(1)
        row.addWidget(self._submit)
        inner.addLayout(row)
        foot.addLayout(inner)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._foot)
        self._body = Stateful(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._body)

    def _connect(self) -> None:
        self._dots.wanted.connect(self._go_to_question)
        self._submit.clicked.connect(self._on_submit)
        self._unanswered.anyway.connect(self._submit_now)
        self._unanswered.go_to.connect(self._go_to_question)
        self._result.retake_wanted.connect(self.retake)
        self._result.next.wanted.connect(self.next_wanted)
        self._result.next.course_wanted.connect(self.course_wanted)
        self._honour.toggled.connect(self._update_foot)

    # --- showing ------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Another quiz."""
        self._view = self._quiz = None
        self._judged = None
        self._busy = False
        self._started_at = None
        self._honour.setChecked(False)
        self._unanswered.hide()
        self._drop_cards()
        self._body.show_loading()
        self._scroll.to_top()

    def load(self) -> None:
        """Ask for the quiz."""
        item_id = self.item_id
        self.ask(lambda services: services.quizzes.view(item_id), self._show, self._show_problem)

    def refresh(self, place: ItemPlace) -> None:
        """A grade may have come."""
        super().refresh(place)
        self._result.show_next(place.next_item)

    def leave(self) -> None:
        """Keep what was answered."""
        if self._save_soon.isActive():
            self._save_soon.stop()
            self._save_draft()

    def _show(self, view: QuizView) -> None:
        if view.quiz is None:
            if self.fetch_texts(self._show_problem):
                self._body.show_loading(tr("Getting the questions …"))
            return
        first = self._view is None
        self._view = view
        kept = view.draft if first or not self.taking else self._answers()
        rebuilt = view.quiz != self._quiz
        if rebuilt:
            self._build(view)
        before = self.taking
        if first:
            self.taking = bool(view.draft) or not view.attempts
            self._started_at = view.draft_started_at
        elif not view.attempts:  # the only try was taken back in the Outbox
            self.taking = True
        if not self.taking:
            self._show_attempt(view.attempts[0])
        elif first or rebuilt or not before:
            self._show_taking(kept)  # else: what is being answered is left alone
        else:
            self._update_foot()
        self._facts.setText(quiz_facts(view, taking=self.taking))
        self._attempts.show_attempts(view.attempts)
        self._body.show_content()

    def _drop_cards(self) -> None:
        self._judged = None
        self._cards.clear()
        clear(self._questions)
        clear(self._instructions)

    def _build(self, view: QuizView) -> None:
        assert view.quiz is not None
        self._quiz = view.quiz
        self._drop_cards()
        if view.quiz.instructions_html:
            self._instructions.addWidget(RichLabel(view.quiz.instructions_html, view.pictures, role="muted"))
        for number, question in enumerate(view.quiz.questions, 1):
            card = QuestionCard(question, number, view.pictures)
            card.answered.connect(self._on_answered)
            self._cards.append(card)
            self._questions.addWidget(card)
        self._order_tabs()

    def _order_tabs(self) -> None:
        """Questions are made after what stands below them: Tab goes down the page all the same."""
        order: list[QWidget] = [self._result]
        for card in self._cards:
            order.extend(widget for widget in card.findChildren(QWidget) if widget.focusPolicy() & TAB)
        foot = (self._unanswered, self._honour, self._submit)
        for part in foot:
            order.extend(widget for widget in (part, *part.findChildren(QWidget)) if widget.focusPolicy() & TAB)
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def _show_taking(self, answers: tuple[Answer, ...]) -> None:
        assert self._view is not None
        given = {answer.question_id: answer for answer in answers}
        if self._started_at is None:
            self._started_at = self.desk.clock.now()
        for card in self._cards:
            card.set_locked(locked=self._busy)
            card.show_result(None)
            card.point_out(wanted=False)
            card.set_answer(given.get(card.question.id))
        self._judged = None
        self._result.hide()
        self._honour.setVisible(self._view.graded)
        self._foot.show()
        self._update_foot()

    def _show_attempt(self, attempt: AttemptView) -> None:
        assert self._view is not None
        assert self._quiz is not None
        if attempt != self._judged:
            self._judged = attempt
            given = {answer.question_id: answer for answer in attempt.answers}
            judged = {result.question_id: result for result in attempt.result.questions} if attempt.result else {}
            for card in self._cards:
                card.set_answer(given.get(card.question.id))
                card.set_locked(locked=True)
                card.show_result(judged.get(card.question.id))
        self._honour.hide()
        self._unanswered.hide()
        self._foot.hide()
        place = self.place or self._view.place
        self._result.show_attempt(attempt, self._quiz.pass_percent, self._view.attempts_left)
        self._result.show_next(place.next_item)
        self._result.show()

    def _show_problem(self, problem: Problem) -> None:
        if self._body.shows_content():
            return
        if problem.code == "offline":
            title = tr("This quiz is not on this computer yet")
            hint = tr("It comes as soon as there is a connection. Download the week to have it for the next time.")
            self._body.show_state("wifi-slash", title, hint, tr("Try again"), self.fetch_again)
        else:
            self._body.show_problem(problem, self.fetch_again)

    # --- answering ----------------------------------------------------------------------------------------------

    def _answers(self) -> tuple[Answer, ...]:
        return tuple(answer for card in self._cards if (answer := card.answer()) is not None)

    @Slot()
    def _on_answered(self) -> None:
        if not self._save_soon.isActive():  # at the latest this long after the first of several changes
            self._save_soon.start()
        for card in self._cards:
            if card.answer() is not None:
                card.point_out(wanted=False)
        self._unanswered.hide()
        self._update_foot()

    @Slot()
    def _save_draft(self) -> None:
        if not self.taking or self._started_at is None or self._busy:
            return
        item_id, answers, started_at = self.item_id, self._answers(), self._started_at
        self.desk.ask(self, lambda services: services.quizzes.save_draft(item_id, answers, started_at))

    @Slot()
    def _update_foot(self) -> None:
        answered = tuple(card.answer() is not None for card in self._cards)
        self._dots.show_answered(answered)
        self._progress.setText(tr("{done} of {total} answered", done=sum(answered), total=len(answered)))
        graded = self._view is not None and self._view.graded
        ready = not graded or self._honour.isChecked()
        out = self._view is not None and self._view.attempts_left == 0
        self._submit.setEnabled(not self._busy and ready and not out)
        hint = (
            tr("No attempts are left.") if out else "" if ready else tr("First confirm that the answers are your own.")
        )
        self._submit.setToolTip(hint)
        self._submit.setAccessibleDescription(hint)
        self._submit.setText(tr("Submitting …") if self._busy else tr("Submit"))

    @Slot(int)
    def _go_to_question(self, number: int) -> None:
        if 0 <= number < len(self._cards):
            card = self._cards[number]
            self._scroll.ensureWidgetVisible(card, 0, SPACE_24)
            first = next((child for child in card.field.findChildren(QWidget) if child.focusPolicy()), None)
            if first is not None:
                first.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- submitting ---------------------------------------------------------------------------------------------

    @Slot()
    def _on_submit(self) -> None:
        missing = [number for number, card in enumerate(self._cards) if card.answer() is None]
        if missing:
            for number in missing:
                self._cards[number].point_out(wanted=True)
            self._unanswered.show_missing(missing)
            return
        self._submit_now()

    @Slot()
    def _submit_now(self) -> None:
        if self._busy or self._started_at is None or self._view is None:
            return
        self._save_soon.stop()
        self._set_busy(busy=True)
        item_id, answers, started_at = self.item_id, self._answers(), self._started_at
        document = self._view.document
        self.ask(
            lambda services: services.quizzes.submit(item_id, answers, started_at, document),
            self._submitted,
            self._not_submitted,
        )

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        for card in self._cards:
            card.set_locked(locked=busy)
        self._update_foot()

    def _submitted(self, attempt: AttemptView) -> None:
        self._set_busy(busy=False)
        self.taking = False
        self._started_at = None
        if self._view is not None:
            self._show_attempt(attempt)
        self._scroll.to_top()
        self._result.setFocus(Qt.FocusReason.OtherFocusReason)
        self.load()

    def _not_submitted(self, problem: Problem) -> None:
        self._set_busy(busy=False)
        self._save_draft()
        text = " ".join(tr(part) for part in (problem.text, problem.way_out) if part)
        self.desk.say(Notice("quiz", text, "error"))

    @Slot()
    def retake(self) -> None:
        """Begin another try with nothing answered."""
        if self._view is None:
            return
        self.taking = True
        self._started_at = self.desk.clock.now()
        self._honour.setChecked(False)
        self._show_taking(())
        self._facts.setText(quiz_facts(self._view, taking=True))
        self._scroll.to_top()
        self._go_to_question(0)
