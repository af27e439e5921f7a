"""Files and links beside the items of a course."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import size_text, tr
from desktop.models.views import ResourceView
from desktop.ui.theme.tokens import SPACE_8, SPACE_12
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.layouts import clear
from desktop.ui.widgets.surfaces import Card


class ResourcesPane(QWidget):
    """``download_wanted``: a file is not on this computer yet; it comes with the course."""

    download_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(SPACE_8)
        self._shown: tuple[ResourceView, ...] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_12)
        column.addWidget(Label(tr("Resources"), "title"))
        column.addLayout(self.rows)

    def show_resources(self, resources: tuple[ResourceView, ...]) -> None:
        """List them."""
        if resources == self._shown:
            return
        self._shown = resources
        clear(self.rows)
        if not resources:
            self.rows.addWidget(Label(tr("This course has no files or links beside its items."), "body", "muted"))
        for resource in resources:
            self.rows.addWidget(self._row(resource))

    def _row(self, resource: ResourceView) -> Card:
        card = Card(margin=SPACE_12)
        row = QHBoxLayout()
        row.setSpacing(SPACE_12)
        row.addWidget(IconLabel("link" if resource.url else "file-text", 24))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(resource.title, "strong"))
        row.addLayout(words, 1)
        if resource.url:
            words.addWidget(Label(tr("Opens in the browser: {host}", host=QUrl(resource.url).host()), "small", "muted"))
            button = Button(tr("Open link"), "secondary", "arrow-square-out")
            button.clicked.connect(partial(self._open, resource.url))
        elif resource.path is not None:
            words.addWidget(Label(tr("{size}, on this computer", size=size_text(resource.size)), "small", "muted"))
            button = Button(tr("Open file"), "secondary", "folder-open")
            button.clicked.connect(partial(self._open, resource.path))
        else:
            words.addWidget(Label(tr("{size}, comes with the course", size=size_text(resource.size)), "small", "muted"))
            button = Button(tr("Download course"), "secondary", "download-simple")
            button.clicked.connect(self.download_wanted)
        button.setAccessibleName(f"{button.text()}: {resource.title}")
        row.addWidget(button)
        card.body.addLayout(row)
        return card

    def _open(self, target: str | Path, *_: object) -> None:
        url = QUrl.fromLocalFile(str(target)) if isinstance(target, Path) else QUrl(target)
        # A course may name any address; only what a browser shows is handed to the system.
        if isinstance(target, Path) or url.scheme() in {"http", "https"}:
            QDesktopServices.openUrl(url)
