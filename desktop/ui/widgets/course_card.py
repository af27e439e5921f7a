"""A course on the program's home: how far it is, what comes next, and the buttons for both."""

from __future__ import annotations

import functools
from datetime import datetime

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from desktop.i18n import day_text, tr
from desktop.models.home_views import CourseCard
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import SPACE_8, SPACE_12, SPACE_16
from desktop.ui.widgets.buttons import Button, IconButton
from desktop.ui.widgets.course_card_face import Plan, card_words, is_running, paint_words, plan_card, types
from desktop.ui.widgets.menu import Menu
from desktop.ui.widgets.surfaces import paint_surface

LAYOUT_CHANGES = (
    QEvent.Type.StyleChange,
    QEvent.Type.FontChange,
    QEvent.Type.LayoutDirectionChange,
    QEvent.Type.LayoutRequest,
)


PLANS_KEPT = 8


class CourseCardWidget(QFrame):
    """``asked`` is emitted with what the learner wants (open, step, reset, download, unenroll, forget, describe).

    The words are painted (``course_card_face``); to screen readers they are the card's name and description. Only what
    can be pressed is a widget.
    """

    asked = Signal(str, object)

    def __init__(self, card: CourseCard, now: datetime, admin: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = card
        self._now, self._admin = now, admin
        self._plans: dict[int, Plan] = {}
        self._sizes: list[QSize] = []
        self._basis: object = None
        self.words = card_words(card, now)
        self.setObjectName(f"card-{card.course_id}")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.more = IconButton("dots-three", tr("More"), f"more-{card.course_id}", parent=self)
        self.menu = Menu(self)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.more.setMenu(self.menu)
        self.second = Button(tr("Go to course"), "secondary", name=f"goToCourse-{card.course_id}", parent=self)
        self.first = Button("", "primary", name=f"resume-{card.course_id}", parent=self)
        self.first.clicked.connect(self._ask_first)
        self.second.clicked.connect(self._ask_open)
        self.show_card(card, now)

    @functools.cached_property
    def reset(self) -> Button:
        """Made for a course that is late."""
        text, name = tr("Reset my deadlines"), f"resetDeadlines-{self.card.course_id}"
        made = Button(text, "secondary", "arrow-counter-clockwise", name, self)
        made.hide()
        made.clicked.connect(self._ask_reset)
        for later in (self.second, self.first):
            later.raise_()  # Tab goes through children in their order: it comes before these two
        return made

    def show_card(self, card: CourseCard, now: datetime) -> None:
        """Show the course as it is now; focus stays where it is."""
        before, words = (self.card, self.words), card_words(card, now)
        self.card, self._now = card, now
        if self._sizes and before == (card, words):
            return
        self.words = words
        self.setAccessibleName(f"{self.words.overline}: {card.title}")
        self.setAccessibleDescription(self.words.spoken())
        self.more.set_label(tr("More about {title}", title=card.title))
        self._show_buttons(card)
        self._replan()

    def _show_buttons(self, card: CourseCard) -> None:
        step, running = card.next_step, is_running(card, self._now)
        if running and step is not None:
            self.first.setText(tr("Resume") if step.started else tr("Start"))
            self.first.setAccessibleName(f"{self.first.text()}: {step.title}")
        else:
            elsewhere = card.state == "saved" or card.refused or card.pending
            self.first.setText(tr("See the course") if elsewhere else tr("Go to course"))
            self.first.setAccessibleName(f"{self.first.text()}: {card.title}")
        self.first.set_variant("primary" if running else "secondary")
        self.second.setVisible(running and step is not None)
        self.second.setAccessibleName(tr("Go to course: {title}", title=card.title))
        if card.overdue and running:
            self.reset.setAccessibleName(tr("Reset my deadlines in {title}", title=card.title))
            self.reset.show()
        elif "reset" in self.__dict__:
            self.reset.hide()

    # --- room and paint -----------------------------------------------------------------------------------------

    def _buttons(self) -> list[Button]:
        made = (*([self.reset] if "reset" in self.__dict__ else []), self.second, self.first)
        return [button for button in made if not button.isHidden()]

    def _planned(self, width: int) -> Plan:
        """The plan for a width. Layouts ask again and again for the same few."""
        found = self._plans.get(width)
        if found is None:
            if len(self._plans) >= PLANS_KEPT:
                self._plans.clear()
            found = plan_card(self.words, width, self._sizes[0], self._sizes[1:])
            if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                found = found.mirrored(width)
            self._plans[width] = found
        return found

    def _replan(self) -> None:
        sizes = [widget.sizeHint() for widget in (self.more, *self._buttons())]
        basis = (self.words, types(), self.layoutDirection(), sizes)
        if basis == self._basis:  # a card hears of changes that change nothing for it
            return
        self._basis, self._sizes = basis, sizes
        self._plans.clear()
        self.updateGeometry()
        if self.isVisible():
            self._place()
        self.update()

    def _place(self) -> None:
        """Put the buttons where the plan has them; paint the rest there."""
        plan = self._planned(self.width())
        self.more.setGeometry(plan.more)
        for button, rect in zip(self._buttons(), plan.buttons, strict=True):
            button.setGeometry(rect)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all rows."""
        return self._planned(width).height

    def sizeHint(self) -> QSize:
        """Room for a next step beside the buttons."""
        width = 2 * tokens().scaled(260)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """The widest button, or the sign and the menu."""
        widest = max(size.width() for size in self._sizes)
        return QSize(SPACE_16 + widest + SPACE_12, self._sizes[0].height() + SPACE_8 + SPACE_12)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may be another order."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the sheet and the words."""
        colours = tokens().colours
        painter = QPainter(self)
        paint_surface(painter, QRectF(self.rect()), colours.surface, colours.border)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        paint_words(painter, self.words, self._planned(self.width()), mirrored=mirrored)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """The look or a button changed; or somebody points at a line that was shortened."""
        if event.type() in LAYOUT_CHANGES and self._sizes:
            self._replan()
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._tell_whole(event)
            return True
        return super().event(event)

    def _tell_whole(self, event: QHelpEvent) -> None:
        from PySide6.QtWidgets import QToolTip

        plan, kinds = self._planned(self.width()), types()
        lines = (
            (plan.overline, self.words.overline, kinds.overline.metrics.horizontalAdvance(self.words.overline)),
            (plan.step, self.words.step, kinds.body.metrics.horizontalAdvance(self.words.step)),
        )
        text = next((text for rect, text, wide in lines if rect.contains(event.pos()) and wide > rect.width()), "")
        QToolTip.showText(event.globalPos(), text, self)

    # --- what the learner wants ---------------------------------------------------------------------------------

    @Slot()
    def _fill_menu(self) -> None:
        card, menu = self.card, self.menu
        menu.clear()
        if card.state == "saved":
            menu.addAction(tr("See the course")).triggered.connect(self._ask_describe)
            menu.addAction(tr("Remove from saved")).triggered.connect(self._ask_forget)
            return
        menu.addAction(tr("Course description")).triggered.connect(self._ask_describe)
        if card.state not in {"active", "completed"} or card.pending or card.refused:
            return
        reset = menu.addAction(tr("Reset deadlines"))
        reset.setEnabled(card.state == "active")
        reset.triggered.connect(self._ask_reset)
        download = menu.addAction(tr("Download for offline"))
        download.setEnabled(card.ready and card.offline != "ready")
        download.triggered.connect(self._ask_download)
        menu.addSeparator()
        until = card.unenroll_until
        leave = menu.addAction(tr("Unenroll"))
        leave.setObjectName("menuUnenroll")
        if until is not None and until > self._now:
            leave.setText(tr("Unenroll (possible until {day})", day=day_text(until)))
            leave.triggered.connect(self._ask_unenroll)
        else:
            leave.setEnabled(False)
            leave.setText(self._too_late(until))

    def _too_late(self, until: datetime | None) -> str:
        if until is None:
            return tr("Unenroll (not possible in this course)")
        if self._admin:
            return tr("Unenroll (was possible until {day}; ask {who})", day=day_text(until), who=self._admin)
        return tr("Unenroll (was possible until {day})", day=day_text(until))

    def _ask(self, what: str) -> None:
        self.asked.emit(what, self.card)

    @Slot()
    def _ask_first(self) -> None:
        if self.card.state == "saved" or self.card.refused or self.card.pending:
            self._ask("describe")
        else:
            self._ask("step" if not self.second.isHidden() else "open")

    @Slot()
    def _ask_open(self) -> None:
        self._ask("open")

    @Slot()
    def _ask_reset(self) -> None:
        self._ask("reset")

    @Slot()
    def _ask_download(self) -> None:
        self._ask("download")

    @Slot()
    def _ask_unenroll(self) -> None:
        self._ask("unenroll")

    @Slot()
    def _ask_forget(self) -> None:
        self._ask("forget")

    @Slot()
    def _ask_describe(self) -> None:
        self._ask("describe")
