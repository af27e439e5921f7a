"""Figures and texts as people read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from desktop import i18n


@pytest.fixture(autouse=True)
def _english(qtbot: QtBot) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)


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


DAY = datetime(2026, 11, 30, 12, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("C", "30 Nov 2026"),
        ("en_GB", "30 Nov 2026"),
        ("en_US", "Nov 30, 2026"),
        ("de_DE", "30. Nov. 2026"),
        ("es_ES", "30 de nov de 2026"),
        ("ja_JP", "2026年11月30日"),
    ],
)
def test_a_day_is_written_with_the_month_in_letters(name: str, text: str) -> None:
    QLocale.setDefault(QLocale.c() if name == "C" else QLocale(name))
    assert i18n.day_text(DAY) == text


def test_a_day_is_whole_and_without_a_weekday_in_every_locale() -> None:
    anything = QLocale.Language.AnyLanguage, QLocale.Script.AnyScript, QLocale.Country.AnyCountry
    for locale in QLocale.matchingLocales(*anything):
        pattern = i18n.day_pattern(locale)
        letters = re.sub("'[^']*'", "", pattern)
        assert "yyyy" in letters, (locale.name(), pattern)
        assert not re.search("d{3,}", letters), (locale.name(), pattern)
        assert re.search(r"d", letters), (locale.name(), pattern)
        assert pattern == pattern.strip()


def test_a_system_without_a_locale_reads_like_english() -> None:
    QLocale.setDefault(QLocale.c())
    assert i18n.moment_text(DAY) == "30 Nov 2026, 12:04 UTC"
    assert i18n.time_text(DAY) == "12:04"
    assert i18n.tr("1 download|{n} downloads", n=1200) == "1,200 downloads"
