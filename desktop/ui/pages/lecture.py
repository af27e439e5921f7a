"""A lecture: picture, controls, transcript, notes.

Object names, besides those of the widgets it is made of (``player_bar``, ``player_stage``, ``transcript_pane``,
``note_editor``, ``note_pane``, ``lesson_next``): ``saveNote``, ``downloadItem``, ``markComplete``, ``tabTranscript``,
``tabNotes``, ``nextCard``.

Test hooks: ``LecturePane.transcript.lines.cue_rect(number)``; ``LecturePane.media.session``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.errors import Problem
from desktop.i18n import size_text, tr
from desktop.models.content_folder import READABLE, problem_of
from desktop.models.views import ItemPlace, LectureView, NoteView
from desktop.player.backend import PlayerBackend, PlayerState
from desktop.player.problems import LibraryMissing
from desktop.ui.desk import Desk, Notice
from desktop.ui.pages.item_pane import ItemPane
from desktop.ui.pages.lecture_controls import LectureControls
from desktop.ui.pages.lecture_download import LectureDownload
from desktop.ui.pages.lecture_large import LargePicture
from desktop.ui.pages.lecture_layout import LectureLayout
from desktop.ui.pages.lecture_media import LectureMedia, make_backend
from desktop.ui.pages.lecture_texts import LectureTexts
from desktop.ui.preferences import Preferences
from desktop.ui.widgets.player_cheat_sheet import CheatSheet
from desktop.ui.widgets.player_keys import Command, PlayerKeys

RESUME_FROM_MS = 5_000
SAVED_SHOWN_MS = 3_000
"""How long the button says that a note was saved."""


class LecturePane(ItemPane):
    """See the module. ``backend`` makes the engine; tests hand in another one."""

    def __init__(
        self,
        desk: Desk,
        preferences: Preferences,
        parent: QWidget | None = None,
        backend: Callable[[], PlayerBackend] = make_backend,
    ) -> None:
        super().__init__(desk, preferences, parent)
        self._view: LectureView | None = None
        self._ended = False
        self._playing = ""
        self.media = LectureMedia(desk, backend, self)
        self.session = self.media.session
        self.parts = LectureLayout(self, desk)
        self.stage, self.bar, self.editor = self.parts.stage, self.parts.bar, self.parts.editor
        self.transcript, self.notes = self.parts.transcript, self.parts.notes
        self.texts = LectureTexts(desk, preferences, self.transcript, self.bar, self.stage.surface, self)
        self.controls = LectureControls(preferences, self.session, self.bar, self)
        self.download = LectureDownload(desk, self.parts, self)
        self.large = LargePicture(self, self.parts, self.session)
        self.stage.surface.set_source(self.session)
        self._keys = PlayerKeys(self._is_inside, self)
        self._connect_player()
        self._connect_page()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _connect_player(self) -> None:
        bar, session = self.bar, self.session
        session.position_changed.connect(self._on_position)
        session.state_changed.connect(self._on_state)
        session.duration_changed.connect(self._on_duration)
        session.ended.connect(self._on_ended)
        self.media.problem.connect(self._on_problem)
        self.media.streaming.connect(self._on_streaming)
        bar.toggle_wanted.connect(self.toggle)
        bar.seek_wanted.connect(self.media.seek)
        self.large.theatre_changed.connect(self.theatre_wanted)
        self.stage.clicked.connect(self.toggle)
        self.stage.resume.start_over.connect(self._start_over)

    def _connect_page(self) -> None:
        parts = self.parts
        self._keys.pressed.connect(self._on_key)
        self.texts.absent.connect(self._on_texts_absent)
        self.transcript.seek_wanted.connect(self.seek_and_go_on)
        self.transcript.left.connect(self.large.take_focus)
        self.transcript.retry_wanted.connect(self._retry_texts)
        self.notes.seek_wanted.connect(self.seek_and_go_on)
        self.notes.edit_wanted.connect(self.editor.edit)
        self.notes.note_wanted.connect(self.write_note)
        self.editor.saved.connect(self._on_note_saved)
        self.editor.closed.connect(self.large.take_focus)
        self.editor.writing_changed.connect(parts.show_writing)
        self._saved_shown = QTimer(self, singleShot=True, interval=SAVED_SHOWN_MS)
        self._saved_shown.timeout.connect(parts.show_note_saved)
        parts.save_note.clicked.connect(self.write_note)
        parts.done.clicked.connect(self.complete)
        parts.next.wanted.connect(self.next_wanted)
        parts.next.course_wanted.connect(self.course_wanted)

    # --- showing ------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Another lecture."""
        self._view = None
        self._ended = False
        self.texts.forget()
        self.editor.shut()
        self.notes.show_notes(())
        self.stage.surface.set_poster(QImage())
        self.stage.resume.hide()
        self.stage.big_play.hide()
        self.stage.show_loading(tr("One moment …"))
        self.bar.show_times(0, 0)
        self.bar.show_usable(usable=False)
        self.parts.next.hide()
        item_id = self.item_id
        self.ask(lambda services: services.notes.draft(item_id), self._on_draft)

    def load(self) -> None:
        """Ask for the lecture and its notes."""
        item_id = self.item_id
        self.ask(lambda services: services.lectures.view(item_id), self._show, self._on_problem)
        self.ask(lambda services: services.notes.of_item(item_id), self._show_notes)

    def refresh(self, place: ItemPlace) -> None:
        """Progress, notes, a download that is ready: what plays goes on."""
        super().refresh(place)
        self._show_place(place)

    def go_to(self, at_ms: int) -> None:
        """Another second of the same lecture."""
        self.seek_and_go_on(at_ms)

    def leave(self) -> None:
        """Stop and keep: position, what was watched, the note that is being typed."""
        self.editor.shut()
        self.media.leave()
        self.item_id = ""
        self.large.leave()

    def _show(self, view: LectureView) -> None:
        if self.media.has_source() and view.variants and self._playing not in view.variants:
            self._show_place(view.place)  # a new version came: what plays goes on, with the texts that belong to it
            return
        first = self._view is None
        self._view = view
        self._show_place(view.place)
        if first:
            self.bar.show_times(0, view.duration_ms)
            if view.replaced:
                self.desk.say(
                    Notice("replaced", tr("A newer version of this video is to come. Here is the one you have."))
                )
        self.texts.show_lecture(view)
        if view.poster is not None and self.stage.surface.has_no_poster():
            self._read_poster(view.poster)
        if not self.media.has_source():
            self._open_medium(view)

    def _read_poster(self, path: Path) -> None:
        """What is seen until the first frame, which takes a moment over a network."""
        item_id = self.item_id

        def arrived(poster: QImage) -> None:
            if self.item_id == item_id:
                self.stage.surface.set_poster(poster)

        self.desk.decode(self, lambda: QImage(str(path)), arrived, lambda _: None)

    def _open_medium(self, view: LectureView) -> None:
        self._playing = view.media_asset
        start_ms = self.at_ms if self.at_ms is not None else view.resume_ms
        if self.at_ms is None and view.duration_ms and start_ms > view.duration_ms - RESUME_FROM_MS:
            start_ms = 0  # it was seen to the end: again from the beginning
        if view.media is not None:
            self._opened(start_ms)  # first: the medium may turn out to be broken at once
            self.media.load(self.item_id, view.media, start_ms, view.duration_ms)
        elif self.stage.shows_picture() or not self._missing_said:
            self.media.stream(self.item_id, start_ms, view.duration_ms, self._on_missing)

    @property
    def _missing_said(self) -> bool:
        return not self.stage.shows_picture() and self.stage.state.button.isVisibleTo(self.stage.state)

    def _opened(self, start_ms: int) -> None:
        self.stage.show_picture()
        self.bar.show_usable(usable=True)
        if self.at_ms is None and start_ms >= RESUME_FROM_MS:
            self.stage.resume.show_at(start_ms)
        self.stage.big_play.show()

    def _show_place(self, place: ItemPlace) -> None:
        self.place = place
        size = self._view.media_size if self._view is not None else 0
        self.parts.show_item(place.item)
        self.download.show_place(place, size_text(size) if size else "")
        self.parts.next.show_next(place.next_item)
        self.parts.next.setVisible(self._ended)

    def _show_notes(self, notes: tuple[NoteView, ...]) -> None:
        self.notes.show_notes(notes)
        self.bar.scrub.show_marks(tuple(note.at_ms for note in notes if note.at_ms is not None))
        self.parts.tab_notes.setText(tr("Notes ({count})", count=len(notes)) if notes else tr("Notes"))

    def _on_draft(self, draft: NoteView | None) -> None:
        if draft is not None and draft.text and not self.editor.is_open():
            self.editor.restore(draft)

    # --- what cannot be shown -----------------------------------------------------------------------------------

    @Slot()
    def _on_streaming(self) -> None:
        self.stage.show_loading(tr("Connecting to the video …"))

    def _on_missing(self, problem: Problem) -> None:
        folder = self.desk.folder
        away = problem_of(folder.state) if folder is not None and folder.state not in READABLE else None
        if away is not None or problem.code != "offline":
            self._on_problem(away or problem)
            return
        self.stage.show_state(
            "wifi-slash",
            tr("This video is not on this computer"),
            tr("There is no connection to play it from. Transcript and notes work; download it once you are online."),
            tr("Try again"),
            self._retry_medium,
        )

    @Slot(object)
    def _on_problem(self, problem: Problem) -> None:
        self.bar.show_usable(usable=False)
        self.stage.big_play.hide()
        self.stage.resume.hide()
        more = problem.install_line if isinstance(problem, LibraryMissing) else ""
        self.stage.show_problem(problem, more, tr("Try again"), self._retry_medium)

    def _retry_medium(self) -> None:
        self.media.leave()
        self.stage.show_loading(tr("One moment …"))
        self.load()

    def _retry_texts(self) -> None:
        self.transcript.show_loading()
        self.fetch_again()

    @Slot()
    def _on_texts_absent(self) -> None:
        if self.fetch_texts(self.transcript.show_missing):
            self.transcript.show_loading()

    # --- playing ------------------------------------------------------------------------------------------------

    @Slot(int)
    def _on_position(self, position_ms: int) -> None:
        if self._view is None:
            return
        self.bar.show_times(position_ms, self._duration())
        self.texts.show_position(position_ms)

    def _duration(self) -> int:
        known = self._view.duration_ms if self._view is not None else 0
        return self.session.duration_ms or known

    @Slot(int)
    def _on_duration(self, _duration_ms: int) -> None:
        self._on_position(self.session.position_ms)

    @Slot(object)
    def _on_state(self, state: PlayerState) -> None:
        playing = state is PlayerState.PLAYING
        ended = state is PlayerState.ENDED
        self.bar.show_playing(playing=playing, ended=ended)
        self.stage.big_play.show_again(again=ended)
        if playing:
            self._ended = False
            self.stage.resume.hide()
            self.parts.next.hide()
        if state in (PlayerState.PLAYING, PlayerState.PAUSED) and not self.stage.shows_picture():
            self._opened(self.session.position_ms)
        self.stage.big_play.setVisible(state in (PlayerState.PAUSED, PlayerState.ENDED, PlayerState.OPENING))

    @Slot()
    def _on_ended(self) -> None:
        self._ended = True
        self.parts.next.setVisible(True)

    @Slot()
    def toggle(self) -> None:
        """Play or pause."""
        if self.media.has_source():
            self.session.toggle()

    @Slot(int)
    def seek_and_go_on(self, position_ms: int) -> None:
        """To a second that was chosen; a lecture that has not begun yet begins."""
        if not self.media.has_source():
            return
        self.media.seek(position_ms)
        self.stage.resume.hide()

    @Slot()
    def _start_over(self) -> None:
        self.media.seek(0)
        self.session.play()

    # --- notes, downloads ---------------------------------------------------------------------------------------

    @Slot()
    def write_note(self) -> None:
        """Begin a note at this very second; the lecture goes on."""
        at_ms = self.session.position_ms if self.media.has_source() else None
        self.editor.begin(self.item_id, at_ms, self.texts.line_at(at_ms) if at_ms is not None else "")

    @Slot(object)
    def _on_note_saved(self, _note: NoteView) -> None:
        # Said where the note was begun; the transcript that is being followed stays in front.
        self.parts.show_note_saved(saved=True)
        self._saved_shown.start()
        item_id = self.item_id
        self.ask(lambda services: services.notes.of_item(item_id), self._show_notes)

    # --- keys and room ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The parts share the room anew."""
        super().resizeEvent(event)
        self.parts.fit()

    def changeEvent(self, event: QEvent) -> None:
        """The text's size changed, and with it what the parts need."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "parts"):
            self.parts.fit()

    def _is_inside(self, widget: QWidget) -> bool:
        return self.isVisible() and (
            widget is self or self.isAncestorOf(widget) or self.stage.isAncestorOf(widget) or widget is self.stage
        )

    @Slot(object, int)
    def _on_key(self, command: Command, figure: int) -> None:
        here = self.session.position_ms
        seeks = {
            Command.BACK_5: here - 5_000,
            Command.ON_5: here + 5_000,
            Command.BACK_10: here - 10_000,
            Command.ON_10: here + 10_000,
            Command.TENTH: self._duration() * figure // 10,
        }
        if command in seeks:
            self.media.seek(seeks[command])
            return
        actions: dict[Command, Callable[[], object]] = {
            Command.TOGGLE: self.toggle,
            Command.FRAME_ON: self.session.step,
            Command.FRAME_BACK: lambda: self.session.step(-1),
            Command.SLOWER: lambda: self.controls.step_rate(-1),
            Command.FASTER: lambda: self.controls.step_rate(1),
            Command.CAPTIONS: self.texts.toggle_captions,
            Command.MUTE: self.controls.toggle_muted,
            Command.FULL_SCREEN: self.large.toggle_full_screen,
            Command.THEATRE: self.large.toggle_theatre,
            Command.NOTE: self.write_note,
            Command.NEXT: self.next_wanted.emit,
            Command.PREVIOUS: self.previous_wanted.emit,
            Command.FIND: self._find,
            Command.CHEAT_SHEET: self._show_keys,
            Command.LEAVE: self.large.leave_one,
        }
        actions[command]()

    def _find(self) -> None:
        self.large.leave()
        self.parts.show_tab(notes=False)
        self.transcript.finder.begin()

    def _show_keys(self) -> None:
        CheatSheet(self.stage.window()).open()
