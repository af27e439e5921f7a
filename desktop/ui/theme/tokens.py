"""The look in numbers: colours by role, spacing, radii, type and icon sizes. Whatever is drawn takes them here."""

from __future__ import annotations

from typing import Final, NamedTuple

from desktop.ui.theme.contrast import ENOUGH, contrast, legible, mix, parse

SPACE_4: Final = 4
SPACE_8: Final = 8
SPACE_12: Final = 12
SPACE_16: Final = 16
SPACE_24: Final = 24
SPACE_32: Final = 32

RADIUS_SMALL: Final = 6
RADIUS_LARGE: Final = 10

TYPE_SMALL: Final = 12
TYPE_BODY: Final = 14
TYPE_HEADING: Final = 16
TYPE_TITLE: Final = 20
TYPE_DISPLAY: Final = 28

ICON_SMALL: Final = 16
ICON_MEDIUM: Final = 18
"""Beside the text of a button or of an entry of a menu."""
ICON: Final = 20
ICON_LARGE: Final = 40

TRANSITION_MS: Final = 150
MEASURE: Final = 680
"""The widest a running text gets, in pixels at 100 % text size: about 70 characters."""
CONTROL: Final = 20
"""The height of what is within a button or a field: with border and padding 34, so that all stand in one line."""
PAGE_WIDTH: Final = 1120
"""The widest the column of a page with lists gets."""

DEFAULT_ACCENT: Final = "#2f6f5e"


class Colours(NamedTuple):
    """Roles, each ``#rrggbb``. ``…_soft`` are grounds for a text in the role's own colour."""

    canvas: str
    surface: str
    sunken: str
    hover: str
    pressed: str
    border: str
    border_strong: str
    text: str
    muted: str
    disabled: str
    accent: str
    on_accent: str
    accent_hover: str
    accent_soft: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    success: str
    success_soft: str
    shadow: str

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every (text role, ground role) in which words appear; each has a contrast of at least 4.5."""
        grounds = ("canvas", "surface", "sunken", "hover", "pressed", "accent_soft")
        plain = tuple((role, ground) for role in ("text", "muted") for ground in grounds)
        coloured = tuple(
            (role, ground)
            for role in ("accent", "danger", "warning", "success")
            for ground in ("canvas", "surface", "hover", f"{role}_soft")
        )
        on_soft = tuple(("text", f"{role}_soft") for role in ("danger", "warning", "success"))
        return (*plain, *coloured, *on_soft, ("on_accent", "accent"), ("on_accent", "accent_hover"))


LIGHT: Final = Colours(
    canvas="#f7f5f0",
    surface="#fffefb",
    sunken="#efece5",
    hover="#f3f0e9",
    pressed="#ebe7dd",
    border="#e0dcd2",
    border_strong="#bcb6a8",
    text="#24221d",
    muted="#5d594f",
    disabled="#98937f",
    accent=DEFAULT_ACCENT,
    on_accent="#ffffff",
    accent_hover="#285f51",
    accent_soft="#e3ede8",
    danger="#a3322a",
    danger_soft="#f9e7e3",
    warning="#805300",
    warning_soft="#f9eed6",
    success="#2b6a3c",
    success_soft="#e4f0e4",
    shadow="#24221d",
)
DARK: Final = Colours(
    canvas="#1a1b19",
    surface="#232422",
    sunken="#151614",
    hover="#2b2d2a",
    pressed="#343632",
    border="#383a36",
    border_strong="#61645c",
    text="#ece9e2",
    muted="#b3afa4",
    disabled="#75736a",
    accent="#7fc7b0",
    on_accent="#0e211b",
    accent_hover="#95d4c0",
    accent_soft="#233a33",
    danger="#f2a198",
    danger_soft="#45261f",
    warning="#e6bb66",
    warning_soft="#3e311b",
    success="#93d0a2",
    success_soft="#21371f",
    shadow="#000000",
)


def with_accent(colours: Colours, accent: str, *, dark: bool) -> Colours:
    """``colours`` with an organization's accent, moved towards black or white as far as legibility asks.

    An accent that is not a colour is ignored: a broken brand file must not break the program.
    """
    if parse(accent) is None:
        return colours
    toward = "#ffffff" if dark else "#000000"
    plain = legible(accent, (colours.surface,), toward)
    # The tint is as strong as the muted text on it allows.
    tints = (mix(colours.surface, plain, percent / 100) for percent in range(20 if dark else 12, 0, -1))
    soft = next(tint for tint in tints if contrast(tint, colours.muted) >= ENOUGH)
    fitted = legible(accent, (colours.canvas, colours.surface, colours.hover, soft), toward)
    hover = mix(fitted, toward, 0.15)
    return colours._replace(
        accent=fitted,
        accent_hover=hover,
        accent_soft=soft,
        on_accent=legible(mix(colours.surface, fitted, 0.08), (fitted, hover), "#000000" if dark else "#ffffff"),
    )


class Tokens(NamedTuple):
    """One look: colours, and how large and how lively. ``text_percent`` is 100 to 200."""

    colours: Colours = LIGHT
    dark: bool = False
    text_percent: int = 100
    reduced_motion: bool = False

    def scaled(self, pixels: int) -> int:
        """A size that grows with the text: type, icons beside it, rows that hold it."""
        return round(pixels * self.text_percent / 100)

    @property
    def transition_ms(self) -> int:
        """How long a change of state may take to be drawn."""
        return 0 if self.reduced_motion else TRANSITION_MS


def tokens_for(*, dark: bool, accent: str = "", text_percent: int = 100, reduced_motion: bool = False) -> Tokens:
    """The look for these wishes. ``text_percent`` is kept within 100 to 200."""
    colours = DARK if dark else LIGHT
    if accent and accent.lower() != DEFAULT_ACCENT:
        colours = with_accent(colours, accent, dark=dark)
    return Tokens(colours, dark, max(100, min(200, text_percent)), reduced_motion)


COLOUR_ROLES: Final = Colours._fields
