"""The queue of downloads: order, rules, why nothing comes and what helps."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from desktop.models.views import DownloadRules, DownloadsView, SyncStatus
from desktop.ui.desk import Place
from desktop.ui.pages.download_queue import QueuePage
from desktop.ui.widgets.action_list import ActionList
from desktop.ui.widgets.download_hold import HoldCard
from desktop.ui.widgets.download_rules import DownloadRulesCard
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
    assert not card.end.isEnabled()
    choices = ((card.speed, 1024**2), (card.metered, 1), (card.floor, 1024**3), (card.begin, 22 * 60))
    for number, (box, value) in enumerate(choices, 1):
        box.setCurrentIndex(box.findData(value))
        qtbot.waitUntil(lambda number=number: len(bench.store.calls_of("change_rules")) == number)  # type: ignore[misc]
        bench.desk.changed.emit(frozenset({"downloads"}))
        qtbot.waitUntil(lambda: card._rules == bench.store.downloads_view.rules)
    rules = bench.store.downloads_view.rules
    assert rules == DownloadRules(
        on_metered=True, from_minute=22 * 60, until_minute=6 * 60, speed_limit=1024**2, floor=1024**3
    )
    assert card.end.isEnabled()
    card.end.setCurrentIndex(card.end.findData(22 * 60))  # the same twice would be any time
    qtbot.waitUntil(lambda: bench.store.downloads_view.rules.until_minute == 23 * 60)
    card.show_rules(replace(rules, speed_limit=123_456))  # set by hand, or by another version
    assert card.speed.currentData() == 123_456
    assert {box.accessibleName() for box in (card.speed, card.metered, card.begin, card.end, card.floor)} == {
        "Speed",
        "On metered networks",
        "Download from",
        "until",
        "Keep free on this disk",
    }
