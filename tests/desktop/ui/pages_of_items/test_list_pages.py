"""Notes, the Outbox and downloads: rows in plain words, worked with pointer and keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop.models.views import DownloadsView, SyncStatus
from desktop.ui.desk import Place
from desktop.ui.itemmodels.action_row_delegate import shape_of
from desktop.ui.itemmodels.action_rows import ActionRow, ActionRowModel, RowAction
from desktop.ui.itemmodels.downloads import download_row, time_left_text
from desktop.ui.itemmodels.notes import note_row
from desktop.ui.itemmodels.outbox import action_text, outbox_row
from desktop.ui.pages.download_queue import QueuePage
from desktop.ui.pages.notes import NotesPage
from desktop.ui.pages.outbox import OutboxPage, summary_text
from desktop.ui.widgets.action_list import ActionList
from protocol import actions
from protocol.actions import ACTION_BODIES
from tests.desktop.ui.pages_of_items.conftest import Bench
from tests.desktop.ui.pages_of_items.driving import click, click_in, opened, part
from tests.desktop.ui.pages_of_items.store import NOW, downloads, note, outbox_entries


def is_laid_out(rows: ActionList) -> bool:
    """Whether a list in a page that scrolls has got the height of its rows."""
    return rows.height() == rows.sizeHint().height()


def outbox(qtbot: QtBot, bench: Bench) -> tuple[OutboxPage, ActionList]:
    bench.store.entries = outbox_entries()
    page = opened(qtbot, bench, OutboxPage, Place("outbox"))
    rows = part(page, "outboxList", ActionList)
    qtbot.waitUntil(lambda: rows.rows.rowCount() == 4 and rows.isVisible())
    return page, rows


def notes(qtbot: QtBot, bench: Bench, count: int = 3) -> tuple[NotesPage, ActionList]:
    for number in range(count):
        found = note(f"n{number}", number * 21_000, f"Remember {number}")
        if number == 2:
            found = replace(found, course_id="study", course_title="Study well offline", item_id="study/why")
        bench.store.notes_by_id[found.id] = found
    page = opened(qtbot, bench, NotesPage, Place("notes"))
    rows = part(page, "notesList", ActionList)
    qtbot.waitUntil(lambda: rows.rows.rowCount() == count and not bench.desk._runner.busy())
    return page, rows


def test_the_model_changes_only_what_differs(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = ActionRowModel()
    model.set_rows([ActionRow("a", "A"), ActionRow("b", "B"), ActionRow("c", "C")])
    qtmodeltester.check(model)
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged) as changed:
        model.set_rows([ActionRow("b", "B"), ActionRow("d", "D"), ActionRow("c", "See")])
    assert changed.args is not None
    assert changed.args[0].row() == 2
    assert [model.row(n).id for n in range(model.rowCount())] == ["b", "d", "c"]
    with qtbot.waitSignal(model.modelReset):
        model.set_rows([ActionRow("c", "See"), ActionRow("b", "B")])
    qtmodeltester.check(model)


def test_every_kind_of_action_is_told_in_words() -> None:
    told = {action_text(kind, "Joins") for kind in ACTION_BODIES}
    assert len(told) == len(ACTION_BODIES)
    assert all("_" not in text and "Joins" in text for text in told)
    assert action_text("send_pigeon", "Joins") == "send pigeon: “Joins”"


@pytest.mark.parametrize(
    ("kind", "detail", "shown"),
    [
        (actions.SUBMIT_ATTEMPT, "5", "5 answers"),
        (actions.SUBMIT_ATTEMPT, "1", "1 answer"),
        (actions.SET_POSITION, "0:31", "at 0:31"),
        (actions.WATCH, "1:06", "1:06 of it"),
        (actions.SAVE_COURSE, "removed", "no longer saved for later"),
        (actions.SAVE_NOTE, "5", "5"),
    ],
)
def test_a_figure_of_an_action_is_said_in_words(kind: str, detail: str, shown: str) -> None:
    entry = replace(outbox_entries()[0], kind=kind, detail=detail, has_text=kind == actions.SAVE_NOTE)
    row = outbox_row(entry, entry.made_at)
    assert row.lines[0] == shown
    assert ("Copy text" in [action.text for action in row.actions]) == (kind == actions.SAVE_NOTE)


def test_the_outbox_says_state_reason_and_way_out(qtbot: QtBot, bench: Bench) -> None:
    page, rows = outbox(qtbot, bench)
    refused = rows.rows.row(2).in_words()
    assert "Needs you" in refused
    assert "All places of this course are taken. Ask your program for another place." in refused
    assert part(page, "outboxSummary", QLabel).text() == "1 entry needs you. 2 entries wait to be sent."
    bench.desk.status = SyncStatus("offline", waiting=2)
    bench.desk.status_changed.emit(bench.desk.status)
    assert "as soon as there is a connection" in part(page, "outboxSummary", QLabel).text()


def test_undo_while_it_waits(qtbot: QtBot, bench: Bench) -> None:
    _, rows = outbox(qtbot, bench)
    click_in(qtbot, rows, rows.action_rect("1", "undo"))
    qtbot.waitUntil(lambda: bench.store.calls_of("undo") == [("1",)])
    bench.desk.changed.emit(frozenset({"outbox"}))
    qtbot.waitUntil(lambda: rows.rows.number_of("1") == -1)


def test_retry_and_copy(qtbot: QtBot, bench: Bench) -> None:
    _, rows = outbox(qtbot, bench)
    click_in(qtbot, rows, rows.action_rect("3", "retry"))
    qtbot.waitUntil(lambda: bench.store.calls_of("retry") == [("3",)])
    click_in(qtbot, rows, rows.action_rect("1", "copy"))
    written = "The key decides.\nAsk: what names a row?"
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == written)  # as it was written, not as it is shown


def test_what_was_studied_of_a_lecture_is_one_line_and_is_undone_as_one(qtbot: QtBot, bench: Bench) -> None:
    studied = replace(outbox_entries()[3], state="waiting", can_undo=True, sent_at=None)
    assert outbox_row(studied, NOW).lines[0] == "3:12 of it · stopped at 4:20"
    bench.store.entries = (studied,)
    page = opened(qtbot, bench, OutboxPage, Place("outbox"))
    rows = part(page, "outboxList", ActionList)
    qtbot.waitUntil(lambda: rows.rows.rowCount() == 1 and rows.isVisible())
    click_in(qtbot, rows, rows.action_rect("4", "undo"))
    qtbot.waitUntil(lambda: bench.store.calls_of("undo") == [("4", "5", "6")])


def test_a_refused_note_is_edited_and_sent_anew(qtbot: QtBot, bench: Bench) -> None:
    refused = replace(outbox_entries()[0], state="refused", can_undo=False, reason="Too long.", actions=("1",))
    bench.store.entries = (refused,)
    bench.store.notes_by_id["refused"] = note("refused", 21_000, "Remember this")
    page = opened(qtbot, bench, OutboxPage, Place("outbox"))
    rows = part(page, "outboxList", ActionList)
    qtbot.waitUntil(lambda: rows.rows.rowCount() == 1 and rows.isVisible())
    assert [action.text for action in rows.rows.row(0).actions] == [
        "Send again",
        "Edit and send",
        "Copy text",
        "Set aside",
    ]
    click_in(qtbot, rows, rows.action_rect("1", "edit"))
    text = part(page, "noteText", QPlainTextEdit)
    qtbot.waitUntil(lambda: text.isVisible() and text.toPlainText() == "Remember this")
    text.setPlainText("This")
    qtbot.keyClick(text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bench.store.calls_of("set_aside") == [("1",)])
    assert bench.store.notes_by_id["refused"].text == "This"


def test_the_answers_of_a_refused_attempt_open_in_their_quiz(qtbot: QtBot, bench: Bench) -> None:
    bench.store.entries = (replace(outbox_entries()[1], state="refused", reason="No attempts left."),)
    page = opened(qtbot, bench, OutboxPage, Place("outbox"))
    rows = part(page, "outboxList", ActionList)
    qtbot.waitUntil(lambda: rows.rows.rowCount() == 1 and rows.isVisible())
    click_in(qtbot, rows, rows.action_rect("2", "edit"))
    qtbot.waitUntil(lambda: bench.gone[-1:] == [Place("item", {"item_id": "sql/check"})])


def test_a_refused_entry_can_be_set_aside(qtbot: QtBot, bench: Bench) -> None:
    _, rows = outbox(qtbot, bench)
    click_in(qtbot, rows, rows.action_rect("3", "set_aside"))
    qtbot.waitUntil(lambda: bench.store.calls_of("set_aside") == [("3",)])
    aside = outbox_row(replace(outbox_entries()[2], state="set_aside"), NOW)
    assert aside.chip == "Set aside"
    assert [action.text for action in aside.actions] == ["Send again"]


def test_what_waits_for_a_newer_server_asks_for_nothing(qtbot: QtBot, bench: Bench) -> None:
    row = outbox_row(replace(outbox_entries()[2], state="ahead", can_undo=True), NOW)
    assert row.chip == "Waits for an update"
    assert row.tone == "plain"
    assert any("sent by itself" in line for line in row.lines)
    assert {"retry", "set_aside"}.isdisjoint(action.key for action in row.actions)
    assert summary_text(SyncStatus("up_to_date"), 0, 0, 2) == "2 entries wait for an update of the server."


def test_the_keyboard_reaches_every_action(qtbot: QtBot, bench: Bench) -> None:
    _, rows = outbox(qtbot, bench)
    rows.setFocus()
    rows.setCurrentIndex(rows.rows.index(0))
    qtbot.keyClick(rows, Qt.Key.Key_Right)
    qtbot.keyClick(rows, Qt.Key.Key_Right)
    with qtbot.waitSignal(rows.action_wanted) as wanted:
        qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert wanted.args == ["1", "copy"]
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    with qtbot.waitSignal(rows.row_activated) as activated:
        qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert activated.args == ["2"]


def test_an_empty_outbox_says_what_it_is_for(qtbot: QtBot, bench: Bench) -> None:
    page = opened(qtbot, bench, OutboxPage, Place("outbox"))
    qtbot.waitUntil(lambda: any(x.text() == "Nothing is waiting" for x in page.findChildren(QLabel) if x.isVisible()))


def test_sent_entries_say_when(qtbot: QtBot) -> None:
    row = outbox_row(outbox_entries()[3], NOW)
    assert row.chip == "Sent"
    assert "sent" in row.lines[-1]
    assert row.actions == ()


def test_a_note_opens_its_lecture_at_its_second(qtbot: QtBot, bench: Bench) -> None:
    _, rows = notes(qtbot, bench)
    click_in(qtbot, rows, rows.row_rect("n1"))
    assert bench.gone[-1] == Place("item", {"item_id": "sql/joins", "at_ms": "21000"})


def test_notes_are_searched_and_chosen_by_course(qtbot: QtBot, bench: Bench) -> None:
    page, rows = notes(qtbot, bench)
    qtbot.keyClicks(part(page, "notesSearch", QLineEdit), "remember 1")
    qtbot.waitUntil(lambda: [rows.rows.row(n).id for n in range(rows.rows.rowCount())] == ["n1"])
    part(page, "notesSearch", QLineEdit).clear()
    qtbot.waitUntil(lambda: rows.rows.rowCount() == 3)
    courses = part(page, "notesCourse", QComboBox)
    courses.setFocus()
    qtbot.keyClick(courses, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: [rows.rows.row(n).id for n in range(rows.rows.rowCount())] == ["n2"])


def test_the_notes_of_a_course_lead_back_to_it(qtbot: QtBot, bench: Bench) -> None:
    page = opened(qtbot, bench, NotesPage, Place("notes", {"course_id": "sql"}))
    back = part(page, "notesBack", QPushButton)
    qtbot.waitUntil(lambda: back.text() == "SQL: asking tables questions")
    click(qtbot, page, "notesBack")
    assert bench.gone[-1] == Place("course", {"course_id": "sql"})
    page.show_place(Place("notes", {}))
    assert not back.isVisible()


def test_a_deleted_note_can_be_put_back(qtbot: QtBot, bench: Bench) -> None:
    _, rows = notes(qtbot, bench)
    click_in(qtbot, rows, rows.action_rect("n0", "delete"))
    qtbot.waitUntil(lambda: bool(bench.said))
    assert "n0" not in bench.store.notes_by_id
    assert bench.said[-1].action_text == "Undo"
    undo = bench.said[-1].action
    assert undo is not None
    undo()
    qtbot.waitUntil(lambda: any(found.text == "Remember 0" for found in bench.store.notes_by_id.values()))


def test_a_note_is_edited_in_place(qtbot: QtBot, bench: Bench) -> None:
    page, rows = notes(qtbot, bench)
    click_in(qtbot, rows, rows.action_rect("n1", "edit"))
    text = part(page, "noteText", QPlainTextEdit)
    assert text.toPlainText() == "Remember 1"
    text.moveCursor(text.textCursor().MoveOperation.End)
    qtbot.keyClicks(text, " well")
    qtbot.keyClick(text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bench.store.notes_by_id["n1"].text == "Remember 1 well")
    qtbot.waitUntil(lambda: not text.isVisible())


def test_notes_say_label_and_that_they_wait() -> None:
    row = note_row(note("n", 64_000, "Why?", label="unclear", pending=True), with_item=True)
    assert (row.at, row.chip, row.group) == ("1:04", "Unclear", "SQL: asking tables questions")
    assert "waiting to be sent" in row.in_words()


def test_downloads_show_progress_without_losing_their_place(qtbot: QtBot, bench: Bench) -> None:
    bench.store.downloads_view = downloads()
    page = opened(qtbot, bench, QueuePage, Place("downloads"))
    queue = part(page, "downloadsList", ActionList)
    qtbot.waitUntil(lambda: queue.rows.rowCount() == 4 and is_laid_out(queue))
    assert [queue.rows.row(n).chip for n in range(4)] == ["Downloading", "In the queue", "Paused", "Stopped"]
    running = downloads().entries[0]
    with qtbot.assertNotEmitted(queue.rows.modelReset):
        bench.desk.downloads_changed.emit((replace(running, bytes_done=9_000_000, seconds_left=1.0),))
    assert queue.rows.row(0).progress == 1.0
    click_in(qtbot, queue, queue.action_rect("d1", "pause"))
    click_in(qtbot, queue, queue.action_rect("d3", "resume"))
    click_in(qtbot, queue, queue.action_rect("d2", "cancel"))
    qtbot.waitUntil(lambda: bench.store.calls_of("cancel") == [("d2",)])
    assert bench.store.calls_of("pause") == [("d1",)]
    assert bench.store.calls_of("resume") == [("d3",)]


def test_no_downloads_lead_to_the_courses(qtbot: QtBot, bench: Bench) -> None:
    bench.store.downloads_view = DownloadsView(())
    page = opened(qtbot, bench, QueuePage, Place("downloads"))
    qtbot.waitUntil(lambda: part(page, "stateAction").isVisible())
    click(qtbot, page, "stateAction")
    assert bench.gone[-1].page == "home"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (3.0, "less than a minute left"),
        (61.0, "about 2 minutes left"),
        (60.0, "about a minute left"),
        (5_400.0, "about 2 hours left"),
    ],
)
def test_time_left(seconds: float, text: str) -> None:
    assert time_left_text(seconds) == text


def test_a_row_is_laid_out_within_its_width(qtbot: QtBot) -> None:
    row = ActionRow(
        "r",
        "A title that is rather long and wraps " * 3,
        ("first line " * 12,),
        quote="what was said " * 8,
        icon="trash",
        chip="Waiting",
        at="1:02:03",
        progress=0.5,
        actions=tuple(RowAction(str(n), f"Action number {n}") for n in range(6)),
    )
    for width in (260, 400, 1100):
        shape = shape_of(row, width, grouped=False)
        parts = [shape.icon, shape.at, shape.title, shape.chip, shape.quote, shape.progress, *shape.lines]
        parts += [rect for _, rect in shape.actions]
        assert all(rect.left() >= 0 and rect.right() < width and rect.bottom() < shape.height for rect in parts)
        assert not shape.title.intersects(shape.chip)
    assert download_row(downloads().entries[0]).progress == 0.4
    assert NOW - timedelta(days=1) < NOW
