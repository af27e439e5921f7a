"""The button below a lecture that takes it along: how that stands, live, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from desktop.i18n import tr
from desktop.models.views import DownloadView, ItemPlace
from desktop.ui.course_downloads import CourseDownloads
from desktop.ui.desk import Desk
from desktop.ui.pages.lecture_layout import LectureLayout
from desktop.ui.widgets.download_menu import FETCH, DownloadMenu, choices, item_scope, state_icon, state_words


class LectureDownload(QObject):
    """Before anything of it is under way the button downloads; from then on it opens the choices."""

    def __init__(self, desk: Desk, parts: LectureLayout, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._place: ItemPlace | None = None
        self._size = ""
        self._downloads = CourseDownloads(desk, self)
        self._downloads.changed.connect(self._show)
        self.menu = DownloadMenu(parts.download)
        self.menu.chosen.connect(self._do)
        parts.download.clicked.connect(self._fetch)

    def show_place(self, place: ItemPlace, size: str) -> None:
        """Another item, or what is known of it anew. ``size``: of its picture and sound, as people read it."""
        self._place, self._size = place, size
        self._downloads.look_at(place.course_id)
        self._show()

    def _entry(self) -> DownloadView | None:
        place = self._place
        return self._downloads.bringing(place.item.item_id, place.week_number) if place is not None else None

    @Slot()
    def _show(self) -> None:
        if self._place is None:
            return
        item, entry = self._place.item, self._entry()
        words = tr("On this computer") if item.offline == "ready" else state_words(entry, item.offline)
        fresh = not words
        if fresh:
            words = tr("Download ({size})", size=self._size) if self._size else tr("Download")
        self.menu.show_choices(choices(entry, item_scope(item.item_id), item.offline))
        self._parts.show_download(words, state_icon(entry, item.offline), None if fresh else self.menu)

    @Slot()
    def _fetch(self) -> None:
        if self._parts.download.menu() is None:
            self._parts.download.setEnabled(False)
            self._do(FETCH)

    @Slot(str)
    def _do(self, key: str) -> None:
        if self._place is not None:
            self._downloads.do(key, item_scope(self._place.item.item_id), self._place.item.title, self._entry())
