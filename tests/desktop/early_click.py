"""A learner who is quicker than the program: ``python -m tests.desktop.early_click HOME COURSE``.

Starts the program offline and clicks *Go to course* on the card of COURSE when the window was painted for the first
time. Prints what was open by then and, once the course is there, the title of the window, as one line of JSON.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.app import Haversack
from desktop.cli import main
from desktop.i18n import tr
from desktop.ui.pages.course import CoursePage

LOOK_EVERY_MS = 20


class Learner(QObject):
    """Clicks, and waits for what it asked for. The test that runs it ends it if that never comes."""

    def __init__(self, program: Haversack, course: str) -> None:
        super().__init__()
        self._program, self._course = program, course
        self._before: dict[str, object] = {}
        self._look = QTimer(self, interval=LOOK_EVERY_MS)
        self._look.timeout.connect(self._on_look)
        program.window.painted.connect(self._click)

    @Slot()
    def _click(self) -> None:
        self._before = {"store": self._program.opened.services is not None, "sync": self._program.worker is not None}
        button = self._program.window.findChild(QPushButton, f"goToCourse-{self._course}")
        if not isinstance(button, QPushButton):
            QCoreApplication.exit(1)
            return
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self._look.start()

    @Slot()
    def _on_look(self) -> None:
        page = self._program.window.pages.current_page()
        if isinstance(page, CoursePage) and page.heading() != tr("Course"):
            self._look.stop()
            print(json.dumps({**self._before, "title": page.heading()}), flush=True)  # noqa: T201 (for who started it)
            self._program.window.close()
            QCoreApplication.quit()


if __name__ == "__main__":
    learners: list[Learner] = []
    words = ["--home", sys.argv[1], "--offline"]
    sys.exit(main(words, lambda program: learners.append(Learner(program, sys.argv[2]))))
