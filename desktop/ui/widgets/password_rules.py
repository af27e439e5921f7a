"""What a password has to be, said before it is typed, and ticked off while it is."""

from __future__ import annotations

import itertools
import math
import re

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.ui.theme.tokens import ICON_SMALL, SPACE_4, SPACE_8
from desktop.ui.widgets.indicators import ProgressLine
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.layouts import clear

DEFAULT_LENGTH = 10
BITS = (30, 48, 70)
"""From here on a password is fair, good, strong: what guessing takes, as a power of two."""


def strength(password: str) -> int:
    """0 nothing typed, 1 weak, 2 fair, 3 good, 4 strong. An estimate; the server has the last word.

    Characters that repeat or count on from the one before (aaa, 1234) add nothing.
    """
    if not password:
        return 0
    pairs = itertools.pairwise(password)
    counted = 1 + sum(abs(ord(after) - ord(before)) > 1 for before, after in pairs)
    alphabets = (("[a-z]", 26), ("[A-Z]", 26), ("[0-9]", 10), ("[^a-zA-Z0-9]", 30))
    signs = sum(size for pattern, size in alphabets if re.search(pattern, password))
    bits = min(counted, 2 * len(set(password))) * math.log2(signs)
    return 1 + sum(bits >= least for least in BITS)


class PasswordRules(QWidget):
    """The server's rules as it words them. Those about length can be checked here; the others it judges itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = ProgressLine(tr("Strength of the password"), thickness=4)
        self.words = Label("", "small", "muted")
        self.words.setObjectName("passwordStrength")
        self._column = QVBoxLayout()
        self._column.setSpacing(SPACE_4)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(SPACE_4)
        whole.addWidget(self.bar)
        whole.addWidget(self.words)
        whole.addSpacing(SPACE_4)
        whole.addLayout(self._column)
        self._length = DEFAULT_LENGTH
        self._mark: IconLabel | None = None
        self._rule: Label | None = None
        self.show_rules(())

    def show_rules(self, rules: tuple[str, ...]) -> None:
        """List them. The first number in a rule that speaks of characters is the least length."""
        clear(self._column)
        self._mark = self._rule = None
        self._length = DEFAULT_LENGTH
        for rule in rules or (tr("At least {n} characters", DEFAULT_LENGTH),):
            found = re.search(r"(\d+)\D{0,20}character", rule)
            mark = IconLabel("circle" if found else "info", ICON_SMALL)
            words = Label(tr(rule), "small", "muted")
            row = QHBoxLayout()
            row.setSpacing(SPACE_8)
            row.addWidget(mark)
            row.addWidget(words, 1)
            self._column.addLayout(row)
            if found and self._mark is None:
                self._length = int(found[1])
                self._mark, self._rule = mark, words

    def check(self, password: str) -> bool:
        """Tick off what is fulfilled. True if the password may be tried."""
        self._show_strength(password)
        long_enough = len(password) >= self._length
        if self._mark is not None and self._rule is not None:
            self._mark.set_icon("check-circle-fill" if long_enough else "circle", "accent" if long_enough else "muted")
            self._rule.set_tone("accent" if long_enough else "muted")
            self._rule.setAccessibleDescription(tr("Fulfilled") if long_enough else tr("Not yet fulfilled"))
        return long_enough

    def _show_strength(self, password: str) -> None:
        found = strength(password)
        words = (
            tr("Three or four words that do not belong together make a good one."),
            tr("Strength: weak"),
            tr("Strength: fair"),
            tr("Strength: good"),
            tr("Strength: strong"),
        )
        self.words.setText(words[found])
        self.bar.setValue(25 * found)
        self.bar.set_role(("accent", "danger", "warning", "accent", "accent")[found])
