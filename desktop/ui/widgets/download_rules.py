"""The learner's rules for downloads: each choice is kept as soon as it is made.

Object names: ``rulesCard``, ``ruleSpeed``, ``ruleMetered``, ``ruleHours``, ``ruleFrom``, ``ruleUntil``, ``ruleFloor``,
``ruleAhead``, ``ruleFinished``.
"""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import size_text, tr
from desktop.models.views import DownloadRules
from desktop.ui.theme.tokens import SPACE_4, SPACE_8, SPACE_16
from desktop.ui.widgets.fields import ChoiceBox, TimeField
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import FlowLayout
from desktop.ui.widgets.surfaces import Card

MIB, GIB = 1024**2, 1024**3
SPEEDS = (0, MIB // 4, MIB // 2, MIB, 2 * MIB, 5 * MIB, 10 * MIB)
FLOORS = (256 * MIB, GIB, 2 * GIB, 5 * GIB, 10 * GIB, 20 * GIB)
WEEKS_AHEAD = (0, 1, 2)
NIGHT = (22 * 60, 6 * 60)
"""What is offered first to whoever chooses hours."""


class DownloadRulesCard(Card):
    """``rules_changed``: a dict of the fields of ``DownloadRules`` that the learner chose anew."""

    rules_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rulesCard")
        self._rules = DownloadRules()
        self._showing = False
        self.speed = ChoiceBox(tr("Speed"), "ruleSpeed")
        self.metered = ChoiceBox(tr("On metered networks"), "ruleMetered")
        self.hours = ChoiceBox(tr("Hours"), "ruleHours")
        self.begin = TimeField(tr("Download from"), "ruleFrom")
        self.end = TimeField(tr("until"), "ruleUntil")
        self.floor = ChoiceBox(tr("Keep free on this disk"), "ruleFloor")
        self.ahead = ChoiceBox(tr("Weeks to come"), "ruleAhead")
        self.finished = ChoiceBox(tr("Finished weeks"), "ruleFinished")
        flow = FlowLayout(spacing=SPACE_16)
        for box in (self.speed, self.metered, self.floor, self.hours, self.ahead, self.finished):
            flow.addWidget(_titled(box, box.label))
            box.currentIndexChanged.connect(self._chosen)
        self._times = QWidget()
        times = QHBoxLayout(self._times)
        times.setContentsMargins(0, 0, 0, 0)
        times.setSpacing(SPACE_8)
        for field in (self.begin, self.end):
            times.addWidget(_titled(field, field.label))
            field.chosen.connect(self._chosen)
        flow.addWidget(self._times)
        self.body.addLayout(flow)
        hint = tr("Texts, subtitles and quizzes are small and always come, so that a course can be read offline.")
        self.body.addWidget(Label(hint, "small", "muted"))
        hint = tr(
            "Finished weeks go a day after the last of them was done; never your work, nor what is packed for a trip."
        )
        self.removal = Label(hint, "small", "muted")
        self.body.addWidget(self.removal)
        self.show_rules(self._rules)

    def show_rules(self, rules: DownloadRules) -> None:
        """What holds now. A value that is not among the choices is one more of them."""
        self._rules = rules
        self._showing = True
        try:
            _fill(self.speed, SPEEDS, rules.speed_limit, _speed_text)
            _fill(self.metered, (0, 1), int(rules.on_metered), _metered_text)
            _fill(self.floor, FLOORS, rules.floor, size_text)
            _fill(self.ahead, WEEKS_AHEAD, rules.keep_weeks, _ahead_text)
            _fill(self.finished, (0, 1), int(rules.remove_finished), _finished_text)
            always = rules.from_minute == rules.until_minute
            _fill(self.hours, (0, 1), int(not always), _hours_text)
            self.begin.show_minute(NIGHT[0] if always else rules.from_minute)
            self.end.show_minute(NIGHT[1] if always else rules.until_minute)
            self._times.setVisible(not always)
            self.removal.setVisible(rules.remove_finished)
        finally:
            self._showing = False

    @Slot()
    def _chosen(self) -> None:
        if self._showing:
            return
        begin, end = self.begin.minute(), self.end.minute()
        if not self.hours.currentData():
            begin = end = 0
        elif begin == end:  # the same twice would be any time
            end = (begin + 60) % (24 * 60)
        wanted = {
            "speed_limit": int(self.speed.currentData()),
            "on_metered": bool(self.metered.currentData()),
            "floor": int(self.floor.currentData()),
            "keep_weeks": int(self.ahead.currentData()),
            "remove_finished": bool(self.finished.currentData()),
            "from_minute": begin,
            "until_minute": end,
        }
        changes = {name: value for name, value in wanted.items() if getattr(self._rules, name) != value}
        if changes:
            self.rules_changed.emit(changes)


def _titled(field: QWidget, text: str) -> QWidget:
    label = Label(text, "small", "muted", wrap=False)
    label.setBuddy(field)
    pair = QWidget()
    column = QVBoxLayout(pair)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_4)
    column.addWidget(label)
    column.addWidget(field)
    return pair


def _fill(box: ChoiceBox, choices: tuple[int, ...], chosen: int, text: object) -> None:
    assert callable(text)
    known = sorted({*choices, chosen})
    if [box.itemData(number) for number in range(box.count())] != known:
        box.clear()
        for choice in known:
            box.addItem(text(choice), choice)
    box.setCurrentIndex(known.index(chosen))


def _speed_text(speed: int) -> str:
    return tr("At most {size} a second", size=size_text(speed)) if speed else tr("As fast as it goes")


def _metered_text(allowed: int) -> str:
    return tr("Download there too") if allowed else tr("Wait for another network")


def _ahead_text(weeks: int) -> str:
    if not weeks:
        return tr("Download them myself")
    return tr("Keep this week and the next|Keep this week and the next {n}", weeks)


def _finished_text(removed: int) -> str:
    return tr("Remove large files") if removed else tr("Keep")


def _hours_text(limited: int) -> str:
    return tr("Between two times of day") if limited else tr("At any time")
