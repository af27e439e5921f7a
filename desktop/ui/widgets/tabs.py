"""Parts of a page side by side, of which one is seen: a row of names. Left and right go from one to the next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QStyle, QStyleOptionTab, QTabBar, QWidget

from desktop.ui.widgets.focus import came_by_keyboard, came_by_pointer, shows_ring


class Tabs(QTabBar):
    """``add_tab`` gives each a key; ``chosen`` and ``choose`` speak of keys. ``currentChanged`` as in Qt."""

    _ring = False

    def __init__(self, label: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(label)
        self.setObjectName(name)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def add_tab(self, key: str, text: str) -> None:
        """One more, at the end."""
        self.setTabData(self.addTab(text), key)

    def chosen(self) -> str:
        """The key of the one that is seen; empty while there is none."""
        return str(self.tabData(self.currentIndex()) or "")

    def choose(self, key: str) -> None:
        """Mark another; one that is not known changes nothing."""
        for number in range(self.count()):
            if self.tabData(number) == key:
                self.setCurrentIndex(number)

    def initStyleOption(self, option: QStyleOptionTab, number: int) -> None:
        """The ring is for those who came by keyboard."""
        super().initStyleOption(option, number)
        if not self._ring:
            option.state &= ~QStyle.StateFlag.State_HasFocus

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember how the focus came."""
        self._ring = shows_ring(event.reason(), before=self._ring)
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The pointer is in use."""
        came_by_pointer()
        self._ring = False
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keyboard is in use; Home and End go to the ends."""
        came_by_keyboard()
        self._ring = True
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self.count() - 1}
        if event.key() in ends:
            self.setCurrentIndex(ends[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """The text's size changed: the names need other room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
