"""The catalog: what the program offers, in groups and as a whole, to be searched, filtered and sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import tr
from desktop.models.views import CatalogView, CourseTile
from desktop.ui import desk as places
from desktop.ui.delegates.tile import TileDelegate
from desktop.ui.desk import Desk, Notice, Place
from desktop.ui.itemmodels.catalog import (
    BY_LENGTH,
    BY_NEW,
    BY_ORDER,
    BY_RATING,
    BY_TITLE,
    CatalogFilter,
    CatalogIndex,
    CatalogModel,
    sections_of,
)
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import PAGE_WIDTH, SPACE_8, SPACE_16, SPACE_24
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.fields import ChoiceBox
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import FlowLayout, margins
from desktop.ui.widgets.pictures import Pictures
from desktop.ui.widgets.states import Stateful
from desktop.ui.widgets.tile_view import TileView
from desktop.ui.wording import course_kind_text, language_text, level_text

if TYPE_CHECKING:
    from desktop.services.services import Services

SCROLL_BAR = 12
"""Its width in the style sheet: the column above stands exactly above the tiles."""
LONGEST_LIST = 60
"""Skills and partners in a list to choose from; the search finds the others."""


class CatalogPage(Page):
    """Place arguments: ``program_id``."""

    kinds: ClassVar[frozenset[str]] = frozenset({"catalog", "enrollments", "assets"})

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._view: CatalogView | None = None
        self._index = CatalogIndex(())
        self._text = ""
        self.model = CatalogModel(self)
        self.tiles = TileView(self.model)
        self.tiles.setAccessibleName(tr("Courses"))
        pictures = Pictures(desk, self)
        pictures.arrived.connect(self.tiles.viewport().update)
        self.tiles.setItemDelegate(TileDelegate(pictures, self.tiles))
        self.tiles.clicked.connect(self._open)
        self.tiles.activated.connect(self._open)
        self.kind = self._choice("filterKind", tr("Kind"))
        self.level = self._choice("filterLevel", tr("Level"))
        self.language = self._choice("filterLanguage", tr("Language"))
        self.partner = self._choice("filterPartner", tr("Partner"))
        self.skill = self._choice("filterSkill", tr("Skill"))
        self.sort = self._choice("sortBy", tr("Order"))
        self.clear = Button(tr("Clear"), "quiet", "x", "clearFilters")
        self.clear.clicked.connect(self.clear_filters)
        self.count = Label("", "body", "muted")
        self.count.setObjectName("resultCount")
        self.area = Stateful(self.tiles)
        self._lay_out()
        self._fill_sort()
        self.area.show_loading(tr("Opening the catalog …"))

    def _lay_out(self) -> None:
        bar = QWidget()
        flow = FlowLayout(bar, SPACE_8)
        self.filters = (self.kind, self.level, self.language, self.partner, self.skill)
        for widget in (*self.filters, self.sort, self.clear):
            flow.addWidget(widget)
        inside = self._top = QWidget()
        inside.setMaximumWidth(tokens().scaled(PAGE_WIDTH))
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_16)
        column.addWidget(Label(tr("Catalog"), "title"))
        column.addWidget(bar)
        column.addWidget(self.count)
        top = QWidget()
        row = QHBoxLayout(top)
        row.setContentsMargins(margins(SPACE_24, SPACE_24, SPACE_24 + SCROLL_BAR, SPACE_8))
        row.addStretch(1)
        row.addWidget(inside, 1000)
        row.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(top)
        page.addWidget(self.area, 1)

    def changeEvent(self, event: QEvent) -> None:
        """The text's size changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_top"):
            self._top.setMaximumWidth(tokens().scaled(PAGE_WIDTH))
            self.tiles.doItemsLayout()

    def _choice(self, name: str, label: str) -> ChoiceBox:
        box = ChoiceBox(label, name)
        if name != "sortBy":  # as wide as its longest entry; the others would jump as they are chosen from
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
        box.currentIndexChanged.connect(self._narrow)
        return box

    def _fill_sort(self) -> None:
        self.sort.blockSignals(True)  # noqa: FBT003 (Qt's setter)
        for text, key in (
            (tr("As recommended"), BY_ORDER),
            (tr("By title"), BY_TITLE),
            (tr("Best rated"), BY_RATING),
            (tr("New first"), BY_NEW),
            (tr("Shortest first"), BY_LENGTH),
        ):
            self.sort.addItem(text, key)
        self.sort.blockSignals(False)  # noqa: FBT003

    def heading(self) -> str:
        """For the title of the window."""
        return tr("Catalog")

    def take_focus(self) -> None:
        """The first course that was found, or the way out where there is none."""
        if not self.area.shows_content():
            self.area.state.button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self.tiles.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- data ---------------------------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Another program starts without filters."""
        if self.place is not None and self.place.get("program_id") != place.get("program_id"):
            self._view = None
            self.clear_filters()
            self.area.show_loading(tr("Opening the catalog …"))
        elif self._text and self.place is not None:
            self.search("")
        super().show_place(place)

    def refresh(self) -> None:
        """Ask for the catalog."""
        assert self.place is not None
        program_id = self.place.get("program_id")

        def prepared(services: Services) -> tuple[CatalogView, CatalogIndex]:
            # Ten thousand titles are folded in the store's lane, not in the UI's.
            view = services.catalog.view(program_id)
            return view, CatalogIndex(view.tiles)

        self.desk.ask(self, prepared, self._show_prepared, self._failed)

    def _show_prepared(self, prepared: tuple[CatalogView, CatalogIndex]) -> None:
        self.show_view(*prepared)

    def _failed(self, problem: Problem) -> None:
        if self._view is None:
            self.area.show_problem(problem, self.refresh)
        else:
            self.desk.say(Notice("catalog", tr(problem.text), "error", tr("Try again"), self.refresh))

    def show_view(self, view: CatalogView, index: CatalogIndex | None = None) -> None:
        """Show these courses; what was chosen and where it was scrolled to stay."""
        same = self._view is not None and self._view.tiles == view.tiles
        self._view = view
        if not same:
            self._index = index or CatalogIndex(view.tiles)
            self._fill_choices()
        self._show()

    def _fill_choices(self) -> None:
        def fill(
            box: ChoiceBox, of: Callable[[CourseTile], Iterable[str]], word: Callable[[str], str] = lambda value: value
        ) -> None:
            chosen = box.currentData()
            values = self._index.choices(of)[:LONGEST_LIST]
            box.blockSignals(True)  # noqa: FBT003
            box.clear()
            box.addItem(box.label, "")
            for value in sorted(values, key=word):
                box.addItem(word(value), value)
            box.setCurrentIndex(max(0, box.findData(chosen)))
            box.setVisible(len(values) > 1)
            box.blockSignals(False)  # noqa: FBT003

        fill(self.kind, lambda tile: (tile.kind,), course_kind_text)
        fill(self.level, lambda tile: (tile.level,), level_text)
        fill(self.language, lambda tile: {tile.language, *tile.subtitle_languages}, language_text)
        fill(self.partner, lambda tile: (tile.partner,))
        fill(self.skill, lambda tile: tile.skills)

    def wanted(self) -> CatalogFilter:
        """What the learner looks for."""
        kind, level, language, partner, skill = (str(box.currentData() or "") for box in self.filters)
        sort = str(self.sort.currentData() or BY_ORDER)
        return CatalogFilter(self._text, kind, level, language, partner, skill, sort)

    def search(self, text: str) -> None:
        """Show what has these words; '' everything."""
        self._text = text.strip()
        self._narrow()

    @Slot()
    def clear_filters(self) -> None:
        """Everything again."""
        self._text = ""
        for box in (*self.filters, self.sort):
            box.blockSignals(True)  # noqa: FBT003
            box.setCurrentIndex(0)
            box.blockSignals(False)  # noqa: FBT003
        self._narrow()

    @Slot()
    def _narrow(self) -> None:
        self.tiles.verticalScrollBar().setValue(0)
        self._show()

    def _show(self) -> None:
        view = self._view
        if view is None:
            return
        wanted = self.wanted()
        current = self.model.tile(self.tiles.currentIndex())
        scrolled = self.tiles.verticalScrollBar().value()
        self.model.show_sections(sections_of(view, self._index, wanted))
        self.tiles.doItemsLayout()
        row = self.model.row_of(current.course_id) if current is not None else -1
        if row >= 0 and row != self.tiles.currentIndex().row():
            self.tiles.setCurrentIndex(self.model.index(row))
        self.tiles.verticalScrollBar().setValue(scrolled)
        self.clear.setVisible(wanted.narrows())
        self._show_count(wanted)
        self._show_state(view, wanted)

    def _show_count(self, wanted: CatalogFilter) -> None:
        found = sum(len(section.tiles) for section in self.model.sections) if wanted.narrows() else 0
        if wanted.text:
            self.count.setText(tr("1 result for “{text}”|{n} results for “{text}”", found, text=wanted.text))
        elif wanted.narrows():
            self.count.setText(tr("1 course|{n} courses", found))
        else:
            self.count.setText(tr("1 course|{n} courses", len(self._index.tiles)))

    def _show_state(self, view: CatalogView, wanted: CatalogFilter) -> None:
        if self.model.rowCount():
            self.area.show_content()
        elif wanted.narrows() and view.tiles:
            self.area.show_state(
                "magnifying-glass",
                tr("Nothing fits"),
                tr("Try fewer or other words, or take the filters away."),
                tr("Show all courses"),
                self.clear_filters,
            )
        elif not view.synced:
            if self.desk.status.is_away:
                self.area.show_state(
                    "wifi-slash",
                    tr("The catalog is not here yet"),
                    tr("It is fetched once there is a network. Everything you enrolled in works already."),
                    tr("My courses"),
                    self._go_home,
                )
            else:
                self.area.show_loading(tr("Fetching the catalog …"))
        else:
            self.area.show_state(
                "books",
                tr("No courses are offered yet"),
                tr("Your organization has not published any. They appear here by themselves."),
                tr("My courses"),
                self._go_home,
            )

    def _go_home(self) -> None:
        self.desk.go(places.HOME)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex | QPersistentModelIndex) -> None:
        tile = self.model.tile(index)
        if tile is not None:
            self.desk.go(places.DESCRIPTION, course_id=tile.course_id)
