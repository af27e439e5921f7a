"""Help says whom to ask, with the address of the program in front."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.errors import Problem
from desktop.ui.pages.help import HelpPage
from desktop.ui.window import MainWindow
from tests.desktop.ui.fakes import Bench


def test_the_addresses_of_the_program(
    qtbot: QtBot, bench: Bench, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    bench.desk.go("help")
    page = window.pages.current_page()
    assert isinstance(page, HelpPage)
    assert page.admin.text() == "learning@example.org"
    assert page.support.text() == "support@example.org"
    page.support.setFocus()
    QTest.keyClick(page.support, Qt.Key.Key_Return)
    assert opened == ["mailto:support@example.org"]


def test_where_the_sign_in_is_kept_is_said_where_it_is_not_the_keyring(
    qtbot: QtBot, bench: Bench, window: MainWindow
) -> None:
    bench.desk.go("help")
    page = window.pages.current_page()
    assert isinstance(page, HelpPage)
    qtbot.waitUntil(lambda: not bench.runner.busy())
    assert not page.sign_in.isVisible()
    bench.edge.answers["gateway.secrets_note"] = lambda: Problem("no_keyring", "It is in a file.", "Sign out.")
    bench.desk.go("help")
    qtbot.waitUntil(page.sign_in.isVisible)
    assert page.sign_in_note.text() == "It is in a file. Sign out."


def test_nobody_is_named_before_there_is_a_program(qtbot: QtBot, bench: Bench, window: MainWindow) -> None:
    bench.desk.signed_out.emit()
    bench.desk.go("help")
    page = window.pages.current_page()
    assert isinstance(page, HelpPage)
    assert not page.admin.isVisible()
    assert not page.support.isVisible()
