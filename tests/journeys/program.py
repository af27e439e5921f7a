"""Runs one part of a journey in a process of its own, so that it can be killed: ``python -m tests.journeys.program``.

The part drives the real window with real events; secrets are kept in a file of the test instead of the keyring.
"""

from __future__ import annotations

import argparse
import faulthandler
import importlib
import sys
import traceback
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from desktop.app import Haversack
from desktop.application import STYLE_WORDS
from desktop.config import Config
from desktop.log_file import set_up_log
from desktop.sync.secrets import FileSecrets
from tests.journeys.driver import Driver
from tests.journeys.signals import Signals
from tests.stray_windows import WindowWatch


def main() -> int:
    """Run the part; exit code 0 if all of it was as expected."""
    faulthandler.enable()
    words = argparse.ArgumentParser()
    words.add_argument("part", help="module:function")
    words.add_argument("--home", type=Path, required=True)
    words.add_argument("--signals", type=Path, required=True)
    words.add_argument("--offline", action="store_true")
    wanted = words.parse_args()
    qt = QApplication([*sys.argv[:1], *STYLE_WORDS])
    config = Config(home=wanted.home, offline=wanted.offline)
    set_up_log(config)
    program = Haversack(config, secrets=lambda: FileSecrets(wanted.home), watch_network=False)
    watch = WindowWatch(program.window, qt)
    qt.installEventFilter(watch)
    program.window.resize(1280, 800)
    program.window.show()
    module, function = wanted.part.split(":")
    signals = Signals(wanted.signals)
    code = 0
    try:
        getattr(importlib.import_module(module), function)(Driver(program.window), program, signals)
        assert not watch.stray, watch.stray
    except Exception:  # noqa: BLE001 (the process is the test: what went wrong is told to the one who waits)
        traceback.print_exc()
        sys.stderr.writelines(f"{line}\n" for line in watch.stray)
        code = 1
    qt.removeEventFilter(watch)
    program.close()
    program.window.close()
    program.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qt.quit()
    return code


if __name__ == "__main__":
    sys.exit(main())
