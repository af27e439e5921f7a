"""The Outbox: everything done that is on its way to the program, in plain words.

Object names: ``outboxList``, ``outboxSummary``, ``outboxSendNow``, ``outboxDetails``, ``outboxByFile``.
"""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import tr
from desktop.models.views import NoteView, OutboxEntry, SyncStatus
from desktop.ui.desk import CARRY, ITEM, SIGNED_OUT, Desk, Notice
from desktop.ui.itemmodels import outbox
from desktop.ui.next_try import NextTry
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import PAGE_WIDTH, SPACE_4, SPACE_12, SPACE_24
from desktop.ui.widgets.action_list import ActionList
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.note_editor import NoteEditor
from desktop.ui.widgets.states import Stateful
from protocol.actions import SUBMIT_ATTEMPT


def summary_text(status: SyncStatus, waiting: int, refused: int, ahead: int = 0, next_try: str = "") -> str:
    """Where the sending stands, in one or two sentences. ``next_try``: when it is tried again, in words."""
    parts = []
    if refused:
        parts.append(tr("{n} entry needs you.|{n} entries need you.", n=refused))
    if waiting:
        parts.append(tr("{n} entry waits to be sent.|{n} entries wait to be sent.", n=waiting))
    if ahead:
        parts.append(
            tr("{n} entry waits for an update of the server.|{n} entries wait for an update of the server.", n=ahead)
        )
    if not parts:
        parts.append(tr("Nothing waits.") if status.code else tr("Everything has been sent."))
    if status.code:
        # That it is tried again by itself is told by when.
        told = (status.text,) if status.is_away and next_try else (status.text, status.way_out)
        parts += [tr(part) for part in told if part]
    elif waiting and status.is_away:
        parts.append(tr("They are sent by themselves as soon as there is a connection."))
    if next_try:
        parts.append(next_try if next_try.endswith("…") else f"{next_try}.")
    return " ".join(parts)


class OutboxPage(Page):
    """See the module."""

    kinds: ClassVar[frozenset[str]] = frozenset({"outbox"})

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._entries: dict[str, OutboxEntry] = {}
        self._summary = Label("", "body", "muted")
        self._summary.setObjectName("outboxSummary")
        self._send = Button(tr("Send now"), "secondary", "arrows-clockwise", name="outboxSendNow")
        self.list = ActionList()
        self.list.setObjectName("outboxList")
        self.list.setAccessibleName(tr("Outbox"))
        self.editor = NoteEditor(desk)
        self.editor.hide()
        self._edited = ""
        self._body = Stateful(self.list)
        self._by_file = Button(tr("Save what waits to a file …"), "link", "floppy-disk", name="outboxByFile")
        self._details = Button(tr("Details"), "quiet", "list-dashes", name="outboxDetails")
        self._details.setAccessibleName(tr("Details of the sync and the network"))
        column = framed(self, tr("Outbox"), self._summary, self._details, self._by_file, self._send)
        column.addWidget(self.editor)
        column.addWidget(self._body, 1)
        self._send.clicked.connect(self._on_send)
        self._details.clicked.connect(self._on_details)
        self._by_file.clicked.connect(self._on_by_file)
        self.list.action_wanted.connect(self._on_action)
        self.editor.saved.connect(self._on_saved)
        self.editor.closed.connect(self._on_closed)
        self._next = NextTry(desk, self)
        self._next.ticked.connect(self._on_tick)
        desk.status_changed.connect(self._on_status)

    def leave(self) -> None:
        """What is being typed is kept as a draft."""
        self.editor.keep()

    def heading(self) -> str:
        """The page's title."""
        return tr("Outbox")

    def refresh(self) -> None:
        """Ask for the entries."""
        if not self._entries:
            self._body.show_loading()
        self.desk.ask(self, lambda services: services.outbox.entries(), self._show, self._show_problem)

    def _show(self, entries: tuple[OutboxEntry, ...]) -> None:
        self._entries = {entry.id: entry for entry in entries}
        now = self.desk.clock.now()
        self.list.show_rows([outbox.outbox_row(entry, now) for entry in entries])
        self._show_summary()
        if entries:
            arrived = not self._body.shows_content()
            self._body.show_content()
            if arrived and self.isVisible():
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._body.show_state(
                "paper-plane-tilt",
                tr("Nothing is waiting"),
                tr("What you do without a connection is listed here until it has been sent."),
            )

    def _show_summary(self) -> None:
        states = [entry.state for entry in self._entries.values()]
        waiting = states.count("waiting") + states.count("sending")
        ahead = states.count("ahead")
        refused = states.count("refused")
        self._summary.setText(summary_text(self.desk.status, waiting, refused, ahead, self._next.words()))
        code = self.desk.status.code
        self._by_file.setVisible(waiting > 0)
        self._send.setVisible(waiting > 0 or bool(code))
        self._send.setText(tr("Sign in") if code in SIGNED_OUT else tr("Try now") if code else tr("Send now"))
        self._send.setEnabled(not self.desk.status.trying)

    def _show_problem(self, problem: Problem) -> None:
        self._body.show_problem(problem, self.refresh)

    @Slot(object)
    def _on_status(self, _status: SyncStatus) -> None:
        self._show_summary()

    @Slot()
    def _on_tick(self) -> None:
        if self.isVisible():
            self._show_summary()

    @Slot()
    def _on_send(self) -> None:
        if self.desk.status.code in SIGNED_OUT:
            self.desk.sign_in_again()
        else:
            self.desk.wake_sync()

    @Slot()
    def _on_details(self) -> None:
        self.desk.go("diagnostics")

    @Slot()
    def _on_by_file(self) -> None:
        self.desk.go(CARRY)

    @Slot(str, str)
    def _on_action(self, entry_id: str, key: str) -> None:
        entry = self._entries.get(entry_id)
        if entry is None:
            return
        if key == outbox.UNDO:
            self.desk.ask(self, lambda services: services.outbox.undo(*entry.actions), None, self._say_problem)
            return
        action_id = entry.actions[-1]
        if key == outbox.RETRY:
            self.desk.ask(self, lambda services: services.outbox.retry(action_id), None, self._say_problem)
        elif key == outbox.SET_ASIDE:
            self.desk.ask(self, lambda services: services.outbox.set_aside(action_id), None, self._say_problem)
        elif key == outbox.COPY:
            self.desk.ask(self, lambda services: services.outbox.text(action_id), self._copy, self._say_problem)
        elif key == outbox.EDIT and entry.kind == SUBMIT_ATTEMPT:
            self.desk.ask(
                self, lambda services: services.outbox.answers_as_draft(action_id), self._open_item, self._say_problem
            )
        elif key == outbox.EDIT:
            self._edited = action_id
            self.desk.ask(
                self, lambda services: services.outbox.refused_note(action_id), self.editor.edit, self._say_problem
            )

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.desk.say(Notice("outbox", tr("Copied."), "success"))

    def _open_item(self, item_id: str) -> None:
        self.desk.go(ITEM, item_id=item_id)

    @Slot(object)
    def _on_saved(self, _note: NoteView) -> None:
        """The changed note waits as an entry of its own: the refused one has been seen to."""
        action_id, self._edited = self._edited, ""
        if action_id:
            self.desk.ask(self.desk, lambda services: services.outbox.set_aside(action_id), None, self._say_problem)

    @Slot()
    def _on_closed(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_problem(self, problem: Problem) -> None:
        text = " ".join(tr(part) for part in (problem.text, problem.way_out) if part)
        self.desk.say(Notice("outbox", text, "error"))
        self.refresh()


def framed(page: QWidget, title: str, *beside: QWidget) -> QVBoxLayout:
    """The frame of a page that is a list: title, what stands beside it, room below. Returns the column to fill."""
    outer = QHBoxLayout(page)
    outer.setContentsMargins(SPACE_24, SPACE_24, SPACE_24, 0)
    inside = QWidget()
    inside.setMaximumWidth(PAGE_WIDTH)
    outer.addStretch(1)
    outer.addWidget(inside, 1000)
    outer.addStretch(1)
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_12)
    top = QHBoxLayout()
    top.setSpacing(SPACE_12)
    words = QVBoxLayout()
    words.setSpacing(SPACE_4)
    words.addWidget(Label(title, "title", wrap=False))
    top.addLayout(words, 1)
    column.addLayout(top)
    for widget in beside:
        if isinstance(widget, Label):
            words.addWidget(widget)
        elif widget.property("variant") == "link":
            # Below, where there is room for its words, however large: what stands beside would take it.
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeading)
        else:
            top.addWidget(widget)
    return column
