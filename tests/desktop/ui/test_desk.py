"""The desk: what asks is not held on to by what it asked, and knows who is signed in."""

from __future__ import annotations

import gc
import weakref

import pytest
import shiboken6
from PySide6.QtCore import SIGNAL, QObject
from pytestqt.qtbot import QtBot

from desktop.background import Job
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.fakes import Bench


@pytest.fixture
def owner(qtbot: QtBot, bench: Bench) -> QObject:
    """An object that has asked once already: PySide keeps something of its own from the first connection on."""
    made = QObject()
    bench.desk.ask(made, lambda services: services.home.view())
    qtbot.waitUntil(lambda: not bench.runner.busy())
    return made


def ties(owner: QObject) -> int:
    """Connections to the end of an object."""
    return sum(owner.receivers(SIGNAL(name)) for name in ("destroyed()", "destroyed(QObject*)"))


def ask(bench: Bench, owner: QObject, answers: list[object]) -> weakref.ref[Job]:
    """Ask; hold on to nothing but a weak reference."""
    return weakref.ref(bench.desk.ask(owner, lambda services: services.home.view(), answers.append))


def test_an_answered_question_leaves_no_connection_behind(qtbot: QtBot, bench: Bench, owner: QObject) -> None:
    answers: list[object] = []
    before = ties(owner)
    jobs = [ask(bench, owner, answers) for _ in range(50)]
    assert ties(owner) > before
    qtbot.waitUntil(lambda: len(answers) == 50)
    assert ties(owner) == before
    gc.collect()
    assert [job for job in jobs if job() is not None] == []


def test_a_forgotten_question_leaves_none_either(qtbot: QtBot, bench: Bench, owner: QObject) -> None:
    answers: list[object] = []
    before = ties(owner)
    bench.desk.ask(owner, lambda services: services.home.view(), answers.append).forget()
    assert ties(owner) == before
    qtbot.waitUntil(lambda: not bench.runner.busy())
    assert answers == []


def test_an_owner_that_goes_is_told_nothing_any_more(qtbot: QtBot, bench: Bench, owner: QObject) -> None:
    answers: list[object] = []
    job = bench.desk.ask(owner, lambda services: services.home.view(), answers.append)
    shiboken6.delete(owner)
    assert job.forgotten
    qtbot.waitUntil(lambda: not bench.runner.busy())
    assert answers == []


def test_after_the_end_nothing_is_tied(bench: Bench, owner: QObject) -> None:
    bench.runner.shutdown()
    before = ties(owner)
    assert bench.desk.ask(owner, lambda services: services.home.view()).forgotten
    assert ties(owner) == before


def test_the_desk_knows_who_is_signed_in_and_leads_them_back_to_the_door(bench: Bench) -> None:
    assert bench.desk.learner is None
    bench.desk.signed_in.emit(views.LEARNER)
    assert bench.desk.learner == views.LEARNER
    bench.desk.sign_in_again()
    place = bench.places[-1]
    assert (place.page, place.get("server"), place.get("email"), place.get("ended")) == (
        "sign_in",
        views.LEARNER.server,
        views.LEARNER.email,
        "1",
    )
    bench.desk.signed_out.emit()
    assert bench.desk.learner is None
