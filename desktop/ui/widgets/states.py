"""The states of a list that shows nothing else: empty, loading, offline, failed. A sentence, and what helps."""

from __future__ import annotations

import functools
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import tr
from desktop.ui.theme.tokens import ICON_LARGE, SPACE_8, SPACE_12, SPACE_16, SPACE_24, SPACE_32
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.indicators import BusyRing
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.layouts import margins

OFFLINE_CODES = frozenset({"offline", "timeout", "captive_portal", "tls", "proxy", "blocked"})
"""Failures that pass by themselves once there is a network again."""


class StateView(QWidget):
    """An icon or a turning ring, a title, a sentence, at most one action; centred in the room there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._busy = BusyRing(ICON_LARGE)
        self._icon = IconLabel("circle", ICON_LARGE, "muted")
        self.title = Label("", "heading")
        self.text = Label("", "body", "muted")
        self.button = Button("", "primary", name="stateAction")
        self._action: Callable[[], None] | None = None
        self.button.clicked.connect(self._act)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_24, SPACE_24, SPACE_24, SPACE_24)
        column.setSpacing(SPACE_8)
        column.addStretch(2)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(self._busy, 0, centre)
        column.addWidget(self._icon, 0, centre)
        column.addSpacing(SPACE_12)
        for label in (self.title, self.text):
            label.setAlignment(centre)
            column.addWidget(label)
        column.addSpacing(SPACE_16)
        column.addWidget(self.button, 0, centre)
        column.addStretch(3)

    def show_state(
        self,
        icon_name: str,
        title: str,
        text: str = "",
        action_text: str = "",
        action: Callable[[], None] | None = None,
        *,
        role: str = "muted",
    ) -> None:
        """Say it. An empty ``icon_name`` is the turning ring."""
        self._busy.setVisible(not icon_name)
        self._icon.setVisible(bool(icon_name))
        self._icon.set_icon(icon_name, role)
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self._action = action
        self.button.setText(action_text)
        self.button.setVisible(bool(action_text) and action is not None)

    def keep_off(self, beyond: int) -> None:
        """Be centred as if so many pixels at the side where reading ends were not there."""
        self._column.setContentsMargins(margins(SPACE_24, SPACE_24, SPACE_24 + beyond, SPACE_24))

    def show_problem(self, problem: Problem, retry: Callable[[], None] | None = None) -> None:
        """Say what failed, what helps, and offer to try again."""
        offline = problem.code in OFFLINE_CODES
        self.show_state(
            "wifi-slash" if offline else "warning-circle",
            tr(problem.text),
            tr(problem.way_out) if problem.way_out else "",
            tr("Try again"),
            retry,
            role="muted" if offline else "danger",
        )

    def _act(self) -> None:
        if self._action is not None:
            self._action()


class Stateful(QWidget):
    """A content, or the state that stands in its place."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        content.resize(content.size())  # it has one: nobody need ask now for the one it would like
        self._stack.addWidget(content)
        self._beyond = 0

    @functools.cached_property
    def state(self) -> StateView:
        """What stands in the content's place; made when it is first needed, for mostly it is not."""
        # Where there is very little room, a state scrolls rather than push the frame away.
        scroll = QScrollArea(self)
        scroll.setProperty("variant", "clear")
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumHeight(SPACE_32)
        made = StateView(scroll)
        scroll.setWidget(made)
        scroll.viewport().setAutoFillBackground(False)
        made.setAutoFillBackground(False)
        self._stack.addWidget(scroll)
        made.keep_off(self._beyond)
        return made

    def keep_off(self, beyond: int) -> None:
        """Centre states as if so many pixels at the side where reading ends were not there."""
        if beyond != self._beyond:
            self._beyond = beyond
            if "state" in self.__dict__:  # made already
                self.state.keep_off(beyond)

    def _show_state(self) -> None:
        self._stack.setCurrentIndex(1)

    def shows_content(self) -> bool:
        """Whether the content is what is seen."""
        return self._stack.currentWidget() is self.content

    def show_content(self) -> None:
        """There is something to show."""
        self._stack.setCurrentWidget(self.content)

    def show_loading(self, text: str = "") -> None:
        """It is on its way."""
        self.state.show_state("", text or tr("One moment …"))
        self._show_state()

    def show_state(
        self,
        icon_name: str,
        title: str,
        text: str = "",
        action_text: str = "",
        action: Callable[[], None] | None = None,
    ) -> None:
        """As ``StateView.show_state``."""
        self.state.show_state(icon_name, title, text, action_text, action)
        self._show_state()

    def show_problem(self, problem: Problem, retry: Callable[[], None] | None = None) -> None:
        """As ``StateView.show_problem``."""
        self.state.show_problem(problem, retry)
        self._show_state()
