"""The button that takes a lecture along: what it says, live, and what it offers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from desktop.models.views import DownloadsView, DownloadView
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.download_menu import DownloadMenu
from tests.desktop.ui.pages_of_items.conftest import ITEM, Bench, Lecture
from tests.desktop.ui.pages_of_items.driving import part
from tests.desktop.ui.pages_of_items.store import place

MINE = DownloadView("d", "sql", "SQL", "Joins", "running", 100, 40, 1, 0, scope=f"item:{ITEM}", place=1)
WEEK = replace(MINE, id="w", title="Two tables", scope=f"week:{place('joins').week_number}", place=3, state="queued")


def has(bench: Bench, *entries: DownloadView) -> None:
    bench.store.downloads_view = DownloadsView(entries)


def keys(lecture: Lecture) -> list[str]:
    menu = part(lecture.pane, "downloadItem", Button).menu()
    assert isinstance(menu, DownloadMenu)
    return [action.data() for action in menu.actions()]


@pytest.mark.parametrize(
    ("entry", "offline", "words", "offered"),
    [
        (MINE, "queued", "Downloading, 40 %", "pause cancel show"),
        (replace(MINE, state="paused"), "none", "Paused at 40 %", "resume cancel show"),
        (replace(MINE, state="failed", problem="The disk is full."), "none", "The disk is full.", "resume cancel show"),
        (replace(MINE, state="ready"), "none", "Changed since it was downloaded", "fetch next show"),
        (WEEK, "queued", "Number 3 in the queue", "pause next cancel show"),
        (None, "ready", "On this computer", "remove show"),
    ],
)
def test_it_says_how_the_download_stands_and_offers_what_can_be_done(
    bench: Bench, opened: Callable[..., Lecture], entry: DownloadView | None, offline: str, words: str, offered: str
) -> None:
    has(bench, *([entry] if entry else []))
    at = place("joins")
    lecture = opened(place=replace(at, item=replace(at.item, offline=offline)))
    button = part(lecture.pane, "downloadItem", Button)
    assert button.accessibleName() == words
    assert keys(lecture) == offered.split()


def test_it_tells_live_and_does_what_is_chosen(qtbot: QtBot, bench: Bench, opened: Callable[..., Lecture]) -> None:
    has(bench, MINE)
    at = place("joins")
    lecture = opened(place=replace(at, item=replace(at.item, offline="queued")))
    button = part(lecture.pane, "downloadItem", Button)
    bench.desk.downloads_changed.emit((replace(MINE, bytes_done=70),))
    assert button.accessibleName() == "Downloading, 70 %"
    menu = button.menu()
    assert isinstance(menu, DownloadMenu)
    next(action for action in menu.actions() if action.data() == "pause").trigger()
    qtbot.waitUntil(lambda: bench.store.calls_of("pause") == [("d",)])
    bench.desk.downloads_changed.emit((replace(MINE, state="paused"),))
    assert button.accessibleName() == "Paused at 40 %"
    has(bench)
    bench.store.lectures_by_id[ITEM] = replace(bench.store.lectures_by_id[ITEM], place=at)
    lecture.pane.refresh(at)
    qtbot.waitUntil(lambda: button.accessibleName().startswith("Download ("))
    assert button.menu() is None, "one click downloads"
