"""The look of the slides: one palette, two type families, and a page that knows how far its sentences are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

WIDTH, HEIGHT = 640, 360
MARGIN = 40.0
PROGRESS_HEIGHT = 4

PAPER = QColor("#faf7f0")
SHEET = QColor("#fffdf8")
INK = QColor("#25302d")
SOFT = QColor("#6a746f")
RULE = QColor("#d8d2c4")
GREEN = QColor("#2f6f5e")
GREEN_WASH = QColor("#dcebe4")
AMBER = QColor("#c9792b")
AMBER_WASH = QColor("#f8e6cd")
BLUE = QColor("#3b648f")
BLUE_WASH = QColor("#dfe8f2")
RED = QColor("#b0493a")
RED_WASH = QColor("#f5ddd7")

SERIF = "Source Serif Pro"
SANS = "Source Sans Pro"
MONO = "DejaVu Sans Mono"

Align = Qt.AlignmentFlag
LEFT, CENTRE, RIGHT = Align.AlignLeft, Align.AlignHCenter, Align.AlignRight


def load_fonts() -> None:
    """Make the two families known to Qt.

    Raises:
        RuntimeError: a font file is missing or unreadable.
    """
    for package, names in {
        "font_source_sans_pro": ("SourceSansPro-Regular", "SourceSansPro-Semibold", "SourceSansPro-Bold"),
        "font_source_serif_pro": ("SourceSerifPro-Regular", "SourceSerifPro-Semibold", "SourceSerifPro-It"),
    }.items():
        for name in names:
            path = files(package) / "files" / f"{name}.ttf"
            if QFontDatabase.addApplicationFont(str(path)) < 0:
                raise RuntimeError(f"no font in {path}")


def ease(share: float) -> float:
    """From 0 to 1, gently at both ends."""
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def font(size: float, *, family: str = SANS, bold: bool = False, italic: bool = False) -> QFont:
    """A font of ``size`` pixels."""
    made = QFont(family)
    made.setPixelSize(round(size))
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    made.setItalic(italic)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


class Page:
    """A slide at one moment. ``since_ms`` holds, for each sentence, the time since it began (negative: not yet)."""

    def __init__(self, painter: QPainter, since_ms: Sequence[float]) -> None:
        self.painter = painter
        self._since = since_ms

    def grown(self, step: int, over_ms: float = 600, delay_ms: float = 0) -> float:
        """0 before sentence ``step``, 1 when it has been going on for a while; between them an eased way."""
        return ease((self._since[step] - delay_ms) / over_ms)

    @contextmanager
    def shown(self, step: int, *, delay_ms: float = 0, rise: float = 8, until: int | None = None) -> Iterator[None]:
        """What is drawn inside appears with sentence ``step`` and fades out with ``until``."""
        amount = self.grown(step, 500, delay_ms)
        fading = 1 - self.grown(until, 400) if until is not None else 1.0
        self.painter.save()
        self.painter.setOpacity(self.painter.opacity() * amount * fading)
        self.painter.translate(0, rise * (1 - amount))
        yield
        self.painter.restore()

    def background(self) -> None:
        """Paper and nothing else."""
        self.painter.fillRect(0, 0, WIDTH, HEIGHT, PAPER)

    def title(self, text: str, kicker: str = "") -> None:
        """The heading, with a small line above it."""
        if kicker:
            self.text(kicker.upper(), MARGIN, 22, 12, SOFT, bold=True, spacing=1.2)
        self.text(text, MARGIN - 1, 38, 27, INK, family=SERIF, bold=True)

    def text(
        self,
        text: str,
        x: float,
        y: float,
        size: float = 19,
        colour: QColor = INK,
        *,
        width: float = WIDTH - 2 * MARGIN,
        align: Align = LEFT,
        family: str = SANS,
        bold: bool = False,
        italic: bool = False,
        spacing: float = 0,
    ) -> float:
        """Wrapped text with its top at ``y``; for CENTRE and RIGHT ``x`` is the middle or the right edge. Returns the
        height."""
        used = font(size, family=family, bold=bold, italic=italic)
        if spacing:
            used.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
        left = x if align == LEFT else x - width / 2 if align == CENTRE else x - width
        box = QRectF(left, y, width, 400)
        flags = int(align) | int(Qt.TextFlag.TextWordWrap)
        needed = QFontMetricsF(used).boundingRect(box, flags, text)
        self.painter.setFont(used)
        self.painter.setPen(colour)
        self.painter.drawText(box, flags, text)
        return needed.height()

    def card(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: QColor = SHEET,
        edge: QColor = RULE,
        radius: float = 8,
    ) -> None:
        """A sheet with a hairline."""
        self.painter.setPen(QPen(edge, 1.2))
        self.painter.setBrush(fill)
        self.painter.drawRoundedRect(QRectF(x, y, width, height), radius, radius)

    def label(
        self, text: str, x: float, y: float, width: float, height: float, colour: QColor = INK, **style: object
    ) -> None:
        """One line in the middle of a box."""
        size = float(str(style.get("size", 17)))
        used = font(size, family=str(style.get("family", SANS)), bold=bool(style.get("bold")))
        self.painter.setFont(used)
        self.painter.setPen(colour)
        self.painter.drawText(QRectF(x, y, width, height), int(Align.AlignCenter), text)

    def pill(self, text: str, x: float, y: float, colour: QColor, wash: QColor, size: float = 15) -> float:
        """A rounded word; returns its width."""
        width = QFontMetricsF(font(size, bold=True)).horizontalAdvance(text) + 22
        self.card(x, y, width, size + 11, wash, wash, (size + 11) / 2)
        self.label(text, x, y, width, size + 11, colour, size=size, bold=True)
        return width

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        colour: QColor = RULE,
        width: float = 1.2,
        *,
        dashed: bool = False,
    ) -> None:
        """A straight line."""
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if dashed:
            pen.setDashPattern([3, 3])
        self.painter.setPen(pen)
        self.painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))

    def arrow(self, x1: float, y1: float, x2: float, y2: float, colour: QColor = SOFT, width: float = 2) -> None:
        """A line with a head at its second end."""
        self.line(x1, y1, x2, y2, colour, width)
        tip, tail = QPointF(x2, y2), QPointF(x1, y1)
        along = tip - tail
        along /= max(0.001, (along.x() ** 2 + along.y() ** 2) ** 0.5)
        across = QPointF(-along.y(), along.x())
        head = 4 + 2 * width
        self.painter.setBrush(colour)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.drawPolygon(
            QPolygonF(
                [tip + along * 2, tip - along * head + across * head * 0.55, tip - along * head - across * head * 0.55]
            )
        )

    def curve(
        self, points: Sequence[tuple[float, float]], colour: QColor, share: float = 1.0, width: float = 3
    ) -> None:
        """The first ``share`` of a line through many points."""
        count = max(1, round(share * (len(points) - 1)))
        if share <= 0:
            return
        path = QPainterPath(QPointF(*points[0]))
        for point in points[1 : count + 1]:
            path.lineTo(QPointF(*point))
        pen = QPen(colour, width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawPath(path)

    def dot(self, x: float, y: float, radius: float, colour: QColor) -> None:
        """A filled disc."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(colour)
        self.painter.drawEllipse(QPointF(x, y), radius, radius)

    def tick(self, x: float, y: float, colour: QColor = GREEN, size: float = 7) -> None:
        """A tick whose middle is at (x, y)."""
        self.curve([(x - size, y), (x - size / 4, y + size * 0.7), (x + size, y - size * 0.8)], colour, width=2.6)

    def cross(self, x: float, y: float, colour: QColor = RED, size: float = 6) -> None:
        """A cross whose middle is at (x, y)."""
        self.line(x - size, y - size, x + size, y + size, colour, 2.6)
        self.line(x - size, y + size, x + size, y - size, colour, 2.6)
