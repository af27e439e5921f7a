"""Where the parts of the lecture page are."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.models.views import ItemRow
from desktop.ui.desk import Desk
from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import ICON, SPACE_4, SPACE_8, SPACE_12, SPACE_16, TYPE_BODY
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.lesson_next import NextCard
from desktop.ui.widgets.note_editor import NoteEditor
from desktop.ui.widgets.note_pane import NotePane
from desktop.ui.widgets.player_bar import PlayerBar
from desktop.ui.widgets.player_stage import FullScreen, PlayerStage
from desktop.ui.widgets.surfaces import Divider
from desktop.ui.widgets.transcript_pane import TranscriptPane

SIDE_WIDTH = 340
SIDE_SHARE = 0.42
"""However large the text is, transcript and notes take no more of the page's width."""
LEAST_PICTURE, SMALLEST_PICTURE = 135, 40
"""The least height of the picture, and the least while a note is written."""
LOW = 640
"""In a lower window the buttons below the picture make room while a note is written."""


class LectureLayout:
    """Makes the parts and puts them on ``page``: picture and actions at the left, transcript and notes at the right."""

    def __init__(self, page: QWidget, desk: Desk) -> None:
        self.stage = PlayerStage()
        self.bar = PlayerBar()
        self.editor = NoteEditor(desk)
        self.editor.hide()
        self.stage.add_controls(self.bar)
        self.stage.add_below(self.editor, margin=SPACE_8)
        self.save_note = Button(tr("Save note"), "secondary", "note-pencil", name="saveNote")
        self.download = Button(tr("Download"), "secondary", "download-simple", name="downloadItem")
        self.done = Button(tr("Mark as complete"), "secondary", "check", name="markComplete")
        self._words = {button: button.text() for button in (self.save_note, self.download, self.done)}
        self._hints = {self.save_note: tr("Write a note at this second (N)")}
        self.next = NextCard()
        self.next.hide()
        self.transcript = TranscriptPane()
        self.notes = NotePane(desk)
        self.tab_transcript = self._tab(tr("Transcript"), "tabTranscript")
        self.tab_notes = self._tab(tr("Notes"), "tabNotes")
        self._tabs = QButtonGroup(page)
        self._pages = QStackedWidget()
        self._actions = QWidget()
        self._side = QWidget()
        self._main = QVBoxLayout()
        self._full: FullScreen | None = None
        self._writing = self._theatre = False
        self._lay_out(page)

    def _tab(self, text: str, name: str) -> QPushButton:
        tab = QPushButton(text)
        tab.setObjectName(name)
        tab.setProperty("variant", "tab")
        tab.setCheckable(True)
        # The chosen one is heavier: room for that from the start, so that nothing moves.
        tab.setMinimumWidth(QFontMetrics(font(TYPE_BODY, strong=True)).horizontalAdvance(text) + 2 * SPACE_16)
        return tab

    def _lay_out(self, page: QWidget) -> None:
        row = QHBoxLayout(self._actions)
        row.setContentsMargins(SPACE_16, SPACE_8, SPACE_16, SPACE_12)
        row.setSpacing(SPACE_8)
        row.addWidget(self.save_note)
        row.addWidget(self.download)
        row.addStretch(1)
        row.addWidget(self.done)
        after = QVBoxLayout()
        after.setContentsMargins(SPACE_16, 0, SPACE_16, SPACE_12)
        after.addWidget(self.next)
        self._main.setContentsMargins(0, 0, 0, 0)
        self._main.setSpacing(0)
        # In a layout of its own: PySide keeps wrappers of what is in a layout within a layout, and they outlive what
        # they wrap when the stage goes to the whole screen and back.
        self._place = QVBoxLayout()
        self._place.setContentsMargins(0, 0, 0, 0)
        holder = QWidget()
        holder.setLayout(self._place)
        self._place.addWidget(self.stage)
        self._main.addWidget(holder, 1)
        self._main.addWidget(self._actions)
        self._main.addLayout(after)
        tabs = QHBoxLayout()
        tabs.setContentsMargins(SPACE_8, SPACE_4, SPACE_8, 0)
        tabs.setSpacing(SPACE_4)
        for number, tab in enumerate((self.tab_transcript, self.tab_notes)):
            self._tabs.addButton(tab, number)
            tabs.addWidget(tab)
        tabs.addStretch(1)
        self._tabs.setExclusive(True)
        self._tabs.idClicked.connect(self._pages.setCurrentIndex)
        self.tab_transcript.setChecked(True)
        self._pages.addWidget(self.transcript)
        self._pages.addWidget(self.notes)
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        side.addLayout(tabs)
        side.addWidget(Divider())
        side.addWidget(self._pages, 1)
        line = Divider()
        line.setFixedSize(1, 16_777_215)
        line.setMinimumHeight(0)
        self._line = line
        whole = QHBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._main, 1)
        whole.addWidget(line)
        whole.addWidget(self._side)
        self._page = page
        self.fit()  # not before: what has no parent yet would be shown as a window of its own

    def fit(self) -> None:
        """The page's size changed, or the text's."""
        self._side.setFixedWidth(min(tokens().scaled(SIDE_WIDTH), round(max(600, self._page.width()) * SIDE_SHARE)))
        self._show_actions()

    def _show_actions(self) -> None:
        low = self._page.height() < tokens().scaled(LOW)
        self._actions.setVisible(not self._theatre and not (self._writing and low))
        # What is written must be legible, whatever that leaves of the picture.
        self.stage.set_least_height(SMALLEST_PICTURE if self._writing else LEAST_PICTURE)
        self._word_actions()

    def _word(self, button: Button, words: str) -> None:
        self._words[button] = words
        self._word_actions()

    def _word_actions(self) -> None:
        """The buttons' words, or their icons alone where three times words have no room."""
        buttons = (self.save_note, self.download, self.done)
        metrics = QFontMetrics(font(TYPE_BODY))
        around = tokens().scaled(ICON) + SPACE_4 + 2 * SPACE_16
        needed = sum(metrics.horizontalAdvance(self._words[button]) + around for button in buttons)
        room = self._page.width() - self._side.width() - 2 * SPACE_16 - 2 * SPACE_8
        for button in buttons:
            words = self._words[button]
            button.setAccessibleName(words)
            button.setText(words if needed <= room else "")
            button.setToolTip(self._hints.get(button, "") or ("" if needed <= room else words))

    @Slot(bool)
    def show_writing(self, writing: bool) -> None:
        """Whether a note is being written."""
        self._writing = writing
        self._show_actions()

    def show_note_saved(self, *, saved: bool = False) -> None:
        """Say on the button that a note was saved, for a moment."""
        self._word(self.save_note, tr("Note saved") if saved else tr("Save note"))
        self.save_note.set_icon("check" if saved else "note-pencil")

    def show_tab(self, *, notes: bool) -> None:
        """Put transcript or notes in front."""
        (self.tab_notes if notes else self.tab_transcript).setChecked(True)
        self._pages.setCurrentIndex(1 if notes else 0)

    def show_download(self, words: str, icon_name: str, menu: QMenu | None) -> None:
        """How the download stands; with a menu the button opens that."""
        self._word(self.download, words)
        self.download.set_icon(icon_name)
        self.download.setEnabled(True)
        if self.download.menu() is not menu:
            self.download.setMenu(menu)  # type: ignore[arg-type]  # None takes it away

    def show_item(self, item: ItemRow) -> None:
        """How far the item is."""
        done = item.state == "done"
        self._word(self.done, tr("Completed") if done else tr("Mark as complete"))
        self.done.set_icon("check-circle" if done else "check")
        self.done.setEnabled(not done)

    def show_theatre(self, *, theatre: bool) -> None:
        """The picture takes the width of the page."""
        self._theatre = theatre
        for widget in (self._side, self._line):
            widget.setVisible(not theatre)
        self._show_actions()

    def show_full_screen(self, left: Callable[[], None] | None) -> None:
        """Give the stage the whole screen; ``left`` is called when the learner leaves it. None: back to its place."""
        if left is not None:
            self._full = FullScreen(self.stage)
            self._full.left.connect(left)
            self.stage.lay_controls_over(over=True)
            self._full.showFullScreen()
            self._full.activateWindow()
        elif self._full is not None:
            self._place.addWidget(self.stage)
            self.stage.lay_controls_over(over=False)
            self.stage.show()
            self._full.hide()
            self._full.deleteLater()
            self._full = None
