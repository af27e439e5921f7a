"""What comes next: shown when an item is done. Object names ``nextCard``, ``nextItem``, ``backToWeek``."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.models.views import ItemRow
from desktop.ui.theme.icons import kind_icon
from desktop.ui.theme.tokens import ICON, SPACE_4, SPACE_12
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.lesson_list import item_facts
from desktop.ui.widgets.surfaces import Card


class NextCard(Card):
    """Signals: ``wanted`` (go to the next item), ``course_wanted`` (there is none)."""

    wanted = Signal()
    course_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=SPACE_12)
        self.setObjectName("nextCard")
        self._icon = IconLabel("arrow-right", ICON, "accent")
        self._over = Label("", "overline", "muted")
        self._title = Label("", "strong")
        self._facts = Label("", "small", "muted")
        self._go = Button(tr("Go on"), "primary", name="nextItem")
        self._back = Button(tr("Back to the course"), "secondary", name="backToWeek")
        self._go.clicked.connect(self.wanted)
        self._back.clicked.connect(self.course_wanted)
        words = QVBoxLayout()
        words.setSpacing(SPACE_4)
        for label in (self._over, self._title, self._facts):
            words.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(SPACE_12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._go, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._back, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(row)

    def take_focus(self) -> None:
        """The way on has the focus: the button that was pressed last is gone."""
        (self._go if not self._go.isHidden() else self._back).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_next(self, item: ItemRow | None, *, done: bool = True) -> None:
        """Name the next item; None: this was the last. ``done``: whether this one is."""
        self._go.setVisible(item is not None)
        self._back.setVisible(item is None)
        if item is None:
            self._icon.set_icon("flag")
            self._over.setText(tr("Done") if done else tr("The end"))
            self._title.setText(tr("This was the last item of the course."))
            self._facts.setText("")
        else:
            self._icon.set_icon(kind_icon(item.kind))
            self._over.setText(tr("Next"))
            self._title.setText(item.title)
            self._facts.setText(item_facts(item))
            self._go.setAccessibleName(tr("Go on to {title}", title=item.title))
        self._facts.setVisible(item is not None)
