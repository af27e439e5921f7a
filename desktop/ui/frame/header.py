"""The line at the top: program, the two main places, search, the learner."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QWidget

from desktop.branding import Brand
from desktop.config import resources
from desktop.i18n import percent_text, tr
from desktop.models.home_views import LearnerView, ProgramView
from desktop.ui import desk as places
from desktop.ui import preferences as kept
from desktop.ui.desk import Desk
from desktop.ui.frame.stack import HELP, SIGN_OUT
from desktop.ui.preferences import Preferences
from desktop.ui.theme.icons import icon
from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.theme import DARK, LIGHT, SYSTEM, Theme
from desktop.ui.theme.tokens import CONTROL, ICON_MEDIUM, SPACE_4, SPACE_12, SPACE_16, SPACE_32, TYPE_BODY
from desktop.ui.widgets.buttons import Button, IconButton
from desktop.ui.widgets.layouts import margins
from desktop.ui.widgets.menu import Menu
from desktop.ui.widgets.pictures import Pictures, paint_picture
from desktop.ui.widgets.search_field import SearchField
from desktop.ui.widgets.surfaces import paint_surface

OUR_LOGO = resources() / "icons" / "haversack.svg"
TEXT_SIZES = (100, 125, 150, 175, 200)


class LogoView(QWidget):
    """The organization's logo, or ours."""

    def __init__(self, pictures: Pictures, brand: Brand, side: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures, self._brand, self._side = pictures, brand, side
        self._program: ProgramView | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        pictures.arrived.connect(self.update)

    def show_program(self, program: ProgramView | None) -> None:
        """The logo of a program."""
        self._program = program
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        side = tokens().scaled(self._side)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture, else its ground."""
        path = self._program.logo if self._program else None
        if path is None:
            path = OUR_LOGO if self._brand.logo is None else self._brand.logo
        painter = QPainter(self)
        rect = QRectF(self.rect())
        pixmap = self._pictures.pixmap(path, self.size(), self.devicePixelRatioF())
        if pixmap is not None:
            paint_picture(painter, rect, pixmap)
        else:
            colours = tokens().colours
            paint_surface(painter, rect, colours.accent, "", rect.width() / 4)
        painter.end()


class HeaderSearch(SearchField):
    """``left`` is emitted when the learner is done here: Escape in the empty field, or the arrow down to the hits."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape empties, then leaves; the arrow goes to what was found."""
        escape = event.key() == Qt.Key.Key_Escape
        if escape and self.text():
            self.empty()
        elif escape or event.key() == Qt.Key.Key_Down:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class Header(QFrame):
    """``search_wanted`` is emitted while the learner types; ``program_chosen`` with a program's id.

    ``search_left`` is emitted when the focus is to go from the search to the page.
    """

    search_wanted = Signal(str)
    search_left = Signal()
    program_chosen = Signal(str)

    def __init__(
        self, desk: Desk, theme: Theme, preferences: Preferences, brand: Brand, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self._desk, self._theme, self._preferences, self._brand = desk, theme, preferences, brand
        self._name = brand.name
        self.logo = LogoView(Pictures(desk, self), brand)
        self.program = Button(brand.name, "quiet", name="programMenu")
        self.program.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.home = self._tab(tr("My courses"), "tabHome", places.HOME)
        self.catalog = self._tab(tr("Catalog"), "tabCatalog", places.CATALOG)
        self.search = HeaderSearch(tr("Search courses"), "searchField", key="/")
        self.search.left.connect(self.search_left)
        self.search.setToolTip(tr("Search ( / or Ctrl+K )"))
        self.search.setMaximumWidth(420)
        self.search.textEdited.connect(self.search_wanted)
        self.search.returnPressed.connect(self._search_now)
        self.profile = IconButton("user-circle", tr("Your menu"), "profileMenu", 24)
        self._programs = Menu(self)
        self._chosen = QActionGroup(self._programs)
        self.program.setMenu(self._programs)
        self._programs.aboutToShow.connect(self._fill_programs)
        self._menu = Menu(self)
        self.profile.setMenu(self._menu)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._learner: LearnerView | None = None
        self.program_id = ""
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(margins(SPACE_16, 0, SPACE_12, 0))
        row.setSpacing(SPACE_4)
        row.addWidget(self.logo)
        row.addWidget(self.program)
        row.addSpacing(SPACE_12)
        row.addWidget(self.home)
        row.addWidget(self.catalog)
        row.addStretch(1)
        row.addWidget(self.search, 4)
        row.addStretch(1)
        row.addWidget(self.profile)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(tokens().scaled(CONTROL) + SPACE_32)
        room = min(tokens().scaled(240), self.width() // 5)
        metrics = QFontMetrics(font(TYPE_BODY))
        self.program.setText(metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The name of the program takes what the search can spare."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """The text's size changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _tab(self, text: str, name: str, page: str) -> Button:
        tab = Button(text, "tab", name=name)
        tab.setCheckable(True)
        # Its line lies on the hairline below the header.
        tab.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        tab.clicked.connect(partial(self._go, page))
        return tab

    def _go(self, page: str, *_: object) -> None:
        self._desk.go(page)

    @Slot()
    def _search_now(self) -> None:
        self.search_wanted.emit(self.search.text())
        self.search_left.emit()

    def show_place(self, page: str) -> None:
        """Mark the tab of a page."""
        self.home.setChecked(page in {places.HOME, places.COURSE, places.ITEM})
        self.catalog.setChecked(page in {places.CATALOG, places.DESCRIPTION})
        if page != places.CATALOG:
            self.search.clear()

    def show_learner(self, learner: LearnerView | None, program: ProgramView | None) -> None:
        """Whose program this is."""
        self._learner = learner
        self.program_id = program.id if program else ""
        name = program.name if program else self._brand.name
        self._name = name
        self._fit()
        self.program.setToolTip(name)
        self.program.setAccessibleName(tr("Program: {name}. Opens the list of your programs.", name=name))
        self.program.set_icon("caret-down")
        self.program.setLayoutDirection(
            Qt.LayoutDirection.LeftToRight if self.isRightToLeft() else Qt.LayoutDirection.RightToLeft
        )
        self.logo.show_program(program)

    @Slot()
    def _fill_programs(self) -> None:
        self._programs.clear()
        for entry in self._learner.programs if self._learner else ():
            text = f"{entry.name} · {entry.organization}" if entry.organization else entry.name
            action = self._programs.addAction(text)
            action.setCheckable(True)
            action.setChecked(entry.id == self.program_id)
            action.triggered.connect(partial(self._choose, entry.id))
            self._chosen.addAction(action)
        self._programs.addSeparator()
        join = self._programs.addAction(tr("Join another program …"))
        join.setObjectName("joinAnother")
        join.triggered.connect(partial(self._go, places.WELCOME))

    def _choose(self, program_id: str, *_: object) -> None:
        self.program_chosen.emit(program_id)

    @Slot()
    def _fill_menu(self) -> None:
        menu = self._menu
        menu.clear()
        if self._learner is not None:
            who = menu.addAction(self._learner.name or self._learner.email)
            who.setEnabled(False)
            menu.addSeparator()
        for text, icon_name, page, name in (
            (tr("Notes"), "note-pencil", places.NOTES, "menuNotes"),
            (tr("Downloads"), "download-simple", places.DOWNLOADS, "menuDownloads"),
            (tr("Outbox"), "paper-plane-tilt", places.OUTBOX, "menuOutbox"),
            (tr("Work by file"), "floppy-disk", places.CARRY, "menuCarry"),
            (tr("Import courses"), "package", places.IMPORTS, "menuImport"),
        ):
            self._entry(menu, text, icon_name, name).triggered.connect(partial(self._go, page))
        menu.addSeparator()
        look = Menu(menu, tr("Appearance"))
        look.setIcon(icon("palette", "muted", ICON_MEDIUM))
        look.setObjectName("menuAppearance")
        menu.addMenu(look)
        self._fill_look(look)
        self._entry(menu, tr("Help"), "question", "menuHelp").triggered.connect(partial(self._go, HELP))
        menu.addSeparator()
        self._entry(menu, tr("Sign out"), "sign-out", "menuSignOut").triggered.connect(self._sign_out)

    def _entry(self, menu: QMenu, text: str, icon_name: str, name: str) -> QAction:
        action = menu.addAction(icon(icon_name, "muted", ICON_MEDIUM), text)
        action.setObjectName(name)
        return action

    def _fill_look(self, menu: QMenu) -> None:
        modes = QActionGroup(menu)
        for text, mode in ((tr("Like the system"), SYSTEM), (tr("Light"), LIGHT), (tr("Dark"), DARK)):
            action = menu.addAction(text)
            action.setObjectName(f"theme-{mode}")
            action.setCheckable(True)
            action.setChecked(self._theme.mode == mode)
            action.triggered.connect(partial(self._set_mode, mode))
            modes.addAction(action)
        menu.addSeparator()
        sizes = QActionGroup(menu)
        for percent in TEXT_SIZES:
            action = menu.addAction(tr("Text {size}", size=percent_text(percent)))
            action.setObjectName(f"text-{percent}")
            action.setCheckable(True)
            action.setChecked(tokens().text_percent == percent)
            action.triggered.connect(partial(self._set_text, percent))
            sizes.addAction(action)
        menu.addSeparator()
        motion = menu.addAction(tr("Less motion"))
        motion.setObjectName("reducedMotion")
        motion.setCheckable(True)
        motion.setChecked(self._preferences.flag(kept.REDUCED_MOTION))
        motion.toggled.connect(self._theme.set_reduced_motion)

    def _set_mode(self, mode: str, *_: object) -> None:
        self._theme.set_mode(mode)

    def _set_text(self, percent: int, *_: object) -> None:
        self._theme.set_text_percent(percent)

    @Slot()
    def _sign_out(self) -> None:
        """At once where nothing waits to be sent; else that is said first. What cannot be counted keeps nobody here."""
        self._desk.ask(
            self, lambda services: services.outbox.waiting_count(), self._leave_or_ask, lambda _: self._desk.sign_out()
        )

    def _leave_or_ask(self, waiting: int) -> None:
        if waiting:
            self._desk.go(SIGN_OUT)
        else:
            self._desk.sign_out()
