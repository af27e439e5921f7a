"""The look: legible in both themes and with any accent; followed live; kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui.preferences import Preferences
from desktop.ui.theme import icons
from desktop.ui.theme.contrast import ENOUGH, contrast, legible, mix, parse
from desktop.ui.theme.live import tokens
from desktop.ui.theme.palette import palette
from desktop.ui.theme.stylesheet import style_sheet
from desktop.ui.theme.theme import DARK, LIGHT, SYSTEM, Theme
from desktop.ui.theme.tokens import DEFAULT_ACCENT, Colours, tokens_for


def weak_pairs(colours: Colours) -> list[str]:
    """Pairs of a text and its ground that are too alike."""
    return [
        f"{text} on {ground}: {contrast(getattr(colours, text), getattr(colours, ground)):.2f}"
        for text, ground in colours.pairs()
        if contrast(getattr(colours, text), getattr(colours, ground)) < ENOUGH
    ]


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_is_legible_on_every_ground_it_appears_on(dark: bool) -> None:
    assert weak_pairs(tokens_for(dark=dark).colours) == []


@given(red=st.integers(0, 255), green=st.integers(0, 255), blue=st.integers(0, 255), dark=st.booleans())
def test_any_accent_of_an_organization_stays_legible(red: int, green: int, blue: int, dark: bool) -> None:
    accent = f"#{red:02x}{green:02x}{blue:02x}"
    assert weak_pairs(tokens_for(dark=dark, accent=accent).colours) == []


def test_an_accent_that_is_no_colour_is_ignored() -> None:
    assert tokens_for(dark=False, accent="teal-ish").colours.accent == DEFAULT_ACCENT


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
    assert parse("#abc") == (0xAA, 0xBB, 0xCC)
    assert legible("#ffffff", ("#ffffff",), "#000000") != "#ffffff"


def test_the_sheet_names_no_colour_but_the_tokens() -> None:
    look = tokens_for(dark=True, text_percent=150)
    known = set(look.colours)
    sheet = style_sheet(look)
    found = {word.rstrip(";") for word in sheet.split() if word.startswith("#") and parse(word.rstrip(";"))}
    assert found
    assert found <= known
    assert "$" not in sheet
    assert "font-size: 21px" in sheet


def test_icons_that_screens_name_exist(qtbot: QtBot) -> None:
    for name in (*icons.KIND_ICONS.values(), icons.UNKNOWN_KIND, "check-circle-fill", "wifi-slash", "bookmark-simple"):
        assert icons.known(name), name
    assert any("Phosphor" in family for family in QFontDatabase.families())


def test_an_icon_is_drawn_in_the_colour_of_its_role(qtbot: QtBot) -> None:
    image = icons.icon_pixmap("check-circle-fill", 24, "#ff0000").toImage()
    assert image.pixelColor(12, 4).red() > 200
    assert image.pixelColor(0, 0).alpha() == 0


def test_the_theme_is_put_on_the_application_and_remembered(qtbot: QtBot, preferences: Preferences) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme = Theme(app, preferences, parent=preferences)
    theme.set_mode(LIGHT)
    light = tokens()
    with qtbot.waitSignal(theme.changed):
        theme.set_mode(DARK)
    assert tokens().dark
    assert app.palette() == palette(tokens().colours)
    assert tokens().colours.canvas in app.styleSheet()
    with qtbot.waitSignal(theme.changed):
        theme.set_text_percent(150)
    assert tokens().scaled(14) == 21
    with qtbot.waitSignal(theme.changed):
        theme.set_accent("#8844cc")
    assert tokens().colours.accent != light.colours.accent
    theme.set_reduced_motion(True)
    assert tokens().transition_ms == 0
    again = Theme(app, preferences, parent=preferences)
    assert again.mode == DARK
    assert tokens().text_percent == 150
    theme.set_reduced_motion(False)
    theme.set_text_percent(100)
    theme.set_mode(SYSTEM)


def test_the_system_s_theme_is_followed_live(qtbot: QtBot, preferences: Preferences) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    night = False
    theme = Theme(app, preferences, parent=preferences, system_is_dark=lambda: night)
    assert theme.mode == SYSTEM
    assert not tokens().dark
    night = True
    # The offscreen platform has no theme of its own: the change is announced as a desktop announces it.
    with qtbot.waitSignal(theme.changed):
        app.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert tokens().dark
    theme.set_mode(LIGHT)
    assert not tokens().dark
    app.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert not tokens().dark
    theme.set_mode(SYSTEM)
