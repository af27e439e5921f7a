"""How strong a password looks, said while it is typed."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.password_rules import PasswordRules, strength

WEAK, FAIR, GOOD, STRONG = range(1, 5)


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("", 0),
        ("1234567890", WEAK),
        ("aaaaaaaaaaaaaaaa", WEAK),
        ("abcdefghijkl", WEAK),
        ("qwrt", WEAK),
        ("harbour7", FAIR),
        ("harbour-mill", GOOD),
        ("a long enough phrase 7", STRONG),
    ],
)
def test_strength(password: str, found: int) -> None:
    assert strength(password) == found


def test_longer_is_never_weaker() -> None:
    phrase = "ridge orchard harbour mill"
    found = [strength(phrase[:end]) for end in range(len(phrase) + 1)]
    assert found == sorted(found)


def test_it_is_said_in_words_and_before_anything_is_typed(qtbot: QtBot) -> None:
    rules = PasswordRules()
    qtbot.addWidget(rules)
    rules.show_rules(("At least 10 characters",))
    assert not rules.check("")
    assert rules.words.text().startswith("Three or four words")
    assert not rules.check("1234")
    assert (rules.words.text(), rules.bar.value()) == ("Strength: weak", 25)
    assert rules.check("a long enough phrase 7")
    assert (rules.words.text(), rules.bar.value()) == ("Strength: strong", 100)
