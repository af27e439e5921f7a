"""The main window: header, notices, the page in front, status bar.

Object names that tests and screen readers' scripts may rely on:
    frame: header, programMenu, joinAnother, tabHome, tabCatalog, searchField, profileMenu, menuNotes, menuDownloads,
        menuOutbox, menuImport, menuAppearance, theme-<system|light|dark>, text-<percent>, reducedMotion, menuHelp,
        menuSignOut, statusBar, syncChip, downloadsChip, helpButton, notice-<topic>, noticeAction, noticeDismiss,
        stateAction, dropOverlay
    welcome: linkField, openLink, trySample, signInLink, welcomeBack
    invitation: invitationNew, invitationExisting, nameField, passwordField, showPassword, joinButton, emailField,
        existingPasswordField, invitationBack, refusalAction
    sign_in: serverField, emailField, existingPasswordField, signInButton
    closed_store: closedStoreTitle, closedStoreText, closedStoreAgain
    home: side-<active|saved|completed|inactive>, howItWorks, dismissWelcome, card-<course_id>, resume-<course_id>,
        more-<course_id>, resetDeadlines-<course_id>, openCatalog
    catalog: tiles, filterKind, filterLevel, filterLanguage, filterPartner, filterSkill, sortBy, clearFilters,
        resultCount
    description: enrollButton, goToCourse, saveForLater, aboutMore
    course: courseSide-<overview|week-n|notes|resources|info>, nextStep, coursePercent, resetDeadlines, weekRow-<n>,
        itemRow-<item_id>; those of the downloads are in ``download_line`` and ``download_menu``
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from desktop.branding import load_brand
from desktop.config import Config, resources
from desktop.errors import Problem
from desktop.i18n import tr
from desktop.models.home_views import HomeView, LearnerView, ProgramView
from desktop.ui import desk as places
from desktop.ui import preferences as kept
from desktop.ui.desk import Desk, Notice, Place
from desktop.ui.frame.file_drops import FileDrops
from desktop.ui.frame.header import Header
from desktop.ui.frame.removed_notices import RemovedNotices
from desktop.ui.frame.stack import CLOSED_STORE, HELP, INVITATION, OUTSIDE, PageStack
from desktop.ui.frame.status_bar import StatusBar
from desktop.ui.frame.sync_notices import SyncNotices
from desktop.ui.frame.tab_order import bring_into_view, next_stop
from desktop.ui.notices import NoticeArea
from desktop.ui.preferences import Preferences
from desktop.ui.theme.theme import Theme
from desktop.ui.widgets.focus import InputWatch

log = logging.getLogger(__name__)

SMALLEST = QSize(900, 600)
FIRST = QSize(1180, 780)
FRAME = QSize(16, 48)
ICON_AFTER_MS = 60


class MainWindow(QMainWindow):
    """See the module. Lives in the UI thread. It puts the look on the application when it is made.

    ``painted`` is emitted once, when all of the window was painted for the first time.
    """

    painted = Signal()

    def __init__(self, desk: Desk, config: Config) -> None:
        super().__init__()
        self._desk = desk
        self._learner: LearnerView | None = None
        self._closed = False
        self._was_painted = False
        self.preferences = Preferences(config.home / "preferences.ini", self)
        brand, problem = load_brand(config)
        self._brand = brand
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.theme = Theme(app, self.preferences, brand.accent, self)
        # Each part is made where it stands: Qt styles all of a widget anew that is given another parent.
        self._middle = QWidget(self)
        self.header = Header(desk, self.theme, self.preferences, brand, self._middle)
        self.notices = NoticeArea(self._middle)
        self.pages = PageStack(desk, self.preferences, self._middle)
        # Nothing in the header is to look chosen at the start, nor after a click beside everything.
        self.pages.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.status = StatusBar(desk, self._middle)
        self.sync_notices = SyncNotices(desk, self)
        self.removed_notices = RemovedNotices(desk, self)
        self._input = InputWatch(self)
        self._drops = FileDrops(desk, self)
        self._lay_out()
        self._connect()
        self._restore()
        self._show_learner(None)
        self.pages.setFocus()
        if problem is not None:
            log.info("%s", problem)
            self.show_problem(problem)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.header, self.notices, self.pages, self.status):
            column.addWidget(widget, 1 if widget is self.pages else 0)
        self.setCentralWidget(self._middle)
        self.setMinimumSize(SMALLEST)
        self.setWindowTitle(self._brand.name)

    def _connect(self) -> None:
        desk = self._desk
        desk.place_changed.connect(self.show_place)
        desk.back_requested.connect(self.pages.back)
        desk.notice_posted.connect(self.notices.post)
        desk.notice_withdrawn.connect(self.notices.withdraw)
        desk.signed_in.connect(self._signed_in)
        desk.signed_out.connect(self._signed_out)
        desk.changed.connect(self._on_changed)
        self.pages.moved.connect(self._moved)
        self.pages.heading_changed.connect(self._show_heading)
        self.header.search_wanted.connect(self._search)
        self.header.search_left.connect(self._leave_search)
        self.header.program_chosen.connect(self._choose_program)

    @Slot()
    def _make_shortcuts(self) -> None:
        from PySide6.QtGui import QKeySequence, QShortcut

        for keys, react in (
            (QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_K), self._focus_search),
            (QKeySequence(Qt.Modifier.ALT | Qt.Key.Key_Left), self.pages.back),
            (QKeySequence(QKeySequence.StandardKey.HelpContents), self._help),
            (QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_Q), self.close),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(react)

    def _restore(self) -> None:
        geometry = self.preferences.octets(kept.GEOMETRY)
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            # The system's frame around the window, which has no size yet, must be on the screen too.
            room = self.screen().availableSize() - FRAME
            self.resize(FIRST.boundedTo(room).expandedTo(SMALLEST))

    # --- for the composition root -------------------------------------------------------------------------------

    def show_snapshot(self, view: HomeView | None) -> None:
        """Show the home as it was last seen, before the store is open; None: an empty frame that says it is opening."""
        if view is not None:
            self._show_learner(view.learner, view.program)
        self.header.setVisible(True)
        self.status.setVisible(True)
        show = getattr(self.pages.page(places.HOME), "show_view", None)
        if view is not None and show is not None:
            show(view)
        self.pages.go(Place(places.HOME, {"snapshot": "1"}), remember=False)

    @Slot(object)
    def show_problem(self, problem: Problem) -> None:
        """Say a failure that no page took care of."""
        if problem.code != "not_signed_in":
            self.sync_notices.say_problem(problem)

    def show_repair(self, problem: Problem) -> None:
        """Say what was mended before anybody saw it: to be known, nothing to be done."""
        self.notices.post(Notice("repair", f"{tr(problem.text)} {tr(problem.way_out)}", "warning", stays=True))

    def show_closed_store(self, problem: Problem, learner: LearnerView) -> None:
        """The learner's data cannot be opened: nothing else can be shown until it can."""
        from desktop.ui.pages.closed_store import ClosedStorePage  # rare; kept out of the start

        self.pages.drop_pages()
        self.pages.go(Place(CLOSED_STORE), remember=False)
        page = self.pages.current_page()
        assert isinstance(page, ClosedStorePage)
        page.show_problem(problem, learner)

    def close_pages(self) -> None:
        """The program ends: let the page in front save and stop. May be called again."""
        if not self._closed:
            self._closed = True
            self.preferences.keep(kept.GEOMETRY, self.saveGeometry())
            self.pages.drop_pages()

    # --- places -------------------------------------------------------------------------------------------------

    @Slot(object)
    def show_place(self, place: Place) -> None:
        """Put a page in front."""
        if self._closed:
            return
        if place.page == places.WELCOME and place.get("link"):
            place = Place(INVITATION, place.arguments)
        if place.page in {places.HOME, places.CATALOG} and not place.get("program_id") and self._program_id():
            place = Place(place.page, {**place.arguments, "program_id": self._program_id()})
        self.pages.go(place)

    @Slot(object)
    def _moved(self, place: Place) -> None:
        outside = place.page in OUTSIDE or (place.page in {HELP, places.CARRY} and self._learner is None)
        self.header.setVisible(not outside)
        self.status.setVisible(not outside)
        self.header.show_place(place.page)
        self._show_heading()

    @Slot()
    def _show_heading(self) -> None:
        page = self.pages.current_page()
        heading = page.heading() if page is not None else ""
        self.setWindowTitle(f"{heading} – {self._brand.name}" if heading else self._brand.name)

    # --- who is here --------------------------------------------------------------------------------------------

    def _program_id(self) -> str:
        return self.header.program_id

    def _show_learner(self, learner: LearnerView | None, program: ProgramView | None = None) -> None:
        self._learner = learner
        if learner is not None and program is None:
            wanted = self.preferences.text(kept.PROGRAM)
            found = [entry for entry in learner.programs if entry.id == wanted] or list(learner.programs)
            program = found[0] if found else None
        self.theme.set_accent((program.accent if program else "") or self._brand.accent)
        self.header.show_learner(learner, program)

    @Slot(object)
    def _signed_in(self, learner: LearnerView) -> None:
        self._show_learner(learner)
        inside = self.pages.place is not None and self.pages.place.page not in OUTSIDE
        if inside and not self.pages.place_is_snapshot():
            return
        self.pages.forget_history()
        self.pages.go(
            Place(places.HOME, {"program_id": self._program_id()} if self._program_id() else {}), remember=False
        )

    @Slot()
    def _signed_out(self) -> None:
        self.pages.drop_pages()
        self._show_learner(None)

    @Slot(object)
    def _on_changed(self, kinds: frozenset[str]) -> None:
        if self._learner is not None and kinds & {"learner", "programs"}:
            self._desk.ask(self, lambda services: services.learner.view(), self._show_learner)

    @Slot(str)
    def _choose_program(self, program_id: str) -> None:
        self.preferences.keep(kept.PROGRAM, program_id)
        self._show_learner(self._learner)
        self.pages.forget_history()
        self._desk.go(places.HOME)

    # --- keys ---------------------------------------------------------------------------------------------------

    @Slot(str)
    def _search(self, text: str) -> None:
        if self.pages.place is None or self.pages.place.page != places.CATALOG:
            if not text:
                return
            self._desk.go(places.CATALOG)
        page = self.pages.page(places.CATALOG)
        search = getattr(page, "search", None)
        if search is not None:
            search(text)

    @Slot()
    def _focus_search(self) -> None:
        if self.header.isVisible():
            self.header.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.header.search.selectAll()

    @Slot()
    def _leave_search(self) -> None:
        page = self.pages.current_page()
        if page is not None:
            page.take_focus()

    @Slot()
    def _help(self) -> None:
        self._desk.go(HELP)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab and Shift+Tab, wherever in the window the focus is; Qt asks too when what has it is hidden."""
        current = self.focusWidget()
        target = next_stop(self, current, forward=forward)
        if target is None:
            return False
        target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        bring_into_view(target)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no page wanted: ``/`` searches. A page that uses it for itself comes first."""
        if event.text() == "/" and self.header.isVisible():
            self._focus_search()
            event.accept()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The first of these begins the first paint; the event loop goes on when all widgets are painted."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            # None of these is missed before the first paint.
            QTimer.singleShot(0, self, self._make_shortcuts)
            QTimer.singleShot(0, self, self.painted.emit)
            QTimer.singleShot(ICON_AFTER_MS, self, self._show_icon)

    @Slot()
    def _show_icon(self) -> None:
        # The system asks for it in many sizes, each drawn from its outlines.
        self.setWindowIcon(QIcon(str(resources() / "icons" / "haversack.svg")))

    def showEvent(self, event: QShowEvent) -> None:
        """There is a window of the system now."""
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            handle.installEventFilter(self._input)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window goes: remember where it stood."""
        self.preferences.keep(kept.GEOMETRY, self.saveGeometry())
        super().closeEvent(event)
