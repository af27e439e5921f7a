"""Files that are dragged over the window: what will happen is said before they are let go.

Object name: ``dropOverlay``.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.ui.desk import CARRY, IMPORTS, Desk
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import ICON_LARGE, RADIUS_LARGE, SPACE_8, SPACE_24
from desktop.ui.widgets.labels import IconLabel, Label
from protocol import RECEIPT_SUFFIX, WORK_SUFFIX

SUFFIX = ".haversack"


def files_in(data: QMimeData) -> list[Path]:
    """Files of this computer among what is dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []


def carried_among(files: list[Path]) -> Path | None:
    """The first of them that is work or a receipt: these are seen to one at a time."""
    return next((path for path in files if path.suffix in (WORK_SUFFIX, RECEIPT_SUFFIX)), None)


class DropOverlay(QWidget):
    """Lies over the window while files are dragged over it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("dropOverlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._icon = IconLabel("package", ICON_LARGE, "accent")
        self.title = Label("", "title")
        self.text = Label("", "body", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_24, SPACE_24, SPACE_24, SPACE_24)
        column.setSpacing(SPACE_8)
        column.addStretch(1)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(1)
        self.hide()

    def show_files(self, files: list[Path], *, welcome: bool) -> None:
        """Say what letting these files go will do."""
        packs = sum(path.suffix.lower() == SUFFIX for path in files)
        carried = carried_among(files)
        if carried is not None and carried.suffix == WORK_SUFFIX:
            self._say(
                "paper-plane-tilt",
                tr("Drop to deliver this work"),
                tr("Haversack shows whom it is for. Nothing is sent until you say so."),
            )
        elif carried is not None:
            self._say("receipt", tr("Drop to open this receipt"), tr("It says what became of the work you saved."))
        elif not welcome:
            self._say("warning-circle", tr("Sign in first"), tr("Then course packs can be imported here."))
        elif packs:
            self._say(
                "package",
                tr("Drop to look at this course pack|Drop to look at these {n} course packs", packs),
                tr("Haversack shows what is in it. Nothing is imported until you say so."),
            )
        else:
            self._say(
                "warning-circle",
                tr("These are not course packs"),
                tr("Course packs are files that end in {suffix}.", suffix=SUFFIX),
            )
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.raise_()
        self.show()

    def _say(self, icon_name: str, title: str, text: str) -> None:
        self._icon.set_icon(icon_name, "warning" if icon_name == "warning-circle" else "accent")
        self.title.setText(title)
        self.text.setText(text)
        self.setAccessibleName(f"{title}. {text}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A sheet over everything, with a dashed edge."""
        colours = tokens().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(colours.surface)
        ground.setAlphaF(0.95)
        painter.fillRect(self.rect(), ground)
        pen = QPen(QColor(colours.accent), 2, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        edge = QRectF(self.rect()).adjusted(SPACE_8, SPACE_8, -SPACE_8, -SPACE_8)
        painter.drawRoundedRect(edge, RADIUS_LARGE, RADIUS_LARGE)
        painter.end()


class FileDrops(QObject):
    """Watches a window for files that are dragged over it. Lives in the UI thread."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._overlay: DropOverlay | None = None
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is dragged over the window, and let go there."""
        if watched is not self._window:
            return False
        if event.type() == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            files = files_in(event.mimeData())
            if files:
                self._cover().show_files(files, welcome=self._desk.learner is not None)
                event.acceptProposedAction()
            return bool(files)
        if event.type() == QEvent.Type.DragLeave and self._overlay is not None:
            self._overlay.hide()
        elif event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            files = files_in(event.mimeData())
            if self._overlay is not None:
                self._overlay.hide()
            carried = carried_among(files)
            if carried is not None:
                event.acceptProposedAction()
                self._desk.go(CARRY, file=str(carried))
                return True
            if files and self._desk.learner is not None:
                event.acceptProposedAction()
                self._desk.go(IMPORTS)
                self._desk.packs.look_at(files)
                return True
        return False

    def _cover(self) -> DropOverlay:
        if self._overlay is None:
            self._overlay = DropOverlay(self._window)
        return self._overlay
