"""The catalog as rows: headings and tiles, filtered and sorted. Filtering is pure, and quick at 10,000 courses."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.i18n import tr
from desktop.models.views import CatalogView, CourseTile
from desktop.ui.wording import course_kind_text, language_text, level_text

TILE_ROLE: Final = Qt.ItemDataRole.UserRole + 1
HEADING_ROLE: Final = Qt.ItemDataRole.UserRole + 2

BY_ORDER, BY_TITLE, BY_RATING, BY_NEW, BY_LENGTH = "order", "title", "rating", "new", "length"

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class CatalogFilter:
    """What the learner looks for; an empty text excludes nothing. ``sort``: one of ``BY_…``."""

    text: str = ""
    kind: str = ""
    level: str = ""
    language: str = ""
    partner: str = ""
    skill: str = ""
    sort: str = BY_ORDER

    def narrows(self) -> bool:
        """Whether anything is excluded or reordered."""
        return self != CatalogFilter()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the rows: its heading's row, and the rows of its tiles. ``heading`` '' takes no row."""

    heading: str
    tiles: tuple[CourseTile, ...]


def folded(text: str) -> str:
    """For comparison: case and accents do not matter."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


class CatalogIndex:
    """A catalog prepared for searching: the words of each tile are folded once."""

    def __init__(self, tiles: Iterable[CourseTile]) -> None:
        self.tiles = tuple(tiles)
        self._words = [folded(" ".join((tile.title, tile.partner, tile.summary, *tile.skills))) for tile in self.tiles]

    def found(self, wanted: CatalogFilter) -> tuple[CourseTile, ...]:
        """The tiles that fit, in the order that was asked for."""
        tiles = list(self.tiles)
        words = folded(wanted.text).split()
        if words:
            pairs = zip(tiles, self._words, strict=True)
            tiles = [tile for tile, text in pairs if all(word in text for word in words)]
        if wanted != CatalogFilter(wanted.text, sort=wanted.sort):
            tiles = [tile for tile in tiles if _fits(tile, wanted)]
        key = _SORT.get(wanted.sort)
        if key is not None:
            tiles.sort(key=key)
        return tuple(tiles)

    def choices(self, of: Callable[[CourseTile], Iterable[str]]) -> list[str]:
        """The different values of a property, most frequent first."""
        counts: dict[str, int] = {}
        for tile in self.tiles:
            for value in of(tile):
                if value:
                    counts[value] = counts.get(value, 0) + 1
        return sorted(counts, key=lambda value: (-counts[value], value))


def _fits(tile: CourseTile, wanted: CatalogFilter) -> bool:
    return (
        (not wanted.kind or tile.kind == wanted.kind)
        and (not wanted.level or tile.level == wanted.level)
        and (not wanted.partner or tile.partner == wanted.partner)
        and (not wanted.skill or wanted.skill in tile.skills)
        and (not wanted.language or tile.language == wanted.language or wanted.language in tile.subtitle_languages)
    )


_SORT: Final[dict[str, Callable[[CourseTile], Any]]] = {
    BY_TITLE: lambda tile: folded(tile.title),
    BY_RATING: lambda tile: (-tile.rating, -tile.rating_count),
    BY_NEW: lambda tile: not tile.is_new,
    BY_LENGTH: lambda tile: tile.minutes,
}


FEW: Final = 12
"""So many courses are seen at a glance."""


def sections_of(view: CatalogView, index: CatalogIndex, wanted: CatalogFilter) -> tuple[Section, ...]:
    """The organization's groups and then everything; only the hits once the learner looks for something.

    Where few courses are all in groups already, they are not listed a second time.
    """
    if wanted.narrows():
        return (Section("", index.found(wanted)),)
    groups = tuple(Section(group.title, group.tiles) for group in view.groups if group.tiles)
    grouped = {tile.course_id for group in groups for tile in group.tiles}
    if groups and len(index.tiles) <= FEW and all(tile.course_id in grouped for tile in index.tiles):
        return groups
    return (*groups, Section(tr("All courses") if groups else "", index.tiles))


def tile_words(tile: CourseTile) -> str:
    """A tile as a screen reader says it."""
    parts = [
        course_kind_text(tile.kind),
        tile.title,
        tile.partner,
        level_text(tile.level),
        language_text(tile.language),
    ]
    marks = {"enrolled": tr("enrolled"), "saved": tr("saved for later"), "completed": tr("completed")}
    if tile.mark:
        parts.append(marks.get(tile.mark, tile.mark))
    if tile.is_new:
        parts.append(tr("new"))
    return ", ".join(part for part in parts if part)


class CatalogModel(QAbstractListModel):
    """One row per heading and tile. ``TILE_ROLE`` gives the ``CourseTile`` (None for a heading)."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[CourseTile | str] = []
        self.sections: tuple[Section, ...] = ()

    def show_sections(self, sections: tuple[Section, ...]) -> None:
        """Show other rows. The same rows again change nothing but what they show."""
        rows: list[CourseTile | str] = []
        for section in sections:
            if section.heading:
                rows.append(section.heading)
            rows.extend(section.tiles)
        if len(rows) == len(self._rows) and all(map(_same, rows, self._rows)):
            self._rows, self.sections = rows, sections
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows, self.sections = rows, sections
        self.endResetModel()

    def row_of(self, course_id: str) -> int:
        """The first row of a course; -1 if it is not shown."""
        for row, entry in enumerate(self._rows):
            if isinstance(entry, CourseTile) and entry.course_id == course_id:
                return row
        return -1

    def tile(self, index: Index) -> CourseTile | None:
        """The tile of a row."""
        if not index.isValid():
            return None
        entry = self._rows[index.row()]
        return entry if isinstance(entry, CourseTile) else None

    def rowCount(self, parent: Index | None = None) -> int:
        """Headings and tiles."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """See the class."""
        if not index.isValid():
            return None
        entry = self._rows[index.row()]
        tile = entry if isinstance(entry, CourseTile) else None
        if role == TILE_ROLE:
            return tile
        if role == HEADING_ROLE:
            return None if tile else entry
        if role == Qt.ItemDataRole.DisplayRole:
            return tile.title if tile else entry
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return tile_words(tile) if tile else entry
        if role == Qt.ItemDataRole.ToolTipRole:
            return tile.title if tile else None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Tiles can be chosen, headings only read."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if self.tile(index) is None:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


def _same(first: CourseTile | str, second: CourseTile | str) -> bool:
    if isinstance(first, CourseTile) and isinstance(second, CourseTile):
        return first.course_id == second.course_id
    return first == second
