"""From the command line to the running program, or to a window that says why there is none."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from desktop import interpreter
from desktop.app import Haversack
from desktop.config import Config
from desktop.errors import Problem
from desktop.instance import SingleInstance, no_answer
from desktop.log_file import set_up_log

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from desktop.sync.secrets import Secrets
    from desktop.ui.trouble import TroubleWindow

COLLECT_AFTER_MS = 5000
LISTEN_AFTER_MS = 800
"""Later starts ask for longer than this; the library that hears them is nothing that the home should wait for."""


class Start(QObject):
    """From the command line to the running program, or to a window that says why there is none. In the UI thread.

    Attributes:
        program: the running program, None until there is one.
        trouble: the window that says why not, None when all is well.
    """

    def __init__(
        self,
        config: Config,
        *,
        secrets: Callable[[], Secrets] | None = None,
        watch: Callable[[Haversack], None] | None = None,
    ) -> None:
        """``secrets``: as for ``Haversack``; ``watch`` is given the program just before its window is shown."""
        super().__init__()
        self.program: Haversack | None = None
        self.trouble: TroubleWindow | None = None
        self._config = config
        self._secrets = secrets
        self._watch = watch
        self._instance = SingleInstance(config.home, self)

    def begin(self) -> bool:
        """Open the program or say what keeps it from opening. False when the one that runs already came to the front,
        so that there is nothing to stay for."""
        try:
            if not self._instance.claim():
                if self._instance.ask_first(self._config.link):
                    return False
                raise no_answer()
        except Problem as problem:
            self._show_trouble(problem)
            return True
        set_up_log(self._config)
        self.program = Haversack(self._config, secrets=self._secrets)
        self._instance.started_again.connect(self.program.open_link)
        self._instance.import_asked.connect(self.program.import_files)
        QTimer.singleShot(LISTEN_AFTER_MS, self._instance, self._instance.listen)
        if self._watch is not None:
            self._watch(self.program)
        self.program.window.show()
        return True

    def _show_trouble(self, problem: Problem) -> None:
        with contextlib.suppress(OSError):  # standard error may be a file on that full disk
            print(f"Haversack: {problem.text} {problem.way_out} ({self._config.home})", file=sys.stderr)  # noqa: T201
        if self.trouble is None:
            from desktop.ui.trouble import TroubleWindow  # rare

            self.trouble = TroubleWindow(self._config)
            self.trouble.retry_wanted.connect(self._retry)
        self.trouble.show_problem(problem)
        self.trouble.show()

    @Slot()
    def _retry(self) -> None:
        stay = self.begin()
        if self.trouble is not None and (self.program is not None or not stay):
            self.trouble.close()  # only now: a program without a window ends
            self.trouble.deleteLater()
            self.trouble = None

    def end(self) -> int:
        """End everything. Returns the exit code."""
        if self.program is not None:
            self.program.close()
        self._instance.release()
        return 0 if self.trouble is None else 1


def run(qt: QApplication, config: Config, watch: Callable[[Haversack], None] | None = None) -> int:
    """Start the program and stay until it ends. Returns the exit code. ``watch``: as for ``Start``."""
    QTimer.singleShot(COLLECT_AFTER_MS, interpreter.collect_again)
    start = Start(config, watch=watch)
    if not start.begin():
        return 0
    qt.aboutToQuit.connect(start.end)
    qt.exec()
    code = start.end()
    logging.shutdown()
    return code
