"""Icons: Phosphor, as a font. QtAwesome ships it; its glyphs are drawn here without importing QtAwesome.

Why: importing QtAwesome and its compatibility layer costs 330 ms at the start, and the first icon 65 ms more; finding
the same font file and drawing the glyph costs under 20 ms, once.
"""

from __future__ import annotations

import functools
import importlib.util
import json
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPixmap

from desktop.ui.theme.live import tokens

KIND_ICONS: Final = {
    "video": "play-circle",
    "reading": "book-open",
    "practice_quiz": "puzzle-piece",
    "graded_quiz": "circle-wavy-check",
    "assignment": "pencil-line",
    "external_tool": "wrench",
    "survey": "chart-bar",
    "discussion": "chats-circle",
}
UNKNOWN_KIND: Final = "question"


def kind_icon(kind: str) -> str:
    """The icon of a kind of item."""
    return KIND_ICONS.get(kind, UNKNOWN_KIND)


@functools.cache
def _font_family() -> tuple[str, dict[str, str]]:
    found = importlib.util.find_spec("qtawesome")
    if found is None or found.origin is None:
        return "", {}
    folder = Path(found.origin).parent / "fonts"
    font = next(iter(sorted(folder.glob("phosphor-[0-9]*.ttf"))), None)
    charmap = next(iter(sorted(folder.glob("phosphor-charmap-*.json"))), None)
    if font is None or charmap is None:
        return "", {}
    # Qt maps the file; given its bytes it would copy a megabyte and a half.
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(font)))
    return (families[0] if families else ""), json.loads(charmap.read_text())


def known(name: str) -> bool:
    """Whether the set has an icon of this name (``house``, ``house-bold``, ``house-fill``, …)."""
    return name in _font_family()[1]


def paint_icon(painter: QPainter, rect: QRect | QRectF, name: str, colour: str | QColor) -> None:
    """Draw an icon centred in ``rect``, as large as its smaller side. Nothing is drawn for an unknown name."""
    family, codes = _font_family()
    code = codes.get(name)
    if not code:
        return
    size = min(rect.width(), rect.height())
    font = QFont(family)
    font.setPixelSize(max(1, round(size)))
    painter.save()
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(QRectF(rect), Qt.AlignmentFlag.AlignCenter, chr(int(code, 16)))
    painter.restore()


def icon_pixmap(
    name: str, size: int, colour: str, ratio: float = 1.0, *, gap: int = 0, mirrored: bool = False
) -> QPixmap:
    """An icon as a picture of ``size`` logical pixels, and ``gap`` more in width."""
    pixmap = QPixmap(round((size + gap) * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    paint_icon(painter, QRect(gap if mirrored else 0, 0, size, size), name, colour)
    painter.end()
    return pixmap


def icon(name: str, role: str = "text", size: int = 20, *, gap: int = 0, mirrored: bool = False) -> QIcon:
    """An icon in the colour of ``role`` of the look of this moment; take a new one when the look changes.

    The same icon is drawn once, however many widgets show it.
    ``gap`` is empty room between the icon and the text that follows it (on the left of the icon if ``mirrored``).
    """
    colours = tokens().colours
    return _icon(name, getattr(colours, role), colours.disabled, size, gap, mirrored)


@functools.lru_cache(maxsize=512)
def _icon(name: str, colour: str, disabled: str, size: int, gap: int, mirrored: bool) -> QIcon:
    found = QIcon()
    for ratio in (1.0, 2.0):
        for mode, ink in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
            found.addPixmap(icon_pixmap(name, size, ink, ratio, gap=gap, mirrored=mirrored), mode)
    return found
