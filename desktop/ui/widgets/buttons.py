"""Buttons: one that leads on (primary), others beside it (secondary), and those that stay in the background (quiet)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from desktop.ui.theme.icons import icon
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import ICON, ICON_SMALL, SPACE_4
from desktop.ui.widgets.labels import restyle


class Button(QPushButton):
    """A button. ``variant``: primary, secondary, quiet. ``icon_name`` is an icon of the set; Enter presses it too."""

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
        if self.property("tone") != tone:
            restyle(self, tone=tone)
            self._tint()

    def _tint(self) -> None:
        if not self._icon_name:
            if not self.icon().isNull():
                self.setIcon(icon("", "text", 1))
            return
        variant, tone = self.property("variant"), self.property("tone")
        role = "on_accent" if variant == "primary" else tone or ("muted" if variant in {"chip", "side"} else "text")
        if variant == "side" and self.isChecked():
            role = "accent"
        size = tokens().scaled(ICON_SMALL if variant == "chip" else ICON)
        gap = SPACE_4 if self.text() else 0
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.setIcon(icon(self._icon_name, role, size, gap=gap, mirrored=mirrored))
        self.setIconSize(QSize(size + gap, size))

    def checkStateSet(self) -> None:  # noqa: N802 (Qt's name)
        """A checked entry of a side list shows its icon in the accent."""
        super().checkStateSet()
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        """The look changed: the icon follows."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.LayoutDirectionChange}:
            self._tint()


class IconButton(QToolButton):
    """A button that is only an icon; ``label`` is its tooltip and what a screen reader says."""

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
        self.setIcon(icon(self._icon_name, self._role, size))
        self.setIconSize(QSize(size, size))

    def changeEvent(self, event: QEvent) -> None:
        """The look changed: the icon follows."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()
