"""The palette, from the same tokens as the style sheet: for what Qt draws without asking the sheet."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from desktop.ui.theme.tokens import Colours


def palette(colours: Colours) -> QPalette:
    """A palette whose every role is one of the tokens."""
    roles = QPalette.ColorRole
    found = QPalette()
    for role, colour in {
        roles.Window: colours.canvas,
        roles.WindowText: colours.text,
        roles.Base: colours.surface,
        roles.AlternateBase: colours.canvas,
        roles.Text: colours.text,
        roles.Button: colours.surface,
        roles.ButtonText: colours.text,
        roles.BrightText: colours.on_accent,
        roles.ToolTipBase: colours.surface,
        roles.ToolTipText: colours.text,
        roles.PlaceholderText: colours.muted,
        roles.Highlight: colours.accent,
        roles.HighlightedText: colours.on_accent,
        roles.Link: colours.accent,
        roles.LinkVisited: colours.accent,
        roles.Light: colours.surface,
        roles.Midlight: colours.hover,
        roles.Mid: colours.border,
        roles.Dark: colours.border_strong,
        roles.Shadow: colours.shadow,
        roles.Accent: colours.accent,
    }.items():
        found.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.HighlightedText):
        found.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.disabled))
    return found
