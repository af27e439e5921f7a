"""A reading, and the texts of assignments, tools, surveys and discussions.

Object names: ``readingText``, ``textSmaller``, ``textLarger``, ``findInText``, ``markComplete``, ``nextItem``.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import tr
from desktop.models.views import ItemPlace, ReadingView
from desktop.ui.desk import Desk
from desktop.ui.pages.item_pane import ItemPane
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import SPACE_8, SPACE_12, SPACE_16, SPACE_24
from desktop.ui.widgets.buttons import Button, IconButton
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.lesson_list import item_facts
from desktop.ui.widgets.lesson_next import NextCard
from desktop.ui.widgets.rich_text_find import FindBar
from desktop.ui.widgets.rich_text_view import LARGEST, SMALLEST, STEP, RichText
from desktop.ui.widgets.states import Stateful
from desktop.ui.widgets.surfaces import Banner, Divider
from protocol import manifest

TEXT_SIZE = "reading/text_percent"


def later_text(kind: str) -> str:
    """What cannot be done yet with an item of this kind; empty for a reading."""
    return {
        manifest.ASSIGNMENT: tr(
            "This version of Haversack shows the task and cannot hand in work yet. Do it on your own, then mark it as "
            "complete."
        ),
        manifest.EXTERNAL_TOOL: tr(
            "This version of Haversack cannot open the tool yet. If you use it elsewhere, mark this as complete here."
        ),
        manifest.SURVEY: tr(
            "This version of Haversack cannot send answers to a survey yet. Read it, and mark it as complete to go on."
        ),
        manifest.DISCUSSION: tr(
            "This version of Haversack shows the question and cannot post yet. Think it over, then mark it as complete."
        ),
    }.get(kind, "")


def _letter_button(text: str, label: str, name: str) -> Button:
    button = Button(text, "quiet", name=name)
    button.setToolTip(label)
    button.setAccessibleName(label)
    button.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # the sign stays behind the letter
    return button


class ReadingPane(ItemPane):
    """See the module."""

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._facts = Label("", "small", "muted", wrap=False)
        self._smaller = _letter_button(tr("A−"), tr("Smaller text"), "textSmaller")
        self._larger = _letter_button(tr("A+"), tr("Larger text"), "textLarger")
        self._find_button = IconButton("magnifying-glass", tr("Find in this text (Ctrl+F)"), name="findInText")
        self._find = FindBar(tr("Find in this text"), closable=True)
        self._find.hide()
        self._banner = Banner("", "accent")
        self._banner.hide()
        self.text = RichText()
        self.text.setObjectName("readingText")
        self._done = Button(tr("Mark as complete"), "primary", "check", name="markComplete")
        self._done_label = Label(tr("Completed"), "strong", "success", wrap=False)
        self._next = NextCard()
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.text)
        self.text.set_percent(preferences.number(TEXT_SIZE, 100))

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(SPACE_24, SPACE_8, SPACE_16, SPACE_8)
        bar.setSpacing(SPACE_8)
        bar.addWidget(self._facts)
        bar.addWidget(self._find, 1)
        bar.addStretch(1)
        for button in (self._find_button, self._smaller, self._larger):
            bar.addWidget(button)
        foot = QHBoxLayout()
        foot.setContentsMargins(SPACE_24, SPACE_12, SPACE_24, SPACE_12)
        foot.setSpacing(SPACE_16)
        foot.addWidget(self._done_label)
        foot.addWidget(self._next, 1)
        foot.addStretch(0)
        foot.addWidget(self._done)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        row = QHBoxLayout()
        row.setContentsMargins(SPACE_24, 0, SPACE_24, SPACE_12)
        row.addStretch(1)
        row.addWidget(self._banner, 1000)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.text, 1)
        column.addWidget(Divider())
        column.addLayout(foot)
        self._body = Stateful(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._body)

    def _connect(self) -> None:
        self._smaller.clicked.connect(self._make_smaller)
        self._larger.clicked.connect(self._make_larger)
        self._find_button.clicked.connect(self._find.begin)
        self._find.wanted.connect(self.text.find_text)
        self._find.stepped.connect(self.text.step_hit)
        self._find.left.connect(self._end_find)
        self.text.hits_changed.connect(self._find.show_hits)
        self._done.clicked.connect(self.complete)
        self._next.wanted.connect(self.next_wanted)
        self._next.course_wanted.connect(self.course_wanted)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._find.begin)

    def begin(self) -> None:
        """Another reading."""
        self._end_find()
        self._body.show_loading()

    def load(self) -> None:
        """Ask for the text."""
        item_id = self.item_id
        self.ask(lambda services: services.readings.view(item_id), self._show, self._show_problem)

    def refresh(self, place: ItemPlace) -> None:
        """The text stays as it is; what stands below it follows."""
        super().refresh(place)
        self._show_place(place)

    def _show(self, view: ReadingView) -> None:
        self._show_place(view.place)
        if view.html is None:
            if self.fetch_texts(self._show_problem):
                self._body.show_loading(tr("Getting the text …"))
            return
        self.text.show_html(view.html, view.direction, view.pictures)
        self.text.setAccessibleName(view.place.item.title)
        if not self._body.shows_content():
            self._body.show_content()
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_place(self, place: ItemPlace) -> None:
        self._facts.setText(item_facts(place.item))
        later = later_text(place.item.kind)
        self._banner.setVisible(bool(later))
        if later:
            self._banner.show_message(later, "accent")
            self._banner.setMaximumWidth(self.text.column_width())
        done = place.item.state == "done"
        had_focus = self._done.hasFocus()
        self._done.setVisible(not done)
        self._done_label.setVisible(done)
        self._next.setVisible(done or bool(later))
        self._next.show_next(place.next_item, done=done)
        if done and had_focus:
            self._next.take_focus()

    def _show_problem(self, problem: Problem) -> None:
        if self._body.shows_content():
            return
        if problem.code == "offline":
            title = tr("This text is not on this computer yet")
            hint = tr("It comes as soon as there is a connection. Download the week to have it for the next time.")
            self._body.show_state("wifi-slash", title, hint, tr("Try again"), self.fetch_again)
        else:
            self._body.show_problem(problem, self.fetch_again)

    @Slot()
    def _end_find(self) -> None:
        self._find.hide()
        if self._find.field.text():
            self._find.field.clear()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _make_smaller(self) -> None:
        self._set_size(-STEP)

    @Slot()
    def _make_larger(self) -> None:
        self._set_size(STEP)

    def _set_size(self, step: int) -> None:
        percent = self.text.set_percent(self.preferences.number(TEXT_SIZE, 100) + step)
        self.preferences.keep(TEXT_SIZE, percent)
        self._smaller.setEnabled(percent > SMALLEST)
        self._larger.setEnabled(percent < LARGEST)
