"""The first minutes with the sample program: nothing but the program itself, which starts and ends its own server."""

from __future__ import annotations

import threading

from desktop.app import Haversack
from tests.journeys.day import enroll, join, material_of, open_item, resume, wait_until_sent
from tests.journeys.driver import Driver
from tests.journeys.lecture import Lecture
from tests.journeys.signals import Signals
from tests.journeys.state import learner_state

NOTE = "Returns, not hours."
FOREVER_MS = 300_000


def try_the_sample(driver: Driver, program: Haversack, signals: Signals) -> None:
    """From the welcome page to a lecture that plays. Its server is killed: the program starts another one."""
    material = material_of(signals)
    driver.find("trySample")
    signals.tell("welcomed")
    driver.wait(lambda: signals.told("no server yet"), "somebody to look", FOREVER_MS)
    driver.click("trySample")
    join(driver)
    enroll(driver, material.course_id)
    open_item(driver, material.lecture)
    lecture = Lecture(driver, material.media, streamed=True)
    lecture.watch_it_move(material.plays)
    signals.tell("playing")
    driver.wait(lambda: signals.told("server is killed"), "the server to be killed", FOREVER_MS)
    lecture.write_note(NOTE)
    signals.tell("noted", learner_state(program, material.course_id))
    driver.wait(lambda: signals.told("the note has arrived"), "the note to arrive at another server", FOREVER_MS)
    wait_until_sent(driver)
    driver.picture("sample-lecture")
    signals.tell("sent", learner_state(program, material.course_id))
    driver.wait(threading.Event().is_set, "to be killed", FOREVER_MS)


def come_back_to_the_sample(driver: Driver, program: Haversack, signals: Signals) -> None:
    """Started again after a kill: home, *Resume*, the picture and the note are there; then the program is closed."""
    material = material_of(signals)
    before = signals.value("sent")
    resume(driver, material, before["positions"][material.lecture], streamed=True)
    lecture = Lecture(driver, material.media, streamed=True)
    lecture.show_notes()
    assert [text for _, text in lecture.notes()] == [NOTE]
    wait_until_sent(driver)
    driver.picture("sample-resumed")
    signals.tell("resumed")
    driver.wait(lambda: signals.told("close"), "to be closed", FOREVER_MS)
