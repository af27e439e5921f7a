"""One course pack: what it is, what can be done with it now, how far it is, how it ended.

Object names, with the place of the card in the list: ``importCard-<n>``, ``importBegin-<n>``, ``importStop-<n>``,
``importAgain-<n>``, ``importEnroll-<n>``, ``importOpen-<n>``, ``importRoom-<n>``, ``importForget-<n>``.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.models.pack_views import CHECKED, DONE, IMPORTING, INCOMPLETE, REFUSED, STOPPED, WAITING, ImportView
from desktop.ui.theme.tokens import ICON_LARGE, SPACE_4, SPACE_8, SPACE_12
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.import_words import facts_text, fits, percent, state_text, tone_of
from desktop.ui.widgets.indicators import Chip, ProgressLine
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.layouts import FlowLayout
from desktop.ui.widgets.surfaces import Card

BEGIN, STOP, AGAIN, ENROLL, OPEN, ROOM, FORGET = "Begin", "Stop", "Again", "Enroll", "Open", "Room", "Forget"
ICONS = {DONE: ("check-circle", "success"), REFUSED: ("warning-circle", "danger"), INCOMPLETE: ("warning", "warning")}


class ImportCard(Card):
    """``wanted`` is emitted with the file's id and one of the words above."""

    wanted = Signal(str, str)

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"importCard-{number}")
        self._view: ImportView | None = None
        self._icon = IconLabel("package", ICON_LARGE)
        self.title = Label("", "heading")
        self.facts = Label("", "small", "muted")
        self.place = Label("", "small", "muted")
        self.signed = Chip(tr("Signature good"), "success", "circle-wavy-check")
        self.words = Label("")
        self.bar = ProgressLine(tr("Import"))
        self.buttons = {
            key: Button(text, variant, icon_name, f"import{key}-{number}")
            for key, text, variant, icon_name in (
                (BEGIN, tr("Import"), "primary", "download-simple"),
                (ENROLL, tr("Enroll"), "primary", ""),
                (OPEN, tr("Open course"), "primary", ""),
                (ROOM, tr("Make room"), "secondary", ""),
                (AGAIN, tr("Try again"), "secondary", "arrows-clockwise"),
                (STOP, tr("Stop"), "secondary", ""),
                (FORGET, tr("Remove from this list"), "quiet", ""),
            )
        }
        for key, button in self.buttons.items():
            button.clicked.connect(lambda _=False, key=key: self._want(key))
        self._lay_out()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(SPACE_4)
        for label in (self.title, self.facts, self.place):
            words.addWidget(label)
        top = QHBoxLayout()
        top.setSpacing(SPACE_12)
        top.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        top.addWidget(self.signed, 0, Qt.AlignmentFlag.AlignTop)
        row = FlowLayout(spacing=SPACE_8)
        for button in self.buttons.values():
            row.addWidget(button)
        self.body.addLayout(top)
        self.body.addWidget(self.words)
        self.body.addWidget(self.bar)
        self.body.addLayout(row)

    def show_view(self, view: ImportView) -> None:
        """The file as it is now."""
        self._view = view
        title = view.facts.title if view.facts else view.name
        icon_name, role = ICONS.get(view.state, ("package", "muted"))
        self._icon.set_icon(icon_name, role)
        self.title.setText(title)
        self.facts.setText(facts_text(view.facts) if view.facts else "")
        self.facts.setVisible(view.facts is not None)
        self.place.setText(tr("{file} in {folder}", file=view.name, folder=view.folder))
        self.signed.setVisible(view.facts is not None)
        self.words.setText(state_text(view))
        self.words.set_tone(tone_of(view))
        self.bar.setVisible(view.state == IMPORTING)
        self.bar.setValue(percent(view))
        shown = self._offered(view)
        focused = next((key for key, button in self.buttons.items() if button.hasFocus()), None)
        self.buttons[AGAIN].setText(tr("Go on") if view.state == STOPPED else tr("Try again"))
        for key, button in self.buttons.items():
            button.setVisible(key in shown)
            button.setAccessibleName(f"{button.text()}: {title}")
        if focused is not None and focused not in shown and shown:
            self.buttons[shown[0]].setFocus()  # the keyboard stays with what it was doing

    def _offered(self, view: ImportView) -> list[str]:
        """What can be done now, the most wanted first."""
        facts = view.facts
        if view.state in {WAITING, IMPORTING}:
            return [STOP]
        if view.state == CHECKED and facts is not None:
            return [BEGIN, FORGET] if fits(facts) else [ROOM, AGAIN, FORGET]
        if view.state in {DONE, INCOMPLETE} and facts is not None:
            first = [OPEN if facts.enrolled else ENROLL]
            return [*first, *([AGAIN] if view.state == INCOMPLETE else []), FORGET]
        if view.state == STOPPED:
            return [*([ROOM] if view.code == "disk_full" else []), AGAIN, FORGET]
        return [AGAIN, FORGET] if view.state == REFUSED else []

    def _want(self, key: str) -> None:
        if self._view is not None:
            self.wanted.emit(self._view.id, key)
