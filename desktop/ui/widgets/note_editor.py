"""Where a note is written. What is typed is kept as a draft within a third of a second.

Object names: ``noteEditor``, ``noteText``, ``noteLabel``, ``noteQuote``, ``noteSave``, ``noteCancel``.
Keys: Ctrl+Enter saves, Escape closes and keeps the draft.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QWidget

from desktop.errors import Problem
from desktop.i18n import clock_text, tr
from desktop.models.views import NoteView
from desktop.ui.desk import Desk, Notice
from desktop.ui.itemmodels.notes import IMPORTANT, UNCLEAR, label_text
from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import SPACE_4, SPACE_8, SPACE_12, TYPE_BODY
from desktop.ui.widgets.buttons import Button, IconButton
from desktop.ui.widgets.fields import ChoiceBox
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.question_marks import TickBox
from desktop.ui.widgets.surfaces import Card

KEEP_AFTER_MS = 300
KEEP_AGAIN_MS = 3000
LINES = 3
LOW, VERY_LOW = 700, 500
"""In a lower window the text has two lines, or one; it scrolls."""

if TYPE_CHECKING:
    from desktop.services.services import Services


class NoteEditor(Card):
    """Signals: ``saved`` (a ``NoteView``), ``closed``, ``writing_changed`` (whether it is open)."""

    saved = Signal(object)
    writing_changed = Signal(bool)
    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=SPACE_12, edge="accent")
        self.setObjectName("noteEditor")
        self._desk = desk
        self._item_id = ""
        self._note_id: str | None = None
        self._at_ms: int | None = None
        self._quoted = ""
        self._saving = False
        self._title = Label("", "strong", wrap=False)
        self.text = QPlainTextEdit()
        self.text.setObjectName("noteText")
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(tr("What do you want to remember?"))
        self._label = ChoiceBox(tr("Label"), "noteLabel")
        self._label.addItem(tr("No label"), "")
        for label in (IMPORTANT, UNCLEAR):
            self._label.addItem(label_text(label), label)
        self._quote = TickBox()
        self._quote.setObjectName("noteQuote")
        self._quote.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._save = Button(tr("Save"), "primary", name="noteSave")
        self._save.setToolTip(tr("Ctrl+Enter"))
        self._close = IconButton("x", tr("Discard this note"), name="noteCancel")
        self._keep_soon = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._unkept: dict[tuple[str, str | None], Callable[[Services], None]] = {}
        self._retry_kept = QTimer(self, singleShot=True, interval=KEEP_AGAIN_MS)
        self._lay_out()
        self._keep_soon.timeout.connect(self.keep)
        self._retry_kept.timeout.connect(self._keep_again)
        self.text.textChanged.connect(self._on_changed)
        self._label.activated.connect(self._on_changed)
        self._quote.toggled.connect(self._on_changed)
        self._save.clicked.connect(self.save)
        self._close.clicked.connect(self.discard)

    def _lay_out(self) -> None:
        # Low: while a note is written the lecture goes on above it, and every line costs the picture one.
        self.body.setContentsMargins(SPACE_12, SPACE_4, SPACE_12, SPACE_12)
        self.body.setSpacing(SPACE_4)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._close)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_8)
        foot.addWidget(self._quote, 1)
        foot.addStretch(0)
        foot.addWidget(self._label)
        foot.addWidget(self._save)
        self.body.addLayout(top)
        self.body.addWidget(self.text)
        self.body.addSpacing(SPACE_4)
        self.body.addLayout(foot)

    # --- opening ------------------------------------------------------------------------------------------------

    def is_open(self) -> bool:
        """Whether a note is being written."""
        return not self.isHidden()

    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not self.text.toPlainText().strip()

    def begin(self, item_id: str, at_ms: int | None, line: str) -> None:
        """A new note at a second; ``line`` is the one that is spoken there. A note that has begun is gone on with."""
        if self.is_open() and not self.is_empty() and item_id == self._item_id:
            self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self.keep()
        self._open(item_id, None, at_ms, "", "", line, quoted=False)
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def edit(self, note: NoteView) -> None:
        """Change a note."""
        self.keep()
        self._open(note.item_id, note.id, note.at_ms, note.text, note.label, note.quote, quoted=bool(note.quote))
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def restore(self, draft: NoteView) -> None:
        """Show what was being typed when it was left; the focus stays where it is."""
        note_id = draft.id or None
        self._open(draft.item_id, note_id, draft.at_ms, draft.text, draft.label, draft.quote, quoted=bool(draft.quote))

    def shut(self) -> None:
        """Close; what was typed stays as a draft."""
        self.keep()
        self.hide()
        self.writing_changed.emit(False)  # noqa: FBT003 (a signal's)

    def _open(
        self, item_id: str, note_id: str | None, at_ms: int | None, text: str, label: str, line: str, *, quoted: bool
    ) -> None:
        quiet = [QSignalBlocker(widget) for widget in (self.text, self._label, self._quote)]
        self._item_id, self._note_id, self._at_ms, self._quoted = item_id, note_id, at_ms, line
        where = tr("Note at {time}", time=clock_text(at_ms)) if at_ms is not None else tr("Note")
        self._title.setText(where if note_id is None else tr("Edit: {note}", note=where))
        self.text.setPlainText(text)
        self.text.setAccessibleName(where)
        self._label.setCurrentIndex(max(0, self._label.findData(label)))
        said = tr("Quote “{line}”", line=line)
        self._quote.setText(said.replace("&", "&&"))
        self._quote.setToolTip(said)
        self._quote.setAccessibleName(said)
        self._quote.setVisible(bool(line))
        self._quote.setChecked(quoted)
        for blocker in quiet:
            blocker.unblock()
        self._keep_soon.stop()
        self._save.setEnabled(not self.is_empty())
        height = self.window().height()
        lines = 1 if height < tokens().scaled(VERY_LOW) else 2 if height < tokens().scaled(LOW) else LINES
        self.text.setFixedHeight(QFontMetrics(font(TYPE_BODY)).lineSpacing() * lines + 22)
        self.show()
        self.writing_changed.emit(True)  # noqa: FBT003 (a signal's)

    # --- keeping ------------------------------------------------------------------------------------------------

    @Slot()
    def _on_changed(self) -> None:
        self._save.setEnabled(not self.is_empty())
        if not self._keep_soon.isActive():  # at the latest this long after the first of several keys
            self._keep_soon.start()

    def _written(self) -> tuple[str, str, str]:
        quote = self._quoted if self._quote.isChecked() else ""
        return self.text.toPlainText().strip(), str(self._label.currentData() or ""), quote

    @Slot()
    def keep(self) -> None:
        """Keep what is typed as a draft, if anything changed since the last time."""
        if not self._keep_soon.isActive() and self.sender() is not self._keep_soon:
            return
        self._keep_soon.stop()
        if self._saving or not self._item_id:
            return
        item_id, note_id, at_ms = self._item_id, self._note_id, self._at_ms
        text, label, quote = self._written()
        if text:
            self._keep_draft(
                item_id,
                note_id,
                lambda services: services.notes.save_draft(item_id, text, at_ms, label, quote, note_id),
            )
        else:
            self._keep_draft(item_id, note_id, lambda services: services.notes.discard_draft(item_id, note_id))

    def _keep_draft(self, item_id: str, note_id: str | None, change: Callable[[Services], None]) -> None:
        """Write it down. What could not be written (a full disk) is held here, also while other notes are written,
        and tried again until it is written or something newer takes its place."""
        self._unkept.pop((item_id, note_id), None)

        def failed(problem: Problem) -> None:
            self._unkept.setdefault((item_id, note_id), change)
            self._retry_kept.start()
            self._say(problem)

        # Tied to the desk: what was typed is written even if the page goes at once.
        self._desk.ask(self._desk, change, None, failed)

    @Slot()
    def _keep_again(self) -> None:
        for (item_id, note_id), change in list(self._unkept.items()):
            self._keep_draft(item_id, note_id, change)

    def _say(self, problem: Problem) -> None:
        self._desk.say(Notice("note", " ".join(tr(part) for part in (problem.text, problem.way_out) if part), "error"))

    @Slot()
    def save(self) -> None:
        """Make it a note."""
        text, label, quote = self._written()
        if not text or self._saving:
            return
        self._saving = True
        self._unkept.pop((self._item_id, self._note_id), None)
        self._keep_soon.stop()
        self._save.setEnabled(False)
        item_id, note_id, at_ms = self._item_id, self._note_id, self._at_ms
        self._desk.ask(
            self,
            lambda services: services.notes.save(item_id, text, at_ms=at_ms, label=label, quote=quote, note_id=note_id),
            self._on_saved,
            self._on_problem,
        )

    def _on_saved(self, note: NoteView) -> None:
        self._saving = False
        self._finish()
        self.saved.emit(note)

    def _on_problem(self, problem: Problem) -> None:
        self._saving = False
        self._save.setEnabled(True)
        self._keep_soon.start()
        self._say(problem)

    @Slot()
    def discard(self) -> None:
        """Throw it away, with a way back if there was text."""
        item_id = self._item_id
        text, label, quote = self._written()
        note_id, at_ms, line = self._note_id, self._at_ms, self._quoted
        self._keep_soon.stop()
        self._keep_draft(item_id, note_id, lambda services: services.notes.discard_draft(item_id, note_id))
        self._finish()
        if text and note_id is None:

            def back() -> None:
                self._open(item_id, note_id, at_ms, text, label, line, quoted=bool(quote))
                self._on_changed()

            self._desk.say(Notice("note", tr("Note discarded."), "info", tr("Undo"), back))

    def _finish(self) -> None:
        with QSignalBlocker(self.text):
            self.text.clear()
        self.hide()
        self.writing_changed.emit(False)  # noqa: FBT003 (a signal's)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter and Escape, wherever in the editor the focus is (the text lets both through)."""
        keys = Qt.Key
        with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (keys.Key_Return, keys.Key_Enter) and with_control:
            self.save()
        elif event.key() == keys.Key_Escape:
            self.shut()
            self.closed.emit()
        else:
            super().keyPressEvent(event)
