"""Signing out with work that was not sent: said, kept in the learner's own folder, and sent by nobody else."""

from __future__ import annotations

import threading
import time

from desktop.models.session_file import read_session
from desktop.services.services import Services, open_services
from tests.desktop.faults.conftest import House, Learner
from tests.desktop.faults.test_at_work import note
from tests.desktop.hand_clock import HandClock
from tests.desktop.sync.program_server import Handler, ProgramServer, answer, drop


def menu_entry(learner: Learner, name: str) -> None:
    """Choose an entry of the profile menu."""
    menu = learner.program.window.header.profile.menu()
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.objectName() == name).trigger()


def test_what_waits_is_said_and_stays_in_the_learners_own_folder(house: House, server: ProgramServer) -> None:
    learner = house.start(server.link())
    learner.join()
    learner.find("card-sql")
    server.spoil("/", drop, times=500)
    note(learner, "not sent yet")
    learner.program.desk.wake_sync()
    learner.wait(lambda: "Offline" in learner.chip(), "the chip to say so")
    menu_entry(learner, "menuSignOut")
    learner.wait(lambda: learner.text("signOutText") == "1 entry has not reached your program yet.", "the count")
    learner.picture("sign-out-waiting")
    learner.click("signOutKeep")
    learner.find("linkField")
    assert read_session(house.home) is None
    house.end()
    other = open_services(house.home, "learner-2", HandClock(), lambda kinds: None, house.home / "assets")
    assert other.outbox.entries() == ()
    assert other.notes.all() == ()
    other.close()
    server.faults.clear()
    again = house.start(server.link())
    again.join()
    assert len(server.applied) == 1, "sent as soon as its learner is here again"


def test_send_now_then_sign_out(house: House, server: ProgramServer) -> None:
    learner = house.start(server.link())
    learner.join()
    learner.find("card-sql")
    server.spoil("/v1/actions", answer(503, b"", Retry_After="3000"))
    note(learner, "held up")
    learner.wait(lambda: "out of order" in learner.chip(), "the chip to say so")
    menu_entry(learner, "menuSignOut")
    learner.click("signOutSend")
    learner.wait(lambda: learner.text("signOutText") == "Everything has been sent.", "it to be sent")
    assert learner.text("signOutKeep") == "Sign out"
    learner.click("signOutKeep")
    learner.find("linkField")
    learner.wait(lambda: "DELETE /v1/sessions/current" in server.asked, "the server to be told")


def test_nothing_waits_so_nothing_is_asked(house: House, server: ProgramServer) -> None:
    learner = house.start(server.link())
    learner.join()
    menu_entry(learner, "menuSignOut")
    learner.find("linkField")


def test_a_server_that_does_not_answer_holds_up_nobody_who_leaves(house: House, server: ProgramServer) -> None:
    learner = house.start(server.link())
    learner.join()
    learner.find("card-sql")
    go_on, held = threading.Event(), threading.Event()

    def hold(handler: Handler) -> bool:
        held.set()
        go_on.wait(30)
        return drop(handler)

    server.spoil("/v1/", hold, times=20)
    note(learner, "under way")
    assert held.wait(10)
    began = time.monotonic()
    learner.program.desk.sign_out()
    assert time.monotonic() - began < 0.5, "the window does not wait for the network"
    learner.find("linkField")
    assert read_session(house.home) is None
    go_on.set()
    learner.wait(lambda: not learner.program.runner.busy(), "the lanes to be empty")

    def kept() -> Services:
        return open_services(house.home, "learner-1", HandClock(), lambda kinds: None, house.home / "assets")

    house.end()
    services = kept()
    assert [found.text for found in services.notes.all()] == ["under way"]
    assert services.outbox.waiting_count() == 1
    services.close()
