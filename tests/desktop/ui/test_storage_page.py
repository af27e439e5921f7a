"""The storage page: what is used, removing with a question first, and the folder in each of its states."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.config import Config
from desktop.errors import Problem
from desktop.models.storage_views import FolderView, MovePlan
from desktop.ui.pages.storage import StoragePage
from desktop.ui.widgets.indicators import ProgressLine
from desktop.ui.window import MainWindow
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.fakes import Bench, Edge, bench_over
from tests.desktop.ui.gallery import answers
from tests.desktop.ui.pages_of_items.store import downloads
from tests.desktop.ui.storage_scenes import AWAY, FULL, MOVE, NOTHING, PLAN, STICK, USE, USUAL, storage_page

Staged = tuple[Bench, MainWindow, StoragePage]


@pytest.fixture
def staged(qtbot: QtBot, tmp_path: Path) -> Iterator[Staged]:
    """The page in its window."""
    with bench_over(Edge({**answers(), "downloads.view": downloads(), "storage.view": USE})) as bench:
        window = MainWindow(bench.desk, Config(tmp_path))
        qtbot.addWidget(window)
        window.resize(1180, 900)
        window.show()
        with qtbot.waitActive(window):
            window.activateWindow()
        bench.desk.signed_in.emit(views.LEARNER)
        bench.desk.folder_changed.emit(USUAL)
        bench.desk.go("downloads", tab="storage")
        qtbot.waitUntil(lambda: not bench.runner.busy())
        page = storage_page(window)
        qtbot.waitUntil(lambda: page.storage.rows.rowCount() == 3)
        yield bench, window, page
        window.close_pages()


def button(page: QWidget, name: str) -> QAbstractButton:
    """A button of the page."""
    found = page.findChild(QAbstractButton, name)
    assert found is not None, name
    return found


def offered(page: StoragePage) -> set[str]:
    """What can be done with the folder now."""
    return {found.objectName() for found in page.folder.findChildren(QAbstractButton) if found.isVisible()}


def press(page: QWidget, name: str) -> None:
    """With the keyboard."""
    wanted = button(page, name)
    assert wanted.isVisible()
    assert wanted.isEnabled()
    wanted.setFocus()
    QTest.keyClick(wanted, Qt.Key.Key_Return)


def test_what_is_used_is_said_by_kind_and_course(staged: Staged) -> None:
    _, window, page = staged
    assert "3.6" in page.use.total.text()
    said = page.use.besides.text()
    assert "41.0 GB are free" in said
    assert "120.0 MB that several courses use are counted once." in said
    assert "Other learners of this computer have 1.3 GB more." in said
    bars = page.use.findChildren(ProgressLine)
    assert [bar.value() for bar in bars] == [94, 0, 4, 2]
    assert bars[0].accessibleName() == "Video and sound: 94 %"
    rows = [page.storage.rows.row(number) for number in range(3)]
    assert [row.id for row in rows] == ["sql", "study", "art"]
    assert rows[0].progress == pytest.approx(0.81, abs=0.01)
    assert "takes 2.9 GB on this computer" in rows[0].in_words()
    assert [action.key for action in rows[2].actions] == ["open"]  # texts only: nothing to remove
    assert window.pages.current_page() is not None


def test_a_course_and_a_week_are_removed_after_a_question(qtbot: QtBot, staged: Staged) -> None:
    bench, _, page = staged
    page.storage.action_wanted.emit("study", "remove")
    assert page.remove.text.text() == "Remove 690.0 MB of “Study well offline” from this computer?"
    assert "progress, notes and answers stay" in page.remove.stays.text()
    assert button(page, "cancelRemove").hasFocus()  # what is safe is nearest
    QTest.keyClick(button(page, "cancelRemove"), Qt.Key.Key_Escape)
    assert not page.remove.isVisible()
    page.storage.action_wanted.emit("study", "remove")
    press(page, "cancelRemove")
    assert not page.remove.isVisible()
    assert bench.edge.asked("storage.remove_course") == []
    page.storage.action_wanted.emit("study", "remove")
    press(page, "confirmRemove")
    qtbot.waitUntil(lambda: bench.edge.asked("storage.remove_course") == [("study",)])
    page.storage.action_wanted.emit("sql", "weeks")
    assert [page.storage.rows.row(number).id for number in range(4)] == ["sql", "sql#1", "sql#2", "sql#3"]
    assert page.storage.rows.row(1).chip == "Finished"
    page.storage.action_wanted.emit("sql#2", "remove")
    assert "1.1 GB of “SQL: asking tables questions, week 2”" in page.remove.text.text()
    press(page, "confirmRemove")
    qtbot.waitUntil(lambda: bench.edge.asked("storage.remove_week") == [("sql", 2)])
    page.storage.action_wanted.emit("sql", "weeks")
    assert page.storage.rows.rowCount() == 3


def test_finished_weeks_and_everything(qtbot: QtBot, staged: Staged) -> None:
    bench, _, page = staged
    press(page, "removeFinished")
    assert "2.0 GB of weeks that you have finished" in page.remove.text.text()
    press(page, "confirmRemove")
    qtbot.waitUntil(lambda: bench.edge.asked("storage.remove_finished") == [()])
    press(page, "removeAll")
    assert "all courses, 3.5 GB" in page.remove.text.text()
    press(page, "confirmRemove")
    qtbot.waitUntil(lambda: bench.edge.asked("storage.remove_all") == [()])
    bench.edge.answers["storage.view"] = NOTHING
    bench.desk.changed.emit(frozenset({"assets"}))
    qtbot.waitUntil(lambda: not page.storage.isVisible())
    assert not button(page, "removeAll").isVisible()
    assert page._nothing.button.isVisible()
    assert page.folder.isVisible()  # it can be chosen before there is anything


@pytest.mark.parametrize(
    ("folder", "title", "buttons"),
    [
        (USUAL, "in the usual folder", {"folderChange", "folderOpen"}),
        (STICK, "Your courses are in", {"folderChange", "folderOpen", "folderUsual"}),
        (replace(STICK, state="absent"), "is not there", {"folderLook", "folderChange", "folderUsual"}),
        (replace(STICK, state="other"), "Another drive", {"folderLook", "folderChange", "folderUsual"}),
        (replace(STICK, state="gone"), "moved or deleted", {"folderLook", "folderChange", "folderUsual"}),
        (replace(STICK, state="silent"), "does not answer", {"folderLook", "folderChange", "folderUsual"}),
        (replace(STICK, state="read_only"), "can only be read", {"folderLook", "folderChange", "folderUsual"}),
        (replace(USUAL, move=MOVE), "being moved", {"movePause", "moveCancel"}),
        (replace(USUAL, move=replace(MOVE, state="paused")), "is paused", {"moveGoOn", "moveCancel"}),
        (replace(USUAL, move=AWAY), "waits", {"movePause", "moveCancel"}),
        (replace(USUAL, move=FULL), "could not be moved", {"moveGoOn", "moveCancel"}),
    ],
    ids=["usual", "stick", "absent", "other", "gone", "silent", "read-only", "moving", "paused", "waiting", "failed"],
)
def test_each_state_of_the_folder_says_what_helps(
    staged: Staged, folder: FolderView, title: str, buttons: set[str]
) -> None:
    bench, window, page = staged
    bench.desk.folder_changed.emit(folder)
    assert title in page.folder.title.text()
    assert offered(page) == buttons
    assert page.folder.path.whole_text() == folder.path
    away = folder.state != "here"
    lines = [line.text.text() for line in window.notices.lines()]
    assert any(title in line for line in lines) == away  # said on every page
    bench.desk.folder_changed.emit(STICK)
    assert list(window.notices.lines()) == []


def test_a_move_is_steered(qtbot: QtBot, staged: Staged) -> None:
    bench, _, page = staged
    bench.desk.folder_changed.emit(replace(USUAL, move=MOVE))
    assert page.folder.facts.text().endswith("1.4 GB of 3.6 GB · 24.0 MB a second · about 2 minutes left")
    assert page.folder.bar.value() == 37
    press(page, "movePause")
    bench.desk.folder_changed.emit(replace(USUAL, move=FULL))
    assert "not enough room" in page.folder.text.text()
    assert "1 damaged file" in page.folder.facts.text()
    assert button(page, "moveGoOn").text() == "Try again"
    press(page, "moveGoOn")
    press(page, "moveCancel")
    bench.desk.folder_changed.emit(replace(STICK, state="absent"))
    press(page, "folderLook")
    asked = ("pause_move", "resume_move", "cancel_move", "look_again")
    qtbot.waitUntil(lambda: all(bench.edge.asked(f"storage.{name}") == [()] for name in asked))


def test_another_folder_is_chosen_and_what_that_takes_is_said_first(qtbot: QtBot, staged: Staged) -> None:
    bench, window, page = staged
    bench.edge.answers["storage.plan_move"] = PLAN
    press(page, "folderChange")
    dialog = next(found for found in page.findChildren(QFileDialog))
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    dialog.fileSelected.emit("/media/ada/STICK")
    dialog.reject()
    qtbot.waitUntil(page.plan.isVisible)
    assert bench.edge.asked("storage.plan_move") == [("/media/ada/STICK",)]
    assert "3.6 GB are moved; 57.0 GB are free there" in page.plan.text.text()
    assert window.focusWidget() is button(page, "planConfirm")
    press(page, "planConfirm")
    qtbot.waitUntil(lambda: bench.edge.asked("storage.move") == [(PLAN,)])
    assert not page.plan.isVisible()


def test_a_folder_that_cannot_be_used_is_refused_with_a_reason(qtbot: QtBot, staged: Staged) -> None:
    bench, window, page = staged
    bench.edge.answers["storage.plan_move"] = Problem("target_inside", "It is inside.", "Choose one beside it.")
    page.plan_move("/somewhere")
    qtbot.waitUntil(
        lambda: [line.text.text() for line in window.notices.lines()] == ["It is inside. Choose one beside it."]
    )
    assert not page.plan.isVisible()
    assert button(page, "folderChange").isEnabled()


def test_without_the_drive_the_plan_says_that_nothing_is_brought(qtbot: QtBot, staged: Staged) -> None:
    bench, _, page = staged
    plan = MovePlan("", "", "", 0, 10**9, adopts=False, carries=False)
    bench.edge.answers["storage.plan_move"] = plan
    bench.desk.folder_changed.emit(replace(STICK, state="absent"))
    press(page, "folderUsual")
    qtbot.waitUntil(page.plan.isVisible)
    assert "Nothing can be brought" in page.plan.text.text()
    assert button(page, "planConfirm").text() == "Use this folder"
    press(page, "planCancel")
    assert bench.edge.asked("storage.move") == []


def test_the_folder_is_opened(staged: Staged, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, page = staged
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    press(page, "folderOpen")
    assert opened == [USUAL.path]


def test_by_keyboard_alone(staged: Staged) -> None:
    """Every stop has a name, and the list is reached and worked."""
    bench, _, page = staged
    page.storage.setFocus()
    page.storage.setCurrentIndex(page.storage.rows.index(0))
    for _ in range(3):  # along open, weeks, remove
        QTest.keyClick(page.storage, Qt.Key.Key_Right)
    QTest.keyClick(page.storage, Qt.Key.Key_Return)
    assert page.remove.isVisible()
    focused = QApplication.focusWidget()
    assert focused is button(page, "cancelRemove")
    named = [found for found in page.findChildren(QAbstractButton) if found.isVisible()]
    assert all(found.accessibleName() or found.text() for found in named)
    assert bench.edge.asked("storage.remove_course") == []


def test_texts_fit_at_twice_the_size_in_a_narrow_window(qtbot: QtBot, staged: Staged) -> None:
    bench, window, page = staged
    window.theme.set_text_percent(200)
    window.resize(900, 600)
    bench.desk.folder_changed.emit(replace(USUAL, move=FULL))
    qtbot.waitUntil(lambda: window.width() == 900)

    def whole() -> bool:
        labels = [label for label in page.folder.findChildren(QLabel) if label.isVisible() and label.wordWrap()]
        return all(label.height() >= label.heightForWidth(label.width()) for label in labels)

    qtbot.waitUntil(whole)
    assert all(
        found.width() <= page.width() for found in page.folder.findChildren(QAbstractButton) if found.isVisible()
    )
