"""Buttons: one that leads on (primary), others beside it (secondary), and those that stay in the background (quiet)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStyleOptionToolButton,
    QToolButton,
    QWidget,
)

from desktop.ui.theme.icons import icon
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import ICON, ICON_MEDIUM, ICON_SMALL, SPACE_4
from desktop.ui.widgets.focus import came_by_keyboard, came_by_pointer, shows_ring
from desktop.ui.widgets.labels import restyle

ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


LOOK_CHANGES = (QEvent.Type.PaletteChange, QEvent.Type.LayoutDirectionChange)


class Button(QPushButton):
    """A button. ``variant``: primary, secondary, quiet, link (a way back or on, flush with the text around it).

    ``icon_name`` is an icon of the set; Enter presses it too.
    """

    _ring = False

    def __init__(
        self,
        text: str = "",
        variant: str = "secondary",
        icon_name: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._icon_name = icon_name
        self.setProperty("variant", variant)
        self.setAutoDefault(True)
        if name:
            self.setObjectName(name)
        self._tint()

    def setText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        """Other words; without any the icon needs no room beside it."""
        had_words = bool(self.text())
        super().setText(text)
        if bool(text) != had_words:
            self._tint()

    def set_icon(self, icon_name: str) -> None:
        """Show another icon; '' for none."""
        self._icon_name = icon_name
        self._tint()

    def set_variant(self, variant: str) -> None:
        """Become another kind of button."""
        if self.property("variant") != variant:
            restyle(self, variant=variant)
            self._tint()

    def set_tone(self, tone: str) -> None:
        """'' or accent, warning, danger."""
        if (self.property("tone") or "") != tone:
            restyle(self, tone=tone)
            self._tint()

    def _tint(self) -> None:
        if not self._icon_name:
            if not self.icon().isNull():
                self.setIcon(icon("", "text", 1))
            return
        variant, tone = self.property("variant"), self.property("tone")
        role = "on_accent" if variant == "primary" else tone or ("muted" if variant in {"chip", "link"} else "text")
        small = variant == "chip" or self._icon_name.startswith("caret")
        size = tokens().scaled(ICON_SMALL if small else ICON_MEDIUM)
        gap = SPACE_4 if self.text() else 0
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        wanted = icon(self._icon_name, role, size, gap=gap, mirrored=mirrored)
        if wanted.cacheKey() != self.icon().cacheKey():  # widgets hear of changes that change nothing for them
            self.setIcon(wanted)
            self.setIconSize(QSize(size + gap, size))

    def changeEvent(self, event: QEvent) -> None:
        """The look changed: the icon follows."""
        super().changeEvent(event)
        if event.type() in LOOK_CHANGES:
            self._tint()

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """The ring is for those who came by keyboard."""
        super().initStyleOption(option)
        if not self._ring:
            option.state &= ~QStyle.StateFlag.State_HasFocus

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember how the focus came."""
        self._ring = shows_ring(event.reason(), before=self._ring)
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The pointer is in use."""
        came_by_pointer()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keyboard is in use."""
        if event.key() in ENTER:
            came_by_keyboard()
        super().keyPressEvent(event)


class IconButton(QToolButton):
    """A button that is only an icon; ``label`` is its tooltip and what a screen reader says."""

    _ring = False

    def __init__(
        self, icon_name: str, label: str, name: str = "", size: int = ICON, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon_name, self._size, self._role = icon_name, size, "muted"
        self.setProperty("variant", "icon")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.set_label(label)
        if name:
            self.setObjectName(name)
        self._tint()

    def set_label(self, label: str) -> None:
        """Say another thing."""
        self.setToolTip(label)
        self.setAccessibleName(label)

    def set_icon(self, icon_name: str, role: str = "") -> None:
        """Show another icon, in the colour of ``role``."""
        self._icon_name, self._role = icon_name, role or self._role
        self._tint()

    def _tint(self) -> None:
        size = tokens().scaled(self._size)
        wanted = icon(self._icon_name, self._role, size)
        if wanted.cacheKey() != self.icon().cacheKey():
            self.setIcon(wanted)
            self.setIconSize(QSize(size, size))

    def changeEvent(self, event: QEvent) -> None:
        """The look changed: the icon follows."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        """The ring is for those who came by keyboard."""
        super().initStyleOption(option)
        if not self._ring:
            option.state &= ~QStyle.StateFlag.State_HasFocus

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember how the focus came."""
        self._ring = shows_ring(event.reason(), before=self._ring)
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The pointer is in use."""
        came_by_pointer()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keyboard is in use; Enter presses as Space does."""
        if event.key() in ENTER:
            came_by_keyboard()
            if event.key() != Qt.Key.Key_Space:
                self.click()
                return
        super().keyPressEvent(event)
