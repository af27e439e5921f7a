"""Taking quizzes: drafts, what is unanswered, feedback, pending grades."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.errors import Problem
from desktop.models.views import AttemptView
from desktop.ui.desk import Place
from desktop.ui.frame.tab_order import tab_stops
from desktop.ui.pages.item import ItemPage
from protocol.grading import grade
from protocol.quizzes import Answer
from tests.desktop.ui.pages_of_items.conftest import Bench
from tests.desktop.ui.pages_of_items.driving import click, opened, part
from tests.desktop.ui.pages_of_items.store import NOW, QUIZ, quiz_view

RIGHT = (
    Answer(question_id="q1", choices=("b",)),
    Answer(question_id="q2", choices=("a", "c")),
    Answer(question_id="q3", text="12"),
    Answer(question_id="q4", text="Foreign  key"),
)


def quiz(qtbot: QtBot, bench: Bench, slug: str = "check") -> ItemPage:
    page = opened(qtbot, bench, ItemPage, Place("item", {"item_id": f"sql/{slug}"}), (1180, 1600))
    qtbot.waitUntil(lambda: page.findChild(QWidget, "question-q1") is not None)
    qtbot.waitUntil(lambda: part(page, "question-q1").isVisible())
    return page


def answer_all(qtbot: QtBot, page: ItemPage) -> None:
    click(qtbot, page, "option-q1-b")
    click(qtbot, page, "option-q2-a")
    click(qtbot, page, "option-q2-c")
    qtbot.keyClicks(part(page, "numeric-q3"), "12")
    qtbot.keyClicks(part(page, "text-q4"), "Foreign  key")


def chosen(page: ItemPage, name: str) -> bool:
    return part(page, name, QAbstractButton).isChecked()


def test_header_says_what_the_quiz_is(qtbot: QtBot, bench: Bench) -> None:
    page = quiz(qtbot, bench)
    assert part(page, "quizFacts", QLabel).text() == "Practice quiz · 4 questions · 80 % to pass · attempt 1"


def test_practice_is_judged_at_once_and_can_be_retaken(qtbot: QtBot, bench: Bench) -> None:
    page = quiz(qtbot, bench)
    answer_all(qtbot, page)
    click(qtbot, page, "submitQuiz")
    qtbot.waitUntil(lambda: part(page, "quizResult").isVisible())
    assert bench.store.calls_of("submit") == [("sql/check", RIGHT)]
    assert "Passed with 100 %" in part(page, "quizResult").accessibleName()
    assert part(page, "feedback-q1").accessibleName() == "Right. ON says which rows belong together."
    assert part(page, "option-q1-b").accessibleName() == "ON (right)"
    assert part(page, "nextItem").isVisible()
    click(qtbot, page, "retakeQuiz")
    assert not part(page, "quizResult").isVisible()
    assert not chosen(page, "option-q1-b")
    assert part(page, "numeric-q3", QLineEdit).text() == ""
    qtbot.waitUntil(lambda: part(page, "quizFacts", QLabel).text().endswith("best 100 % · attempt 2"))


def test_wrong_answers_are_told_in_words(qtbot: QtBot, bench: Bench) -> None:
    page = quiz(qtbot, bench)
    click(qtbot, page, "option-q1-a")
    qtbot.keyClicks(part(page, "numeric-q3"), "11")
    click(qtbot, page, "submitQuiz")
    click(qtbot, page, "submitAnyway")
    qtbot.waitUntil(lambda: part(page, "quizResult").isVisible())
    assert "not passed yet" in part(page, "quizResult").accessibleName()
    said: str = part(page, "feedback-q1").accessibleName()
    assert said.startswith("Not right. It filters rows that are joined already.")
    assert "The answer is 12 rows." in part(page, "feedback-q3").accessibleName()
    assert part(page, "option-q1-a").accessibleName() == "WHERE (not right)"


def test_every_check_box_is_reached_with_the_keyboard(qtbot: QtBot, bench: Bench) -> None:
    page = quiz(qtbot, bench)
    part(page, "option-q2-a").setFocus()
    for name in ("option-q2-a", "option-q2-b", "option-q2-c"):
        focused = next(stop for stop in tab_stops(page) if stop.objectName() == name)
        qtbot.keyClick(focused, Qt.Key.Key_Space)
        assert chosen(page, name)
    qtbot.keyClick(part(page, "option-q2-b"), Qt.Key.Key_Space)
    assert not chosen(page, "option-q2-b")


def test_unanswered_questions_are_listed_before_submitting(qtbot: QtBot, bench: Bench) -> None:
    page = quiz(qtbot, bench)
    click(qtbot, page, "option-q1-b")
    click(qtbot, page, "submitQuiz")
    assert part(page, "unansweredCard").accessibleName() == "Questions 2, 3, 4 have no answer yet."
    assert not bench.store.calls_of("submit")
    click(qtbot, page, "goToUnanswered")
    assert part(page, "option-q2-a").hasFocus()
    qtbot.keyClick(part(page, "option-q2-a"), Qt.Key.Key_Space)
    assert not part(page, "unansweredCard").isVisible()


def test_a_draft_is_kept_and_comes_back(qtbot: QtBot, bench: Bench) -> None:
    page = quiz(qtbot, bench)
    click(qtbot, page, "option-q1-c")
    qtbot.keyClicks(part(page, "numeric-q3"), "1")
    qtbot.waitUntil(lambda: bool(bench.store.calls_of("save_quiz_draft")))
    qtbot.keyClicks(part(page, "numeric-q3"), "3")
    page.leave()
    wanted = (Answer(question_id="q1", choices=("c",)), Answer(question_id="q3", text="13"))
    qtbot.waitUntil(lambda: bench.store.quizzes_by_id["sql/check"].draft == wanted)
    again = quiz(qtbot, bench)
    assert chosen(again, "option-q1-c")
    assert part(again, "numeric-q3", QLineEdit).text() == "13"


def test_a_change_elsewhere_leaves_what_is_being_answered_alone(qtbot: QtBot, bench: Bench) -> None:
    page = quiz(qtbot, bench)
    field = part(page, "numeric-q3", QLineEdit)
    field.setFocus()
    qtbot.keyClicks(field, "12 ")
    before = len(bench.store.calls_of("place"))
    bench.desk.changed.emit(frozenset({"progress", "attempts"}))
    qtbot.waitUntil(lambda: len(bench.store.calls_of("place")) > before)
    qtbot.waitUntil(lambda: not bench.desk._runner.busy())
    assert part(page, "numeric-q3", QLineEdit) is field
    assert field.text() == "12 "
    assert field.hasFocus()


def test_graded_wants_the_honour_statement_and_waits_for_its_grade(qtbot: QtBot, bench: Bench) -> None:
    page = quiz(qtbot, bench, "test")
    assert part(page, "quizFacts", QLabel).text().endswith("attempt 1 · 3 attempts left")
    answer_all(qtbot, page)
    assert not part(page, "submitQuiz").isEnabled()
    click(qtbot, page, "honourBox")
    click(qtbot, page, "submitQuiz")
    qtbot.waitUntil(lambda: part(page, "quizResult").isVisible())
    assert "grade pending" in part(page, "quizResult").accessibleName()
    assert not part(page, "feedback-q1").isVisible()
    view = bench.store.quizzes_by_id["sql/test"]
    graded = replace(view.attempts[0], result=grade(QUIZ, RIGHT), pending=False)
    bench.store.quizzes_by_id["sql/test"] = replace(view, attempts=(graded,), best_percent=100.0)
    bench.desk.changed.emit(frozenset({"grades"}))
    qtbot.waitUntil(lambda: "Passed with 100 %" in part(page, "quizResult").accessibleName())
    assert part(page, "feedback-q1").isVisible()


def test_no_attempts_left_offers_no_retake(qtbot: QtBot, bench: Bench) -> None:
    attempt = AttemptView("a", NOW, grade(QUIZ, ()), pending=False)
    bench.store.quizzes_by_id["sql/test"] = quiz_view("test", attempts=(attempt,), attempts_left=0, best_percent=0.0)
    page = quiz(qtbot, bench, "test")
    assert not part(page, "retakeQuiz").isVisible()
    assert "No attempts are left." in part(page, "quizResult").accessibleName()


def test_a_submission_that_fails_keeps_the_answers(qtbot: QtBot, bench: Bench) -> None:
    bench.store.submit_problem = Problem("disk_full", "The disk is full.", "Make room and submit again.")
    page = quiz(qtbot, bench)
    answer_all(qtbot, page)
    click(qtbot, page, "submitQuiz")
    qtbot.waitUntil(lambda: bool(bench.said))
    assert bench.said[-1].text == "The disk is full. Make room and submit again."
    assert chosen(page, "option-q1-b")
    assert part(page, "submitQuiz").isEnabled()


def test_a_number_that_is_none_is_said_while_it_can_be_mended(qtbot: QtBot, bench: Bench) -> None:
    page = quiz(qtbot, bench)
    field = part(page, "numeric-q3", QLineEdit)
    field.setFocus()
    qtbot.keyClicks(field, "twelve")
    part(page, "text-q4").setFocus()
    labels: list[QLabel] = part(page, "question-q3").findChildren(QLabel)
    hints = [label for label in labels if "not a number" in label.text()]
    assert len(hints) == 1
    assert hints[0].isVisible()


@pytest.mark.parametrize(("online", "title"), [(True, ""), (False, "This quiz is not on this computer yet")])
def test_a_quiz_that_is_not_here_is_fetched_or_said(qtbot: QtBot, bench: Bench, online: bool, title: str) -> None:
    bench.store.quizzes_by_id["sql/check"] = quiz_view(quiz=None)
    bench.gateway.online = online
    arrived = quiz_view()
    bench.gateway.arriving["sql/check"] = lambda: bench.store.quizzes_by_id.update({"sql/check": arrived})
    page = opened(qtbot, bench, ItemPage, Place("item", {"item_id": "sql/check"}))
    if online:
        qtbot.waitUntil(lambda: page.findChild(QWidget, "question-q1") is not None)
    else:
        qtbot.waitUntil(lambda: any(label.text() == title for label in page.findChildren(QLabel) if label.isVisible()))
