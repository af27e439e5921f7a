"""The frame of a page whose contents are longer than the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import PAGE_WIDTH, SPACE_16, SPACE_24, SPACE_32


class PageScroll(QScrollArea):
    """Scrolls one column, ``body``, centred and no wider than ``widest`` (grown with the text), with page margins.

    ``leading``: not centred, but where reading begins, next to a side bar.
    """

    def __init__(self, widest: int = PAGE_WIDTH, parent: QWidget | None = None, *, leading: bool = False) -> None:
        super().__init__(parent)
        self._widest = widest
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget(self)
        inside.setObjectName("scrolled")
        self.column = QWidget(inside)
        self.column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.column.setMaximumWidth(tokens().scaled(widest))
        for widget in (inside, self.column):
            widget.setAttribute(Qt.WidgetAttribute.WA_StaticContents)  # what is seen stays when there is more below
        self.body = QVBoxLayout(self.column)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(SPACE_16)
        row = QHBoxLayout(inside)
        row.setContentsMargins(SPACE_24, SPACE_24, SPACE_24, SPACE_32)
        if not leading:
            row.addStretch(1)
        row.addWidget(self.column, 1000, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        self.setWidget(inside)

    def changeEvent(self, event: QEvent) -> None:
        """The text's size changed, and with it how wide a comfortable column is."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "column"):
            self.column.setMaximumWidth(tokens().scaled(self._widest))

    def centre(self) -> None:
        """Put the column into the middle of the height too, for a page that is one sheet."""
        inside = self.widget()
        layout = inside.layout() if inside is not None else None
        if layout is not None:
            layout.setAlignment(self.column, Qt.AlignmentFlag.AlignVCenter)

    def to_top(self) -> None:
        """Back to the beginning, for another place."""
        self.verticalScrollBar().setValue(0)
