"""The next try, counted down where it is seen, and not where it is only heard."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from desktop.models.views import SyncStatus
from desktop.ui.frame.status_bar import StatusBar
from desktop.ui.next_try import next_try_words
from desktop.ui.pages.outbox import OutboxPage
from desktop.ui.preferences import Preferences
from desktop.ui.widgets.buttons import Button
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.fakes import NOW, Bench, FixedClock


class MovingClock(FixedClock):
    """A clock in the test's hand."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock(bench: Bench) -> MovingClock:
    found = MovingClock()
    bench.desk.clock = found
    return found


def away(seconds: float, code: str = "offline", *, trying: bool = False) -> SyncStatus:
    next_try = NOW + timedelta(seconds=seconds)
    return SyncStatus("offline", since=NOW, next_try=next_try, code=code, text="Not reached.", trying=trying)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (away(7), "Next try in 7\u00a0s"),
        (away(6.2), "Next try in 7\u00a0s"),
        (away(0), "Trying now …"),
        (away(59.0), "Next try in 59\u00a0s"),
        (away(5, trying=True), "Trying now …"),
        (away(5, code="session_ended"), ""),
        (SyncStatus("up_to_date"), ""),
    ],
)
def test_words(status: SyncStatus, words: str) -> None:
    assert next_try_words(status, NOW) == words
    assert next_try_words(away(600), NOW).startswith("Next try at ")
    assert next_try_words(away(7), NOW, titled=True) == "in 7\u00a0s"


def test_the_chip_counts_the_seconds_and_says_that_it_tries(qtbot: QtBot, bench: Bench, clock: MovingClock) -> None:
    bar = StatusBar(bench.desk)
    qtbot.addWidget(bar)
    bench.desk.status_changed.emit(away(2.0))
    assert bar.sync.text().endswith(" · Next try in 2\u00a0s")
    heard = bar.sync.accessibleName()
    clock.at = NOW + timedelta(seconds=1.01)
    qtbot.waitUntil(lambda: bar.sync.text().endswith("Next try in 1\u00a0s"), timeout=3000)
    clock.at = NOW + timedelta(seconds=2.01)
    qtbot.waitUntil(lambda: bar.sync.text().endswith("Trying now …"), timeout=3000)
    assert bar.sync.accessibleName() == heard
    assert "Next try" not in heard
    bench.desk.status_changed.emit(SyncStatus("up_to_date", last_success=NOW))
    assert "Next try" not in bar.sync.text()
    assert not bar._next._timer.isActive(), "nothing ticks while all is well"


def test_the_outbox_tries_now(qtbot: QtBot, bench: Bench, clock: MovingClock, preferences: Preferences) -> None:
    woken: list[int] = []
    bench.desk.wake_sync = lambda: woken.append(1)
    bench.edge.answers["outbox.entries"] = views.OUTBOX
    page = OutboxPage(bench.desk, preferences)
    qtbot.addWidget(page)
    page.show()
    page.refresh()
    qtbot.waitUntil(lambda: not bench.runner.busy())
    bench.desk.status = away(30)
    bench.desk.status_changed.emit(bench.desk.status)
    assert "Next try in 30\u00a0s." in page._summary.text()
    send = page.findChild(Button, "outboxSendNow")
    assert send is not None
    assert send.text() == "Try now"
    send.click()
    assert woken == [1]
    bench.desk.status = away(30, trying=True)
    bench.desk.status_changed.emit(bench.desk.status)
    assert page._summary.text().endswith("Trying now …")
    assert not send.isEnabled()
