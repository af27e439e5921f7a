"""An item of a course: its lesson at the left, what is studied beside it.

Object names: ``backToCourse``, ``itemTitle``, ``lessonList``, ``previousItem``, ``followingItem``; within the panes see
``lecture``, ``reading`` and ``quiz``.
"""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import tr
from desktop.models.views import ItemPlace, ItemRow
from desktop.ui import desk as places
from desktop.ui.desk import Desk, Place
from desktop.ui.pages.item_pane import ItemPane
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import SPACE_4, SPACE_8, SPACE_12, SPACE_16
from desktop.ui.widgets.buttons import Button, IconButton
from desktop.ui.widgets.labels import ElidedLabel
from desktop.ui.widgets.lesson_list import LessonList
from desktop.ui.widgets.states import StateView
from desktop.ui.widgets.surfaces import Divider
from protocol import manifest

LESSON_WIDTH = 232
LESSON_SHARE = 0.3
"""However large the text is, the list takes no more of the page."""
ROOM_BESIDE_LECTURE, ROOM_BESIDE_TEXT = 820, 430
"""Without so much room beside it the list is left out: picture and transcript, or the text, come first."""

GONE_CODES = frozenset({"not_found", "not_enrolled"})

_TEXTS = frozenset(
    {manifest.READING, manifest.ASSIGNMENT, manifest.EXTERNAL_TOOL, manifest.SURVEY, manifest.DISCUSSION}
)
_QUIZZES = frozenset({manifest.PRACTICE_QUIZ, manifest.GRADED_QUIZ})


class ItemPage(Page):
    """Finds out what kind the item is and shows it in the pane for it. Panes are made when first needed."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"courses", "progress", "attempts", "grades", "assets", "notes", "downloads", "deadlines", "enrollments"}
    )

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._panes: dict[str, ItemPane] = {}
        self._pane: ItemPane | None = None
        self._at: ItemPlace | None = None
        self._answered: Place | None = None
        self._theatre = False
        self._bare = False
        self._back = IconButton("arrow-left", tr("Back to the course"), name="backToCourse")
        self._where = ElidedLabel("", "small", "muted")
        self._title = ElidedLabel("", "heading")
        self._title.setObjectName("itemTitle")
        self._lesson = LessonList()
        self._previous = Button(tr("Previous"), "quiet", "caret-left", name="previousItem")
        self._next = Button(tr("Next"), "quiet", "caret-right", name="followingItem")
        self._state = StateView()
        self._header = QWidget()
        self._side = QWidget()
        self._lay_out()
        self._back.clicked.connect(self.go_to_course)
        self._previous.clicked.connect(self.go_previous)
        self._next.clicked.connect(self.go_next)
        self._lesson.item_wanted.connect(self._go_to_item)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._where)
        words.addWidget(self._title)
        top = QHBoxLayout(self._header)
        top.setContentsMargins(SPACE_16, SPACE_8, SPACE_16, SPACE_8)
        top.setSpacing(SPACE_12)
        top.addWidget(self._back)
        top.addLayout(words, 1)
        around = QHBoxLayout()
        around.setSpacing(SPACE_4)
        around.addWidget(self._previous)
        around.addWidget(self._next)
        top.addLayout(around)
        side = QVBoxLayout(self._side)
        side.setContentsMargins(SPACE_8, SPACE_12, SPACE_8, SPACE_12)
        side.setSpacing(SPACE_4)
        side.addWidget(self._lesson, 1)
        stage = QWidget()
        self._stack = QStackedLayout(stage)
        self._stack.addWidget(self._state)
        line = Divider()
        line.setFixedSize(1, 16_777_215)
        line.setMinimumHeight(0)
        self._line = line
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._side)
        middle.addWidget(line)
        middle.addWidget(stage, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(Divider())
        column.addLayout(middle, 1)
        for first, second in (
            (self._back, self._previous),
            (self._previous, self._next),
            (self._next, self._lesson),
            (self._lesson, self._state.button),
        ):
            QWidget.setTabOrder(first, second)
        for button in (self._previous, self._next):
            button.setEnabled(False)
        self._turn_arrows()
        self._fit()

    # --- what the window calls ----------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Show the item ``item_id``; ``at_ms`` says at which second of it."""
        other = self._at is None or self._at.item.item_id != place.get("item_id")
        if other:
            self._leave_pane()
            self._state.show_state("", tr("One moment …"))
            self._stack.setCurrentWidget(self._state)
            self._at = None
            self._bare = False
        super().show_place(place)

    def refresh(self) -> None:
        """Ask where the item stands now."""
        place = self.place
        if place is None:
            return
        item_id = place.get("item_id")
        self.desk.ask(
            self,
            lambda services: services.courses.place(item_id),
            lambda found: self._show_item(place, found),
            lambda problem: self._show_problem(place, problem),
        )

    def leave(self) -> None:
        """Stop what plays, save what is typed."""
        self._leave_pane()
        self._at = None
        # An answer that is still on its way would set a lecture going behind the page in front.
        self.place = None

    def heading(self) -> str:
        """The item's title; nothing while it is on its way."""
        return self._at.item.title if self._at is not None else ""

    # --- showing ------------------------------------------------------------------------------------------------

    def _show_item(self, place: Place, found: ItemPlace) -> None:
        if place is not self.place:
            return
        arrived = self._at is None
        at = place.get("at_ms") if place is not self._answered else ""
        self._answered = place
        self._at = found
        self._show_frame(found)
        if arrived:
            self.heading_changed.emit()
        pane = self._pane_for(found.item)
        if pane is None:
            self._state.show_state(
                "question",
                tr("This item needs a newer Haversack"),
                tr("This version does not know its kind yet. The rest of the course works as usual."),
                tr("Back to the course"),
                self.go_to_course,
            )
            self._stack.setCurrentWidget(self._state)
            return
        self._pane = pane
        self._stack.setCurrentWidget(pane)
        at_ms = int(at) if at.isdigit() else None
        if not arrived:
            pane.refresh(found)
            if at_ms is not None:
                pane.go_to(at_ms)
            return
        item_id = found.item.item_id
        self.desk.ask(self, lambda services: services.lectures.opened(item_id))
        pane.show_item(found, at_ms)
        pane.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_frame(self, found: ItemPlace) -> None:
        self._title.set_text(found.item.title)
        week = tr("Week {number}", number=found.week_number)
        self._where.set_text(" · ".join(part for part in (found.course_title, week, found.lesson_title) if part))
        self._lesson.show_items(found.lesson_items, found.item.item_id)
        for button, item, text in (
            (self._previous, found.previous_item, tr("Previous item: {title}")),
            (self._next, found.next_item, tr("Next item: {title}")),
        ):
            button.setEnabled(item is not None)
            said = text.format(title=item.title) if item is not None else ""
            button.setToolTip(said)
            button.setAccessibleName(said or button.text())
        self._fit()

    def _show_problem(self, place: Place, problem: Problem) -> None:
        if place is not self.place or self._at is not None:
            return
        if problem.code in GONE_CODES:  # however often it is tried
            self._state.show_state(
                "books", tr(problem.text), tr(problem.way_out), tr("My courses"), partial(self.desk.go, places.HOME)
            )
        else:
            self._state.show_problem(problem, self.refresh)
        self._stack.setCurrentWidget(self._state)
        self._bare = True
        self._fit()

    def _pane_for(self, item: ItemRow) -> ItemPane | None:
        if not item.known:
            return None
        if item.kind == manifest.VIDEO:
            return self._made("lecture")
        if item.kind in _QUIZZES:
            return self._made("quiz")
        return self._made("reading") if item.kind in _TEXTS else None

    def _made(self, kind: str) -> ItemPane:
        if kind not in self._panes:
            pane: ItemPane
            if kind == "lecture":
                from desktop.ui.pages.lecture import LecturePane  # brings the player: only when there is one to show

                pane = LecturePane(self.desk, self.preferences)
            elif kind == "quiz":
                from desktop.ui.pages.quiz import QuizPane

                pane = QuizPane(self.desk, self.preferences)
            else:
                from desktop.ui.pages.reading import ReadingPane

                pane = ReadingPane(self.desk, self.preferences)
            pane.next_wanted.connect(self.go_next)
            pane.previous_wanted.connect(self.go_previous)
            pane.course_wanted.connect(self.go_to_course)
            pane.theatre_wanted.connect(self._set_theatre)
            self._panes[kind] = pane
            self._stack.addWidget(pane)
        return self._panes[kind]

    def _leave_pane(self) -> None:
        if self._pane is not None:
            self._pane.leave()
            self._pane = None
            self._theatre = False
            self._fit()

    @Slot(bool)
    def _set_theatre(self, wanted: bool) -> None:
        self._theatre = wanted
        self._fit()

    def _fit(self) -> None:
        """The lesson beside the item stays while another item is on its way; only a failure stands alone."""
        here = self._at
        video = here is not None and here.item.kind == manifest.VIDEO
        wide = min(tokens().scaled(LESSON_WIDTH), round(self.width() * LESSON_SHARE))
        needed = tokens().scaled(ROOM_BESIDE_LECTURE if video else ROOM_BESIDE_TEXT)
        shown = not self._bare and not self._theatre and self.width() - wide >= needed
        self._side.setFixedWidth(wide)
        self._side.setVisible(shown)
        self._line.setVisible(shown)
        self._header.setVisible(not self._theatre)
        for button in (self._previous, self._next):
            button.setVisible(not self._bare)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The lesson's list needs room."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """The text's size changed, and with it how much room everything needs."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_line"):
            self._fit()
        elif event.type() == QEvent.Type.LayoutDirectionChange:
            self._turn_arrows()

    def _turn_arrows(self) -> None:
        """Back is where reading comes from, on is where it goes; the arrow of *Next* stands behind its word."""
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self._back.set_icon("arrow-right" if mirrored else "arrow-left")
        self._previous.set_icon("caret-right" if mirrored else "caret-left")
        self._next.set_icon("caret-left" if mirrored else "caret-right")
        directions = Qt.LayoutDirection
        self._next.setLayoutDirection(directions.LeftToRight if mirrored else directions.RightToLeft)

    # --- going --------------------------------------------------------------------------------------------------

    @Slot()
    def go_next(self) -> None:
        """To the next item of the course."""
        if self._at is not None and self._at.next_item is not None:
            self._go_to_item(self._at.next_item.item_id)

    @Slot()
    def go_previous(self) -> None:
        """To the item before."""
        if self._at is not None and self._at.previous_item is not None:
            self._go_to_item(self._at.previous_item.item_id)

    @Slot()
    def go_to_course(self) -> None:
        """To the week the item is in."""
        if self._at is not None:
            section = f"week-{self._at.week_number}"
            self.desk.go(places.COURSE, course_id=self._at.course_id, section=section)
        else:
            self.desk.back()

    @Slot(str)
    def _go_to_item(self, item_id: str) -> None:
        self.desk.go(places.ITEM, item_id=item_id)
