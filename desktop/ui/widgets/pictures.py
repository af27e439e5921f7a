"""Pictures from files, decoded off the UI thread; and the cover that is drawn where a course has none."""

from __future__ import annotations

import functools
from collections import OrderedDict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.errors import Problem
from desktop.ui.desk import Desk
from desktop.ui.theme.contrast import mix
from desktop.ui.theme.icons import paint_icon
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import RADIUS_SMALL

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

COVERS = 24
"""Different covers. Each is drawn once for a size and a look, however many courses there are."""
KEPT = 300
"""Pixmaps kept in memory: some screens full of tiles."""

Wanted = tuple[str, int, int]


def read_image(path: Path, size: QSize) -> QImage:
    """Decode a file so that it covers ``size`` (device pixels), cropped evenly. A null image if it is no picture."""
    from PySide6.QtGui import QImageReader  # as QPainterPath below: no picture is there at the first paint

    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    own = reader.size()
    if own.isValid() and not own.isEmpty():
        reader.setScaledSize(own.scaled(size, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    image = reader.read()
    if image.isNull():
        return image
    left, top = (image.width() - size.width()) // 2, (image.height() - size.height()) // 2
    return image.copy(max(0, left), max(0, top), min(size.width(), image.width()), min(size.height(), image.height()))


class Pictures(QObject):
    """A cache of decoded pictures. ``arrived`` says that a picture that was asked for can be painted now."""

    arrived = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._kept: OrderedDict[Wanted, QPixmap] = OrderedDict()
        self._asked: set[Wanted] = set()

    def pixmap(self, path: Path, size: QSize, ratio: float) -> QPixmap | None:
        """The picture, ``size`` in logical pixels; None until it is decoded or if it cannot be."""
        wanted = (str(path), round(size.width() * ratio), round(size.height() * ratio))
        found = self._kept.get(wanted)
        if found is not None:
            self._kept.move_to_end(wanted)
            return None if found.isNull() else found
        if wanted not in self._asked:
            self._asked.add(wanted)
            # Asked for while something is painted, which starting a thread must not hold up.
            QTimer.singleShot(0, self, partial(self._ask, wanted, ratio))
        return None

    def _ask(self, wanted: Wanted, ratio: float) -> None:
        work = partial(read_image, Path(wanted[0]), QSize(wanted[1], wanted[2]))
        self._desk.decode(self, work, partial(self._keep, wanted, ratio), partial(self._give_up, wanted))

    def _keep(self, wanted: Wanted, ratio: float, image: QImage) -> None:
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(ratio)
        self._asked.discard(wanted)
        self._kept[wanted] = pixmap
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit()

    def _give_up(self, wanted: Wanted, _problem: Problem) -> None:
        self._asked.discard(wanted)
        self._kept[wanted] = QPixmap()


def paint_cover(painter: QPainter, rect: QRectF, seed: str, icon_name: str) -> None:
    """A quiet cover of our own: arcs and an icon on a tint, one of ``COVERS``, always the same for a ``seed``."""
    import hashlib  # no cover is painted at the start

    colours = tokens().colours
    variant = hashlib.sha256(seed.encode()).digest()[0] % COVERS
    ratio = painter.device().devicePixelRatioF()
    size = (round(rect.width()), round(rect.height()))
    painter.drawPixmap(rect.topLeft(), _cover(variant, icon_name, size, ratio, colours.surface, colours.accent))


@functools.lru_cache(maxsize=4 * COVERS)
def _cover(variant: int, icon_name: str, size: tuple[int, int], ratio: float, surface: str, accent: str) -> QPixmap:
    import hashlib

    digest = hashlib.sha256(bytes([variant])).digest()
    pixmap = QPixmap(round(size[0] * ratio), round(size[1] * ratio))
    pixmap.setDevicePixelRatio(ratio)
    ground = mix(surface, accent, 0.16 + digest[0] / 255 * 0.14)
    line = mix(ground, accent, 0.28)
    pixmap.fill(QColor(ground))
    rect = QRectF(0, 0, *size)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for index in range(2):
        x = rect.width() * digest[1 + index] / 255
        y = rect.height() * (digest[3 + index] / 255 * 1.6 - 0.3)
        for step in range(4):
            painter.setPen(QPen(QColor(mix(line, ground, step / 5)), max(1.0, rect.height() / 60)))
            radius = rect.height() * (0.35 + 0.22 * step)
            painter.drawEllipse(QPointF(x, y), radius, radius)
    side = min(rect.height() * 0.36, 56.0)
    place = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
    paint_icon(painter, place, icon_name, mix(accent, ground, 0.15))
    painter.end()
    return pixmap


def paint_picture(painter: QPainter, rect: QRectF, pixmap: QPixmap, radius: float = RADIUS_SMALL) -> None:
    """A decoded picture with rounded corners."""
    from PySide6.QtGui import QPainterPath

    painter.save()
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    painter.drawPixmap(rect, pixmap, QRectF(pixmap.rect()))
    painter.restore()


def cover_icon(kind: str) -> str:
    """The icon on the cover of a kind of course."""
    return "compass" if kind == "guided_project" else "book-open"


class PictureView(QWidget):
    """The picture of a course, or its drawn cover. Without a ``size`` it is as wide as its place, and 16:9."""

    def __init__(self, pictures: Pictures, size: QSize | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures, self._seed, self._icon = pictures, "", "book-open"
        self._path: Path | None = None
        self._shown: QPixmap | None = None
        if size is not None:
            self.setFixedSize(size)
        else:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._wide = size is None
        pictures.arrived.connect(self.update)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Its width is the layout's; the height follows. (Layouts within layouts lose sight of height for width.)"""
        super().resizeEvent(event)
        if self._wide:
            self.setFixedHeight(round(self.width() * 9 / 16))

    def sizeHint(self) -> QSize:
        """What a picture beside a text has at least."""
        return QSize(240, 135)

    def show_picture(self, path: Path | None, seed: str, kind: str) -> None:
        """Show a file; the cover of ``seed`` until it is there."""
        if path != self._path:
            self._shown = None
        self._path, self._seed, self._icon = path, seed, cover_icon(kind)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it; at another width the picture of before, until it is decoded for this one."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        found = self._pictures.pixmap(self._path, self.size(), self.devicePixelRatioF()) if self._path else None
        self._shown = found or self._shown
        if self._shown is not None:
            paint_picture(painter, rect, self._shown)
        else:
            from PySide6.QtGui import QPainterPath

            clip = QPainterPath()
            clip.addRoundedRect(rect, RADIUS_SMALL, RADIUS_SMALL)
            painter.setClipPath(clip)
            paint_cover(painter, rect, self._seed, self._icon)
        painter.end()
