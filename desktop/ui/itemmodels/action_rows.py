"""Lists whose rows are a few lines of text with actions beside them: notes, the Outbox, downloads.

One model and one delegate for the three: what differs is how a view becomes an ``ActionRow`` (``notes``, ``outbox``,
``downloads``). Rows hold no widgets: the delegate paints them, ``ActionList`` knows what was clicked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.i18n import tr

AnyIndex = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
ID_ROLE = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True, slots=True)
class RowAction:
    """Something that can be done with a row. ``key`` is for programs, ``text`` for people."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class ActionRow:
    """What a row shows.

    Attributes:
        id: of what the row stands for; stable, unique in the list.
        title: the first line.
        lines: further lines; each wraps, none is cut.
        quote: what is quoted, set apart.
        icon: name of an icon; empty for none.
        chip: a state in a word, with ``tone`` for its colour (plain, accent, success, warning, danger).
        at: a figure before the title: a second of a lecture, a time of day.
        progress: 0 to 1 for a bar; None for none.
        group: a heading above the row, painted when it differs from that of the row before.
        actions: what can be done, in order.
        spoken: the whole row for a screen reader, where the parts in order are not enough.
        movable: it can be dragged to another place, in a list that knows how (``widgets.ordered_list``).
    """

    id: str
    title: str
    lines: tuple[str, ...] = ()
    quote: str = ""
    icon: str = ""
    chip: str = ""
    tone: str = "plain"
    at: str = ""
    progress: float | None = None
    group: str = ""
    actions: tuple[RowAction, ...] = ()
    spoken: str = ""
    movable: bool = False

    def in_words(self) -> str:
        """The row as one sentence."""
        return self.spoken or ". ".join(
            part for part in (self.group, self.at, self.title, *self.lines, self.quote, self.chip) if part
        )


class ActionRowModel(QAbstractListModel):
    """Rows by id. ``set_rows`` changes only what differs, so that scroll, selection and focus stay where they are."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ActionRow] = []

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """How many rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title, the row in words, the row itself, its id."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.in_words()
        if role == Qt.ItemDataRole.ToolTipRole and row.movable:
            return tr("Drag it to change the order")
        if role == ROW_ROLE:
            return row
        if role == ID_ROLE:
            return row.id
        return None

    def row(self, number: int) -> ActionRow:
        """The row at ``number``."""
        return self._rows[number]

    def number_of(self, row_id: str) -> int:
        """Where the row of this id is; -1 if there is none."""
        return next((number for number, row in enumerate(self._rows) if row.id == row_id), -1)

    def set_rows(self, rows: Sequence[ActionRow]) -> None:
        """Show ``rows``. Rows that stay are changed in place; a new order of those that stay resets the model."""
        wanted = [row.id for row in rows]
        staying = set(wanted)
        for number in range(len(self._rows) - 1, -1, -1):
            if self._rows[number].id not in staying:
                self.beginRemoveRows(QModelIndex(), number, number)
                del self._rows[number]
                self.endRemoveRows()
        present = {row.id for row in self._rows}
        if [row.id for row in self._rows] != [row_id for row_id in wanted if row_id in present]:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()
            return
        for number, row in enumerate(rows):
            if row.id not in present:
                self.beginInsertRows(QModelIndex(), number, number)
                self._rows.insert(number, row)
                self.endInsertRows()
            elif self._rows[number] != row:
                self._rows[number] = row
                self.dataChanged.emit(self.index(number), self.index(number))
