"""How the screen asks for imports of course packs, and hears of them. Part of the ``Desk``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from desktop.models.pack_views import ImportView


class PackDesk(QObject):
    """Lives in the UI thread. The signals that end in ``_wanted`` are for the composition root.

    Attributes:
        views: what ``changed`` said last.

    Signals:
        changed: a ``tuple[ImportView, ...]`` of every file that was chosen, at most five times a second for each.
        look_wanted: paths (``tuple[Path, ...]``) to look at.
        begin_wanted, cancel_wanted, forget_wanted: the id of a file.
        enrolled: the learner asked to be enrolled in the course of this id.
    """

    changed = Signal(object)
    look_wanted = Signal(object)
    begin_wanted = Signal(str)
    cancel_wanted = Signal(str)
    forget_wanted = Signal(str)
    enrolled = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.views: tuple[ImportView, ...] = ()
        self.changed.connect(self._keep)

    def look_at(self, paths: Sequence[Path]) -> None:
        """Find out what these files are; nothing is imported yet."""
        if paths:
            self.look_wanted.emit(tuple(paths))

    @Slot(object)
    def _keep(self, views: tuple[ImportView, ...]) -> None:
        self.views = views
