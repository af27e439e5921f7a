"""A learner's day, in parts that each run in a program of their own. See test_day.py for the story."""

from __future__ import annotations

import threading
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop.app import Haversack
from desktop.services.services import Services
from desktop.ui.pages.catalog import CatalogPage
from tests.journeys.driver import Driver
from tests.journeys.signals import Signals

EMAIL = "learner@example.org"
PASSWORD = "a long enough phrase 7"
COURSE = "study-well"
SLOW_MS = 60_000


def _ask(program: Haversack, question: Any) -> Any:
    """Ask the learner's store from the test, as a page would."""
    answers: list[Any] = []
    driver_wait = Driver(program.window)
    program.desk.ask(program, question, answers.append)
    driver_wait.wait(lambda: bool(answers), "the store to answer")
    return answers[0]


def learner_state(program: Haversack) -> dict[str, Any]:
    """What the learner made and has, comparable between installations."""

    def read(services: Services) -> dict[str, Any]:
        outline = services.courses.outline(COURSE)
        modules = [module for week in outline.weeks for module in week.modules]
        items = [row for module in modules for lesson in module.lessons for row in lesson.items]
        attempts = {
            row.item_id: [
                [attempt.id, None if attempt.result is None else attempt.result.percent]
                for attempt in services.quizzes.view(row.item_id).attempts
            ]
            for row in items
            if row.kind.endswith("_quiz")
        }
        notes = sorted((note.item_id, note.at_ms, note.text) for note in services.notes.all())
        states = {row.item_id: row.state for row in items}
        return {"percent": outline.percent, "states": states, "attempts": attempts, "notes": [list(n) for n in notes]}

    found: dict[str, Any] = _ask(program, read)
    return found


def _waiting(program: Haversack) -> list[list[str]]:
    def read(services: Services) -> list[list[str]]:
        return [[entry.id, entry.kind] for entry in services.outbox.entries() if entry.state in ("waiting", "sending")]

    found: list[list[str]] = _ask(program, read)
    return found


def _answer(driver: Driver, wrong: bool = False) -> None:
    """Answer the first practice quiz with real clicks: a single choice, several choices, a number."""
    driver.click("option-shape-even" if wrong else "option-shape-steep")
    for option in ("known", "meaning", "reviews"):
        driver.click(f"option-depends-{option}")
    driver.type("numeric-saved", "39.6")
    driver.click("submitQuiz")
    driver.find("quizResult", SLOW_MS)


def join_and_study(driver: Driver, program: Haversack, signals: Signals) -> None:
    """Online: join, enroll, take a quiz, download the week. Then the server dies: another quiz, and what waits."""
    driver.type("linkField", signals.value("link"))
    driver.click("openLink")
    driver.click("invitationNew", SLOW_MS)
    driver.find_a(QLineEdit, "nameField").clear()
    driver.type("nameField", "Ada Learner")
    driver.type("passwordField", PASSWORD)
    driver.picture("join")
    driver.click("joinButton")
    driver.find("stateAction", SLOW_MS)
    driver.picture("home-empty")
    driver.click("stateAction")
    page = _catalog(driver)
    index = page.model.index(page.model.row_of(COURSE), 0)
    page.tiles.scrollTo(index)
    QTest.mouseClick(page.tiles.viewport(), Qt.MouseButton.LeftButton, pos=page.tiles.visualRect(index).center())
    driver.click("enrollButton")
    driver.click("goToCourse", SLOW_MS)
    driver.click("weekRow-1", SLOW_MS)
    driver.picture("week")
    driver.click(f"itemRow-{COURSE}/check-1")
    _answer(driver, wrong=True)
    driver.picture("quiz-feedback")
    program.desk.go("course", course_id=COURSE, section="week-1")
    driver.click("downloadWeek")
    driver.click("confirmDownload")
    driver.find("weekReady", SLOW_MS)
    driver.wait(lambda: program.desk.status.state == "up_to_date", "everything to be sent", SLOW_MS)
    signals.tell("online part done")
    driver.wait(lambda: signals.told("server is down"), "the server to be killed", SLOW_MS)
    _offline(driver, program, signals)


def _catalog(driver: Driver) -> CatalogPage:
    driver.find("resultCount", SLOW_MS)
    page = driver.window.findChild(CatalogPage)
    assert page is not None
    driver.wait(lambda: page.model.row_of(COURSE) >= 0, "courses in the catalog")
    return page


def _offline(driver: Driver, program: Haversack, signals: Signals) -> None:
    before = learner_state(program)
    program.desk.go("item", item_id=f"{COURSE}/check-1")
    driver.click("retakeQuiz")
    _answer(driver)
    driver.wait(lambda: program.desk.status.waiting > 0, "the chip to count what waits")
    program.desk.go("outbox")
    driver.find("outboxList")
    driver.picture("outbox")
    waiting = _waiting(program)
    state = learner_state(program)
    assert len(state["attempts"][f"{COURSE}/check-1"]) == len(before["attempts"][f"{COURSE}/check-1"]) + 1
    assert "submit_attempt" in [kind for _, kind in waiting]
    signals.tell("kill the program", {"state": state, "waiting": waiting})
    driver.wait(threading.Event().is_set, "to be killed", SLOW_MS)


def come_back(driver: Driver, program: Haversack, signals: Signals) -> None:
    """Started again, still offline: all of it is there. The server comes back: all of it is sent."""
    driver.find(f"card-{COURSE}", SLOW_MS)
    driver.picture("home-offline")
    program.desk.go("outbox")
    driver.find("outboxList")
    signals.tell("still there", {"state": learner_state(program), "waiting": _waiting(program)})
    driver.wait(lambda: signals.told("server is back"), "the server to come back", SLOW_MS)
    driver.wait(
        lambda: program.desk.status.state == "up_to_date" and not program.desk.status.waiting,
        "everything to be sent within seconds",
        20_000,
    )
    signals.tell("sent", learner_state(program))


def second_installation(driver: Driver, program: Haversack, signals: Signals) -> None:
    """Another computer: sign in, and everything is there."""
    driver.click("signInLink")
    driver.find_a(QLineEdit, "serverField").clear()
    driver.type("serverField", signals.value("server"))
    driver.type("emailField", EMAIL)
    driver.type("existingPasswordField", PASSWORD)
    driver.click("signInButton")
    driver.find(f"card-{COURSE}", SLOW_MS)
    driver.wait(lambda: program.desk.status.state == "up_to_date", "the first sync", SLOW_MS)
    program.desk.go("course", course_id=COURSE, section="week-1")
    driver.find(f"itemRow-{COURSE}/check-1", SLOW_MS)
    signals.tell("second", learner_state(program))
