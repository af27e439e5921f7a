"""Writing a note: fixed to its second, kept while it is typed, never lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.note_editor import NoteEditor
from tests.desktop.ui.pages_of_items.conftest import Bench
from tests.desktop.ui.pages_of_items.driving import click, part
from tests.desktop.ui.pages_of_items.store import note


@pytest.fixture
def editor(qtbot: QtBot, bench: Bench) -> NoteEditor:
    made = NoteEditor(bench.desk)
    made.resize(520, 220)
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    made.begin("sql/joins", 21_400, "When two tables share a key")
    return made


def test_a_note_keeps_its_second_label_and_quote(qtbot: QtBot, bench: Bench, editor: NoteEditor) -> None:
    text = part(editor, "noteText", QPlainTextEdit)
    assert text.hasFocus()
    assert any(label.text() == "Note at 0:21" for label in editor.findChildren(QLabel))
    qtbot.keyClicks(text, "The key decides")
    qtbot.mouseClick(part(editor, "noteQuote"), Qt.MouseButton.LeftButton)
    qtbot.keyClick(part(editor, "noteLabel", QComboBox), Qt.Key.Key_Down)
    with qtbot.waitSignal(editor.saved):
        click(qtbot, editor, "noteSave")
    assert bench.store.calls_of("save_note") == [
        ("sql/joins", "The key decides", 21_400, "important", "When two tables share a key", None)
    ]
    assert not editor.isVisible()
    assert bench.store.drafts == {}


def test_what_is_typed_is_kept_without_asking(qtbot: QtBot, bench: Bench, editor: NoteEditor) -> None:
    qtbot.keyClicks(part(editor, "noteText"), "half a thou")
    qtbot.waitUntil(lambda: "sql/joins" in bench.store.drafts, timeout=1_000)
    assert bench.store.drafts["sql/joins"].text == "half a thou"
    qtbot.keyClicks(part(editor, "noteText"), "ght")
    editor.shut()
    qtbot.waitUntil(lambda: bench.store.drafts["sql/joins"].text == "half a thought")
    editor.restore(bench.store.drafts["sql/joins"])
    assert part(editor, "noteText", QPlainTextEdit).toPlainText() == "half a thought"


def test_a_second_n_goes_on_with_the_note(qtbot: QtBot, bench: Bench, editor: NoteEditor) -> None:
    qtbot.keyClicks(part(editor, "noteText"), "first")
    editor.begin("sql/joins", 90_000, "")
    qtbot.keyClicks(part(editor, "noteText"), " and more")
    qtbot.keyClick(part(editor, "noteText"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(bench.store.calls_of("save_note")))
    assert bench.store.calls_of("save_note")[0][1:3] == ("first and more", 21_400)


def test_an_empty_note_is_not_saved(qtbot: QtBot, bench: Bench, editor: NoteEditor) -> None:
    assert not part(editor, "noteSave").isEnabled()
    qtbot.keyClicks(part(editor, "noteText"), "  ")
    qtbot.keyClick(part(editor, "noteText"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not bench.store.calls_of("save_note")


def test_discarding_has_a_way_back(qtbot: QtBot, bench: Bench, editor: NoteEditor) -> None:
    qtbot.keyClicks(part(editor, "noteText"), "precious")
    click(qtbot, editor, "noteCancel")
    assert not editor.isVisible()
    qtbot.waitUntil(lambda: bool(bench.store.calls_of("discard_draft")))
    undo = bench.said[-1].action
    assert undo is not None
    undo()
    assert part(editor, "noteText", QPlainTextEdit).toPlainText() == "precious"
    qtbot.waitUntil(lambda: "sql/joins" in bench.store.drafts)
    assert bench.store.drafts["sql/joins"].text == "precious"


def test_escape_closes_and_keeps(qtbot: QtBot, bench: Bench, editor: NoteEditor) -> None:
    qtbot.keyClicks(part(editor, "noteText"), "later")
    with qtbot.waitSignal(editor.closed):
        qtbot.keyClick(part(editor, "noteText"), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "sql/joins" in bench.store.drafts)
    assert bench.store.drafts["sql/joins"].text == "later"


def test_editing_writes_to_the_same_note(qtbot: QtBot, bench: Bench, editor: NoteEditor) -> None:
    editor.edit(note("n7", 3_000, "old", label="unclear", quote="said"))
    assert part(editor, "noteQuote", QAbstractButton).isChecked()
    assert part(editor, "noteLabel", QComboBox).currentData() == "unclear"
    qtbot.keyClicks(part(editor, "noteText"), "very ")
    click(qtbot, editor, "noteSave")
    qtbot.waitUntil(lambda: bool(bench.store.calls_of("save_note")))
    assert bench.store.calls_of("save_note") == [("sql/joins", "very old", 3_000, "unclear", "said", "n7")]
