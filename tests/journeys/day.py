"""A learner's day, in parts that each run in a program of their own. See test_day.py for the story.

All that the learner does is done by clicks, wheel and keys. The store is only read, for what is compared.
"""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

from desktop.app import Haversack
from desktop.i18n import percent_text
from desktop.ui.pages.catalog import CatalogPage
from desktop.ui.widgets.action_list import ActionList
from desktop.ui.widgets.rich_text_view import RichText
from tests.journeys.driver import Driver
from tests.journeys.lecture import Lecture
from tests.journeys.materials import MATERIALS, Material, QuizTask
from tests.journeys.signals import Signals
from tests.journeys.state import learner_state, media_here, waiting

NAME = "Ada Learner"
PASSWORD = "a long enough phrase 7"
SLOW_MS = 60_000
WITHIN_SECONDS_MS = 20_000
"""The longest pause between two tries is 10 s; sending takes the rest."""
FIRST_NOTE = "The first day costs the most."
SECOND_NOTE = "Written without a network."


def material_of(signals: Signals) -> Material:
    """What the day is made on."""
    kind, folder = signals.value("material")
    return MATERIALS[kind](Path(folder))


# --- steps that several parts take ------------------------------------------------------------------------------


def wait_until_sent(driver: Driver, patience_ms: int = SLOW_MS) -> None:
    """The chip says that everything is up to date."""
    driver.reads("syncChip", "Up to date", patience_ms)


def join(driver: Driver) -> None:
    """An invitation is open: I am new here, name and password, join; then the empty home."""
    driver.click("invitationNew", SLOW_MS)
    driver.picture("invitation")
    driver.type("nameField", NAME, instead=True)
    driver.type("passwordField", PASSWORD)
    driver.click("joinButton")
    driver.reads("page", "You take no course yet", SLOW_MS)
    driver.picture("home-empty")
    driver.click("noticeDismiss")  # that there is no keyring: secrets are kept in a file here


def enroll(driver: Driver, course_id: str) -> None:
    """From the empty home by the catalog and the description to the first week."""
    driver.click("stateAction")
    driver.reads("resultCount", "course", SLOW_MS)
    catalog = driver.window.findChild(CatalogPage)
    assert catalog is not None
    model, tiles = catalog.model, catalog.tiles
    driver.wait(lambda: model.row_of(course_id) >= 0, "the course in the catalog", SLOW_MS)
    driver.picture("catalog")
    driver.click_within(tiles, lambda: tiles.visualRect(model.index(model.row_of(course_id), 0)), "the course")
    driver.find("enrollButton")
    driver.picture("description")
    driver.click("enrollButton")
    driver.click("goToCourse", SLOW_MS)
    driver.click("weekRow-1", SLOW_MS)


def open_item(driver: Driver, item_id: str) -> None:
    """From the week."""
    driver.click(f"itemRow-{item_id}")


def back_to_week(driver: Driver, item_id: str) -> None:
    """From an item to its week."""
    driver.click("backToCourse")
    driver.find(f"itemRow-{item_id}")


def take(driver: Driver, quiz: QuizTask) -> None:
    """Answer by clicks and keys; feedback is there at once."""
    for box in quiz.clicks:
        driver.click(box)
    for field, text in quiz.typed:
        driver.type(field, text)
    driver.click("submitQuiz")
    for name, part in quiz.says:
        driver.reads(name, part)


def read_to_the_end(driver: Driver, item_id: str, part: str) -> None:
    """Open a reading from the week, see its text, mark it as complete, and go back."""
    open_item(driver, item_id)
    text = driver.find_a(RichText, "readingText")
    driver.wait(lambda: part in text.toPlainText(), f"a text with “{part}”")
    driver.picture(f"reading-{item_id.rpartition('/')[2]}")
    driver.click("markComplete")
    back_to_week(driver, item_id)


def shown_percent(driver: Driver) -> int:
    """The progress of the course, read from its overview; then back to the week."""
    driver.click("courseSide-overview")
    shown = driver.reads("coursePercent", "%")
    driver.picture("overview")
    driver.click("weekRow-1")
    return int("".join(figure for figure in shown if figure.isdigit()))


def row_says(driver: Driver, item_id: str, word: str) -> None:
    """The item's row says how far it is."""
    row = driver.find(f"itemRow-{item_id}")
    driver.wait(lambda: f", {word}," in row.accessibleName(), f"“{word}” on {item_id}: {row.accessibleName()}")


def outbox_rows(driver: Driver) -> list[tuple[str, str]]:
    """What the Outbox lists: sentence and state."""
    rows = driver.find_a(ActionList, "outboxList").rows
    return [(rows.row(n).title, rows.row(n).chip) for n in range(rows.rowCount())]


def _lists(driver: Driver, row: tuple[str, str]) -> bool:
    return row in outbox_rows(driver)


def open_outbox(driver: Driver, material: Material) -> None:
    """Click on the chip of the status bar: what was done without a server is listed."""
    driver.click("syncChip")
    driver.find("outboxList")
    for title in (
        f"Wrote a note in “{material.lecture_title}”",
        f"Submitted “{material.quiz_offline.title}”",
        *(f"Completed “{title}”" for _, title, _ in material.readings),
    ):
        row = (title, "Waiting")
        driver.wait(partial(_lists, driver, row), f"“{title}” in the Outbox")
    # One entry for what was studied of it; so little of it was watched that it may only say where that ended.
    studied = {(f"{what} “{material.lecture_title}”", "Waiting") for what in ("Watched", "Stopped in")}
    driver.wait(lambda: len(studied & set(outbox_rows(driver))) == 1, "what was studied of the lecture in the Outbox")


# --- the parts --------------------------------------------------------------------------------------------------


def study(driver: Driver, program: Haversack, signals: Signals) -> None:
    """Online: join, enroll, watch, note, quiz, download. Then the server dies, and the day goes on."""
    material = material_of(signals)
    driver.type("linkField", signals.value("link"))
    driver.picture("welcome")
    driver.click("openLink")
    join(driver)
    enroll(driver, material.course_id)
    open_item(driver, material.lecture)
    _watch_online(driver, program, material)
    back_to_week(driver, material.lecture)
    open_item(driver, material.quiz.item_id)
    take(driver, material.quiz)
    driver.picture("quiz-feedback")
    back_to_week(driver, material.quiz.item_id)
    row_says(driver, material.quiz.item_id, "Done")
    driver.click("downloadWeek")
    driver.find("confirmDownload")
    driver.picture("week-download")
    driver.click("confirmDownload")
    driver.find("weekReady", SLOW_MS)
    driver.picture("week-ready")
    wait_until_sent(driver)
    signals.tell("studied online")
    driver.wait(lambda: signals.told("server is down"), "the server to be killed", SLOW_MS)
    _go_on_offline(driver, program, material, signals)


def _watch_online(driver: Driver, program: Haversack, material: Material) -> None:
    assert not media_here(program, material.lecture)  # it comes from the server
    lecture = Lecture(driver, material.media, streamed=True)
    lecture.watch_it_move(material.plays)
    driver.picture("lecture")
    lecture.click_line(material.jump)
    lecture.switch_language(*material.other_language)
    lecture.note_at_21(material.note, FIRST_NOTE)
    driver.picture("lecture-note")


def _go_on_offline(driver: Driver, program: Haversack, material: Material, signals: Signals) -> None:
    percent = shown_percent(driver)
    before = learner_state(program, material.course_id)
    open_item(driver, material.lecture)
    driver.reads("resumeNote", "Continues at 0:21")
    lecture = Lecture(driver, material.media)
    assert media_here(program, material.lecture)
    lecture.shows_sought(before["positions"][material.lecture])
    lecture.show_transcript()
    lecture.click_line_playing(material.offline)
    lecture.find_words(material.find, material.found)
    lecture.show_notes()
    assert lecture.notes() == [("0:21", FIRST_NOTE)]
    lecture.write_note(SECOND_NOTE)
    driver.picture("lecture-offline")
    back_to_week(driver, material.lecture)
    for item_id, _title, part in material.readings:
        read_to_the_end(driver, item_id, part)
    open_item(driver, material.quiz_offline.item_id)
    take(driver, material.quiz_offline)
    back_to_week(driver, material.quiz_offline.item_id)
    for item_id in (material.quiz_offline.item_id, *(reading[0] for reading in material.readings)):
        row_says(driver, item_id, "Done")
    row_says(driver, material.lecture, "Started")
    driver.picture("week-offline")
    assert shown_percent(driver) > percent
    driver.reads("syncChip", "waiting to send")
    assert "Offline" in driver.text("syncChip")
    open_outbox(driver, material)
    driver.picture("outbox")
    state = learner_state(program, material.course_id)
    assert len(state["notes"]) == len(before["notes"]) + 1 == 2
    assert state["attempts"][material.quiz_offline.item_id][0][1] == 100
    signals.tell("kill the program", {"state": state, "waiting": waiting(program)})
    driver.wait(threading.Event().is_set, "to be killed", SLOW_MS)


def come_back(driver: Driver, program: Haversack, signals: Signals) -> None:
    """Started again, still offline: all of it is there. The server comes back: all of it is sent."""
    material = material_of(signals)
    before = signals.value("kill the program")["state"]
    driver.reads(f"card-{material.course_id}", percent_text(before["percent"]), SLOW_MS)
    driver.reads("syncChip", "Offline", SLOW_MS)
    driver.picture("home-offline")
    open_outbox(driver, material)
    signals.tell("still there", {"state": learner_state(program, material.course_id), "waiting": waiting(program)})
    driver.click("tabHome")
    resume(driver, material, before["positions"][material.lecture])
    Lecture(driver, material.media).show_notes()
    driver.picture("resumed")
    driver.click("syncChip")
    signals.tell("resumed")
    driver.wait(lambda: signals.told("server is back"), "the server to come back", SLOW_MS)
    wait_until_sent(driver, WITHIN_SECONDS_MS)
    driver.wait(lambda: all(chip == "Sent" for _, chip in outbox_rows(driver)), "nothing to wait in the Outbox")
    driver.picture("outbox-sent")
    signals.tell("sent", learner_state(program, material.course_id))


def resume(driver: Driver, material: Material, at_ms: int, *, streamed: bool = False) -> None:
    """*Resume* on the card of the course opens the lecture at the saved second, with its picture."""
    driver.reads(f"card-{material.course_id}", material.lecture_title)
    driver.reads(f"resume-{material.course_id}", "Resume")
    driver.click(f"resume-{material.course_id}")
    driver.reads("resumeNote", "Continues at")
    lecture = Lecture(driver, material.media, streamed=streamed)
    lecture.shows_sought(at_ms)
    assert abs(lecture.position_ms - at_ms) <= 1, f"resumed at {lecture.position_ms} ms, left at {at_ms} ms"


def second_installation(driver: Driver, program: Haversack, signals: Signals) -> None:
    """Another computer: sign in, and everything is there, on the screen as in the store."""
    material = material_of(signals)
    sent = signals.value("sent")
    driver.click("signInLink")
    driver.type("serverField", signals.value("server"), instead=True)
    driver.type("emailField", signals.value("email"))
    driver.type("existingPasswordField", PASSWORD)
    driver.click("signInButton")
    driver.reads(f"card-{material.course_id}", percent_text(sent["percent"]), SLOW_MS)
    wait_until_sent(driver)
    driver.picture("second-home")
    driver.click(f"goToCourse-{material.course_id}")
    driver.click("weekRow-1")
    for item_id, state in sent["states"].items():
        if driver.sees(f"itemRow-{item_id}"):
            row_says(driver, item_id, {"done": "Done", "started": "Started", "new": "Not started"}[state])
    open_item(driver, material.quiz_offline.item_id)  # its questions come with it; the result was made elsewhere
    driver.reads("quizResult", "100", SLOW_MS)
    driver.picture("second-quiz")
    wait_until_sent(driver)
    signals.tell("second", learner_state(program, material.course_id))
    driver.click("tabHome")
    resume(driver, material, sent["positions"][material.lecture], streamed=True)
    lecture = Lecture(driver, material.media, streamed=True)
    lecture.show_notes()
    expected = sorted(text for _, item_id, _, text in sent["notes"] if item_id == material.lecture)
    driver.wait(lambda: sorted(text for _, text in lecture.notes()) == expected, "both notes")
    driver.picture("second-lecture")
