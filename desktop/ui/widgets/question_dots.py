"""How many questions of a quiz are answered, as a row of dots; a click on a dot goes to its question."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.i18n import tr
from desktop.ui.theme.live import tokens

STEP = 18
DIAMETER = 10
MOST = 30
"""More questions than this are a figure only: dots that small say nothing."""


class QuestionDots(QWidget):
    """Emits ``wanted`` (the number of a question from 0)."""

    wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answered: tuple[bool, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_answered(self, answered: tuple[bool, ...]) -> None:
        """Which questions have an answer."""
        self._answered = answered
        said = tr("{done} of {total} answered", done=sum(answered), total=len(answered))
        self.setAccessibleName(said)
        self.setToolTip(said)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A dot for each question."""
        shown = len(self._answered) if len(self._answered) <= MOST else 0
        return QSize(shown * STEP, STEP)

    def _place(self, number: int) -> QPointF:
        across = number * STEP + STEP / 2
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            across = self.width() - across
        return QPointF(across, self.height() / 2)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go to the question of the nearest dot."""
        if self._answered:
            distances = [abs(self._place(n).x() - event.position().x()) for n in range(len(self._answered))]
            self.wanted.emit(distances.index(min(distances)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Full dots are answered, rings are not."""
        if len(self._answered) > MOST:
            return
        colours = tokens().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, done in enumerate(self._answered):
            painter.setPen(QPen(QColor(colours.accent if done else colours.border_strong), 1.5))
            painter.setBrush(QColor(colours.accent if done else colours.surface))
            painter.drawEllipse(self._place(number), DIAMETER / 2, DIAMETER / 2)
        painter.end()
