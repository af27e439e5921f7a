"""Sync and network: what is known is said, a test is made when it is asked for, a report is seen before it is saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.errors import Problem
from desktop.models.views import SyncStatus
from desktop.ui.next_try import next_try_words
from desktop.ui.pages.diagnostics import DiagnosticsPage, facts_of
from desktop.ui.widgets.action_list import ActionList
from desktop.ui.window import MainWindow
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.fakes import NOW, Bench
from tests.desktop.ui.test_window import idle


def shown(qtbot: QtBot, bench: Bench, window: MainWindow) -> DiagnosticsPage:
    """The page, answered."""
    bench.edge.answers |= {
        "outbox.log": views.LOG,
        "gateway.test_network": views.STEPS,
        "diagnostics.report": views.REPORT,
    }
    bench.desk.sync_rounds = lambda: views.ROUNDS
    bench.desk.status = views.AWAY
    bench.desk.go("diagnostics")
    idle(qtbot, bench)
    page = window.pages.current_page()
    assert isinstance(page, DiagnosticsPage)
    return page


def rows(found: ActionList) -> list[str]:
    """Rows in words."""
    return [found.rows.row(number).in_words() for number in range(found.rows.rowCount())]


def press(qtbot: QtBot, bench: Bench, window: QWidget, name: str) -> None:
    """Press a button and wait for the answer."""
    button = window.findChild(QAbstractButton, name)
    assert button is not None
    button.click()
    idle(qtbot, bench)


def test_what_became_of_each_action_is_told(qtbot: QtBot, bench: Bench, window: MainWindow) -> None:
    page = shown(qtbot, bench, window)
    told = rows(page.log)
    assert told[1].startswith("Watched “Joining two tables”. made ")
    assert "handed over 3 times" in told[1]
    assert told[2].endswith("bad_request. Refused")
    assert told[3].endswith("Sent and seen")
    assert [row.split(".")[0] for row in rows(page.rounds)] == ["Failed: timeout", "Went through"]
    said = [label.text() for label in page.facts.findChildren(QLabel)]
    assert any(text.startswith("Server out of order since") for text in said)


def test_the_network_is_tested_when_it_is_asked_for(qtbot: QtBot, bench: Bench, window: MainWindow) -> None:
    page = shown(qtbot, bench, window)
    assert not bench.edge.asked("gateway.test_network")
    press(qtbot, bench, window, "networkTest")
    assert [row.rpartition(". ")[2] for row in rows(page.steps)] == ["Works", "Works", "Fails", "Not tried"]
    assert "8.0 s" in rows(page.steps)[2]
    assert page.test.text() == "Test again"
    bench.edge.answers["gateway.test_network"] = Problem("bug", "Something went wrong.")
    press(qtbot, bench, window, "networkTest")
    assert page.test.isEnabled()


def test_the_report_is_seen_and_then_saved_as_it_was_seen(
    qtbot: QtBot, bench: Bench, window: MainWindow, tmp_path: Path
) -> None:
    page = shown(qtbot, bench, window)
    assert not page.save.isVisible(), "nothing is saved unseen"
    press(qtbot, bench, window, "networkTest")
    press(qtbot, bench, window, "reportShow")
    assert bench.edge.asked("diagnostics.report") == [(views.AWAY, views.ROUNDS, views.STEPS)]
    text = page.findChild(QPlainTextEdit, "reportText")
    assert text is not None
    assert text.toPlainText() == views.REPORT
    press(qtbot, bench, window, "reportCopy")
    assert QGuiApplication.clipboard().text() == views.REPORT
    file = tmp_path / "report.txt"
    page.save_as(str(file))
    idle(qtbot, bench)
    assert file.read_text(encoding="utf-8") == views.REPORT


def test_a_folder_that_cannot_be_written_is_said(
    qtbot: QtBot, bench: Bench, window: MainWindow, tmp_path: Path
) -> None:
    page = shown(qtbot, bench, window)
    press(qtbot, bench, window, "reportShow")
    page.save_as(str(tmp_path))
    idle(qtbot, bench)
    assert any("cannot write" in line.text.text() for line in window.notices.lines())


def test_saving_asks_where_without_holding_up_the_window(
    qtbot: QtBot, bench: Bench, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(qtbot, bench, window)
    press(qtbot, bench, window, "reportShow")
    opened: list[QFileDialog] = []
    monkeypatch.setattr(QFileDialog, "open", lambda dialog, *_: opened.append(dialog))
    page.save.click()
    (dialog,) = opened
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    dialog.done(0)


@pytest.mark.parametrize(
    ("status", "name", "value"),
    [
        (SyncStatus("up_to_date", last_success=NOW), "This computer's clock", "Agrees with the server's"),
        (SyncStatus("offline"), "This computer's clock", "Not compared with the server's yet"),
        (SyncStatus("up_to_date", last_success=NOW, clock_off_s=7200), "This computer's clock", "2 hours fast"),
        (SyncStatus("offline"), "Last time everything was sent and read", "Not yet"),
    ],
)
def test_clock_and_last_sync(status: SyncStatus, name: str, value: str) -> None:
    facts = {fact: text for _, fact, text in facts_of(status, "https://learn.example.org")}
    assert value in facts[name]
    assert facts["Server"] == "https://learn.example.org"


def test_no_next_try_is_promised_to_who_must_sign_in() -> None:
    status = views.AWAY._replace(state="attention", code="session_ended")
    assert next_try_words(views.AWAY, NOW)
    assert next_try_words(status, NOW) == ""
    assert "Next try" in [name for _, name, _ in facts_of(views.AWAY, "x", "in a while")]
    assert "Next try" not in [name for _, name, _ in facts_of(status, "x")]
    assert "on this computer" in facts_of(status, "sample")[-1][2]


def test_outbox_and_help_lead_here(qtbot: QtBot, bench: Bench, window: MainWindow) -> None:
    bench.edge.answers |= {"outbox.entries": views.OUTBOX, "outbox.log": ()}
    for place, name in (("outbox", "outboxDetails"), ("help", "helpSync")):
        bench.desk.go(place)
        idle(qtbot, bench)
        press(qtbot, bench, window, name)
        assert bench.places[-1].page == "diagnostics"
