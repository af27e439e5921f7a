"""What a network wants of the learner, asked where they are: the proxy's password, the page of a hotel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.config import Config
from desktop.errors import Problem
from desktop.models.views import SyncStatus
from desktop.ui.frame.sync_notices import clock_words, portal_address
from desktop.ui.widgets.buttons import Button
from desktop.ui.window import MainWindow
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.fakes import Bench, Edge, bench_over
from tests.desktop.ui.gallery import answers


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[Bench, MainWindow]]:
    """A window over the gallery's answers."""
    with bench_over(Edge(answers())) as bench:
        window = MainWindow(bench.desk, Config(tmp_path))
        qtbot.addWidget(window)
        window.resize(1180, 780)
        window.show()
        yield bench, window
        window.close_pages()


def button(window: MainWindow, name: str) -> Button:
    found = [one for one in window.findChildren(Button, name) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def notice_button(window: MainWindow, text: str) -> Button:
    found = [one for one in window.findChildren(Button) if one.isVisible() and one.text() == text]
    assert len(found) == 1
    return found[0]


def say(bench: Bench, code: str) -> None:
    bench.desk.status = SyncStatus("attention", code=code, text="What happened.", way_out="What helps.")
    bench.desk.status_changed.emit(bench.desk.status)


def test_the_proxy_s_password_is_one_click_away_and_kept(stage: tuple[Bench, MainWindow], qtbot: QtBot) -> None:
    bench, window = stage
    woken: list[int] = []
    bench.desk.wake_sync = lambda: woken.append(1)
    bench.desk.signed_in.emit(views.LEARNER)
    say(bench, "proxy_password")
    notice_button(window, "Enter password").click()
    text = window.findChild(QLabel, "proxyText")
    assert text is not None
    qtbot.waitUntil(lambda: "gate.example.org:3128" in text.text())
    save = button(window, "proxySave")
    user, password = window.findChild(QLineEdit, "proxyUser"), window.findChild(QLineEdit, "proxyPassword")
    assert user is not None
    assert password is not None
    assert not save.isEnabled()
    QTest.keyClicks(user, "ada")
    QTest.keyClicks(password, "secret")
    assert save.isEnabled()
    QTest.keyClick(password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(woken))
    assert bench.edge.asked("gateway.keep_proxy_login") == [("gate.example.org:3128", "ada", "secret")]
    assert password.text() == ""
    assert window.pages.place is not None
    assert window.pages.place.page == "home"


def test_a_newcomer_behind_such_a_proxy_gets_to_the_same_page_and_back(
    stage: tuple[Bench, MainWindow], qtbot: QtBot
) -> None:
    bench, window = stage
    bench.edge.answers["gateway.read_invitation"] = Problem("proxy_password", "")
    bench.desk.go("invitation", link="https://learn.example.org/join/x")
    qtbot.waitUntil(lambda: any(one.text() == "Enter password" for one in window.findChildren(Button, "refusalAction")))
    button(window, "refusalAction").click()
    qtbot.waitUntil(lambda: window.pages.place is not None and window.pages.place.page == "proxy")
    bench.edge.answers["gateway.read_invitation"] = views.INVITATION
    button(window, "proxyLater").click()
    assert window.pages.place is not None
    assert window.pages.place.page == "invitation"
    qtbot.waitUntil(lambda: len(bench.edge.asked("gateway.read_invitation")) == 2)


def test_the_page_of_a_hotel_is_one_click_away(
    stage: tuple[Bench, MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, window = stage
    opened: list[QUrl] = []
    woken: list[int] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    bench.desk.wake_sync = lambda: woken.append(1)
    bench.desk.signed_in.emit(views.LEARNER)
    say(bench, "captive_portal")
    notice_button(window, "Open sign-in page").click()
    assert opened == [portal_address(views.LEARNER.server)]
    assert opened[0].scheme() == "http", "such a network answers nothing else in the server's place"
    assert woken


@pytest.mark.parametrize(
    ("off_s", "says"),
    [(180, "3 minutes fast"), (-180, "3 minutes too late"), (7200, "2 hours too early"), (-200_000, "2 days slow")],
)
def test_what_a_wrong_clock_means_for_deadlines(off_s: float, says: str) -> None:
    assert says in clock_words(off_s)
    assert "Deadlines count by the server's clock" in clock_words(off_s)


@pytest.mark.parametrize(("off_s", "said"), [(119.0, False), (121.0, True), (-121.0, True)])
def test_two_minutes_are_too_many(stage: tuple[Bench, MainWindow], off_s: float, said: bool) -> None:
    bench, window = stage
    bench.desk.signed_in.emit(views.LEARNER)
    bench.desk.status_changed.emit(SyncStatus("up_to_date", clock_off_s=off_s))
    shown = [one.text() for one in window.findChildren(QLabel) if one.isVisible() and "clock is" in one.text()]
    assert bool(shown) is said
