"""Pages worked without a pointer: everything that takes the focus has a name, and Tab goes the way the eye does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.desk import Place
from desktop.ui.pages import item
from desktop.ui.pages.downloads import DownloadsPage
from desktop.ui.pages.help import HelpPage
from desktop.ui.pages.item import ItemPage
from desktop.ui.pages.notes import NotesPage
from desktop.ui.pages.outbox import OutboxPage
from desktop.ui.pages.page import Page
from desktop.ui.pages.storage import StoragePage
from tests.desktop.ui.pages_of_items.conftest import Bench, Lecture
from tests.desktop.ui.pages_of_items.driving import opened as page_opened
from tests.desktop.ui.pages_of_items.driving import part
from tests.desktop.ui.pages_of_items.store import downloads, outbox_entries

PLACES: dict[str, tuple[Callable[..., Page], Place]] = {
    "reading": (ItemPage, Place("item", {"item_id": "sql/why"})),
    "assignment": (ItemPage, Place("item", {"item_id": "sql/plan"})),
    "practice": (ItemPage, Place("item", {"item_id": "sql/check"})),
    "graded": (ItemPage, Place("item", {"item_id": "sql/test"})),
    "notes": (NotesPage, Place("notes")),
    "outbox": (OutboxPage, Place("outbox")),
    "downloads": (DownloadsPage, Place("downloads")),
    "storage": (StoragePage, Place("downloads", {"tab": "storage"})),
    "help": (HelpPage, Place("help")),
}


def stops(top: QWidget) -> Iterator[QWidget]:
    """What Tab comes to, in its order, once round."""
    widget = top.nextInFocusChain()
    while widget is not None and widget is not top:
        wanted = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if wanted and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None:
            yield widget
        widget = widget.nextInFocusChain()


def said(widget: QWidget) -> str:
    """What a screen reader says."""
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


def nameless(top: QWidget) -> list[str]:
    return [f"{type(widget).__name__} {widget.objectName()}" for widget in stops(top) if not said(widget).strip()]


@pytest.mark.parametrize("name", PLACES)
def test_every_stop_of_a_page_has_a_name(qtbot: QtBot, bench: Bench, name: str) -> None:
    bench.store.entries, bench.store.downloads_view = outbox_entries(), downloads()
    page = page_opened(qtbot, bench, *PLACES[name])
    qtbot.waitUntil(lambda: not bench.desk._runner.busy() and bool(list(stops(page))))
    assert nameless(page) == []


def test_every_stop_of_a_lecture_has_a_name(qtbot: QtBot, opened: Callable[..., Lecture]) -> None:
    lecture = opened(at_ms=21_000)
    qtbot.waitUntil(lambda: lecture.pane.transcript.lines.cue_count() == 24)
    qtbot.keyClicks(lecture.pane, "n")
    assert len(list(stops(lecture.pane))) > 15
    assert nameless(lecture.pane) == []


def test_tab_goes_down_a_quiz_to_submit(qtbot: QtBot, bench: Bench) -> None:
    page = page_opened(qtbot, bench, *PLACES["graded"], (1180, 1600))
    qtbot.waitUntil(lambda: page.findChild(QWidget, "question-q1") is not None)
    part(page, "text-q4").setFocus()
    for name in ("honourBox", "submitQuiz"):
        if name == "submitQuiz":
            qtbot.keyClick(part(page, "honourBox"), Qt.Key.Key_Space)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is part(page, name)
    questions = [w for w in stops(page) if w.objectName().split("-")[0] in ("option", "numeric", "text")]
    heights = [widget.mapTo(page, QPoint()).y() for widget in questions]
    assert heights == sorted(heights)
    assert len(questions) > 4


def test_the_way_on_has_the_focus_once_a_reading_is_complete(qtbot: QtBot, bench: Bench) -> None:
    page = page_opened(qtbot, bench, *PLACES["reading"])
    qtbot.waitUntil(lambda: part(page, "markComplete").isVisible())
    part(page, "markComplete").setFocus()
    qtbot.keyClick(part(page, "markComplete"), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bench.store.calls_of("complete") == [("sql/why",)])
    bench.desk.changed.emit(frozenset({"progress"}))
    qtbot.waitUntil(lambda: part(page, "nextItem").hasFocus())


def test_previous_and_next_are_there_without_the_lesson_beside(
    qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item, "ROOM_BESIDE_TEXT", 1_200)  # as large text would need
    page = page_opened(qtbot, bench, *PLACES["reading"])
    qtbot.waitUntil(lambda: part(page, "followingItem").isVisible())
    assert not part(page, "lessonList").isVisible()
    assert part(page, "followingItem").isEnabled()
