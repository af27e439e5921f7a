"""The column at the side of a page. It scrolls by itself and grows with the text, but less."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import SPACE_4, SPACE_12, SPACE_16, SPACE_24


class SideBar(QScrollArea):
    """Fill ``column``. ``wide`` is its width at 100 % text size."""

    def __init__(self, wide: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wide = wide
        self.setObjectName("sideBar")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setObjectName("scrolled")
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(SPACE_12, SPACE_24, 0, SPACE_16)
        self.column.setSpacing(SPACE_4)
        self.setWidget(inside)
        self._fit()

    def _fit(self) -> None:
        # Half as much as the text: at 200 % the page beside it needs the room more.
        self.setFixedWidth((self._wide + tokens().scaled(self._wide)) // 2)

    def changeEvent(self, event: QEvent) -> None:
        """The text's size changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
