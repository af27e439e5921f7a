"""What is kept on this computer, by course and kind; removing it; and where it lies.

Object names: ``storageList``, ``storageSummary``, ``storageBesides``, ``useCard``, ``removeFinished``, ``removeAll``,
``removeCard``, ``confirmRemove``, ``cancelRemove``; those of the folder are in ``folder_card``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QDir, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import size_text, tr
from desktop.models.storage_views import FolderView, MovePlan, StorageView
from desktop.ui import desk as places
from desktop.ui.desk import Desk, Notice
from desktop.ui.frame.tab_order import bring_into_view
from desktop.ui.itemmodels import storage
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import SPACE_12
from desktop.ui.widgets.action_list import ActionList
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.folder_card import FolderCard, PlanCard
from desktop.ui.widgets.layouts import button_row
from desktop.ui.widgets.scroll import PageScroll
from desktop.ui.widgets.states import Stateful, StateView
from desktop.ui.widgets.storage_parts import Removal, RemoveCard, UseCard
from desktop.ui.widgets.surfaces import SectionHeader

if TYPE_CHECKING:
    from desktop.services.services import Services


class StoragePage(Page):
    """See the module. The folder comes by ``desk.folder_changed``, everything else by asking."""

    kinds: ClassVar[frozenset[str]] = frozenset({"downloads", "assets", "courses"})

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._view: StorageView | None = None
        self._unfolded = ""
        self.use = UseCard()
        self.folder = FolderCard()
        self.plan = PlanCard()
        self._header = SectionHeader(tr("By course"))
        self._finished = Button("", "quiet", "checks", "removeFinished")
        self._all = Button(tr("Remove all …"), "quiet", "trash", "removeAll")
        self._clearing = button_row(self._finished, self._all)
        self.remove = RemoveCard()
        self.storage = ActionList()
        self.storage.setObjectName("storageList")
        self.storage.setAccessibleName(tr("Courses on this computer"))
        self._nothing = StateView()
        scroll = PageScroll()
        scroll.body.setSpacing(SPACE_12)
        for widget in (
            self.use,
            SectionHeader(tr("Folder of courses")),
            self.plan,
            self.folder,
            self._header,
            self._clearing,
            self.remove,
            self.storage,
            self._nothing,
        ):
            scroll.body.addWidget(widget)
        self._body = Stateful(scroll)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._body)
        self.storage.fit_height()
        self._connect()

    def _connect(self) -> None:
        self.storage.action_wanted.connect(self._on_action)
        self.storage.row_activated.connect(self._open_course)
        self.remove.confirmed.connect(self._remove)
        self._finished.clicked.connect(self._ask_finished)
        self._all.clicked.connect(self._ask_all)
        self.folder.change_wanted.connect(self._choose)
        self.folder.usual_wanted.connect(self._plan_usual)
        self.folder.open_wanted.connect(self.open_folder)
        self.folder.look_wanted.connect(self._look_again)
        self.folder.pause_wanted.connect(self._pause)
        self.folder.resume_wanted.connect(self._resume)
        self.folder.cancel_wanted.connect(self._cancel)
        self.plan.confirmed.connect(self._move)
        self.desk.folder_changed.connect(self._on_folder)

    def heading(self) -> str:
        """The page's title."""
        return tr("Storage")

    def refresh(self) -> None:
        """Ask for what is here."""
        if self._view is None:
            self._body.show_loading()
        if self.desk.folder is not None:
            self.folder.show_folder(self.desk.folder)
        self.desk.ask_drive(self, lambda services: services.storage.view(), self._show, self._show_problem)

    def _show(self, view: StorageView) -> None:
        self._view = view
        self.use.show_use(view)
        self.use.setVisible(bool(view.bytes_used))
        self._show_rows()
        self._header.setVisible(bool(view.courses))
        self._clearing.setVisible(bool(view.bytes_removable))
        self.storage.setVisible(bool(view.courses))
        self._finished.setVisible(bool(view.bytes_finished))
        self._finished.setText(tr("Remove finished weeks ({size}) …", size=size_text(view.bytes_finished)))
        self._nothing.setVisible(not view.courses)
        self._nothing.show_state(
            "hard-drives",
            tr("Nothing is on this computer yet"),
            tr("Open a week of a course and choose “Download week” to study it without a connection."),
            tr("My courses"),
            self._go_home,
        )
        self._body.show_content()

    def _show_rows(self) -> None:
        if self._view is not None:
            self.storage.show_rows(storage.storage_rows(self._view, self._unfolded))

    def _show_problem(self, problem: Problem) -> None:
        if self._view is None:
            self._body.show_problem(problem, self.refresh)

    # --- removing ------------------------------------------------------------------------------------------------

    @Slot(str, str)
    def _on_action(self, row_id: str, key: str) -> None:
        course_id, _, week = row_id.partition(storage.BETWEEN)
        if key == storage.OPEN:
            self._open_course(row_id)
        elif key == storage.WEEKS:
            self._unfolded = "" if self._unfolded == course_id else course_id
            self._show_rows()
        elif key == storage.REMOVE:
            self._ask_about(course_id, int(week or 0))

    def _ask_about(self, course_id: str, number: int) -> None:
        course = next((use for use in self._view.courses if use.course_id == course_id), None) if self._view else None
        if course is None:
            return
        size, name = course.bytes_removable, course.title
        if number:
            week = next((week for week in course.weeks if week.number == number), None)
            if week is None:
                return
            size, name = week.bytes_removable, tr("{title}, week {number}", title=course.title, number=number)
        text = tr("Remove {size} of “{title}” from this computer?", size=size_text(size), title=name)
        self._ask(Removal(text, course_id, number))

    def _ask(self, what: Removal) -> None:
        self.remove.ask(what)
        QTimer.singleShot(0, self, self._show_question)  # once it has its place

    @Slot()
    def _show_question(self) -> None:
        bring_into_view(self.remove)

    @Slot()
    def _ask_finished(self) -> None:
        if self._view is not None:
            size = size_text(self._view.bytes_finished)
            self._ask(Removal(tr("Remove {size} of weeks that you have finished?", size=size), finished=True))

    @Slot()
    def _ask_all(self) -> None:
        if self._view is not None:
            size = size_text(self._view.bytes_removable)
            self._ask(Removal(tr("Remove the lectures and large files of all courses, {size}?", size=size)))

    @Slot(object)
    def _remove(self, what: Removal) -> None:
        def work(services: Services) -> None:
            if what.course_id and what.week:
                services.storage.remove_week(what.course_id, what.week)
            elif what.course_id:
                services.storage.remove_course(what.course_id)
            elif what.finished:
                services.storage.remove_finished()
            else:
                services.storage.remove_all()

        self.storage.setFocus()
        self.desk.ask_drive(self, work, None, self._say_problem)

    # --- the folder ----------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_folder(self, folder: FolderView) -> None:
        self.folder.show_folder(folder)
        if self._view is not None and self.isVisible() and folder.move is None:
            self.refresh()  # what is free there, too

    @Slot()
    def _choose(self) -> None:
        dialog = QFileDialog(self, tr("Choose a folder for your courses"), QDir.homePath())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.plan_move)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _plan_usual(self) -> None:
        self.plan_move("")

    @Slot(str)
    def plan_move(self, folder: str) -> None:
        """Say what it takes to have the files in a folder, and ask; an empty name is the usual one."""
        self.folder.change.setEnabled(False)
        self.desk.ask_drive(self, lambda services: services.storage.plan_move(folder), self._planned, self._unplanned)

    def _planned(self, plan: MovePlan) -> None:
        self.folder.change.setEnabled(True)
        self.plan.ask(plan)

    def _unplanned(self, problem: Problem) -> None:
        self.folder.change.setEnabled(True)
        self._say_problem(problem)

    @Slot(object)
    def _move(self, plan: MovePlan) -> None:
        self._ask_folder(lambda services: services.storage.move(plan))
        self.folder.setFocus()

    @Slot()
    def open_folder(self) -> None:
        """Show the folder in the system's file manager."""
        if self.desk.folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self.desk.folder.path))

    @Slot()
    def _look_again(self) -> None:
        self._ask_folder(lambda services: services.storage.look_again())

    @Slot()
    def _pause(self) -> None:
        self._ask_folder(lambda services: services.storage.pause_move())

    @Slot()
    def _resume(self) -> None:
        self._ask_folder(lambda services: services.storage.resume_move())

    @Slot()
    def _cancel(self) -> None:
        self._ask_folder(lambda services: services.storage.cancel_move())

    def _ask_folder(self, work: Callable[[Services], object]) -> None:
        self.desk.ask_drive(self, work, None, self._say_problem)

    # --- elsewhere -----------------------------------------------------------------------------------------------

    def _say_problem(self, problem: Problem) -> None:
        text = " ".join(tr(part) for part in (problem.text, problem.way_out) if part)
        self.desk.say(Notice("storage", text, "error"))
        self.refresh()

    @Slot(str)
    def _open_course(self, row_id: str) -> None:
        self.desk.go(places.COURSE, course_id=row_id.partition(storage.BETWEEN)[0])

    def _go_home(self) -> None:
        self.desk.go(places.HOME)
