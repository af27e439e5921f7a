"""Cards one below the other, as many as there are."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui.theme.live import tokens

USUAL_WIDTH = 520


class CardColumn(QWidget):
    """As wide as there is room; each card is as high as it says it has to be at that width (``heightForWidth``).

    A box layout squeezes all cards and stretches them again for each one that is added below: two thousand changes of
    size for fifty cards. Here a card that is added moves those after it, and nothing else.
    """

    def __init__(self, spacing: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spacing = spacing
        self._cards: list[QWidget] = []
        self._arranged_for = 0
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)  # what is seen stays when it grows
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def spacing(self) -> int:
        """Pixels between two cards."""
        return self._spacing

    def count(self) -> int:
        """How many cards there are."""
        return len(self._cards)

    def index(self, card: QWidget) -> int:
        """The place of a card that is here."""
        return self._cards.index(card)

    def put(self, place: int, card: QWidget) -> None:
        """Put a card at a place, wherever it was before."""
        first = place = min(place, len(self._cards))
        if card in self._cards:
            first = min(place, self._cards.index(card))
            self._cards.remove(card)
        else:
            if card.parentWidget() is not self:
                card.setParent(self)
            card.resize(card.size())  # it has one: showing it need not ask for the one it would like
        self._cards.insert(place, card)
        self._arrange(first)
        card.show()

    def drop(self, card: QWidget) -> None:
        """Hide a card at once and delete it soon."""
        first = self._cards.index(card)
        self._cards.remove(card)
        card.hide()
        card.deleteLater()
        self._arrange(first)

    def _arrange(self, first: int = 0) -> None:
        width = self._arranged_for
        if not width:  # it has no place yet
            return
        top = self._cards[first - 1].geometry().bottom() + 1 + self._spacing if first else 0
        for card in self._cards[first:]:
            height = card.heightForWidth(width)
            card.setGeometry(0, top, width, height)
            top += height + self._spacing
        self.setFixedHeight(max(0, top - self._spacing))

    def sizeHint(self) -> QSize:
        """Room for a next step beside the buttons of a card; its height is a fixed one."""
        return QSize(tokens().scaled(USUAL_WIDTH), self.height())

    def minimumSizeHint(self) -> QSize:
        """Room for the widest."""
        return QSize(max((card.minimumSizeHint().width() for card in self._cards), default=0), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may be another height of every card."""
        super().resizeEvent(event)
        if self.width() != self._arranged_for:
            self._arranged_for = self.width()
            self._arrange()

    def event(self, event: QEvent) -> bool:
        """A card says that it needs another height."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)
