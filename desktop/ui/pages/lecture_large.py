"""The large picture of a lecture: theatre within the window, and the whole screen, where the controls come and go."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from desktop.player.backend import PlayerState
from desktop.player.session import PlayerSession
from desktop.ui.pages.lecture_layout import LectureLayout
from desktop.ui.widgets.focus import by_keyboard

CONTROLS_SHOWN_MS = 3_000
"""So long the controls stay on the whole screen after a move of the mouse or a key, while the lecture plays."""

_HANDS = frozenset(
    {
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.KeyPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
    }
)


class LargePicture(QObject):
    """Owned by the lecture page, whose keys and buttons call it. Lives in the UI thread.

    ``theatre_changed`` is emitted with whether the picture wants the width of the window.
    """

    theatre_changed = Signal(bool)

    def __init__(self, page: QWidget, parts: LectureLayout, session: PlayerSession) -> None:
        super().__init__(page)
        self._page, self._parts, self._session = page, parts, session
        self._full_screen = self._theatre = False
        self._hide_soon = QTimer(self, singleShot=True, interval=CONTROLS_SHOWN_MS)
        self._hide_soon.timeout.connect(self._hide_controls)
        session.state_changed.connect(self._on_state)
        parts.bar.theatre_wanted.connect(self.toggle_theatre)
        parts.bar.full_screen_wanted.connect(self.toggle_full_screen)
        parts.stage.double_clicked.connect(self.toggle_full_screen)

    # --- what is wanted -----------------------------------------------------------------------------------------

    @Slot()
    def toggle_theatre(self) -> None:
        """Only the picture, within the window."""
        if self._full_screen:
            return
        self._theatre = not self._theatre
        if self._theatre and not self._is_on_stage(QApplication.focusWidget()):
            # What has the focus is about to be hidden: Qt would hand it on to the frame, where no key is the player's.
            self._page.setFocus(Qt.FocusReason.OtherFocusReason)
        self._parts.show_theatre(theatre=self._theatre)
        self._parts.bar.show_theatre(theatre=self._theatre)
        self._darken()
        self.theatre_changed.emit(self._theatre)

    @Slot()
    def toggle_full_screen(self) -> None:
        """Only the picture, on the whole screen; controls and notes come along."""
        self._full_screen = not self._full_screen
        self._show_controls()
        self._parts.show_full_screen(self.toggle_full_screen if self._full_screen else None)
        self._parts.bar.show_full_screen(full=self._full_screen)
        self._darken()
        self.take_focus()
        handle = self._parts.stage.window().windowHandle() if self._full_screen else None
        if handle is not None:
            handle.installEventFilter(self)
            self._show_controls()

    def leave_one(self) -> None:
        """Escape: from the whole screen, else from the theatre."""
        if self._full_screen:
            self.toggle_full_screen()
        elif self._theatre:
            self.toggle_theatre()

    def leave(self) -> None:
        """Back to the page, whatever is large now."""
        if self._full_screen:
            self.toggle_full_screen()
        if self._theatre:
            self.toggle_theatre()

    @Slot()
    def take_focus(self) -> None:
        """Give the keyboard to the lecture, wherever it is shown."""
        target = self._parts.stage if self._full_screen else self._page
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _is_on_stage(self, widget: QWidget | None) -> bool:
        stage = self._parts.stage
        return widget is not None and (widget is stage or stage.isAncestorOf(widget))

    def _darken(self) -> None:
        self._parts.stage.surface.set_dark(dark=self._full_screen or self._theatre)

    # --- controls that come and go ------------------------------------------------------------------------------

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Of the window on the whole screen: a hand on mouse or keys brings the controls."""
        if event.type() in _HANDS and self._full_screen:
            self._show_controls()
        return False

    @Slot(object)
    def _on_state(self, _state: PlayerState) -> None:
        self._show_controls()

    def _show_controls(self) -> None:
        self._parts.stage.show_controls(shown=True)
        if self._full_screen and self._session.state is PlayerState.PLAYING:
            self._hide_soon.start()
        else:
            self._hide_soon.stop()

    @Slot()
    def _hide_controls(self) -> None:
        bar, focused = self._parts.bar, QApplication.focusWidget()
        used = bar.underMouse() or QApplication.activePopupWidget() is not None or self._parts.editor.isVisible()
        if focused is not None and bar.isAncestorOf(focused):
            used = used or by_keyboard()
        if used or not self._full_screen or self._session.state is not PlayerState.PLAYING:
            self._show_controls()
            return
        if focused is not None and bar.isAncestorOf(focused):
            self.take_focus()  # from a button that was clicked
        self._parts.stage.show_controls(shown=False)
