"""Words on the screen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.ui.theme.icons import paint_icon
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import ICON
from desktop.ui.widgets.lines import paint_line, reading_side


def restyle(widget: QWidget, **properties: str) -> None:
    """Set properties the style sheet looks at (``variant``, ``tone``) and have it look again."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class Label(QLabel):
    """Plain text that wraps.

    ``variant``: display, title, heading, strong, body, small, overline. ``tone``: '', muted, accent, danger, warning,
    success.
    """

    def __init__(
        self, text: str = "", variant: str = "body", tone: str = "", parent: QWidget | None = None, *, wrap: bool = True
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setProperty("variant", variant)
        self.setProperty("tone", tone)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
            self.setMinimumWidth(1)
        self._leading = True
        self._align()

    def setAlignment(self, alignment: Qt.AlignmentFlag) -> None:  # noqa: N802 (Qt's name)
        """Another alignment than the side where reading begins."""
        self._leading = False
        super().setAlignment(alignment)

    def _align(self) -> None:
        # Qt aligns a label by the direction of its words; on a page that is mirrored all of it begins at the right.
        if self._leading:
            mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            super().setAlignment(reading_side(mirrored=mirrored) | Qt.AlignmentFlag.AlignVCenter)

    def changeEvent(self, event: QEvent) -> None:
        """The direction of reading changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def set_tone(self, tone: str) -> None:
        """Change the colour's role."""
        if self.property("tone") != tone:
            restyle(self, tone=tone)


class ElidedLabel(Label):
    """One line that ends in … where there is no room; the whole text is its tooltip and accessible name."""

    def __init__(self, text: str = "", variant: str = "body", tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", variant, tone, parent, wrap=False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole = ""
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another text."""
        self._whole = text
        self.setAccessibleName(text)
        self.setText(text)

    def whole_text(self) -> str:
        """The text before it was shortened."""
        return self._whole

    def minimumSizeHint(self) -> QSize:
        """Almost nothing in width."""
        return QSize(self.fontMetrics().averageCharWidth() * 4, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, super().sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what fits."""
        fits = self.fontMetrics().horizontalAdvance(self._whole) <= self.width()
        self.setToolTip("" if fits else self._whole)
        painter = QPainter(self)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        colour = self.palette().windowText().color().name()
        paint_line(painter, QRectF(self.rect()), self._whole, self.font(), colour, mirrored=mirrored)
        painter.end()


SIZE_CHANGES = (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.ApplicationFontChange)


class IconLabel(QWidget):
    """An icon that only accompanies a text beside it. It follows the look and the text size by itself."""

    def __init__(self, name: str, size: int = ICON, role: str = "muted", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._size, self._role = name, size, role
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, name: str, role: str = "") -> None:
        """Show another icon."""
        self._name, self._role = name, role or self._role
        self.update()

    def sizeHint(self) -> QSize:
        """As large as the text size asks."""
        side = tokens().scaled(self._size)
        return QSize(side, side)

    def changeEvent(self, event: QEvent) -> None:
        """The look changed, perhaps its size too."""
        super().changeEvent(event)
        if event.type() in SIZE_CHANGES:
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the glyph."""
        painter = QPainter(self)
        paint_icon(painter, self.rect(), self._name, getattr(tokens().colours, self._role))
        painter.end()
