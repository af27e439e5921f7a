"""Work by file at the window: saved, delivered, and what came of it, with real clicks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.config import SAMPLE_SERVER
from desktop.errors import Problem
from desktop.models.carried_views import CarriedView, FoundFile, TakenReceipt
from desktop.ui.pages.carry import CarryPage
from desktop.ui.widgets.buttons import Button
from desktop.ui.window import MainWindow
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.carried_scenes import ANSWERS, DELIVERED, FOUND, SIGNED_OUT
from tests.desktop.ui.fakes import NOW, Bench, Edge


@pytest.fixture
def edge(edge: Edge) -> Edge:
    """Something waits; every file is good."""
    edge.answers |= ANSWERS | {"outbox.carried": CarriedView(3), "outbox.entries": views.OUTBOX}
    return edge


@pytest.fixture
def page(qtbot: QtBot, bench: Bench, window: MainWindow) -> CarryPage:
    """The page in front, answered."""
    bench.desk.go("carry")
    found = window.pages.current_page()
    assert isinstance(found, CarryPage)
    qtbot.waitUntil(lambda: not bench.runner.busy() and bool(found.state.text()))
    return found


def click(qtbot: QtBot, bench: Bench, button: QWidget) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not bench.runner.busy())


def choose(qtbot: QtBot, bench: Bench, window: MainWindow, file: Path) -> None:
    """Type a name into the dialog that is open, and accept."""
    dialog = window.findChild(QFileDialog, "carryFiles")
    assert dialog is not None
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    field.setText(str(file))
    dialog.accept()
    qtbot.waitUntil(lambda: window.findChild(QFileDialog, "carryFiles") is None)
    qtbot.waitUntil(lambda: not bench.runner.busy())


def said(page: CarryPage) -> str:
    """Everything that can be read on the page."""
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_what_waits_is_saved_where_the_learner_says(
    qtbot: QtBot, bench: Bench, window: MainWindow, page: CarryPage, tmp_path: Path
) -> None:
    assert "3 entries wait" in said(page)
    click(qtbot, bench, page.save)
    bench.edge.answers["outbox.carried"] = CarriedView(3, NOW, 1)
    choose(qtbot, bench, window, tmp_path / "mine")
    assert bench.edge.asked("gateway.save_work") == [(tmp_path / "mine.haversack-work",)], "its name ends as it should"
    assert "312 actions are left" in said(page)
    qtbot.waitUntil(lambda: "On its way by file since" in said(page))
    assert page.receipt.property("variant") == "primary", "the receipt is what leads on"


def test_a_file_that_could_not_be_written_is_said_and_can_be_tried_again(
    qtbot: QtBot, bench: Bench, window: MainWindow, page: CarryPage, tmp_path: Path
) -> None:
    bench.edge.answers["gateway.save_work"] = Problem("file_unwritable", "No stick.", "Put it in.")
    click(qtbot, bench, page.save)
    choose(qtbot, bench, window, tmp_path / "mine")
    assert "No stick. Put it in." in said(page)
    assert page.save.isEnabled()


def test_nothing_waits(qtbot: QtBot, bench: Bench, page: CarryPage) -> None:
    bench.edge.answers["outbox.carried"] = CarriedView(0, answered_at=NOW - timedelta(days=1))
    bench.desk.changed.emit(frozenset({"outbox"}))
    qtbot.waitUntil(lambda: "Nothing waits" in said(page))
    assert not page.save.isEnabled()
    assert "The last receipt was opened" in said(page)


def test_the_sample_program_is_not_carried_and_that_is_said_at_once(
    qtbot: QtBot, bench: Bench, page: CarryPage
) -> None:
    bench.desk.learner = views.LEARNER._replace(server=SAMPLE_SERVER)
    bench.desk.changed.emit(frozenset({"outbox"}))
    qtbot.waitUntil(lambda: "nowhere to carry it to" in said(page))
    assert not page.save.isEnabled()
    assert not page.receipt.isEnabled()


def test_a_receipt_is_opened(qtbot: QtBot, bench: Bench, window: MainWindow, page: CarryPage, tmp_path: Path) -> None:
    file = tmp_path / "a.haversack-receipt"
    file.touch()
    click(qtbot, bench, page.receipt)
    choose(qtbot, bench, window, file)
    assert bench.edge.asked("gateway.take_receipt") == [(file,)]
    assert "25 actions have arrived. 1 was not taken" in said(page)
    bench.edge.answers["gateway.take_receipt"] = TakenReceipt(NOW, 0, 0, 26)
    page.take_receipt(str(file))
    qtbot.waitUntil(lambda: "known here already" in said(page))


def test_somebody_elses_work_is_delivered_after_its_address_was_shown(
    qtbot: QtBot, bench: Bench, window: MainWindow, page: CarryPage, tmp_path: Path
) -> None:
    file = tmp_path / "a.haversack-work"
    file.touch()
    bench.edge.answers["gateway.look_at_file"] = replace(FOUND, file=file)
    click(qtbot, bench, page.choose)
    choose(qtbot, bench, window, file)
    assert "for https://learn.example.org" in said(page)
    assert bench.edge.asked("gateway.deliver_work") == [], "nothing is sent before somebody says so"
    click(qtbot, bench, page.deliver)
    assert bench.edge.asked("gateway.deliver_work") == [(file,)]
    text = said(page)
    assert "25 entries have arrived. 3 of them had arrived before. 1 could not be taken" in text
    assert str(DELIVERED.receipt) in text
    assert not page.deliver.isVisible()


def test_a_receipt_that_could_not_be_written_is_put_elsewhere(
    qtbot: QtBot, bench: Bench, window: MainWindow, page: CarryPage, tmp_path: Path
) -> None:
    bench.edge.answers["gateway.deliver_work"] = replace(DELIVERED, receipt=None)
    page.open_file("/media/stick/a.haversack-work")
    qtbot.waitUntil(page.deliver.isVisible)
    click(qtbot, bench, page.deliver)
    click(qtbot, bench, page.keep_receipt)
    choose(qtbot, bench, window, tmp_path / "kept")
    assert (tmp_path / "kept.haversack-receipt").read_bytes() == b"receipt"
    assert str(tmp_path / "kept.haversack-receipt") in said(page)
    assert not page.keep_receipt.isVisible()


def test_a_refusal_is_said_and_the_file_can_be_put_away(qtbot: QtBot, bench: Bench, page: CarryPage) -> None:
    bench.edge.answers["gateway.deliver_work"] = SIGNED_OUT
    page.open_file("/media/stick/a.haversack-work")
    qtbot.waitUntil(page.deliver.isVisible)
    click(qtbot, bench, page.deliver)
    assert SIGNED_OUT.text in said(page)
    assert page.deliver.isEnabled()
    click(qtbot, bench, page.cancel)
    assert not page.deliver.isVisible()
    assert page.choose.isVisible()


def test_a_file_of_another_kind_is_said(qtbot: QtBot, bench: Bench, page: CarryPage) -> None:
    bench.edge.answers["gateway.look_at_file"] = Problem("work_unreadable", "Not a file of work.", "Choose another.")
    page.open_file("/media/stick/holiday.jpg")
    qtbot.waitUntil(lambda: "Not a file of work." in said(page))
    assert not page.deliver.isVisible()


def drop(window: MainWindow, file: Path) -> None:
    """Drag a file from a file manager over the window and let it go."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    middle, buttons = window.rect().center(), Qt.MouseButton.LeftButton
    for event in (
        QDragEnterEvent(middle, Qt.DropAction.CopyAction, data, buttons, Qt.KeyboardModifier.NoModifier),
        QDropEvent(QPoint(middle), Qt.DropAction.CopyAction, data, buttons, Qt.KeyboardModifier.NoModifier),
    ):
        QApplication.sendEvent(window, event)


def test_a_dropped_file_is_looked_at(qtbot: QtBot, bench: Bench, window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "a.haversack-work"
    drop(window, file)
    qtbot.waitUntil(lambda: bench.edge.asked("gateway.look_at_file") == [(file,)])
    receipt = tmp_path / "a.haversack-receipt"
    bench.edge.answers["gateway.look_at_file"] = FoundFile(receipt, "receipt", "r")
    drop(window, receipt)
    qtbot.waitUntil(lambda: bench.edge.asked("gateway.take_receipt") == [(receipt,)])


def test_nobody_has_to_be_signed_in_to_deliver(qtbot: QtBot, bench: Bench, window: MainWindow, tmp_path: Path) -> None:
    bench.desk.signed_out.emit()
    bench.desk.go("welcome")
    button = window.findChild(Button, "welcomeCarry")
    assert button is not None
    click(qtbot, bench, button)
    page = window.pages.current_page()
    assert isinstance(page, CarryPage)
    assert not page.own.isVisible()
    assert not window.header.isVisible()
    drop(window, tmp_path / "a.haversack-work")
    qtbot.waitUntil(page.deliver.isVisible)
    click(qtbot, bench, page.deliver)
    assert bench.edge.asked("gateway.deliver_work")
    assert not bench.edge.asked("outbox.carried")[1:]
    bench.edge.answers["gateway.look_at_file"] = FoundFile(tmp_path / "a.haversack-receipt", "receipt", "r")
    drop(window, tmp_path / "a.haversack-receipt")
    qtbot.waitUntil(lambda: "Sign in to open it" in said(page))


def test_the_outbox_leads_there(qtbot: QtBot, bench: Bench, window: MainWindow) -> None:
    bench.desk.go("outbox")
    qtbot.waitUntil(lambda: not bench.runner.busy())
    button = window.findChild(Button, "outboxByFile")
    assert button is not None
    click(qtbot, bench, button)
    assert isinstance(window.pages.current_page(), CarryPage)
    bench.desk.go("outbox")
    bench.edge.answers["outbox.entries"] = tuple(entry for entry in views.OUTBOX if entry.state == "sent")
    bench.desk.changed.emit(frozenset({"outbox"}))
    qtbot.waitUntil(lambda: not button.isVisible())  # nothing waits: there is nothing to save
