"""The queue of downloads: order, rules, why nothing comes and what helps."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.models.views import DownloadRules, DownloadsView, SyncStatus
from desktop.ui.desk import Place
from desktop.ui.pages.download_queue import QueuePage
from desktop.ui.widgets.action_list import ActionList
from desktop.ui.widgets.download_hold import HoldCard
from desktop.ui.widgets.download_rules import DownloadRulesCard
from desktop.ui.widgets.fields import TimeField, read_minute
from desktop.ui.widgets.ordered_list import OrderedList
from tests.desktop.ui.pages_of_items.conftest import Bench
from tests.desktop.ui.pages_of_items.driving import click, click_in, opened, part
from tests.desktop.ui.pages_of_items.store import downloads
from tests.desktop.ui.pages_of_items.test_list_pages import is_laid_out


def queue_page(qtbot: QtBot, bench: Bench, view: DownloadsView) -> tuple[QueuePage, ActionList]:
    """The page with its queue shown."""
    bench.store.downloads_view = view
    page = opened(qtbot, bench, QueuePage, Place("downloads"))
    queue = part(page, "downloadsList", ActionList)
    qtbot.waitUntil(lambda: queue.rows.rowCount() == len(view.entries) and is_laid_out(queue))
    return page, queue


def test_the_queue_is_put_in_order(qtbot: QtBot, bench: Bench) -> None:
    ready = replace(downloads().entries[0], id="d0", state="ready")
    page, queue = queue_page(qtbot, bench, replace(downloads(), entries=(ready, *downloads().entries)))
    offered = [[action.key for action in queue.rows.row(number).actions] for number in range(5)]
    assert ["up" in keys for keys in offered] == [False, True, True, True, False]
    assert ["down" in keys for keys in offered] == [True, True, True, False, False]
    click_in(qtbot, queue, queue.action_rect("d2", "up"))
    click_in(qtbot, queue, queue.action_rect("d1", "down"))
    qtbot.waitUntil(lambda: bench.store.calls_of("move") == [("d2", "up"), ("d1", "down")])
    click(qtbot, page, "clearFinished")
    qtbot.waitUntil(lambda: bench.store.calls_of("clear_finished") == [()])


@pytest.mark.parametrize(
    ("hold", "said", "changes"),
    [
        ("metered", "counts what is used", {"on_metered": True}),
        ("hours", "run from", {"from_minute": 0, "until_minute": 0}),
    ],
)
def test_why_downloads_wait_and_what_helps(
    qtbot: QtBot, bench: Bench, hold: str, said: str, changes: dict[str, int | bool]
) -> None:
    rules = DownloadRules(from_minute=22 * 60, until_minute=6 * 60)
    page, queue = queue_page(qtbot, bench, replace(downloads(), rules=rules))
    card = part(page, "holdCard", HoldCard)
    assert not card.isVisible()
    waiting = tuple(replace(entry, state="queued", hold=hold) for entry in downloads().entries[:2])
    bench.desk.downloads_changed.emit(waiting)
    assert card.isVisible()
    assert said in card.text.text()
    assert queue.rows.row(1).chip == "Waiting"
    click(qtbot, page, "holdAction")
    qtbot.waitUntil(lambda: bench.store.calls_of("change_rules") == [(changes,)])
    bench.desk.downloads_changed.emit(tuple(replace(entry, hold="") for entry in waiting))
    assert not card.isVisible()


def test_pausing_and_resuming_all(qtbot: QtBot, bench: Bench) -> None:
    page, _ = queue_page(qtbot, bench, downloads())
    assert not part(page, "resumeAll").isVisible()
    click(qtbot, page, "pauseAll")
    bench.desk.changed.emit(frozenset({"downloads"}))
    qtbot.waitUntil(lambda: part(page, "resumeAll").isVisible())
    assert not part(page, "pauseAll").isVisible()
    assert "paused" in part(page, "holdCard", HoldCard).text.text()
    click(qtbot, page, "holdAction")
    qtbot.waitUntil(lambda: bench.store.calls_of("change_rules") == [({"paused": True},), ({"paused": False},)])


def test_without_a_network_the_page_says_so(qtbot: QtBot, bench: Bench) -> None:
    page, _ = queue_page(qtbot, bench, downloads())
    woken: list[bool] = []
    bench.desk.wake_sync = lambda: woken.append(True)
    bench.desk.status = SyncStatus(state="offline")
    bench.desk.status_changed.emit(bench.desk.status)
    assert "Waiting for a network" in part(page, "holdCard", HoldCard).text.text()
    click(qtbot, page, "holdAction")
    assert woken == [True]
    bench.desk.status = SyncStatus(state="up_to_date")
    bench.desk.status_changed.emit(bench.desk.status)
    assert not part(page, "holdCard", HoldCard).isVisible()


def test_the_rules_are_kept_as_they_are_chosen(qtbot: QtBot, bench: Bench) -> None:
    page, _ = queue_page(qtbot, bench, downloads())
    card = part(page, "rulesCard", DownloadRulesCard)
    assert not card.end.isVisible()
    assert not card.removal.isVisible()
    choices = (
        (card.speed, 1024**2),
        (card.metered, 1),
        (card.floor, 1024**3),
        (card.ahead, 2),
        (card.finished, 1),
        (card.hours, 1),
    )

    def kept(number: int) -> None:
        qtbot.waitUntil(lambda: len(bench.store.calls_of("change_rules")) == number)
        bench.desk.changed.emit(frozenset({"downloads"}))
        qtbot.waitUntil(lambda: card._rules == bench.store.downloads_view.rules)

    for number, (box, value) in enumerate(choices, 1):
        box.setCurrentIndex(box.findData(value))
        kept(number)
    rules = bench.store.downloads_view.rules
    assert rules == DownloadRules(
        on_metered=True,
        from_minute=22 * 60,
        until_minute=6 * 60,
        speed_limit=1024**2,
        floor=1024**3,
        keep_weeks=2,
        remove_finished=True,
    )
    assert card.removal.isVisible(), "when finished weeks go is said to whoever lets them go"
    assert card.end.isVisible()
    card.end.setFocus()
    card.end.selectAll()
    QTest.keyClicks(card.end, "0545")
    assert len(bench.store.calls_of("change_rules")) == 6, "not while it is being typed"
    QTest.keyClick(card.end, Qt.Key.Key_Return)
    kept(7)
    assert bench.store.downloads_view.rules.until_minute == 5 * 60 + 45
    card.end.selectAll()
    QTest.keyClicks(card.end, "never")
    QTest.keyClick(card.end, Qt.Key.Key_Return)
    assert read_minute(card.end.text()) == 5 * 60 + 45, "what is no time is taken back"
    card.end.selectAll()
    QTest.keyClicks(card.end, "22")  # the same twice would be any time
    QTest.keyClick(card.end, Qt.Key.Key_Return)
    kept(8)
    assert bench.store.downloads_view.rules.until_minute == 23 * 60


def test_each_rule_has_a_name_and_shows_what_holds(qtbot: QtBot, bench: Bench) -> None:
    page, _ = queue_page(qtbot, bench, downloads())
    card = part(page, "rulesCard", DownloadRulesCard)
    card.show_rules(DownloadRules(speed_limit=123_456))  # set by hand, or by another version
    assert card.speed.currentData() == 123_456
    boxes = (card.speed, card.metered, card.hours, card.begin, card.end, card.floor, card.ahead, card.finished)
    assert {box.accessibleName() for box in boxes} == {
        "Weeks to come",
        "Finished weeks",
        "Speed",
        "On metered networks",
        "Hours",
        "Download from",
        "until",
        "Keep free on this disk",
    }


@pytest.mark.parametrize(
    ("typed", "minute"),
    [
        ("22:15", 22 * 60 + 15),
        (" 7:05 ", 7 * 60 + 5),
        ("2215", 22 * 60 + 15),
        ("22.15", 22 * 60 + 15),
        ("7", 7 * 60),
        ("10:15 pm", 22 * 60 + 15),
        ("24:00", None),
        ("noon", None),
        ("", None),
    ],
)
def test_times_as_they_are_typed(typed: str, minute: int | None) -> None:
    assert read_minute(typed) == minute


def test_up_and_down_go_by_quarters(qtbot: QtBot) -> None:
    field = TimeField("Download from")
    qtbot.addWidget(field)
    chosen: list[int] = []
    field.chosen.connect(chosen.append)
    field.show_minute(23 * 60 + 50)
    for key, minute in ((Qt.Key.Key_Up, 0), (Qt.Key.Key_Down, 23 * 60 + 45), (Qt.Key.Key_Down, 23 * 60 + 30)):
        QTest.keyClick(field, key)
        assert field.minute() == minute
    field.show_minute(10 * 60 + 7)
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert field.minute() == 10 * 60
    assert chosen == []
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert chosen == [10 * 60]


def test_rows_are_dragged_into_another_order(qtbot: QtBot, bench: Bench) -> None:
    ready = replace(downloads().entries[0], id="d0", state="ready")
    _, queue = queue_page(qtbot, bench, replace(downloads(), entries=(*downloads().entries, ready)))
    assert isinstance(queue, OrderedList)

    def drag(row_id: str, onto: str, *, below: bool = False, give_up: bool = False) -> None:
        view = queue.viewport()
        start = queue.row_rect(row_id).center()
        row = queue.visualRect(queue.rows.index(queue.rows.number_of(onto)))
        end = QPoint(start.x(), row.bottom() - 8 if below else row.top() + 8)
        QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
        for point in (start + QPoint(0, 4), start + QPoint(0, 30), end):
            move = QMouseEvent(
                QEvent.Type.MouseMove,
                QPointF(point),
                QPointF(view.mapToGlobal(point)),
                Qt.MouseButton.NoButton,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
            QApplication.sendEvent(view, move)
        if give_up:
            assert queue.is_dragging()
            QTest.keyClick(queue, Qt.Key.Key_Escape)
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
        assert not queue.is_dragging()

    drag("d3", "d1")
    drag("d1", "d2", below=True)
    drag("d2", "d0", below=True)
    qtbot.waitUntil(lambda: bench.store.calls_of("put") == [("d3", 0), ("d1", 1), ("d2", 3)])
    drag("d1", "d1", below=True)
    drag("d0", "d1")
    drag("d4", "d1", give_up=True)
    bench.desk.downloads_changed.emit(downloads().entries)
    qtbot.waitUntil(lambda: not bench.desk._runner.busy())
    assert len(bench.store.calls_of("put")) == 3, "in its place, finished already, and thought better of"
