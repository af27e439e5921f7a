"""Figures and texts as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from desktop import i18n


@pytest.fixture(autouse=True)
def _english(qtbot: QtBot) -> None:
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))


@pytest.mark.parametrize(
    ("position_ms", "text"),
    [(0, "0:00"), (21_999, "0:21"), (192_000, "3:12"), (3_723_000, "1:02:03"), (-5, "0:00")],
)
def test_a_place_in_a_medium(position_ms: int, text: str) -> None:
    assert i18n.clock_text(position_ms) == text


@pytest.mark.parametrize(("minutes", "text"), [(7, "7 min"), (60, "1 h"), (80, "1 h 20 min"), (-3, "0 min")])
def test_minutes(minutes: int, text: str) -> None:
    assert i18n.minutes_text(minutes) == text


def test_plural_forms_and_names() -> None:
    assert i18n.tr("1 download|{n} downloads", n=1) == "1 download"
    assert i18n.tr("1 download|{n} downloads", n=1200) == "1,200 downloads"
    assert i18n.tr("Hello {name}", name="{odd}") == "Hello {odd}"


@pytest.mark.parametrize(("percent", "text"), [(62.0, "62 %"), (83.33, "83.33 %"), (100.0, "100 %")])
def test_percent(percent: float, text: str) -> None:
    assert i18n.percent_text(percent) == text


def test_moments_are_in_the_learners_zone() -> None:
    assert i18n.moment_text(datetime(2026, 11, 24, 12, 4, tzinfo=UTC)).endswith("UTC")
    assert i18n.size_text(2_500_000) == "2.4 MB"
