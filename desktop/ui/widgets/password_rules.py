"""What a password has to be, said before it is typed, and ticked off while it is."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.ui.theme.tokens import ICON_SMALL, SPACE_4, SPACE_8
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.layouts import clear

DEFAULT_LENGTH = 10


class PasswordRules(QWidget):
    """The server's rules as it words them. Those about length can be checked here; the others it judges itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_4)
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
        long_enough = len(password) >= self._length
        if self._mark is not None and self._rule is not None:
            self._mark.set_icon("check-circle-fill" if long_enough else "circle", "accent" if long_enough else "muted")
            self._rule.set_tone("accent" if long_enough else "muted")
            self._rule.setAccessibleDescription(tr("Fulfilled") if long_enough else tr("Not yet fulfilled"))
        return long_enough
