"""How the sync stands, in full: state, clock, a test of the network, what became of each action, a report to send.

Object names: ``diagnosticsNow``, ``diagnosticsPortal``, ``diagnosticsProxy``, ``networkTest``, ``networkSteps``,
``syncRounds``, ``actionLog``, ``reportShow``, ``reportText``, ``reportSave``, ``reportCopy``.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QDir, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.errors import Problem, problem_of_os
from desktop.i18n import moment_text, tr
from desktop.models.views import ActionRecord, NetworkStep, SyncStatus
from desktop.ui.desk import PROXY, Desk, Notice
from desktop.ui.frame.status_bar import status_words
from desktop.ui.frame.sync_notices import CLOCK_OFF_S, clock_words, open_portal
from desktop.ui.itemmodels.diagnostics import record_row, round_row, step_row
from desktop.ui.next_try import NextTry
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import SPACE_8, SPACE_16
from desktop.ui.widgets.action_list import ActionList
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.fact_list import FactList
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import FlowLayout
from desktop.ui.widgets.scroll import PageScroll
from desktop.ui.widgets.surfaces import Card, SectionHeader

SHOWN = 40
"""Actions in the log on the screen; the report has more."""
ROUNDS_SHOWN = 6
REPORT_NAME = "haversack-report.txt"


def facts_of(status: SyncStatus, server: str, next_try: str = "") -> list[tuple[str, str, str]]:
    """Icon, name and value of what is known of the sync. ``next_try``: when it is tried again, in words."""
    words, icon, _ = status_words(status)
    reason = " ".join(tr(part) for part in (status.text, status.way_out) if part)
    last = moment_text(status.last_success) if status.last_success else tr("Not yet")
    facts = [
        (icon, tr("State"), f"{words}. {reason}" if reason else words),
        ("clock-counter-clockwise", tr("Last time everything was sent and read"), last),
    ]
    if next_try:
        facts.append(("timer", tr("Next try"), next_try))
    if abs(status.clock_off_s) >= CLOCK_OFF_S:
        clock = clock_words(status.clock_off_s)
    elif status.last_success is None:
        clock = tr("Not compared with the server's yet")
    else:
        clock = tr("Agrees with the server's")
    facts.append(("clock", tr("This computer's clock"), clock))
    facts.append(
        ("hard-drives", tr("Server"), tr("The sample program, on this computer") if server == "sample" else server)
    )
    return facts


class DiagnosticsPage(Page):
    """See the module."""

    kinds: ClassVar[frozenset[str]] = frozenset({"outbox"})

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._steps: tuple[NetworkStep, ...] = ()
        self._report = ""
        self.facts = FactList()
        self.now = Button(tr("Sync now"), "secondary", "arrows-clockwise", name="diagnosticsNow")
        self.portal = Button(tr("Open sign-in page"), "secondary", "globe", name="diagnosticsPortal")
        self.proxy = Button(tr("Enter password"), "secondary", "lock-simple", name="diagnosticsProxy")
        self.test = Button(tr("Test the network"), "secondary", "wifi-high", name="networkTest")
        self.steps = _list("networkSteps", tr("Steps of the network test"))
        self.rounds = _list("syncRounds", tr("The last rounds of the sync"))
        self.log = _list("actionLog", tr("What became of each action"))
        self.show_report = Button(tr("Show the report"), "secondary", "file-text", name="reportShow")
        self.report = QPlainTextEdit()
        self.save = Button(tr("Save …"), "primary", "floppy-disk", name="reportSave")
        self.copy = Button(tr("Copy"), "secondary", "copy", name="reportCopy")
        self._no_log = Label(tr("Nothing was done here yet."), "body", "muted")
        self._lay_out()
        self.now.clicked.connect(self._on_now)
        self.test.clicked.connect(self._on_test)
        self.show_report.clicked.connect(self._on_report)
        self.save.clicked.connect(self._on_save)
        self.copy.clicked.connect(self._on_copy)
        self.portal.clicked.connect(self._on_portal)
        self.proxy.clicked.connect(self._on_proxy)
        self._next = NextTry(desk, self)
        self._next.ticked.connect(self._on_tick)
        desk.status_changed.connect(self._on_status)

    def _lay_out(self) -> None:
        sheet = PageScroll(880)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(sheet)
        column = sheet.body
        column.addWidget(Label(tr("Sync and network"), "title"))
        state = _card(self.facts)
        buttons = FlowLayout()
        for button in (self.now, self.portal, self.proxy):
            buttons.addWidget(button)
        state.body.addLayout(buttons)
        column.addWidget(state)
        column.addWidget(SectionHeader(tr("Network test")))
        said = Label(tr("Tries the way to your program step by step and says what works and how long it takes."))
        column.addWidget(_card(said, self.test))
        column.addWidget(self.steps)
        self._rounds_header = SectionHeader(tr("The last rounds"))
        column.addWidget(self._rounds_header)
        column.addWidget(self.rounds)
        column.addWidget(SectionHeader(tr("What became of each action")))
        column.addWidget(self._no_log)
        column.addWidget(self.log)
        column.addWidget(SectionHeader(tr("Report for the support")))
        self.report.setObjectName("reportText")
        self.report.setAccessibleName(tr("Report"))
        self.report.setReadOnly(True)
        self.report.setTabChangesFocus(True)
        self.report.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.report.setMinimumHeight(320)
        about = Label(
            tr(
                "Versions, the state of the sync, the list above without titles, and the end of the log. Your notes, "
                "answers, name and address are not in it. You see all of it here before it goes anywhere; nothing is "
                "sent by itself."
            )
        )
        self._choice = QWidget()
        choice = QHBoxLayout(self._choice)
        choice.setContentsMargins(0, 0, 0, 0)
        choice.setSpacing(SPACE_8)
        choice.addWidget(self.save)
        choice.addWidget(self.copy)
        choice.addStretch(1)
        column.addWidget(_card(about, self.show_report, self.report, self._choice))
        column.addStretch(1)
        for hidden in (self.steps, self.report, self._choice):
            hidden.hide()

    def heading(self) -> str:
        """For the title of the window."""
        return tr("Sync and network")

    def refresh(self) -> None:
        """Ask what became of the actions."""
        self._show_status(self.desk.status)
        self.desk.ask(self, lambda services: services.outbox.log(SHOWN), self._show_log, self._say_problem)

    def _show_log(self, records: tuple[ActionRecord, ...]) -> None:
        now = self.desk.clock.now()
        self.log.show_rows([record_row(record, now) for record in records])
        self.log.setVisible(bool(records))
        self._no_log.setVisible(not records)

    @Slot(object)
    def _on_status(self, status: SyncStatus) -> None:
        if self.isVisible():
            self._show_status(status)

    def _show_status(self, status: SyncStatus) -> None:
        server = self.desk.learner.server if self.desk.learner else ""
        self.facts.show_facts(facts_of(status, server, self._next.words(titled=True)))
        self.now.setText(tr("Try now") if status.code else tr("Sync now"))
        self.now.setEnabled(not status.trying)
        self.portal.setVisible(status.code == "captive_portal")
        self.proxy.setVisible(status.code == "proxy_password")
        now = self.desk.clock.now()
        rounds = self.desk.sync_rounds()
        # Numbered from the oldest: a row keeps its name while newer ones come above it.
        rows = [round_row(len(rounds) - number, found, now) for number, found in enumerate(rounds)]
        self.rounds.show_rows(rows[:ROUNDS_SHOWN])
        for widget in (self._rounds_header, self.rounds):
            widget.setVisible(bool(rows))

    @Slot()
    def _on_tick(self) -> None:
        if self.isVisible():
            self._show_status(self.desk.status)

    @Slot()
    def _on_portal(self) -> None:
        open_portal(self.desk)

    @Slot()
    def _on_proxy(self) -> None:
        self.desk.go(PROXY)

    @Slot()
    def _on_now(self) -> None:
        self.desk.wake_sync()

    @Slot()
    def _on_test(self) -> None:
        self.test.setEnabled(False)
        self.test.setText(tr("Testing …"))
        self.desk.fetch(self, lambda gateway: gateway.test_network(), self._show_steps, self._test_failed)

    def _show_steps(self, steps: tuple[NetworkStep, ...]) -> None:
        self._steps = steps
        self.steps.show_rows([step_row(step) for step in steps])
        self.steps.show()
        self._test_over()

    def _test_failed(self, problem: Problem) -> None:
        self._test_over()
        self._say_problem(problem)

    def _test_over(self) -> None:
        self.test.setEnabled(True)
        self.test.setText(tr("Test again"))
        self.test.setFocus()

    @Slot()
    def _on_report(self) -> None:
        status, rounds, steps = self.desk.status, self.desk.sync_rounds(), self._steps
        self.desk.ask(
            self,
            lambda services: services.diagnostics.report(status, rounds, steps),
            self._show_report,
            self._say_problem,
        )

    def _show_report(self, text: str) -> None:
        self._report = text
        self.report.setPlainText(text)
        self.report.show()
        self._choice.show()
        self.show_report.setText(tr("Make it anew"))
        self.report.setFocus()

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
        self.desk.say(Notice("report", tr("Copied."), "success"))

    @Slot()
    def _on_save(self) -> None:
        dialog = QFileDialog(self, tr("Save the report"), QDir.homePath())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.selectFile(REPORT_NAME)
        dialog.fileSelected.connect(self.save_as)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def save_as(self, name: str) -> None:
        """Write what is shown, and nothing else, to a file."""
        text = self._report

        def write() -> str:
            try:
                Path(name).write_text(text, encoding="utf-8")
            except OSError as error:
                raise (problem_of_os(error) or error) from error
            return name

        self.desk.decode(self, write, self._saved, self._say_problem)

    def _saved(self, name: str) -> None:
        self.desk.say(Notice("report", tr("Saved: {file}", file=name), "success"))

    def _say_problem(self, problem: Problem) -> None:
        text = " ".join(tr(part) for part in (problem.text, problem.way_out) if part)
        self.desk.say(Notice("diagnostics", text, "error"))


def _list(name: str, said: str) -> ActionList:
    found = ActionList()
    found.setObjectName(name)
    found.setAccessibleName(said)
    found.fit_height()
    return found


def _card(*widgets: QWidget) -> Card:
    card = Card(margin=SPACE_16)
    for widget in widgets:
        if isinstance(widget, Button):
            row = QHBoxLayout()
            row.addWidget(widget)
            row.addStretch(1)
            card.body.addLayout(row)
        else:
            card.body.addWidget(widget)
    return card
